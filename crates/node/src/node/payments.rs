use super::Node;
use super::verification::{Asked, Verification, Verifications};
use crate::chain::Durability;
use crate::chain::{Chain, ChangeSet};
use crate::command::RequestId;
use crate::consensus::{PaymentError, SoundPayment, check_payment_in_isolation};
use crate::event::{Event, PaymentOrigin};
use crate::mempool::{Dropped, PoolContext, PoolError};
use crate::peer_id::PeerId;
use crate::primitives::{Payment, TxId};
use crate::sync::Told;
use crate::units::Monotonic;
use crate::wire::{Goodbye, MAX_INV, MAX_PAYMENTS_ASKED, Message};
use bytes::Bytes;
use core::cmp::Reverse;
use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

/// Payments are announced together so long after the first,
const ANNOUNCE_DELAY: Duration = Duration::from_millis(5);
/// and no more often than this: under load, more go into each frame.
const ANNOUNCE_EVERY: Duration = Duration::from_millis(50);
/// Of a peer's announcements that wait because enough others are asked before, so many are looked at in one go.
const MOST_CROWDED: usize = 64;
/// In the long run no more payments are told whole than one in this time: half of what a peer may tell unasked (rule W3).
const PAYMENT_EVERY: Duration = Duration::from_millis(1);
/// What may be told whole at once, as so much time in advance.
const PAYMENTS_IN_ADVANCE: Duration = Duration::from_secs(5);
/// Payments sent unasked go into frames of about this size.
const BUNDLE_BYTES: usize = 64 * 1024;

/// A payment's submission by a user or a program, who waits for an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Submission {
    pub(super) request: RequestId,
    /// Whether the payment may take the place of others.
    pub(super) may_replace: bool,
}

