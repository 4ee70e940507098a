use super::Payments;
use super::requests::AskDecision;
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::TxId;
use crate::wire::{MAX_INV, MAX_PAYMENTS_REQUESTED, Message};
use core::cmp::Reverse;
use std::collections::VecDeque;

/// Maximum number of a peer's crowded announcements to examine in one pass; crowded ones wait because enough other
/// peers will be asked before.
const MOST_CROWDED: usize = 64;

impl Payments {
    /// Processes an announcement of payments (rule W5).
    pub(crate) fn announced(&mut self, cx: &mut Context, id: PeerId, ids: &[TxId], current: bool) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        for txid in ids {
            peer.known.insert(*txid);
        }
        self.defer(id, ids);
        self.ask_deferred(cx, id, current);
    }

    /// Queues payments to request from a peer.
    pub(super) fn defer(&mut self, id: PeerId, ids: &[TxId]) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let room = MAX_INV.saturating_sub(peer.deferred.len());
        peer.deferred.extend(ids.iter().take(room));
        self.some_wait = true;
    }

    /// Requests announced payments from a peer, as many as it is trusted to deliver, unless the node is syncing.
    /// Payments for which enough other peers will be asked go to the back of the queue. The number of these examined in
    /// one pass is limited, so many announcements do not make it costly.
    fn ask_deferred(&mut self, cx: &mut Context, id: PeerId, current: bool) {
        let Some(peer) = self.peers.get_mut(&id).filter(|peer| !peer.deferred.is_empty()) else { return };
        let mut deferred = core::mem::take(&mut peer.deferred);
        let mut kept = VecDeque::new();
        if current {
            let now = cx.now.monotonic;
            let mut wanted = Vec::new();
            while kept.len() < MOST_CROWDED
                && let Some(txid) = deferred.pop_front()
            {
                if cx.mempool.contains(&txid) {
                    continue;
                }
                if self.orphans.contains(&txid) {
                    // The waiting payment may be a forgery.
                    kept.push_back(txid);
                    continue;
                }
                match self.requests.announced(txid, id, now) {
                    AskDecision::Ask => wanted.push(txid),
                    AskDecision::RequestedFromOther => {}
                    AskDecision::Crowded => kept.push_back(txid),
                    AskDecision::Full => {
                        deferred.push_front(txid);
                        break;
                    }
                }
            }
            send_questions(cx, [(id, wanted)]);
        }
        deferred.append(&mut kept);
        self.some_wait |= !deferred.is_empty();
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.deferred = deferred;
        }
    }

    /// Requests announced payments from all peers.
    pub(crate) fn ask_all_deferred(&mut self, cx: &mut Context, current: bool) {
        self.some_wait = false;
        let waiting = self.peers.iter().filter(|(_, peer)| !peer.deferred.is_empty()).map(|(id, _)| *id);
        let mut waiting: Vec<PeerId> = waiting.collect();
        waiting.sort_by_key(|id| Reverse(self.requests.trust(*id)));
        for id in waiting {
            self.ask_deferred(cx, id, current);
        }
    }

    /// Requests overdue payments from other peers.
    pub(crate) fn ask_again(&mut self, cx: &mut Context, current: bool) {
        let requests = self.requests.expire(cx.now.monotonic);
        send_questions(cx, requests);
        self.ask_all_deferred(cx, current);
    }

    /// Records that the peer lacks these payments, and asks others.
    pub(crate) fn not_found(&mut self, cx: &mut Context, id: PeerId, txids: &[TxId], current: bool) {
        let now = cx.now.monotonic;
        let requests = self.requests.ask_others(txids.iter().map(|txid| (*txid, id)), now);
        send_questions(cx, requests);
        self.ask_deferred(cx, id, current);
    }

    /// Whether a payment has been requested.
    pub(crate) fn is_requested(&self, txid: &TxId) -> bool {
        self.requests.is_requested(txid)
    }

    /// Records a payment from a peer. Returns whether it was requested from it.
    pub(crate) fn delivered(&mut self, id: PeerId, txid: TxId) -> bool {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.known.insert(txid);
        }
        self.requests.delivered(&txid, id)
    }

    /// Requests more from a peer that owes few payments.
    pub(crate) fn ask_more(&mut self, cx: &mut Context, id: PeerId, current: bool) {
        if self.requests.owes_little(id) {
            self.ask_deferred(cx, id, current);
        }
    }
}

/// Sends requests for payments.
pub(super) fn send_questions(cx: &mut Context, requests: impl IntoIterator<Item = (PeerId, Vec<TxId>)>) {
    for (peer, txids) in requests {
        for ids in txids.chunks(MAX_PAYMENTS_REQUESTED) {
            cx.outbox.send(peer, &Message::GetPayments(ids.to_vec()));
        }
    }
}
