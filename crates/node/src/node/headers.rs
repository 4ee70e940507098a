use super::Node;
use crate::chain::Durability;
use crate::chain::{ChangeSet, HeaderRefusal, Presync, Presynced};
use crate::consensus::HeaderError;
use crate::event::Event;
use crate::peers::{Direction, HeadersState, Peer, PeerId};
use crate::primitives::{BlockId, Header};
use crate::status::SyncStatus;
use crate::wire::{Goodbye, MAX_HEADERS, MAX_LOCATOR, Message};
use bytes::Bytes;
use core::time::Duration;

/// A better header whose block nobody delivers stops mining no longer than this.
const WITHHELD: Duration = Duration::from_secs(10);
/// That holds for so few blocks only: further behind, the node is syncing.
const WITHHELD_BLOCKS: u32 = 2;
/// And syncing without any progress holds nothing up for longer than this: else whoever mines a few
/// blocks in secret and shows only their headers could bring a whole network to rest.
const STUCK: Duration = Duration::from_secs(60);
/// Headers that came too early by this node's clock are asked for again so much later.
const EARLY_HEADERS: Duration = Duration::from_secs(15);
/// Most headers in an announcement; who lacks more is told of the tip only, and asks.
const MAX_ANNOUNCED: usize = 8;
/// In the long run peers are told of a new tip no more often: so [`MAX_ANNOUNCED`] headers at a time stay below what a
/// peer may tell unasked (rule W3).
const TIP_EVERY: Duration = Duration::from_millis(50);
/// What may be told at once, as so much time in advance.
const TIPS_IN_ADVANCE: Duration = Duration::from_secs(1);

impl Node {
    /// Asks a peer for the headers after the best one known, unless an answer is due already.
    pub(super) fn ask_headers(&mut self, id: PeerId) {
        let best = self.cx.chain.best_header().id;
        self.ask_headers_after(id, &best);
    }

    pub(super) fn ask_headers_after(&mut self, id: PeerId, last: &BlockId) {
        let Some(peer) = self.peers.get_mut(&id).filter(|p| p.is_ready()) else { return };
        if matches!(peer.headers, HeadersState::Asked(_)) {
            peer.ask_headers_again = true;
            return;
        }
        peer.headers = HeadersState::Asked(self.cx.now.monotonic);
        peer.asked_after = Some(*last);
        peer.ask_headers_again = false;
        self.cx.outbox.send(id, &Message::GetHeaders { locator: self.cx.chain.locator(last) });
    }

    /// Answers a locator (rule W4).
    pub(super) fn headers_wanted(&mut self, id: PeerId, locator: &[BlockId]) {
        let headers = self.cx.chain.headers_after(locator, MAX_HEADERS);
        self.cx.outbox.announce(id, &Message::Headers(headers));
    }

