use super::{Headers, Peer, State};
use crate::chain::{ChangeSet, Durability, HeaderRefusal};
use crate::consensus::HeaderError;
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::{BlockId, Header};
use crate::units::{Monotonic, Work};
use crate::wire::{Goodbye, MAX_HEADERS, Message};
use core::time::Duration;

/// Headers that came too early by this node's clock are asked for again so much later.
const EARLY_HEADERS: Duration = Duration::from_secs(15);
/// An answer to `GetHeaders` must come by then.
const HEADERS_ANSWER: Duration = Duration::from_secs(30);

impl Headers {
    /// Asks a peer for the headers after the best one known, unless an answer is due already.
    pub(crate) fn ask(&mut self, cx: &mut Context, id: PeerId) {
        let best = cx.chain.best_header().id;
        self.ask_after(cx, id, &best);
    }

    pub(super) fn ask_after(&mut self, cx: &mut Context, id: PeerId, last: &BlockId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if matches!(peer.state, State::Asked(_)) {
            peer.ask_again = true;
            return;
        }
        peer.state = State::Asked(cx.now.monotonic);
        peer.asked_after = Some(*last);
        peer.ask_again = false;
        cx.outbox.send(id, &Message::GetHeaders { locator: cx.chain.locator(last) });
    }

    /// Whether an answer of a peer is due.
    pub(crate) fn are_due_from(&self, id: PeerId) -> bool {
        self.peers.get(&id).is_some_and(|peer| matches!(peer.state, State::Asked(_)))
    }

    /// Takes headers: those asked for, and others that the peer has paid for (rule W3). Returns whether the peer has
    /// answered what it was asked.
    ///
    /// # Errors
    /// Why to leave the peer.
    pub(crate) fn received(&mut self, cx: &mut Context, id: PeerId, headers: &[Header]) -> Result<bool, Goodbye> {
        let asked = self.are_due_from(id);
        let best_before = cx.chain.best_header().id;
        if let [header] = headers
            && header.id() == best_before
            && let Some(peer) = self.peers.get_mut(&id).filter(|peer| peer.state == State::Done)
        {
            // What most announcements are: the peer has now what this node has.
            let best = cx.chain.best_header();
            (peer.height, peer.work) = (peer.height.max(best.height), peer.work.max(best.work));
            peer.best = Some(best_before);
            return Ok(false);
        }
        if asked && let Some(outcome) = self.go_on_presync(cx, id, headers) {
            return outcome;
        }
        let (new, outcome) = cx.chain.accept_headers(headers, cx.now.wall);
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.early_header = None;
        }
        self.keep(cx, new, best_before);
        let last = headers.iter().rev().map(Header::id).find(|id| cx.chain.height_of(id).is_some());
        if let Some(last) = last {
            self.peer_has(cx, id, last);
        }
        match (outcome, last) {
            (Err(HeaderRefusal::TooManySideHeaders), _) if headers.len() == MAX_HEADERS && asked => {
                self.begin_presync(cx, id, headers)
            }
            (Err(refusal), _) => self.refused(cx, id, &refusal),
            (Ok(()), Some(last)) if headers.len() == MAX_HEADERS && asked && self.leads_on(cx, id, &last) => {
                self.answered(id);
                self.ask_after(cx, id, &last);
                Ok(true)
            }
            (Ok(()), _) => {
                self.all_told(cx, id);
                Ok(true)
            }
        }
    }

    /// Keeps new headers of the tree.
    pub(super) fn keep(&mut self, cx: &mut Context, new: Vec<Header>, best_before: BlockId) {
        cx.outbox.store(ChangeSet { headers: new, ..ChangeSet::default() }, Durability::Eventual);
        // Only when nothing was missing: else whoever adds a header now and then to a chain whose blocks it
        // withholds would be waited for without end.
        if cx.chain.best_header().id != best_before && best_before == cx.chain.tip().id {
            self.last_progress = cx.now.monotonic;
        }
    }

    /// The peer has told all the headers that it has; maybe it has told of others meanwhile.
    pub(super) fn all_told(&mut self, cx: &mut Context, id: PeerId) {
        self.answered(id);
        if self.peers.get(&id).is_some_and(|peer| peer.ask_again) {
            self.ask(cx, id);
        }
    }

    /// Whether an answer that ends with this header is worth asking for what follows: whoever tells
    /// the same again and again is not asked for ever.
    fn leads_on(&self, cx: &Context, id: PeerId, last: &BlockId) -> bool {
        let asked_after = self.peers.get(&id).and_then(|peer| peer.asked_after);
        asked_after.is_none_or(|asked_after| !cx.chain.is_ancestor(last, &asked_after))
    }

    /// The peer has told all the headers it was asked for.
    pub(super) fn answered(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.state = State::Done;
        }
    }

    /// A peer's handshake is complete: its chain ends with this tip. Whether there is nothing to ask it for.
    pub(crate) fn greeted(&mut self, cx: &mut Context, id: PeerId, tip: BlockId, work: Work) -> bool {
        let is_known = cx.chain.height_of(&tip).is_some();
        if !is_known && work >= cx.chain.tip().work {
            self.ask(cx, id);
            return false;
        }
        self.answered(id);
        if is_known {
            self.peer_has(cx, id, tip);
        }
        true
    }

    /// The peer has a block, and all below it.
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
            // An announcement whose parents this node has not heard of: fetch them. While an answer
            // is due, the two may have crossed: ask again when it has come.
            HeaderRefusal::UnknownParent(_) => {
                self.ask(cx, id);
                Ok(false)
            }
            // Too early by this node's clock, which may be the wrong one. Nobody tells of the
            // header again while mining rests: ask later.
            HeaderRefusal::Invalid(HeaderError::TimeTooNew { got, .. }) => {
                let at = cx.now.monotonic.after(EARLY_HEADERS);
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.early_headers_at.get_or_insert(at);
                    peer.early_header = Some(*got);
                }
                self.answered(id);
                Ok(true)
            }
            HeaderRefusal::TooManySideHeaders => {
                self.answered(id);
                Ok(true)
            }
            HeaderRefusal::Invalid(_) | HeaderRefusal::InvalidParent(_) | HeaderRefusal::KnownInvalid => {
                Err(Goodbye::InvalidHeader)
            }
        }
    }

    /// Asks again for headers that were too early when they came.
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

    /// Whether an answer of a peer is due for too long.
    pub(crate) fn are_overdue(&self, id: PeerId, now: Monotonic) -> bool {
        let state = self.peers.get(&id).map(|peer| peer.state);
        matches!(state, Some(State::Asked(at)) if now.since(at) >= HEADERS_ANSWER)
    }
}
