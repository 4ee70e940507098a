//! Payments: whom they are asked of, which of them wait in the mempool, and whom they are told.
//!
//! The mempool itself is shared ([`Context`]): blocks are made of it.

mod admission;
mod announcements;
mod dependency_order;
mod drops;
mod known_payments;
mod orphans;
mod questions;
mod requests;
mod returned;

use crate::batches::Batches;
use crate::chain::{ChangeSet, Durability};
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::TxId;
use crate::units::Monotonic;
use crate::wire::Message;
use admission::PaymentCheck;
pub(crate) use admission::{InvalidPayment, Offered, Submission};
use announcements::Announcements;
use drops::Drops;
use known_payments::KnownPayments;
use orphans::OrphanPayments;
use questions::send_questions;
use requests::PaymentRequests;
use std::collections::{BTreeMap, VecDeque};

/// See the module.
pub(crate) struct Payments {
    /// Those whose handshake is complete.
    peers: BTreeMap<PeerId, Peer>,
    requests: PaymentRequests,
    /// Peers have told of payments that they could not be asked for yet.
    some_wait: bool,
    orphans: OrphanPayments,
    checks: Batches<PaymentCheck>,
    drops: Drops,
    announcements: Announcements,
}

/// What is known of a peer's payments.
///
/// Bounds: [`KnownPayments`], and [`crate::wire::MAX_INV`] payments to ask for.
struct Peer {
    /// Payments it told of: it is not told of them.
    known: KnownPayments,
    /// Payments it told of that it has not been asked for yet.
    deferred: VecDeque<TxId>,
    /// Whether nobody else can dial it, so that most of what it learns comes from the nodes that it
    /// dialled: a tab.
    is_leaf: bool,
}

impl Payments {
    pub(crate) fn new() -> Self {
        Self {
            peers: BTreeMap::new(),
            requests: PaymentRequests::default(),
            some_wait: false,
            orphans: OrphanPayments::default(),
            checks: Batches::new(),
            drops: Drops::default(),
            announcements: Announcements::default(),
        }
    }

    /// A peer's handshake is complete.
    pub(crate) fn join(&mut self, id: PeerId, since: Monotonic, is_leaf: bool) {
        self.peers.insert(id, Peer { known: KnownPayments::new(since), deferred: VecDeque::new(), is_leaf });
    }

    /// The peer is gone: others are asked for the payments it owed.
    pub(crate) fn leave(&mut self, cx: &mut Context, id: PeerId) {
        self.peers.remove(&id);
        self.orphans.peer_gone(id);
        let asks = self.requests.forget(id, cx.now.monotonic);
        send_questions(cx, asks);
    }

    /// Whether payments are due, or are to be asked for.
    pub(crate) fn are_due(&self) -> bool {
        !self.requests.is_empty() || self.some_wait
    }

    /// Answers a request for payments (rule W5).
    pub(crate) fn wanted(&self, cx: &mut Context, id: PeerId, ids: &[TxId]) {
        let mut missing = Vec::new();
        for txid in ids {
            match cx.mempool.get(txid) {
                Some(payment) => cx.outbox.send(id, &Message::Payment(payment.clone())),
                None => missing.push(*txid),
            }
        }
        if !missing.is_empty() {
            cx.outbox.send(id, &Message::NotFound { blocks: Vec::new(), payments: missing });
        }
    }

    /// Drops what has waited too long.
    pub(crate) fn expire(&mut self, cx: &mut Context) {
        let now = cx.now.monotonic;
        self.orphans.expire(now);
        self.peers.values_mut().for_each(|peer| peer.known.expire(now));
        let expired = cx.mempool.expire(now);
        let pool_removed = expired.iter().map(|dropped| dropped.txid).collect();
        cx.outbox.store(ChangeSet { pool_removed, ..ChangeSet::default() }, Durability::Eventual);
        self.dropped(cx, expired);
    }
}
