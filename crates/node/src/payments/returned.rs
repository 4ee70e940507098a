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
    /// that no longer fit the ledger (rule P16). Before the end of a reorganisation the store keeps the dropped ones.
    pub(super) fn return_payments(&mut self, cx: &mut Context, returned: &[Payment]) {
        let payments = in_dependency_order(returned);
        let sound = payments.iter().cloned().map(SoundPayment::from_block).collect();
        let change = cx.mempool.reorganised(sound, &pool_context(&cx.chain, cx.now.monotonic));
        for txid in &change.returned {
            cx.outbox.emit(Event::PaymentAccepted { txid: *txid, origin: PaymentOrigin::Returned });
            self.announce(cx, *txid);
        }
        let moving = cx.chain.is_moving();
        let pool_added = payments.into_iter().filter(|p| moving || cx.mempool.contains(&p.txid())).collect();
        cx.outbox.store(ChangeSet { pool_added, ..ChangeSet::default() }, Durability::Eventual);
        self.record(change.dropped, change.bodies);
    }

    /// Fills the mempool from the store at the start, which may be in the middle of a long way.
    pub(crate) fn restore(&mut self, cx: &mut Context, payments: Vec<Payment>) {
        let context = pool_context(&cx.chain, cx.now.monotonic);
        let (mut gone, mut bodies) = (Vec::new(), Vec::new());
        for payment in in_dependency_order(&payments) {
            let sound = SoundPayment::from_block(payment.clone());
            let (txid, hash) = (sound.txid(), sound.hash());
            match cx.mempool.insert(sound, &context) {
                Ok(evicted) => {
                    cx.signatures.note_valid(hash);
                    gone.extend(evicted);
                }
                Err(error) => {
                    gone.push(Dropped { txid, reason: error.into() });
                    bodies.push(payment);
                }
            }
        }
        self.record(gone, bodies);
        self.dropped(cx, Vec::new());
    }
}
