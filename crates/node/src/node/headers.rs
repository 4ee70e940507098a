use super::Node;
use crate::chain::Durability;
use crate::chain::{ChangeSet, HeaderRefusal, Presync, Presynced};
use crate::consensus::HeaderError;
use crate::event::Event;
use crate::peers::{Direction, HeadersState, Peer, PeerId};
use crate::primitives::{BlockId, Header};
use crate::status::SyncStatus;
use crate::sync::Downloads;
use crate::wire::{Goodbye, MAX_BLOCKS_ASKED, MAX_HEADERS, MAX_LOCATOR, Message};
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

/// A better header whose block nobody delivers stops mining no longer than this.
const WITHHELD: Duration = Duration::from_secs(10);
/// That holds for so few blocks only: further behind, the node is syncing.
const WITHHELD_BLOCKS: u32 = 2;
/// And syncing without any progress holds nothing up for longer than this: else whoever mines a few
/// blocks in secret and shows only their headers could bring a whole network to rest.
const STUCK: Duration = Duration::from_secs(60);
/// Headers that came too early by this node's clock are asked for again so much later.
const EARLY_HEADERS: Duration = Duration::from_secs(15);
/// With blocks asked for, one must come so often: at this pace the largest block comes in one such time.
pub(super) const BLOCK_STALL: Duration = Duration::from_secs(20);
/// While nobody sends blocks at that pace, and several owe some, it may take longer: twice as long each time that it has,
/// up to this.
const MAX_BLOCK_STALL: Duration = Duration::from_secs(80);
/// A block counts as having taken so long at least: several may have waited in one buffer.
const SHORTEST: Duration = Duration::from_millis(100);
/// So many blocks in a row may others bring first that were asked later.
const MAX_TIMES_LATE: u32 = 3;
/// A new batch of blocks is asked for when a peer owes no more than this.
const REFILL_AT: usize = MAX_BLOCKS_ASKED / 2;

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

    /// The blocks to ask for: those of the best header's chain. Where these are withheld, also those of what
    /// peers have that beats the tip: else whoever shows headers only would keep the nodes from each
    /// other's blocks.
    fn wanted_blocks(&self) -> Vec<BlockId> {
        let best = self.cx.chain.best_header().id;
        let missing = |of: &BlockId| self.cx.chain.missing_blocks(of, Downloads::WINDOW);
        let mut wanted = missing(&best);
        if self.is_withheld() {
            let others = self.ready_peers().filter_map(|p| p.best).filter(|other| self.cx.chain.beats_tip(other));
            for other in others.collect::<BTreeSet<BlockId>>() {
                let new: Vec<BlockId> = missing(&other).into_iter().filter(|id| !wanted.contains(id)).collect();
                wanted.extend(new);
            }
        }
        wanted
    }

    /// Asks for the blocks that are missing.
    pub(super) fn fetch_blocks(&mut self) {
        if self.cx.chain.best_header().id == self.cx.chain.tip().id || self.downloads.is_full() {
            return;
        }
        let able = self.ready_peers().filter(|p| p.best.is_some() && p.load() <= REFILL_AT);
        let mut places: BTreeMap<PeerId, usize> = able.map(|p| (p.id, p.load())).collect();
        if places.is_empty() {
            return;
        }
        let mut missing = self.wanted_blocks();
        missing.retain(|id| !self.verifications.contains_block(id));
        let (chain, peers) = (&self.cx.chain, &self.peers);
        let has = |peer: PeerId, id: &BlockId| {
            peers.get(&peer).and_then(|p| p.best).is_some_and(|best| chain.is_ancestor(id, &best))
        };
        for (id, blocks) in self.downloads.assign(&missing, &mut places, self.cx.now.monotonic, has) {
            if let Some(peer) = self.peers.get_mut(&id) {
                if peer.load() == 0 {
                    peer.last_block = self.cx.now.monotonic;
                }
                peer.in_flight += blocks.len();
            }
            self.ask_blocks(id, blocks);
        }
    }

    /// Others will be asked for all that a peer owed.
    pub(super) fn forget_downloads(&mut self, id: PeerId) {
        self.downloads.forget(id);
        self.compact_downloads.forget_peer(id);
    }

    /// Asks others for blocks that a peer lets this node wait for. Near the tip it may have told of
    /// them before it had them, so as to be asked first; while syncing, only a peer that holds up
    /// all others is not waited for.
    pub(super) fn hurry_blocks(&mut self) {
        let current = self.is_current();
        let staller = if current { None } else { self.staller() };
        let late = self.downloads.late(self.cx.now.monotonic).into_iter();
        let mut hurried = false;
        for (block, late) in late.filter(|(_, late)| current || staller == Some(*late)) {
            let has = |p: &&Peer| p.best.is_some_and(|best| self.cx.chain.is_ancestor(&block, &best));
            let asked = |p: &&Peer| self.downloads.was_asked(&block, p.id);
            let free = self.ready_peers().filter(|p| !asked(p) && p.load() < MAX_BLOCKS_ASKED);
            let Some(next) = free.filter(has).min_by_key(|p| (p.times_late, p.load())).map(|p| p.id) else {
                continue;
            };
            self.downloads.asked(block, next, self.cx.now.monotonic);
            self.compact_downloads.forget(&block);
            if let Some(peer) = self.peers.get_mut(&next) {
                if peer.load() == 0 {
                    peer.last_block = self.cx.now.monotonic;
                }
                peer.in_flight += 1;
            }
            self.cx.outbox.send(next, &Message::GetBlocks(vec![block]));
            hurried = true;
            if let Some(peer) = self.peers.get_mut(&late) {
                peer.in_flight = peer.in_flight.saturating_sub(1);
                peer.moved += 1;
            }
        }
        if hurried {
            self.downloads.hurried();
        }
    }

    /// Whether a block that a peer does not owe is one of those that were asked of others since, as far as one can tell.
    pub(super) fn brought_moved(&mut self, id: Option<PeerId>) -> bool {
        let Some(peer) = id.and_then(|id| self.peers.get_mut(&id)).filter(|p| p.moved > 0) else { return false };
        peer.moved -= 1;
        true
    }

    /// A peer has brought a block of so many bytes that it owed.
    pub(super) fn delivered_by(&mut self, id: PeerId, bytes: usize) {
        let (now, largest) = (self.cx.now.monotonic, self.cx.chain.params().max_block_bytes);
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let took = now.since(core::mem::replace(&mut peer.last_block, now)).max(SHORTEST);
        peer.times_late = 0;
        if bytes as u128 * BLOCK_STALL.as_millis() >= u128::from(largest) * took.as_millis() {
            self.fast_block_at = now;
            self.block_patience = (self.block_patience / 2).max(BLOCK_STALL);
        }
    }

    /// Others, asked later, have brought a block that these peers owe. Who lets that happen time and again is left.
    pub(super) fn overtaken(&mut self, peers: &[PeerId]) {
        // At the end of a sync somebody is always the last.
        if !self.is_current() && self.blocks_to_come() <= Downloads::WINDOW {
            return;
        }
        for id in peers {
            let Some(peer) = self.peers.get_mut(id) else { continue };
            peer.times_late += 1;
            if peer.times_late >= MAX_TIMES_LATE {
                self.disconnect(*id, Goodbye::Stalled);
            }
        }
    }

    /// Leaves peers that owe blocks and send none, though others are fast. Where nobody is, this node's own link may be the
    /// slow one: then all that owe some get more time.
    pub(super) fn check_debtors(&mut self) {
        let now = self.cx.now.monotonic;
        let owing = || self.peers.values().filter(|p| p.load() > 0);
        let outpaced = |p: &Peer| now.since(p.last_block) >= BLOCK_STALL && self.fast_block_at > p.last_block;
        let out_of_time = |p: &Peer| now.since(p.last_block) >= self.block_patience;
        let slow_link = owing().any(|p| out_of_time(p) && !outpaced(p));
        let spared = slow_link && owing().count() > 1 && self.block_patience < MAX_BLOCK_STALL;
        let left: Vec<PeerId> = owing().filter(|p| outpaced(p) || !spared && out_of_time(p)).map(|p| p.id).collect();
        if slow_link {
            self.block_patience = (self.block_patience * 2).min(MAX_BLOCK_STALL);
        }
        for peer in left {
            self.disconnect(peer, Goodbye::Stalled);
        }
    }

    /// Who owes the lowest of the missing blocks, when nothing else can be asked for, so that a peer
    /// that has it is idle.
    fn staller(&self) -> Option<PeerId> {
        let missing = self.cx.chain.missing_blocks(&self.cx.chain.best_header().id, Downloads::WINDOW);
        let lowest = missing.first()?;
        let staller = self.downloads.debtor(lowest)?;
        let under_way = |id: &BlockId| self.downloads.contains(id) || self.verifications.contains_block(id);
        let has = |p: &Peer| p.best.is_some_and(|best| self.cx.chain.is_ancestor(lowest, &best));
        let idle = self.ready_peers().any(|p| p.id != staller && p.load() == 0 && has(p));
        (idle && missing.iter().all(under_way)).then_some(staller)
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
            self.ask_all_deferred_payments();
        }
    }
}
