use super::pace::Owing;
use super::{Blocks, Downloads};
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::{Block, BlockId, Identified};
use crate::units::Monotonic;
use crate::wire::{MAX_BLOCKS_REQUESTED, Message};
use std::collections::{BTreeMap, BTreeSet};

/// After this many consecutive late blocks, disconnect the peer.
const MAX_TIMES_LATE: u32 = 3;
/// Request a new batch when a peer has at most this many blocks to deliver.
const REFILL_AT: usize = MAX_BLOCKS_REQUESTED / 2;

impl Blocks {
    /// Requests missing blocks. `tip_of` returns the header up to which a peer has blocks; `withheld` says that the
    /// blocks of the best header's chain are overdue.
    pub(crate) fn fetch(&mut self, cx: &mut Context, tip_of: impl Fn(PeerId) -> Option<BlockId>, withheld: bool) {
        if cx.chain.best_header().id == cx.chain.tip().id || self.downloads.is_full() {
            return;
        }
        let owed = self.downloads.owed();
        let able = self.peers.keys().filter(|id| tip_of(**id).is_some());
        let loads = able.map(|id| (*id, self.load(&owed, *id)));
        let mut places: BTreeMap<PeerId, usize> = loads.filter(|(_, load)| *load <= REFILL_AT).collect();
        if places.is_empty() {
            return;
        }
        let mut missing = self.wanted_blocks(cx, &tip_of, withheld);
        missing.retain(|id| !self.checks.contains(id));
        let has = |peer: PeerId, id: &BlockId| tip_of(peer).is_some_and(|tip| cx.chain.is_ancestor(id, &tip));
        let now = cx.now.monotonic;
        for (id, blocks) in self.downloads.assign(&missing, &mut places, now, has) {
            if self.load(&owed, id) == 0
                && let Some(peer) = self.peers.get_mut(&id)
            {
                peer.last_block = now;
            }
            self.ask_blocks(cx, id, blocks);
        }
    }

    /// The blocks to request: those of the best header's chain. If these are withheld, also the blocks of every peer's
    /// chain that beats the tip. Otherwise a peer that sends only headers could keep nodes from each other's blocks.
    fn wanted_blocks(&self, cx: &Context, tip_of: impl Fn(PeerId) -> Option<BlockId>, withheld: bool) -> Vec<BlockId> {
        let missing = |of: &BlockId| cx.chain.missing_blocks(of, Downloads::WINDOW);
        let mut wanted = missing(&cx.chain.best_header().id);
        if withheld {
            let others = self.peers.keys().filter_map(|id| tip_of(*id)).filter(|other| cx.chain.beats_tip(other));
            for other in others.collect::<BTreeSet<BlockId>>() {
                let new: Vec<BlockId> = missing(&other).into_iter().filter(|id| !wanted.contains(id)).collect();
                wanted.extend(new);
            }
        }
        wanted
    }

    /// Requests blocks from a peer. The block after the tip is requested in compact form if the mempool may have its
    /// payments (rules W6 and W10).
    fn ask_blocks(&mut self, cx: &mut Context, id: PeerId, blocks: Vec<BlockId>) {
        if let [block] = blocks[..]
            && !cx.mempool.is_empty()
            && self.compact_downloads.has_room()
            && cx.chain.block_info(&block).is_some_and(|info| info.header.previous == cx.chain.tip().id)
        {
            self.compact_downloads.requested(block, id);
            return cx.outbox.send(id, &Message::GetCompactBlock(block));
        }
        cx.outbox.send(id, &Message::GetBlocks(blocks));
    }

    /// Requests a whole block after a failed reconstruction: two payments share a short id, or the peer sent wrong
    /// ones.
    pub(super) fn ask_whole_block(&mut self, cx: &mut Context, id: PeerId, block: BlockId) {
        if self.peers.contains_key(&id) {
            self.downloads.requested(block, id, cx.now.monotonic);
            cx.outbox.send(id, &Message::GetBlocks(vec![block]));
        }
    }

    /// Number of blocks that a peer has yet to send; `owed` comes from [`Downloads::owed`].
    fn load(&self, owed: &BTreeMap<PeerId, usize>, id: PeerId) -> usize {
        let moved = self.peers.get(&id).map_or(0, |peer| peer.moved);
        owed.get(&id).map_or(0, |owed| *owed) + moved
    }

    /// Whether any blocks are due.
    pub(crate) fn are_due(&self) -> bool {
        !self.downloads.is_empty()
    }

    pub(crate) fn is_due_from(&self, block: &BlockId, peer: PeerId) -> bool {
        self.downloads.assigned_peer(block) == Some(peer)
    }