impl Node {
    pub(super) fn payment_received(&mut self, id: PeerId, payment: Payment) {
        let txid = payment.txid();
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.told.insert(txid);
        }
        if self.asked_payments.delivered(&txid, id) {
            self.costs_nothing(id, Message::PAYMENT);
        }
        self.take_payment(payment, PaymentOrigin::Peer(id), None);
        if self.asked_payments.owes_little(id) {
            self.ask_deferred_payments(id);
        }
    }

    /// Takes payments that were not asked for (rule W5). While the node is syncing it could not judge
    /// them: it remembers who has them.
    pub(super) fn payments_received(&mut self, id: PeerId, payments: Vec<Payment>) {
        let now = self.cx.now.monotonic;
        if !self.peers.get_mut(&id).is_some_and(|p| p.budget.spend_payments(payments.len(), now)) {
            return self.disconnect(id, Goodbye::TooManyMessages);
        }
        let current = self.is_current();
        for payment in payments {
            if !self.peers.contains_key(&id) {
                return; // One of them was no good.
            }
            let txid = payment.txid();
            if current || self.asked_payments.is_asked(&txid) {
                self.payment_received(id, payment);
            } else {
                self.payments_told(id, &[txid]);
            }
        }
    }

    /// Takes a payment from anywhere: isolation, ledger, then signature.
    pub(super) fn take_payment(&mut self, payment: Payment, origin: PaymentOrigin, submission: Option<Submission>) {
        let txid = payment.txid();
        let payment = match check_payment_in_isolation(payment, self.cx.chain.params()) {
            Ok(payment) => payment,
            Err(error) => return self.payment_invalid(txid, error, origin, submission),
        };
        let context = pool_context(&self.cx.chain, self.cx.now.monotonic);
        let admitted =
            self.may_conflict(payment.payment(), submission).and_then(|()| self.cx.mempool.admit(&payment, &context));
        match admitted {
            Err(PoolError::MissingInputs { outpoint }) => {
                // Its signature may be forged: others that told of it are asked if that turns out.
                for other in self.asked_payments.done(&txid) {
                    self.defer_payments(other, &[txid]);
                }
                self.answer_payment(submission, txid, Err(PoolError::MissingInputs { outpoint }));
                if let PaymentOrigin::Peer(peer) = origin {
                    let (gone, now) = (!self.peers.contains_key(&peer), self.cx.now.monotonic);
                    self.orphan_payments.insert(payment.payment().clone(), outpoint.txid, peer, gone, now);
                    self.payments_told(peer, &[outpoint.txid]);
                }
                return;
            }
            Err(error) => {
                self.asked_payments.done(&txid);
                return self.answer_payment(submission, txid, Err(error));
            }
            Ok(()) => {}
        }
        if self.verified.contains(&payment.hash()) {
            return self.payment_sound(payment.verified(), origin, submission);
        }
        if !self.verifications.has_room_for_payment() {
            self.asked_payments.done(&txid);
            let busy = PoolError::Busy { max: Verifications::MAX_PAYMENTS };
            return self.answer_payment(submission, txid, Err(busy));
        }
        self.ask_verdicts(Verification::Payment { payment, origin, submission }, Asked::Once);
    }

    /// A payment broke a rule that does not depend on the chain. Its id may all the same be that of
    /// a good one with another signature: others that told of it are asked when the sender is left.
    pub(super) fn payment_invalid(
        &mut self,
        txid: TxId,
        error: PaymentError,
        origin: PaymentOrigin,
        submission: Option<Submission>,
    ) {
        self.answer_payment(submission, txid, Err(PoolError::Invalid(error)));
        if let PaymentOrigin::Peer(peer) = origin {
            self.disconnect(peer, Goodbye::InvalidPayment);
        }
    }

    pub(super) fn payment_sound(
        &mut self,
        payment: SoundPayment,
        origin: PaymentOrigin,
        submission: Option<Submission>,
    ) {
        let (txid, body) = (payment.txid(), payment.payment().clone());
        self.asked_payments.done(&txid);
        self.verified.insert(payment.hash());
        let context = pool_context(&self.cx.chain, self.cx.now.monotonic);
        let inserted = self.may_conflict(&body, submission).and_then(|()| self.cx.mempool.insert(payment, &context));
        match inserted {
            Ok(left) => {
                let pool_removed = left.iter().map(|dropped| dropped.txid).collect();
                let changes = ChangeSet { pool_added: vec![body], pool_removed, ..ChangeSet::default() };
                let local = origin == PaymentOrigin::Local;
                self.cx.outbox.store(changes, if local { Durability::Immediate } else { Durability::Eventual });
                self.dropped(left);
                if let PaymentOrigin::Peer(peer) = origin
                    && let Some(peer) = self.peers.get_mut(&peer)
                {
                    peer.last_new_payment = Some(self.cx.now.monotonic);
                }
                self.cx.outbox.emit(Event::PaymentAccepted { txid, origin });
                self.answer_payment(submission, txid, Ok(()));
                self.announce_payment(txid);
                self.retry_orphan_payments(&[txid]);
            }
            Err(error) => self.answer_payment(submission, txid, Err(error)),
        }
        self.mining.pool_changed();
    }

    /// A submission that is not to replace anything must not share a coin with a payment that waits.
    fn may_conflict(&self, payment: &Payment, submission: Option<Submission>) -> Result<(), PoolError> {
        if submission.is_some_and(|submission| !submission.may_replace) {
            return self.cx.mempool.check_coins_free(payment);
        }
        Ok(())
    }

    fn answer_payment(&mut self, submission: Option<Submission>, txid: TxId, result: Result<(), PoolError>) {
        if let Err(error) = &result {
            *self.cx.counters.payments_refused.entry(error.rule()).or_default() += 1;
        }
        if let Some(Submission { request, .. }) = submission {
            self.cx.outbox.emit(Event::PaymentSubmitted { request, txid, result });
        }
    }

    /// Tries the payments again that waited for these transactions.
    pub(super) fn retry_orphan_payments(&mut self, parents: &[TxId]) {
        for (payment, peer) in self.orphan_payments.take_children(parents) {
            self.take_payment(payment, PaymentOrigin::Peer(peer), None);
        }
    }

    /// Takes payments of disconnected blocks back that no block holds, and drops what no longer fits the ledger
    /// (rule P16).
    pub(super) fn return_payments(&mut self, returned: &[Payment]) -> Vec<Dropped> {
        let payments = in_dependency_order(returned);
        let sound = payments.iter().cloned().map(SoundPayment::from_block).collect();
        let change = self.cx.mempool.reorganised(sound, &pool_context(&self.cx.chain, self.cx.now.monotonic));
        for txid in &change.returned {
            self.cx.outbox.emit(Event::PaymentAccepted { txid: *txid, origin: PaymentOrigin::Returned });
            self.announce_payment(*txid);
        }
        let pool_added = payments.into_iter().filter(|payment| self.cx.mempool.contains(&payment.txid())).collect();
        self.cx.outbox.store(ChangeSet { pool_added, ..ChangeSet::default() }, Durability::Eventual);
        change.dropped
    }

    /// Fills the mempool from the store at the start.
    pub(super) fn restore_payments(&mut self, payments: Vec<Payment>) {
        let context = pool_context(&self.cx.chain, self.cx.now.monotonic);
        let mut gone = Vec::new();
        for payment in in_dependency_order(&payments) {
            let sound = SoundPayment::from_block(payment);
            let (txid, hash) = (sound.txid(), sound.hash());
            match self.cx.mempool.insert(sound, &context) {
                Ok(left) => {
                    self.verified.insert(hash);
                    gone.extend(left);
                }
                Err(error) => gone.push(Dropped { txid, reason: error.into() }),
            }
        }
        let pool_removed = gone.iter().map(|dropped| dropped.txid).collect();
        self.cx.outbox.store(ChangeSet { pool_removed, ..ChangeSet::default() }, Durability::Eventual);
        self.dropped(gone);
    }

    fn announce_payment(&mut self, txid: TxId) {
        self.to_announce.push(txid);
        if self.to_announce.len() >= MAX_INV {
            return self.announce_payments();
        }
        let at = self.cx.now.monotonic.after(ANNOUNCE_DELAY).max(self.announced_at.after(ANNOUNCE_EVERY));
        self.announce_at.get_or_insert(at);
    }

    /// Tells each peer of the payments gathered, except those that it told of itself: by id, or, as a
    /// tab would ask for them all, whole, while they are no more than a tab lets itself be told. Most peers are told the same, which is encoded once.
    pub(super) fn announce_payments(&mut self) {
        self.announce_at = None;
        self.announced_at = self.cx.now.monotonic;
        let all = core::mem::take(&mut self.to_announce);
        let ids_of_all = Bytes::from(Message::Inv(all.clone()).encode());
        let whole = self.may_tell_whole(all.len());
        let bundles_of_all = if whole { self.bundles(&all) } else { Vec::new() };
        for peer in self.peers.values().filter(|p| p.is_ready()) {
            let new: Vec<TxId> = all.iter().filter(|txid| !peer.told.contains(txid)).copied().collect();
            match (whole && peer.is_leaf(), new.len() == all.len()) {
                (_, _) if new.is_empty() => {}
                (false, true) => self.cx.outbox.send_frame(peer.id, ids_of_all.clone()),
                (false, false) => self.cx.outbox.send(peer.id, &Message::Inv(new)),
                (true, true) => bundles_of_all.iter().for_each(|b| self.cx.outbox.send_frame(peer.id, b.clone())),
                (true, false) => self.bundles(&new).into_iter().for_each(|b| self.cx.outbox.send_frame(peer.id, b)),
            }
        }
    }

    /// Whether so many payments more may be told whole now; then they count.
    fn may_tell_whole(&mut self, count: usize) -> bool {
        let now = self.cx.now.monotonic;
        let cost = PAYMENT_EVERY * u32::try_from(count).unwrap_or(u32::MAX);
        let until = self.payments_told_until.max(now).after(cost);
        let may = until.since(now) <= PAYMENTS_IN_ADVANCE;
        if may {
            self.payments_told_until = until;
        }
        may
    }

    /// Frames with those of these payments that still wait.
    fn bundles(&self, txids: &[TxId]) -> Vec<Bytes> {
        let (mut bundles, mut bundle, mut size) = (Vec::new(), Vec::new(), 0);
        for payment in txids.iter().filter_map(|txid| self.cx.mempool.get(txid)) {
            if size + payment.size() > BUNDLE_BYTES || bundle.len() >= MAX_PAYMENTS_ASKED {
                bundles.push(core::mem::take(&mut bundle));
                size = 0;
            }
            size += payment.size();
            bundle.push(payment.clone());
        }
        bundles.push(bundle);
        let full = bundles.into_iter().filter(|bundle| !bundle.is_empty());
        full.map(|bundle| Message::Payments(bundle).encode().into()).collect()
    }

    /// Tells a new peer what waits in the mempool, or the best of it.
    pub(super) fn offer_mempool(&mut self, id: PeerId) {
        let ids = self.cx.mempool.best(MAX_INV);
        if !ids.is_empty() {
            self.cx.outbox.send(id, &Message::Inv(ids));
        }
    }

    /// Takes an announcement of payments (rule W5).
    pub(super) fn payments_told(&mut self, id: PeerId, ids: &[TxId]) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        for txid in ids {
            peer.told.insert(*txid);
        }
        self.defer_payments(id, ids);
        self.ask_deferred_payments(id);
    }

    /// Notes payments to ask a peer for.
    fn defer_payments(&mut self, id: PeerId, ids: &[TxId]) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let room = MAX_INV.saturating_sub(peer.deferred.len());
        peer.deferred.extend(ids.iter().take(room));
        self.payments_wait = true;
    }

    /// Asks a peer for payments that it has told of, as many as it is trusted to deliver, unless the
    /// node is still syncing. Those that enough others are to be asked for before wait, behind the rest; so
    /// many of them are looked at in one go that a peer cannot make this costly by telling of many.
    pub(super) fn ask_deferred_payments(&mut self, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id).filter(|p| p.is_ready() && !p.deferred.is_empty()) else { return };
        let mut deferred = core::mem::take(&mut peer.deferred);
        let mut kept = VecDeque::new();
        if self.is_current() {
            let now = self.cx.now.monotonic;
            let mut wanted = Vec::new();
            while kept.len() < MOST_CROWDED
                && let Some(txid) = deferred.pop_front()
            {
                if self.cx.mempool.contains(&txid) {
                    continue;
                }
                if self.orphan_payments.contains(&txid) {
                    // The one that waits may be a forgery.
                    kept.push_back(txid);
                    continue;
                }
                match self.asked_payments.told(txid, id, now) {
                    Told::Ask => wanted.push(txid),
                    Told::AskedOther => {}
                    Told::Crowded => kept.push_back(txid),
                    Told::Full => {
                        deferred.push_front(txid);
                        break;
                    }
                }
            }
            self.send_payment_requests([(id, wanted)]);
        }
        deferred.append(&mut kept);
        self.payments_wait |= !deferred.is_empty();
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.deferred = deferred;
        }
    }

    /// Asks all peers for payments that they have told of.
    pub(super) fn ask_all_deferred_payments(&mut self) {
        self.payments_wait = false;
        let waiting = self.ready_peers().filter(|p| !p.deferred.is_empty()).map(|p| p.id);
        let mut waiting: Vec<PeerId> = waiting.collect();
        waiting.sort_by_key(|id| Reverse(self.asked_payments.trust(*id)));
        for id in waiting {
            self.ask_deferred_payments(id);
        }
    }

    fn send_payment_requests(&mut self, asks: impl IntoIterator<Item = (PeerId, Vec<TxId>)>) {
        for (peer, txids) in asks {
            for ids in txids.chunks(MAX_PAYMENTS_ASKED) {
                self.cx.outbox.send(peer, &Message::GetPayments(ids.to_vec()));
            }
        }
    }

    /// Asks others for payments that have not come in time.
    pub(super) fn ask_payments_again(&mut self) {
        let asks = self.asked_payments.expire(self.cx.now.monotonic);
        self.send_payment_requests(asks);
        self.ask_all_deferred_payments();
    }

    /// The peer is gone: others are asked for the payments it owed.
    pub(super) fn forget_payments_asked(&mut self, id: PeerId) {
        let asks = self.asked_payments.forget(id, self.cx.now.monotonic);
        self.send_payment_requests(asks);
    }

    /// The peer does not have these payments: others are asked.
    pub(super) fn payments_not_found(&mut self, id: PeerId, txids: &[TxId]) {
        let now = self.cx.now.monotonic;
        let asks = self.asked_payments.ask_others(txids.iter().map(|txid| (*txid, id)), now);
        self.send_payment_requests(asks);
        self.ask_deferred_payments(id);
    }

    /// Answers a request for payments (rule W5).
    pub(super) fn payments_wanted(&mut self, id: PeerId, ids: &[TxId]) {
        let mut missing = Vec::new();
        for txid in ids {
            match self.cx.mempool.get(txid) {
                Some(payment) => self.cx.outbox.send(id, &Message::Payment(payment.clone())),
                None => missing.push(*txid),
            }
        }
        if !missing.is_empty() {
            self.cx.outbox.send(id, &Message::NotFound { blocks: Vec::new(), payments: missing });
        }
    }
}

