use super::{DropReason, Dropped, Mempool, PAYMENT_LIFETIME, PoolEntry};
use core::cmp::Reverse;
use fedcoin_consensus::SoundBlock;
use fedcoin_primitives::units::Monotonic;
use fedcoin_primitives::{Payment, TxId};
use std::collections::BTreeSet;

/// The effect of a connected block on the mempool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolChange {
    /// Payments that are in the block.
    pub mined: Vec<TxId>,
    /// Payments that conflict with the block, and their descendants.
    pub dropped: Vec<Dropped>,
    /// The same payments themselves.
    pub bodies: Vec<Payment>,
}

impl Mempool {
    /// Removes a connected block's payments, and payments that conflict with it. If that leaves much room, the rising
    /// minimum ends (rule P8).
    pub fn block_connected(&mut self, block: &SoundBlock) -> PoolChange {
        let mut change = PoolChange::default();
        // A payment's ancestors are mined before it, so it has none here when its turn comes.
        for (payment, txid) in block.block().payments.iter().zip(block.txids()) {
            if self.remove(txid).is_some() {
                change.mined.push(*txid);
            } else {
                let spenders: Vec<TxId> = payment.unsigned.inputs.iter().filter_map(|i| self.spender(i)).collect();
                let gone = self.drop_with_descendants(spenders, &DropReason::Conflict { by: *txid });
                for (dropped, body) in gone {
                    change.dropped.push(dropped);
                    change.bodies.push(body);
                }
            }
        }
        if 2 * self.len() < self.policy.max_payments && 2 * self.bytes() < self.policy.max_bytes {
            self.rising_minimum.end();
        }
        change
    }

    /// Drops payments that entered [`PAYMENT_LIFETIME`] ago or earlier, with their descendants (rule P5). Children come
    /// before parents.
    pub fn expire(&mut self, now: Monotonic) -> Vec<Dropped> {
        let mut dropped = Vec::new();
        while let Some((entered, place)) = self.by_age.first().copied() {
            if entered.after(PAYMENT_LIFETIME) > now {
                break;
            }
            let oldest = self.order.get(&place).copied();
            let gone = self.drop_with_descendants(oldest, &DropReason::Expired);
            dropped.extend(gone.into_iter().map(|(dropped, _)| dropped));
        }
        dropped
    }

    /// The time of the next expiry.
    #[must_use]
    pub fn next_expiry(&self) -> Option<Monotonic> {
        self.by_age.first().map(|(entered, _)| entered.after(PAYMENT_LIFETIME))
    }

    /// Drops payments with their descendants, for this reason; children come before parents.
    fn drop_with_descendants(
        &mut self,
        txids: impl IntoIterator<Item = TxId>,
        reason: &DropReason,
    ) -> Vec<(Dropped, Payment)> {
        let first: BTreeSet<TxId> = txids.into_iter().collect();
        let gone = self.take_with_descendants(first.iter().copied());
        let all: BTreeSet<TxId> = gone.iter().map(PoolEntry::txid).collect();
        gone.into_iter().map(|entry| (entry.dropped(&first, &all, reason), entry.payment.into_payment())).collect()
    }

    /// Removes and returns payments with their descendants, children before parents.
    pub(super) fn take_with_descendants(&mut self, txids: impl IntoIterator<Item = TxId>) -> Vec<PoolEntry> {
        let mut family: Vec<(Reverse<u64>, TxId)> =
            self.with_descendants(txids).iter().map(|entry| (Reverse(entry.sequence), entry.txid())).collect();
        family.sort_unstable();
        family.iter().filter_map(|(_, txid)| self.remove(txid)).collect()
    }
}
