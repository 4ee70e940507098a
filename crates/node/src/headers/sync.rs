use super::{Headers, Peer, State};
use crate::chain::{ChangeSet, Durability, HeaderRefusal};
use crate::consensus::HeaderError;
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::{BlockId, Header, Identified};
use crate::units::{Monotonic, Work};
use crate::wire::{Goodbye, MAX_HEADERS, Message};
use core::time::Duration;

/// Delay before headers are requested again that were too early by this node's clock.
const EARLY_HEADERS: Duration = Duration::from_secs(15);
/// Maximum time for the answer to `GetHeaders`, or for a part of it, if another peer has answered since the request.
const HEADERS_ANSWER: Duration = Duration::from_secs(30);
/// The same while no peer answers, because this node's own link may be slow: in this time three peers can send the
/// largest answer over a link of 2 kB/s. A browser does not report parts of a message.
const SLOW_HEADERS_ANSWER: Duration = Duration::from_secs(300);

impl Headers {
    /// Requests the headers after the best known one, unless an answer is due already.
    pub(crate) fn ask(&mut self, cx: &mut Context, id: PeerId) {
        let best = cx.chain.best_header().id;
        self.ask_after(cx, id, &best);
    }

    pub(super) fn ask_after(&mut self, cx: &mut Context, id: PeerId, last: &BlockId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if matches!(peer.state, State::Requested(_)) {
            peer.ask_again = true;
            return;
        }
        peer.state = State::Requested(cx.now.monotonic);
        peer.requested_after = Some(*last);
        peer.ask_again = false;
        cx.outbox.send(id, &Message::GetHeaders { locator: cx.chain.locator(last) });
    }

    /// Whether an answer of a peer is due.
    pub(crate) fn are_due_from(&self, id: PeerId) -> bool {
        self.peers.get(&id).is_some_and(|peer| matches!(peer.state, State::Requested(_)))
    }

