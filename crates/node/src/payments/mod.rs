//! Payments: which to request from which peer, which to accept into the mempool, and which to announce.
//!
//! The mempool itself is shared ([`Context`]), because blocks are built from it.

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

/// State of payment requests, checks and announcements.
pub(crate) struct Payments {
    /// Peers with a complete handshake.
    peers: BTreeMap<PeerId, Peer>,
    requests: PaymentRequests,
    /// Whether peers have announced payments that could not be requested yet.
    some_wait: bool,
    orphans: OrphanPayments,
    checks: Batches<PaymentCheck>,
    drops: Drops,
    announcements: Announcements,
}

/// The payment state of a peer.
///
/// Bounds: [`KnownPayments`], and [`crate::wire::MAX_INV`] payments to request.
struct Peer {
    /// Payments that it announced: they are not announced to it.
    known: KnownPayments,
    /// Payments that it announced and that have not been requested from it yet.
    deferred: VecDeque<TxId>,
    /// Whether nobody else can dial it, so that it learns most payments from the nodes that it dialled: a tab.
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

    /// Adds a peer with a complete handshake.
    pub(crate) fn join(&mut self, id: PeerId, since: Monotonic, is_leaf: bool) {
        self.peers.insert(id, Peer { known: KnownPayments::new(since), deferred: VecDeque::new(), is_leaf });
    }

    /// Removes a peer: the payments due from it are requested from others.
    pub(crate) fn leave(&mut self, cx: &mut Context, id: PeerId) {
        self.peers.remove(&id);
        self.orphans.peer_disconnected(id);
        let requests = self.requests.forget(id, cx.now.monotonic);
        send_questions(cx, requests);
    }

    /// Whether payments are due or wait to be requested.
    pub(crate) fn are_due(&self) -> bool {
        !self.requests.is_empty() || self.some_wait
    }

    /// Answers a request for payments (rule W5).
    pub(crate) fn wanted(&self, cx: &mut Context, id: PeerId, ids: &[TxId]) {
        let mut missing = Vec::new();
        for txid in ids {
            match cx.mempool.get(txid) {
                Some(payment) => cx.outbox.send_frame(id, Message::encode_payment(payment).into()),
                None => missing.push(*txid),
            }
        }
        if !missing.is_empty() {
            cx.outbox.send(id, &Message::NotFound { blocks: Vec::new(), payments: missing });
        }
    }

    /// Drops payments that have waited too long.
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
