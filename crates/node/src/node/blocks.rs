use super::Node;
use super::verification::{Asked, Verification, Verifications};
use crate::chain::{Accepted, Advance, BlockStatus, ChangeSet, Durability, HeaderRefusal, LoadedBlock, TipChange};
use crate::command::RequestId;
use crate::consensus::{BlockError, SoundBlock, WellFormedBlock, check_header_in_isolation};
use crate::effect::{Effect, LoadId};
use crate::event::{Event, SubmitError};
use crate::peer_id::PeerId;
use crate::primitives::{Block, BlockId, PaymentHash, TxId};
use crate::units::Target;
use crate::wire::{Goodbye, Message};
use bytes::Bytes;
use core::time::Duration;
use std::collections::BTreeMap;

/// Where a block comes from, and who wants to know what became of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockSource {
    pub(super) peer: Option<PeerId>,
    pub(super) request: Option<RequestId>,
    /// Whether this node put it together from a compact block (rule W10).
    pub(super) rebuilt: bool,
}

/// Requests to the store and what they are for.
///
/// Bound: one of each purpose.
#[derive(Default)]
pub(super) struct BlockLoads {
    purposes: BTreeMap<LoadId, Purpose>,
    next: u64,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// The chain's move needs them.
    Advance,
    /// The peer whose turn it is asked for them.
    Serve,
}

/// An orphan may be so many times easier to mine than the tip.
const ORPHAN_EASE: u32 = 16;
/// Most headers in an announcement; who lacks more is told of the tip only, and asks.
const MAX_ANNOUNCED: usize = 8;
/// In the long run peers are told of a new tip no more often: so [`MAX_ANNOUNCED`] headers at a time stay below what a
/// peer may tell unasked (rule W3).
const TIP_EVERY: Duration = Duration::from_millis(50);
/// What may be told at once, as so much time in advance.
const TIPS_IN_ADVANCE: Duration = Duration::from_secs(1);

impl Node {
    pub(super) fn block_received(&mut self, peer: PeerId, block: Block) {
        if self.downloads.debtor(&block.id()) == Some(peer) {
            self.costs_nothing(peer, Message::BLOCK);
        }
        self.block_arrived(block, BlockSource { peer: Some(peer), request: None, rebuilt: false });
    }

    /// Takes a block that a peer was asked for, or was not.
    pub(super) fn block_arrived(&mut self, block: Block, source: BlockSource) {
        let id = block.id();
        let debtor = self.downloads.debtor(&id);
        // A body that is not the header's must not end the download of the true one from another.
        if debtor == source.peer || block.header.merkle_root == block.merkle_root() {
            let delivery = self.downloads.delivered(&id, source.peer, self.cx.now.monotonic);
            self.compact_downloads.forget(&id);
            if let Some(debtor) = debtor.and_then(|debtor| self.peers.get_mut(&debtor)) {
                debtor.in_flight = debtor.in_flight.saturating_sub(1);
            }
            // Only what it owes, or did, counts: other blocks cost it nothing.
            let moved = source.peer != debtor && self.brought_moved(source.peer);
            if let Some(peer) = source.peer.filter(|_| delivery.owed || moved) {
                self.delivered_by(peer, block.size());
            }
            self.overtaken(&delivery.overtaken);
        }
        self.take_block(block, source);
    }

    pub(super) fn submit_block(&mut self, request: RequestId, block: Block) {
        self.take_block(block, BlockSource { peer: None, request: Some(request), rebuilt: false });
    }