    /// Processes headers that were requested, and others that the peer's budget covers (rule W3). Returns whether the
    /// peer has answered a request.
    ///
    /// # Errors
    /// The reason to disconnect the peer.
    pub(crate) fn received(&mut self, cx: &mut Context, id: PeerId, headers: Vec<Header>) -> Result<bool, Goodbye> {
        let headers: Vec<Identified<Header>> = headers.into_iter().map(Identified::from).collect();
        let requested = self.are_due_from(id);
        let best_before = cx.chain.best_header().id;
        if let [header] = headers[..]
            && header.id() == best_before
            && let Some(peer) = self.peers.get_mut(&id).filter(|peer| peer.state == State::Done)
        {
            // The usual announcement: the peer now has what this node has.
            let best = cx.chain.best_header();
            (peer.height, peer.work) = (peer.height.max(best.height), peer.work.max(best.work));
            peer.best = Some(best_before);
            return Ok(false);
        }
        if requested && let Some(outcome) = self.go_on_presync(cx, id, &headers) {
            return outcome;
        }
        let (new, outcome) = cx.chain.accept_headers(&headers, cx.now.wall);
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.early_header = None;
        }
        self.keep(cx, new, best_before);
        let last = headers.iter().rev().map(Identified::id).find(|id| cx.chain.height_of(id).is_some());
        if let Some(last) = last {
            self.peer_has(cx, id, last);
        }
        match (outcome, last) {
            (Err(HeaderRefusal::TooManySideHeaders), _) if headers.len() == MAX_HEADERS && requested => {
                self.begin_presync(cx, id, &headers)
            }
            (Err(refusal), _) => self.refused(cx, id, &refusal),
            (Ok(()), Some(last)) if headers.len() == MAX_HEADERS && requested && self.leads_on(cx, id, &last) => {
                self.answered(cx, id);
                self.ask_after(cx, id, &last);
                Ok(true)
            }
            (Ok(()), _) => {
                self.all_received(cx, id);
                Ok(true)
            }
        }
    }

    /// Adds new headers to the tree.
    pub(super) fn keep(&mut self, cx: &mut Context, new: Vec<Identified<Header>>, best_before: BlockId) {
        cx.outbox.store(ChangeSet { headers: new, ..ChangeSet::default() }, Durability::Eventual);
        // Only if no block was missing before. Otherwise a peer that withholds blocks could extend their chain by a
        // header from time to time, and the node would wait forever.
        if cx.chain.best_header().id != best_before && best_before == cx.chain.tip().id {
            self.last_progress = cx.now.monotonic;
        }
    }

    /// The peer has sent all its headers; it may have announced more meanwhile.
    pub(super) fn all_received(&mut self, cx: &mut Context, id: PeerId) {
        self.answered(cx, id);
        if self.peers.get(&id).is_some_and(|peer| peer.ask_again) {
            self.ask(cx, id);
        }
    }

    /// Whether to request the headers after an answer that ends with this header. A peer that repeats the same answer
    /// is not asked again.
    fn leads_on(&self, cx: &Context, id: PeerId, last: &BlockId) -> bool {
        let requested_after = self.peers.get(&id).and_then(|peer| peer.requested_after);
        requested_after.is_none_or(|requested_after| !cx.chain.is_ancestor(last, &requested_after))
    }

    /// Records that a request for headers has been answered.
    pub(super) fn answered(&mut self, cx: &Context, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            if matches!(peer.state, State::Requested(_)) {
                self.answered_at = cx.now.monotonic;
            }
            peer.state = State::Done;
        }
    }

    /// Records that a part of a frame has arrived, possibly of the answer.
    pub(crate) fn receiving(&mut self, id: PeerId, now: Monotonic) {
        if let Some(State::Requested(at)) = self.peers.get_mut(&id).map(|peer| &mut peer.state) {
            *at = now;
        }
    }

    /// Records the tip of a peer that has completed its handshake. Returns whether there is nothing to request from it.
    pub(crate) fn handshake_completed(&mut self, cx: &mut Context, id: PeerId, tip: BlockId, work: Work) -> bool {
        let is_known = cx.chain.height_of(&tip).is_some();
        if !is_known && work >= cx.chain.tip().work {
            self.ask(cx, id);
            return false;
        }
        self.answered(cx, id);
        if is_known {
            self.peer_has(cx, id, tip);
        }
        true
    }

    /// Records that the peer has a block and all its ancestors.
    pub(crate) fn peer_has(&mut self, cx: &Context, id: PeerId, block: BlockId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.height = peer.height.max(cx.chain.height_of(&block).unwrap_or_default());
        peer.work = peer.work.max(cx.chain.work_of(&block).unwrap_or_default());
        if !peer.best.is_some_and(|best| cx.chain.is_ancestor(&block, &best)) {
            peer.best = Some(block);
        }
    }

    pub(super) fn refused(&mut self, cx: &mut Context, id: PeerId, refusal: &HeaderRefusal) -> Result<bool, Goodbye> {
        match refusal {
            // The announcement's parents are unknown: request them. If an answer is due, the two may have crossed: ask
            // again after it.
            HeaderRefusal::UnknownParent(_) => {
                self.ask(cx, id);
                Ok(false)
            }
            // The header is too early by this node's clock, which may be wrong. While mining rests, nobody announces
            // the header again: ask later.
            HeaderRefusal::Invalid(HeaderError::TimeTooNew { got, .. }) => {
                let at = cx.now.monotonic.after(EARLY_HEADERS);
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.early_headers_at.get_or_insert(at);
                    peer.early_header = Some(*got);
                }
                self.answered(cx, id);
                Ok(true)
            }
            HeaderRefusal::TooManySideHeaders => {
                self.answered(cx, id);
                Ok(true)
            }
            HeaderRefusal::Invalid(_) | HeaderRefusal::InvalidParent(_) | HeaderRefusal::KnownInvalid => {
                Err(Goodbye::InvalidHeader)
            }
        }
    }

    /// Requests again headers that were too early.
    pub(crate) fn ask_early(&mut self, cx: &mut Context) {
        let now = cx.now.monotonic;
        let due = |peer: &Peer| peer.early_headers_at.is_some_and(|at| at <= now);
        let due: Vec<PeerId> = self.peers.iter().filter(|(_, peer)| due(peer)).map(|(id, _)| *id).collect();
        for id in due {
            if let Some(peer) = self.peers.get_mut(&id) {
                peer.early_headers_at = None;
            }
            self.ask(cx, id);
        }
    }

    /// Whether a peer's answer is overdue; `None` if none is due.
    pub(crate) fn overdue(&self, id: PeerId, now: Monotonic) -> Option<bool> {
        let State::Requested(at) = self.peers.get(&id)?.state else { return None };
        let patience = if self.answered_at > at { HEADERS_ANSWER } else { SLOW_HEADERS_ANSWER };
        Some(now.since(at) >= patience)
    }
}