    /// Takes headers: those asked for, and so many others (rule W3).
    pub(super) fn headers_received(&mut self, id: PeerId, headers: &[Header]) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let asked = matches!(peer.headers, HeadersState::Asked(_));
        if asked || peer.budget.spend_unasked_headers(headers.len(), self.cx.now.monotonic) {
            self.headers_told(id, headers, asked);
        } else {
            self.disconnect(id, Goodbye::TooManyMessages);
        }
    }

    fn headers_told(&mut self, id: PeerId, headers: &[Header], asked: bool) {
        let best_before = self.cx.chain.best_header().id;
        if let [header] = headers
            && header.id() == best_before
            && let Some(peer) = self.peers.get_mut(&id).filter(|p| p.headers == HeadersState::Done)
        {
            // What most announcements are: the peer has now what this node has.
            let best = self.cx.chain.best_header();
            (peer.height, peer.work) = (peer.height.max(best.height), peer.work.max(best.work));
            peer.best = Some(best_before);
            return;
        }
        if asked && self.go_on_presync(id, headers) {
            return;
        }
        let (new, outcome) = self.cx.chain.accept_headers(headers, self.cx.now.wall);
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.early_header = None;
        }
        self.headers_taken(new, best_before);
        let last = headers.iter().rev().map(Header::id).find(|id| self.cx.chain.height_of(id).is_some());
        if let Some(last) = last {
            self.peer_has(id, last);
        }
        match (outcome, last) {
            (Err(HeaderRefusal::TooManySideHeaders), _) if headers.len() == MAX_HEADERS && asked => {
                self.begin_presync(id, headers);
            }
            (Err(refusal), _) => self.headers_refused(id, &refusal),
            (Ok(()), Some(last)) if headers.len() == MAX_HEADERS && asked && self.leads_on(id, &last) => {
                self.headers_answered(id);
                self.ask_headers_after(id, &last);
            }
            (Ok(()), _) => self.all_headers_told(id),
        }
    }

    /// Keeps new headers of the tree.
    fn headers_taken(&mut self, new: Vec<Header>, best_before: BlockId) {
        self.cx.outbox.store(ChangeSet { headers: new, ..ChangeSet::default() }, Durability::Eventual);
        // Only when nothing was missing: else whoever adds a header now and then to a chain whose blocks it
        // withholds would be waited for without end.
        if self.cx.chain.best_header().id != best_before && best_before == self.cx.chain.tip().id {
            self.last_progress = self.cx.now.monotonic;
        }
    }

    /// The peer has told all the headers that it has; maybe it has told of others meanwhile.
    fn all_headers_told(&mut self, id: PeerId) {
        self.headers_answered(id);
        if self.peers.get(&id).is_some_and(|p| p.ask_headers_again) {
            self.ask_headers(id);
        }
    }

    /// There is no room for the peer's branch unless it leads to more work than the best: see whether it does
    /// (rule F5).
    fn begin_presync(&mut self, id: PeerId, headers: &[Header]) {
        let begun = self.cx.chain.presync(headers);
        let Some((peer, (presync, new))) = self.peers.get_mut(&id).zip(begun) else {
            return self.headers_answered(id);
        };
        peer.presync = Some(Box::new(presync));
        self.go_on_presync(id, &headers[new..]);
    }

    /// Gives these headers to a peer's presync, if it has one. Returns whether they belong to it.
    fn go_on_presync(&mut self, id: PeerId, headers: &[Header]) -> bool {
        let best_before = self.cx.chain.best_header().id;
        let Some(peer) = self.peers.get_mut(&id) else { return false };
        let Some(mut presync) = peer.presync.take() else { return false };
        let (new, outcome) = self.cx.chain.go_on_presync(&mut presync, headers, self.cx.now.wall);
        self.headers_taken(new, best_before);
        match outcome {
            Ok(Presynced::Ask(after)) => self.ask_presync(id, presync, after),
            Ok(Presynced::Done(last)) => {
                self.peer_has(id, last);
                self.headers_answered(id);
                self.ask_headers_after(id, &last);
            }
            Ok(Presynced::Over) => self.all_headers_told(id),
            Ok(Presynced::Unrelated) => return self.is_announcement(id, presync, headers),
            Err(refusal) => self.headers_refused(id, &refusal),
        }
        true
    }

    fn ask_presync(&mut self, id: PeerId, presync: Box<Presync>, after: BlockId) {
        let mut locator = self.cx.chain.locator(&presync.start());
        if locator.first() != Some(&after) {
            locator.insert(0, after);
        }
        locator.truncate(MAX_LOCATOR);
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.presync = Some(presync);
        peer.headers = HeadersState::Asked(self.cx.now.monotonic);
        peer.asked_after = Some(after);
        self.cx.outbox.send(id, &Message::GetHeaders { locator });
    }

    /// Whether headers that do not follow are the announcement of a new tip, which crossed with the question: the
    /// answer is still to come then. Else the peer has moved to another branch, and the presync is over.
    fn is_announcement(&mut self, id: PeerId, presync: Box<Presync>, headers: &[Header]) -> bool {
        let known = headers.first().is_none_or(|first| self.cx.chain.height_of(&first.previous).is_some());
        if let Some(peer) = self.peers.get_mut(&id).filter(|_| !known) {
            peer.presync = Some(presync);
            peer.ask_headers_again = true;
        }
        !known
    }

    /// Whether an answer that ends with this header is worth asking for what follows: whoever tells
    /// the same again and again is not asked for ever.
    fn leads_on(&self, id: PeerId, last: &BlockId) -> bool {
        let asked_after = self.peers.get(&id).and_then(|peer| peer.asked_after);
        asked_after.is_none_or(|asked_after| !self.cx.chain.is_ancestor(last, &asked_after))
    }

    /// The peer has told all the headers it was asked for.
    pub(super) fn headers_answered(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.headers = HeadersState::Done;
            if peer.direction == Direction::Outbound {
                self.dialer.need(&peer.address);
            }
        }
    }

    /// The peer has a block, and all below it.
    pub(super) fn peer_has(&mut self, id: PeerId, block: BlockId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.height = peer.height.max(self.cx.chain.height_of(&block).unwrap_or_default());
        peer.work = peer.work.max(self.cx.chain.work_of(&block).unwrap_or_default());
        if !peer.best.is_some_and(|best| self.cx.chain.is_ancestor(&block, &best)) {
            peer.best = Some(block);
        }
    }

    fn headers_refused(&mut self, id: PeerId, refusal: &HeaderRefusal) {
        match refusal {
            // An announcement whose parents this node has not heard of: fetch them. While an answer
            // is due, the two may have crossed: ask again when it has come.
            HeaderRefusal::UnknownParent(_) => self.ask_headers(id),
            // Too early by this node's clock, which may be the wrong one. Nobody tells of the
            // header again while mining rests: ask later.
            HeaderRefusal::Invalid(HeaderError::TimeTooNew { got, .. }) => {
                self.headers_answered(id);
                let at = self.cx.now.monotonic.after(EARLY_HEADERS);
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.early_headers_at.get_or_insert(at);
                    peer.early_header = Some(*got);
                }
            }
            HeaderRefusal::TooManySideHeaders => self.headers_answered(id),
            HeaderRefusal::Invalid(_) | HeaderRefusal::InvalidParent(_) | HeaderRefusal::KnownInvalid => {
                self.disconnect(id, Goodbye::InvalidHeader);
            }
        }
    }

    /// Asks again for headers that were too early when they came.
    pub(super) fn ask_early_headers(&mut self) {
        let now = self.cx.now.monotonic;
        let due = |peer: &Peer| peer.early_headers_at.is_some_and(|at| at <= now);
        let due: Vec<PeerId> = self.peers.values().filter(|p| due(p)).map(|p| p.id).collect();
        for id in due {
            if let Some(peer) = self.peers.get_mut(&id) {
                peer.early_headers_at = None;
            }
            self.ask_headers(id);
        }
    }

    /// How far this node is behind what it has heard of.
    #[must_use]
    pub fn sync_status(&self) -> SyncStatus {
        let (tip, best) = (self.cx.chain.tip(), self.cx.chain.best_header());
        // Anybody can claim a better chain: a node without neighbours waits for nobody's word (rule M1).
        if !self.caught_up && self.dialer.has_needed() {
            let alone = self.ready_peers().next().is_none();
            return if alone { SyncStatus::WaitingForPeers } else { SyncStatus::Headers { height: best.height } };
        }
        if best.id == tip.id {
            return if self.refuses_early_headers() { SyncStatus::EarlyHeaders } else { SyncStatus::Synced };
        }
        // While the tip moves, it shows how far; else the blocks that are here do, which may belong to another branch.
        let height = if self.cx.chain.is_moving() { tip.height } else { self.cx.chain.stored_up_to(&best.id) };
        SyncStatus::Blocks { height, target: best.height }
    }

    /// How many blocks of the best header's chain are still to come.
    fn blocks_to_come(&self) -> u32 {
        let best = self.cx.chain.best_header();
        best.height.above(self.cx.chain.stored_up_to(&best.id))
    }

    /// Whether the blocks that are missing have been waited for long enough to go on without them.
    pub(super) fn is_withheld(&self) -> bool {
        let patience = if self.blocks_to_come() <= WITHHELD_BLOCKS { WITHHELD } else { STUCK };
        self.cx.now.monotonic.since(self.last_progress) >= patience
    }

    /// Whether the tip is worth telling of, and payments worth asking for: the node is not syncing.
    /// A better header or two whose blocks are not here change nothing, nor do more after a while:
    /// whoever withholds them must not silence this node.
    pub(super) fn is_current(&self) -> bool {
        match self.sync_status() {
            _ if self.cx.chain.is_moving() => false,
            SyncStatus::Synced | SyncStatus::EarlyHeaders => true,
            SyncStatus::Blocks { height, target } => target.above(height) <= WITHHELD_BLOCKS || self.is_withheld(),
            SyncStatus::WaitingForPeers | SyncStatus::Headers { .. } => false,
        }
    }

    /// Notes whether a peer has told all its headers since the node was last alone.
    pub(super) fn note_caught_up(&mut self) {
        let alone = self.ready_peers().next().is_none();
        let told = self.ready_peers().any(|p| p.headers == HeadersState::Done);
        self.caught_up = !alone && (self.caught_up || told);
    }

    /// Tells of changes in sync status, and of progress every hundred blocks.
    pub(super) fn report_sync(&mut self) {
        let status = self.sync_status();
        let step = |s: &SyncStatus| match s {
            SyncStatus::WaitingForPeers => (0, 0),
            SyncStatus::Headers { height } => (1, height.0 / 100),
            SyncStatus::Blocks { height, .. } => (2, height.0 / 100),
            SyncStatus::Synced => (3, 0),
            SyncStatus::EarlyHeaders => (4, 0),
        };
        if step(&status) == step(&self.reported_sync) {
            return;
        }
        let now_synced = status == SyncStatus::Synced;
        self.reported_sync = status;
        self.cx.outbox.emit(Event::SyncChanged(status));
        if now_synced {
            self.announce_tip();
            let current = self.is_current();
            self.payments.ask_all_deferred(&mut self.cx, current);
        }
    }

    /// Tells each peer that may lack it of the tip, with the headers before it that the peer lacks. Where tips follow
    /// each other faster than peers let themselves be told, one is told for several.
    pub(super) fn announce_tip(&mut self) {
        let (tip, now) = (self.cx.chain.tip(), self.cx.now.monotonic);
        if tip.height.0 == 0 {
            return;
        }
        let ahead = self.tips_told_until.since(now);
        if ahead > TIPS_IN_ADVANCE {
            self.announce_tip_at = Some(now.after(ahead.saturating_sub(TIPS_IN_ADVANCE)));
            return;
        }
        self.announce_tip_at = None;
        self.tips_told_until = self.tips_told_until.max(now).after(TIP_EVERY);
        let Some(last) = self.cx.chain.block_info(&tip.id).map(|info| info.header) else { return };
        let mut lacking = Vec::new();
        for peer in self.peers.values_mut().filter(|p| p.is_ready()) {
            let (has_parent, has_tip) = (peer.best == Some(last.previous), peer.best == Some(tip.id));
            if has_parent || !has_tip && !peer.best.is_some_and(|best| self.cx.chain.is_ancestor(&tip.id, &best)) {
                let best = peer.best.replace(tip.id).filter(|_| !has_parent);
                lacking.push((peer.id, best));
            }
        }
        let tip_alone = Bytes::from(Message::Headers(vec![last]).encode());
        for (peer, best) in lacking {
            let headers = best.map(|best| self.cx.chain.headers_beyond(&best, MAX_ANNOUNCED));
            let frame = headers.map(|headers| Message::Headers(headers).encode().into());
            self.cx.outbox.announce_frame(peer, frame.unwrap_or_else(|| tip_alone.clone()));
        }
    }

    /// A block came, or was put on: that is progress if it leads to the best header.
    pub(super) fn note_progress(&mut self, id: &BlockId) {
        if self.cx.chain.is_ancestor(id, &self.cx.chain.best_header().id) {
            self.last_progress = self.cx.now.monotonic;
        }
    }
}