    /// Takes a block from anywhere: header, isolation, then signatures.
    pub(super) fn take_block(&mut self, block: Block, source: BlockSource) {
        let id = block.id();
        match self.cx.chain.accept_header(&block.header, self.cx.now.wall) {
            Ok(true) => self
                .cx
                .outbox
                .store(ChangeSet { headers: vec![block.header], ..ChangeSet::default() }, Durability::Eventual),
            Ok(false) => {}
            Err(refusal) => return self.block_refused(block, source, refusal),
        }
        let stored = self.cx.chain.block_info(&id).is_some_and(|i| i.status == BlockStatus::Stored);
        if stored || self.verifications.contains_block(&id) {
            return self.answer(source, id, Err(SubmitError::Known));
        }
        // A block that may never count takes no place on disk for nothing (rule W6). Should its branch win, it is asked
        // for.
        if !self.leads_ahead(&id) && !self.cx.chain.beats_tip(&id) {
            if source.peer.is_some() {
                return;
            }
            if self.cx.chain.losing_blocks() >= self.cx.config.max_losing_blocks {
                return self.answer(source, id, Err(SubmitError::TooManySideBranches));
            }
        }
        match self.cx.chain.check_block(block) {
            Ok(block) => self.check_signatures(block, source),
            Err(error) => self.block_invalid(id, error, source),
        }
    }

    fn block_refused(&mut self, block: Block, source: BlockSource, refusal: HeaderRefusal) {
        let (id, previous) = (block.id(), block.header.previous);
        match refusal {
            HeaderRefusal::UnknownParent(_) => {
                self.answer(source, id, Err(SubmitError::Orphan { previous }));
                self.keep_orphan(block);
                if let Some(peer) = source.peer {
                    self.ask_headers(peer);
                }
            }
            HeaderRefusal::Invalid(error) if error.is_temporary() => {
                self.answer(source, id, Err(SubmitError::Invalid(error.into())));
            }
            HeaderRefusal::Invalid(error) => self.block_invalid(id, error.into(), source),
            HeaderRefusal::InvalidParent(_) | HeaderRefusal::KnownInvalid => self.block_on_invalid(source, id),
            HeaderRefusal::TooManySideHeaders => self.answer(source, id, Err(SubmitError::TooManySideBranches)),
        }
    }

    /// The block, or one below it, broke a rule.
    fn block_on_invalid(&mut self, source: BlockSource, id: BlockId) {
        self.answer(source, id, Err(SubmitError::OnInvalidBlock));
        if let Some(peer) = source.peer {
            self.disconnect(peer, Goodbye::InvalidBlock);
        }
    }

    /// Keeps a block whose parent is unknown, if it may have cost about as much work as one at the
    /// tip: places for orphans are few, and others must not fill them for nothing (rule F4).
    fn keep_orphan(&mut self, block: Block) {
        let tip_work = self.cx.chain.tip().target.expand().map(Target::work);
        let work = check_header_in_isolation(&block.header).map(Target::work);
        if let (Ok(work), Ok(tip_work)) = (work, tip_work)
            && work * ORPHAN_EASE >= tip_work
        {
            self.cx.chain.keep_orphan(block, self.cx.now.monotonic);
        }
    }

    /// A block broke a rule: its id is invalidated, unless the body is not the header's.
    pub(super) fn block_invalid(&mut self, id: BlockId, error: BlockError, source: BlockSource) {
        if error.is_mutation()
            && source.rebuilt
            && let Some(peer) = source.peer
        {
            return self.ask_whole_block(peer, id);
        }
        if !error.is_mutation() {
            let changes = self.cx.chain.invalidate(&id);
            self.cx.outbox.store(changes, Durability::Eventual);
        }
        self.cx.outbox.emit(Event::BlockRejected { id, error: error.clone(), peer: source.peer });
        self.answer(source, id, Err(SubmitError::Invalid(error)));
        if let Some(peer) = source.peer {
            self.disconnect(peer, Goodbye::InvalidBlock);
        }
    }

    fn answer(&mut self, source: BlockSource, id: BlockId, result: Result<(), SubmitError>) {
        if let Some(request) = source.request {
            self.cx.outbox.emit(Event::BlockSubmitted { request, id, result });
        }
    }

