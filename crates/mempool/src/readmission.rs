use super::admission::Terms;
use super::{Dropped, Mempool, PoolContext, PoolEntry, PoolError};
use fedcoin_consensus::{SoundPayment, first_spendable_height};
use fedcoin_primitives::{Payment, TxId};

/// The effect of a reorganisation on the mempool, besides that of the connected blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readmission {
    /// Payments of disconnected blocks that wait again.
    pub returned: Vec<TxId>,
    /// Payments of disconnected blocks that do not wait again, and payments that no longer wait.
    pub dropped: Vec<Dropped>,
    /// Those of the dropped that waited and that the ledger refuses.
    pub bodies: Vec<Payment>,
}

impl Mempool {
    /// Updates the mempool after blocks were disconnected, once the payments of connected blocks have been removed
    /// (rule P16).
    ///
    /// `returned` are the payments of disconnected blocks, parents before children. They enter first, then the waiting
    /// payments that descend from them. Payments that no longer fit the ledger are dropped with their descendants.
    pub fn reorganised(&mut self, returned: Vec<SoundPayment>, context: &PoolContext<'_>) -> Readmission {
        let unsettled: Vec<TxId> =
            self.iter().filter(|entry| !self.is_settled(entry, context)).map(PoolEntry::txid).collect();
        let mut waiting = self.take_with_descendants(unsettled);
        // Restore the order: parents before children.
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
            let (txid, body) = (entry.txid(), entry.payment().clone());
            match self.place(entry.payment, context, Terms::Returned, entry.entered) {
                Ok(evicted) => change.dropped.extend(evicted),
                Err(error) => {
                    change.dropped.push(Dropped { txid, reason: error.into() });
                    change.bodies.push(body);
                }
            }
        }
        change.returned.retain(|txid| self.contains(txid));
        change
    }

    /// Whether each input of a payment is mature in the ledger, or an output of another waiting payment.
    fn is_settled(&self, entry: &PoolEntry, context: &PoolContext<'_>) -> bool {
        entry.payment().unsigned.inputs.iter().all(|input| match context.utxos.get(input) {
            Some(utxo) => first_spendable_height(&utxo, context.params) <= context.next_height,
            None => self.contains(&input.txid),
        })
    }
}