    /// Records the arrival of a block, requested or not. Returns peers to disconnect because others, asked later,
    /// repeatedly delivered first.
    pub(crate) fn arrived(
        &mut self,
        cx: &Context,
        block: &Identified<Block>,
        from: Option<PeerId>,
        current: bool,
    ) -> Vec<PeerId> {
        let id = &block.id();
        let assigned = self.downloads.assigned_peer(id);
        // A body that does not match its header must not end the download of the true one from another peer.
        if assigned != from && block.header.commitment != block.commitment() {
            return Vec::new();
        }
        let delivery = self.downloads.delivered(id, from, cx.now.monotonic);
        self.compact_downloads.forget(id);
        if let Some(peer) = from.and_then(|from| self.peers.get_mut(&from)) {
            // An unrequested block may be one that was reassigned to other peers meanwhile.
            let moved = from != assigned && peer.moved > 0;
            peer.moved -= usize::from(moved);
            // Only requested blocks count; others cost the peer nothing.
            if delivery.owed || moved {
                let since = core::mem::replace(&mut peer.last_block, cx.now.monotonic);
                peer.times_late = 0;
                let largest = cx.chain.params().max_block_bytes;
                self.pace.delivered(block.size(), largest, since, cx.now.monotonic);
            }
        }
        // At the end of a sync, some peer is always the last.
        if current || blocks_to_come(cx) > Downloads::WINDOW { self.overtaken(&delivery.overtaken) } else { Vec::new() }
    }

    /// Records that other peers, asked later, delivered a block that these peers owed. Returns those to disconnect.
    fn overtaken(&mut self, peers: &[PeerId]) -> Vec<PeerId> {
        let mut too_late = Vec::new();
        for id in peers {
            let Some(peer) = self.peers.get_mut(id) else { continue };
            peer.times_late += 1;
            too_late.extend((peer.times_late >= MAX_TIMES_LATE).then_some(*id));
        }
        too_late
    }

    /// Requests overdue blocks from other peers. Near the tip, a peer may have announced them before it had them, in
    /// order to be asked first. During a sync, only a peer that holds up all others is replaced.
    pub(crate) fn hurry(&mut self, cx: &mut Context, tip_of: impl Fn(PeerId) -> Option<BlockId>, current: bool) {
        let now = cx.now.monotonic;
        let staller = if current { None } else { self.staller(cx, &tip_of) };
        let mut hurried = false;
        for (block, late) in self.downloads.late(now) {
            if !current && staller != Some(late) {
                continue;
            }
            let owed = self.downloads.owed();
            let has = |id: PeerId| tip_of(id).is_some_and(|tip| cx.chain.is_ancestor(&block, &tip));
            let free = self.peers.iter().filter(|(id, _)| {
                !self.downloads.was_requested(&block, **id)
                    && self.load(&owed, **id) < MAX_BLOCKS_REQUESTED
                    && has(**id)
            });
            let next = free.min_by_key(|(id, peer)| (peer.times_late, self.load(&owed, **id)));
            let Some(next) = next.map(|(id, _)| *id) else { continue };
            self.downloads.requested(block, next, now);
            self.compact_downloads.forget(&block);
            if self.load(&owed, next) == 0
                && let Some(peer) = self.peers.get_mut(&next)
            {
                peer.last_block = now;
            }
            cx.outbox.send(next, &Message::GetBlocks(vec![block]));
            hurried = true;
            if let Some(peer) = self.peers.get_mut(&late) {
                peer.moved += 1;
            }
        }
        if hurried {
            self.downloads.hurried();
        }
    }

    /// The peer that owes the lowest missing block, if nothing else can be requested and another peer that has the
    /// block is idle.
    fn staller(&self, cx: &Context, tip_of: impl Fn(PeerId) -> Option<BlockId>) -> Option<PeerId> {
        let missing = cx.chain.missing_blocks(&cx.chain.best_header().id, Downloads::WINDOW);
        let lowest = missing.first()?;
        let staller = self.downloads.assigned_peer(lowest)?;
        let under_way = |id: &BlockId| self.downloads.contains(id) || self.checks.contains(id);
        let has = |id: PeerId| tip_of(id).is_some_and(|tip| cx.chain.is_ancestor(lowest, &tip));
        let owed = self.downloads.owed();
        let idle = self.peers.keys().any(|id| *id != staller && self.load(&owed, *id) == 0 && has(*id));
        (idle && missing.iter().all(under_way)).then_some(staller)
    }

    /// Records that a part of a frame has arrived, possibly of a block.
    pub(crate) fn receiving(&mut self, id: PeerId, now: Monotonic) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.last_part = now;
        }
    }

    /// The peers to disconnect because they owe blocks and send none.
    pub(crate) fn overdue(&mut self, cx: &Context) -> Vec<PeerId> {
        let owed = self.downloads.owed();
        let owing = self.peers.iter().filter(|(id, _)| self.load(&owed, **id) > 0);
        let owing = owing.map(|(id, peer)| Owing { peer: *id, last: peer.last_block, last_part: peer.last_part });
        let owing: Vec<Owing> = owing.collect();
        self.pace.overdue(&owing, cx.now.monotonic)
    }

    /// Records that a peer lacks requested blocks, so that others are asked. Returns whether one of them was due from
    /// it.
    pub(crate) fn not_found(&mut self, id: PeerId, blocks: &[BlockId]) -> bool {
        let due: Vec<&BlockId> =
            blocks.iter().filter(|block| self.downloads.assigned_peer(block) == Some(id)).collect();
        for block in &due {
            self.downloads.done(block);
            self.compact_downloads.forget(block);
        }
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.moved = peer.moved.saturating_sub(blocks.len() - due.len());
        }
        !due.is_empty()
    }
}

/// Number of missing blocks on the best header's chain.
fn blocks_to_come(cx: &Context) -> u32 {
    let best = cx.chain.best_header();
    best.height.above(cx.chain.stored_up_to(&best.id))
}
