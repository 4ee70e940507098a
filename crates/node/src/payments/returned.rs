//! Payments from the store, or from disconnected blocks.

use super::Payments;
use super::admission::pool_context;
use super::dependency_order::in_dependency_order;
use crate::chain::{ChangeSet, Durability};
use crate::consensus::SoundPayment;
use crate::context::Context;
use crate::event::{Event, PaymentOrigin};
use crate::mempool::Dropped;
use crate::primitives::Payment;

impl Payments {
    /// Returns payments of disconnected blocks to the mempool unless another block contains them, and drops payments
    /// that no longer fit the ledger (rule P16).
    pub(super) fn return_payments(&mut self, cx: &mut Context, returned: &[Payment]) -> Vec<Dropped> {
        let payments = in_dependency_order(returned);
        let sound = payments.iter().cloned().map(SoundPayment::from_block).collect();
        let change = cx.mempool.reorganised(sound, &pool_context(&cx.chain, cx.now.monotonic));
        for txid in &change.returned {
            cx.outbox.emit(Event::PaymentAccepted { txid: *txid, origin: PaymentOrigin::Returned });
            self.announce(cx, *txid);
        }
        let pool_added = payments.into_iter().filter(|payment| cx.mempool.contains(&payment.txid())).collect();
        cx.outbox.store(ChangeSet { pool_added, ..ChangeSet::default() }, Durability::Eventual);
        change.dropped
    }

    /// Fills the mempool from the store at the start.
    pub(crate) fn restore(&mut self, cx: &mut Context, payments: Vec<Payment>) {
        let context = pool_context(&cx.chain, cx.now.monotonic);
        let mut gone = Vec::new();
        for payment in in_dependency_order(&payments) {
            let sound = SoundPayment::from_block(payment);
            let (txid, hash) = (sound.txid(), sound.hash());
            match cx.mempool.insert(sound, &context) {
                Ok(left) => {
                    cx.signatures.note_valid(hash);
                    gone.extend(left);
                }
                Err(error) => gone.push(Dropped { txid, reason: error.into() }),
            }
        }
        let pool_removed = gone.iter().map(|dropped| dropped.txid).collect();
        cx.outbox.store(ChangeSet { pool_removed, ..ChangeSet::default() }, Durability::Eventual);
        self.dropped(cx, gone);
    }
}