/// What the mempool judges payments by.
fn pool_context(chain: &Chain, now: Monotonic) -> PoolContext<'_> {
    PoolContext { utxos: chain.utxos(), next_height: chain.tip().height.next(), params: chain.params(), now }
}

/// Parents before the payments that spend their outputs.
fn in_dependency_order(payments: &[Payment]) -> Vec<Payment> {
    let mut waiting: BTreeMap<TxId, Payment> = payments.iter().map(|p| (p.txid(), p.clone())).collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    for payment in payments {
        let mut stack = vec![payment.txid()];
        while let Some(txid) = stack.last().copied() {
            let Some(payment) = waiting.get(&txid) else {
                stack.pop();
                continue;
            };
            let inputs = payment.unsigned.inputs.iter().map(|i| i.txid);
            // An id covers its inputs' ids, so that no payment can be its own ancestor.
            let parents: Vec<TxId> = inputs.filter(|parent| waiting.contains_key(parent)).collect();
            if parents.is_empty() {
                ordered.extend(waiting.remove(&txid));
                stack.pop();
            } else {
                stack.extend(parents);
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::primitives::{Address, OutPoint, Output, PublicKey, Signature, UnsignedPayment};
    use crate::units::Amount;

    #[test]
    fn parents_come_first() {
        let spend = |parent: TxId| Payment {
            unsigned: UnsignedPayment {
                sender: PublicKey::from_bytes([2; 33]),
                replaceable: false,
                inputs: vec![OutPoint { txid: parent, index: 0 }],
                outputs: vec![Output { amount: Amount::from_fed(1), recipient: Address([0; 20]) }],
            },
            signature: Signature::ZERO,
        };
        let a = spend(TxId::default());
        let b = spend(a.txid());
        let c = spend(b.txid());
        let ordered = in_dependency_order(&[c.clone(), a.clone(), b.clone()]);
        assert_eq!(ordered, [a, b, c]);
    }
}