    /// Asks for the signature checks that a block still needs; those of known payments are done.
    fn check_signatures(&mut self, block: WellFormedBlock, source: BlockSource) {
        let unknown = |hash: &PaymentHash| !self.cx.mempool.by_hash(hash) && !self.verified.contains(hash);
        let checked: Vec<u32> =
            (0..).zip(block.payments()).filter(|(_, (_, hash))| unknown(hash)).map(|(index, _)| index).collect();
        if checked.is_empty() {
            return self.block_sound(block, source);
        }
        if !self.verifications.has_room_for_block() {
            return self.answer(source, block.id(), Err(SubmitError::Busy { max: Verifications::MAX_BLOCKS }));
        }
        self.ask_verdicts(Verification::Block { block, source, checked }, Asked::Once);
    }

    /// Keeps a block that obeys all rules that need no ledger.
    pub(super) fn block_sound(&mut self, block: WellFormedBlock, source: BlockSource) {
        let (id, height) = (block.id(), block.height());
        for (_, hash) in block.payments() {
            self.verified.insert(hash);
        }
        match self.cx.chain.accept_block(block.into_sound()) {
            Accepted::New(changes) => self.cx.outbox.store(*changes, Durability::Eventual),
            Accepted::Known => return self.answer(source, id, Err(SubmitError::Known)),
            Accepted::OnInvalidBlock => return self.block_on_invalid(source, id),
        }
        self.note_progress(&id);
        if let Some(peer) = source.peer.and_then(|peer| self.peers.get_mut(&peer)) {
            peer.last_new_block = Some(self.cx.now.monotonic);
        }
        if let Some((_, error)) = self.advance_chain().into_iter().find(|(rejected, _)| *rejected == id) {
            if let Some(peer) = source.peer {
                self.disconnect(peer, Goodbye::InvalidBlock);
            }
            return self.answer(source, id, Err(SubmitError::Invalid(error)));
        }
        if !self.cx.chain.block_info(&id).is_some_and(|i| i.primary) && !self.leads_ahead(&id) {
            self.cx.outbox.emit(Event::SideBlock { id, height });
        }
        if source.request.is_some() {
            self.cx.outbox.make_durable();
        }
        self.answer(source, id, Ok(()));
        for orphan in self.cx.chain.take_orphans_of(&id) {
            self.take_block(orphan, BlockSource { peer: None, request: None, rebuilt: false });
        }
    }

    /// Whether a block is on the way to the best header: it will be connected later.
    fn leads_ahead(&self, id: &BlockId) -> bool {
        self.cx.chain.is_ancestor(id, &self.cx.chain.best_header().id)
    }

    /// A block came, or was put on: that is progress if it leads to the best header.
    fn note_progress(&mut self, id: &BlockId) {
        if self.leads_ahead(id) {
            self.last_progress = self.cx.now.monotonic;
        }
    }

    /// Moves the primary chain as far as the blocks at hand allow. Returns the blocks that broke a
    /// rule in their place.
    pub(super) fn advance_chain(&mut self) -> Vec<(BlockId, BlockError)> {
        let mut rejected = Vec::new();
        loop {
            match self.cx.chain.advance() {
                Advance::Idle => {
                    self.end_of_way();
                    return rejected;
                }
                Advance::NeedsBlocks(ids) => {
                    self.load_for_advance(ids);
                    return rejected;
                }
                Advance::Invalid { id, error } => {
                    let changes = ChangeSet { invalid: vec![id], ..ChangeSet::default() };
                    self.cx.outbox.store(changes, Durability::Eventual);
                    self.cx.outbox.emit(Event::BlockRejected { id, error: error.clone(), peer: None });
                    rejected.push((id, error));
                }
                Advance::Moved(change) => self.moved(*change),
            }
        }
    }

    fn load_for_advance(&mut self, blocks: Vec<BlockId>) {
        if self.loads.purposes.values().any(|p| matches!(p, Purpose::Advance)) {
            return;
        }
        let request = self.loads.insert(Purpose::Advance);
        self.cx.outbox.push(Effect::Load { request, blocks });
    }

