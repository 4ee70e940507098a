use super::admission::Terms;
use super::{Dropped, Mempool, PoolContext, PoolEntry, PoolError};
use fedcoin_consensus::{SoundPayment, first_spendable_height};
use fedcoin_primitives::TxId;

/// What a reorganisation changed, beside what the new blocks took out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readmission {
    /// Payments of blocks taken off that wait again.
    pub returned: Vec<TxId>,
    /// Payments of blocks taken off that do not wait again, and payments that waited and do so no longer.
    pub dropped: Vec<Dropped>,
}

impl Mempool {
    /// Fits the pool to a ledger from which blocks were taken off, once the payments of blocks put
    /// on have been taken out (rule P16).
    ///
    /// `returned` are the payments of the blocks taken off, parents before children. They come
    /// first; then what waited and builds on them. What no longer fits the ledger is dropped, with
    /// all that build on it.
    pub fn reorganised(&mut self, returned: Vec<SoundPayment>, context: &PoolContext<'_>) -> Readmission {
        let unsettled: Vec<TxId> =
            self.iter().filter(|entry| !self.is_settled(entry, context)).map(PoolEntry::txid).collect();
        let mut waiting = self.take_with_descendants(unsettled);
        // Parents before children again.
        waiting.reverse();
        let mut change = Readmission::default();
        for payment in returned {
            let txid = payment.txid();
            match self.place(payment, context, Terms::Returned, context.now) {
                Ok(evicted) => {
                    change.returned.push(txid);
                    change.dropped.extend(evicted);
                }
                Err(PoolError::Known) => {}
                Err(error) => change.dropped.push(Dropped { txid, reason: error.into() }),
            }
        }
        for entry in waiting {
            let txid = entry.txid();
            match self.place(entry.payment, context, Terms::Returned, entry.entered) {
                Ok(evicted) => change.dropped.extend(evicted),
                Err(error) => change.dropped.push(Dropped { txid, reason: error.into() }),
            }
        }
        change.returned.retain(|txid| self.contains(txid));
        change
    }

    /// Whether all that a payment spends is in the ledger and mature, or made by another that waits.
    fn is_settled(&self, entry: &PoolEntry, context: &PoolContext<'_>) -> bool {
        entry.payment().unsigned.inputs.iter().all(|input| match context.utxos.get(input) {
            Some(utxo) => first_spendable_height(&utxo, context.params) <= context.next_height,
            None => self.contains(&input.txid),
        })
    }
}
