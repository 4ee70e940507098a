use crate::queue::Happening;
use crate::simulation::Simulation;
use crate::wallet::PaymentRecord;
use fedcoin_node::primitives::{BlockId, Payment, TxId};
use fedcoin_node::{Command, Input, RequestId};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Time between two checks of a wallet's payments.
const RESUBMIT_EVERY: Duration = Duration::from_secs(60);

/// Maximum number of wallets to try until one can pay.
const PAYERS_TRIED: usize = 20;
/// At night, one payment in this many is made.
const NIGHT_PAYMENTS: u32 = 30;

/// Random payments, and what wallets do about payments that are not mined.
impl Simulation {
    pub(crate) fn pay_somebody(&mut self) {
        if !self.restless {
            return;
        }
        let quiet = self.is_night && self.rng.u32(..NIGHT_PAYMENTS) > 0;
        let made = if quiet { None } else { (0..PAYERS_TRIED).find_map(|_| self.make_payment()) };
        if let Some((payer, payment)) = made {
            self.statistics.payments += 1;
            if !self.network.is_partitioned() {
                self.payment_births.insert(payment.txid(), self.now.millis());
            }
            let record = PaymentRecord { txid: payment.txid(), payment, node: payer, accepted: false, due: true };
            self.payments.push(record);
            self.submit(self.payments.len() - 1);
        }
        self.next_payment();
    }

    /// A random wallet pays another one, if it can.
    fn make_payment(&mut self) -> Option<(usize, Payment)> {
        let (payer, recipient) = (self.rng.usize(..self.hosts.len()), self.rng.usize(..self.hosts.len()));
        let recipient = self.wallets[recipient].address;
        let node = self.hosts[payer].node.as_ref()?;
        Some((payer, self.wallets[payer].pay(node, recipient, &mut self.rng)?))
    }

    pub(crate) fn next_payment(&mut self) {
        if let Some(mean) = self.config.payments_every {
            let at = self.now.after(self.draw_time(mean));
            self.queue.push(at, Happening::PaymentDue);
        }
    }

    fn submit(&mut self, index: usize) {
        let PaymentRecord { node: host, payment, .. } = &self.payments[index];
        let (host, payment) = (*host, payment.clone());
        let command = Command::SubmitPayment { request: RequestId(index as u64), payment, may_replace: true };
        self.give(host, self.hosts[host].run, Input::Command(command));
    }

    /// Resubmits the wallets' payments that their node has lost from both chain and mempool, if the node reported the
    /// loss or has restarted. Everything else is up to the nodes.
    pub(crate) fn resubmit(&mut self) {
        let mut mined: BTreeMap<BlockId, BTreeSet<TxId>> = BTreeMap::new();
        for index in 0..self.payments.len() {
            let record = &self.payments[index];
            let Some(node) = self.hosts[record.node].node.as_ref().filter(|_| record.due) else { continue };
            let tip = node.chain().tip().id;
            let mined = mined.entry(tip).or_insert_with(|| self.mined_up_to(tip));
            if node.mempool().contains(&record.txid) || mined.contains(&record.txid) {
                self.payments[index].due = false;
            } else {
                self.submit(index);
            }
        }
        self.next_resubmission();
    }

    pub(crate) fn next_resubmission(&mut self) {
        self.queue.push(self.now.after(RESUBMIT_EVERY), Happening::Resubmission);
    }

    pub(crate) fn payment_submitted(&mut self, request: RequestId, taken: bool) {
        let record = usize::try_from(request.0).ok().and_then(|index| self.payments.get_mut(index));
        if let Some(record) = record.filter(|_| taken) {
            self.statistics.resubmissions += u64::from(record.accepted);
            record.accepted = true;
            record.due = false;
        }
    }

    pub(crate) fn payment_dropped(&mut self, host: usize, txid: TxId) {
        if let Some(record) = self.payments.iter_mut().find(|r| r.node == host && r.txid == txid) {
            record.due = true;
        }
    }

    /// The wallets of a node that has just started check all their payments.
    pub(crate) fn look_after_payments(&mut self, host: usize) {
        self.payments.iter_mut().filter(|r| r.node == host).for_each(|r| r.due = true);
    }

    fn mined_up_to(&self, tip: BlockId) -> BTreeSet<TxId> {
        let chain = self.chain_to(tip).unwrap_or_default();
        chain.into_iter().flat_map(|block| block.payments.iter().map(|p| p.txid())).collect()
    }
}