    /// The primary chain has moved: the store, the mempool, the user and the peers learn of it.
    fn moved(&mut self, change: TipChange) {
        // On a long way, the tip is on neither chain for a while.
        self.note_progress(&self.cx.chain.best_stored());
        let caught_up = self.cx.chain.best_header().id == self.cx.chain.tip().id;
        let removed = self.update_mempool(&change);
        let mut changes = change.changes;
        changes.pool_removed.extend(removed);
        let moving = self.cx.chain.is_moving();
        let at_once = caught_up || !change.disconnected.is_empty() && !moving;
        self.cx.outbox.store(changes, if at_once { Durability::Immediate } else { Durability::Eventual });
        let connected: Vec<BlockId> = change.connected.iter().map(|b| b.id()).collect();
        self.mining.tell_if_mined(&mut self.cx, &change.connected);
        let tip = self.cx.chain.tip();
        if let Some(reorganised) = change.reorganised {
            self.cx.outbox.emit(Event::Reorganised { tip, reorganised });
        }
        self.cx.outbox.emit(Event::TipChanged { tip, disconnected: change.disconnected, connected, moving });
        if moving {
            self.on_the_way = true;
            self.dropped(Vec::new());
        } else {
            self.arrived();
        }
        let mined: Vec<TxId> = change.connected.iter().flat_map(|b| b.txids().iter().copied()).collect();
        self.retry_orphan_payments(&mined);
    }

    /// The primary chain is the best there is. If a bad block ended a long way right above the tip, no move has told so.
    fn end_of_way(&mut self) {
        if self.on_the_way {
            self.cx.outbox.store(ChangeSet::default(), Durability::Immediate);
            let (tip, disconnected, connected) = (self.cx.chain.tip(), Vec::new(), Vec::new());
            self.cx.outbox.emit(Event::TipChanged { tip, disconnected, connected, moving: false });
            self.arrived();
        }
    }

    fn arrived(&mut self) {
        if core::mem::take(&mut self.on_the_way) {
            self.readmit_dropped();
        }
        self.dropped(Vec::new());
        if self.is_current() {
            self.announce_tip();
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

    pub(super) fn loaded(&mut self, request: LoadId, blocks: Vec<Option<LoadedBlock>>) {
        match self.loads.purposes.remove(&request) {
            Some(Purpose::Advance) => {
                if let Err(problem) = self.cx.chain.supply(blocks) {
                    // The driver is to stop: a store that is corrupt is not asked again.
                    self.loads.purposes.insert(request, Purpose::Advance);
                    self.cx.outbox.emit(Event::StorageCorrupt { problem });
                }
            }
            Some(Purpose::Serve) => self.serve(blocks),
            None => {}
        }
    }

    /// A peer lacks what was asked of it: others will be asked.
    pub(super) fn not_found(&mut self, id: PeerId, blocks: &[BlockId], payments: &[TxId]) {
        let due: Vec<&BlockId> = blocks.iter().filter(|b| self.downloads.debtor(b) == Some(id)).collect();
        for block in &due {
            self.downloads.done(block);
            self.compact_downloads.forget(block);
        }
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.moved = peer.moved.saturating_sub(blocks.len() - due.len());
            peer.in_flight = peer.in_flight.saturating_sub(due.len());
            if !due.is_empty() {
                // It does not have what it told of: ask it for nothing until it tells of more.
                peer.best = None;
            }
        }
        self.payments_not_found(id, payments);
    }
}

impl BlockLoads {
    pub(super) fn insert(&mut self, purpose: Purpose) -> LoadId {
        let request = LoadId(self.next);
        self.next += 1;
        self.purposes.insert(request, purpose);
        request
    }
}

/// Blocks just put on the primary chain, lowest first.
pub(super) type Connected<'a> = &'a [std::sync::Arc<SoundBlock>];
