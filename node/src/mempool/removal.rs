use super::{Mempool, PAYMENT_LIFETIME};
use crate::consensus::ChainParams;
use crate::ledger::UtxoSet;
use crate::primitives::{Block, Payment, TxId};
use crate::units::{Height, Monotonic};

/// What a connected block took out of the mempool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolChange {
    /// Payments that are in the block.
    pub mined: Vec<TxId>,
    /// Payments that spend what the block spends, and all that build on them.
    pub dropped: Vec<TxId>,
}

impl Mempool {
    /// Takes a connected block's payments out, and those that it makes impossible.
    pub fn block_connected(&mut self, block: &Block) -> PoolChange {
        let mut change = PoolChange::default();
        for payment in &block.payments {
            let txid = payment.txid();
            if self.remove(&txid).is_some() {
                change.mined.push(txid);
            } else {
                self.drop_conflicts(payment, &mut change.dropped);
            }
        }
        change
    }

    /// Checks every payment again, after a reorganisation: inputs may be gone or immature. Put the
    /// payments of disconnected blocks in first. Returns those dropped.
    pub fn recheck(&mut self, utxos: &UtxoSet, next_height: Height, params: &ChainParams) -> Vec<TxId> {
        let mut dropped = Vec::new();
        for entry in self.drain() {
            let txid = entry.txid();
            match self.insert(entry.payment, utxos, next_height, entry.entered, params) {
                Ok(evicted) => dropped.extend(evicted),
                Err(_) => dropped.push(txid),
            }
        }
        dropped
    }

    /// Drops payments that came [`PAYMENT_LIFETIME`] ago or earlier, and all that build on them
    /// (rule P5).
    pub fn expire(&mut self, now: Monotonic) -> Vec<TxId> {
        let mut dropped = Vec::new();
        while let Some((entered, txid)) = self.by_age.first().copied() {
            if entered.after(PAYMENT_LIFETIME) > now {
                break;
            }
            self.drop_with_descendants(txid, &mut dropped);
        }
        dropped
    }

    /// When [`Mempool::expire`] has something to do next.
    #[must_use]
    pub fn next_expiry(&self) -> Option<Monotonic> {
        self.by_age.first().map(|(entered, _)| entered.after(PAYMENT_LIFETIME))
    }

    fn drop_conflicts(&mut self, payment: &Payment, dropped: &mut Vec<TxId>) {
        for input in &payment.unsigned.inputs {
            if let Some(txid) = self.spender(input) {
                self.drop_with_descendants(txid, dropped);
            }
        }
    }

    fn drop_with_descendants(&mut self, txid: TxId, dropped: &mut Vec<TxId>) {
        let mut open = vec![txid];
        while let Some(txid) = open.pop() {
            if let Some(entry) = self.remove(&txid) {
                dropped.push(txid);
                open.extend(entry.children);
            }
        }
    }
}
