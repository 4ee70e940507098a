use super::Blocks;
use super::shared_frames::BlockForm;
use crate::chain::{BlockStatus, LoadedBlock};
use crate::context::Context;
use crate::effect::{Effect, LoadId};
use crate::event::Event;
use crate::peer_id::PeerId;
use crate::primitives::BlockId;
use crate::wire::{Goodbye, MAX_BLOCKS_REQUESTED, Message};
use bytes::Bytes;
use std::collections::{BTreeMap, VecDeque};

/// Requests of peers for stored blocks. One is read at a time, and peers are served in turn: a peer that requests many
/// blocks delays only itself, and requests of disconnected peers are dropped.
///
/// Bound: [`BlockServing::MAX`] blocks per connected peer; the blocks of one request are in memory.
#[derive(Default)]
pub(super) struct BlockServing {
    requests: BTreeMap<PeerId, VecDeque<Vec<BlockId>>>,
    /// The peers with requests, in the order of service.
    turns: VecDeque<PeerId>,
    /// The request being read.
    reading: Option<(PeerId, Vec<BlockId>)>,
}

impl BlockServing {
    /// Maximum number of blocks that a peer may wait for.
    const MAX: usize = 4 * MAX_BLOCKS_REQUESTED;

    /// Queues a peer's request; false if it exceeds the limit.
    fn ask(&mut self, peer: PeerId, blocks: Vec<BlockId>) -> bool {
        let read_for_it = self.reading.iter().filter(|(other, _)| *other == peer).map(|(_, blocks)| blocks);
        let waiting = self.requests.get(&peer).into_iter().flatten();
        if waiting.chain(read_for_it).map(Vec::len).sum::<usize>() + blocks.len() > Self::MAX {
            return false;
        }
        let requests = self.requests.entry(peer).or_default();
        if requests.is_empty() {
            self.turns.push_back(peer);
        }
        requests.push_back(blocks);
        true
    }

    /// The blocks to read next, if any.
    fn next(&mut self) -> Option<Vec<BlockId>> {
        if self.reading.is_some() {
            return None;
        }
        let peer = self.turns.pop_front()?;
        let requests = self.requests.get_mut(&peer)?;
        let blocks = requests.pop_front()?;
        if requests.is_empty() {
            self.requests.remove(&peer);
        } else {
            self.turns.push_back(peer);
        }
        self.reading = Some((peer, blocks.clone()));
        Some(blocks)
    }

    /// Forgets a disconnected peer.
    pub(super) fn forget(&mut self, peer: PeerId) {
        if self.requests.remove(&peer).is_some() {
            self.turns.retain(|other| *other != peer);
        }
    }
}

/// The outcome of a request for blocks: the tip's id if the tip was sent at once, or the reason to disconnect a peer
/// that requests too much.
pub(crate) type Answered = Result<Option<BlockId>, Goodbye>;

/// Pending reads from the store, with their purposes.
///
/// Bound: one for each purpose.
#[derive(Default)]
pub(super) struct BlockReads {
    purposes: BTreeMap<LoadId, Purpose>,
    next: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// For a move of the primary chain.
    Advance,
    /// For the request of the next peer.
    Serve,
}

impl BlockReads {
    fn begin(&mut self, cx: &mut Context, purpose: Purpose, blocks: Vec<BlockId>) {
        let request = LoadId(self.next);
        self.next += 1;
        self.purposes.insert(request, purpose);
        cx.outbox.push(Effect::Load { request, blocks });
    }
}

impl Blocks {
    /// Answers a peer's request for blocks (rule W6): the tip at once, from a shared frame; other blocks after they
    /// have been read.
    pub(crate) fn wanted(&mut self, cx: &mut Context, id: PeerId, ids: &[BlockId]) -> Answered {
        let is_stored = |id: &BlockId| cx.chain.block_info(id).is_some_and(|info| info.status == BlockStatus::Stored);
        let (stored, missing): (Vec<BlockId>, Vec<BlockId>) = ids.iter().partition(|id| is_stored(id));
        say_missing(cx, id, missing);
        let tip = cx.chain.tip().id;
        let recent = cx.chain.recent_block(&tip);
        let mut sent = None;
        let (at_hand, stored): (Vec<BlockId>, Vec<BlockId>) =
            stored.into_iter().partition(|id| *id == tip && recent.is_some());
        if let Some(block) = recent {
            for tip in at_hand {
                let encode = || Message::encode_block(block.block());
                let frame = self.frame(cx, tip, BlockForm::Whole, encode);
                cx.outbox.send_frame(id, frame);
                sent = Some(tip);
            }
        }
        if !stored.is_empty() {
            if !self.serving.ask(id, stored) {
                return Err(Goodbye::TooManyMessages);
            }
            self.read_next(cx);
        }
        Ok(sent)
    }

    /// The frame of a block. Only the tip's frames are shared, so a peer that does not read cannot keep many other
    /// blocks in memory.
    pub(super) fn frame(
        &mut self,
        cx: &Context,
        id: BlockId,
        form: BlockForm,
        encode: impl FnOnce() -> Vec<u8>,
    ) -> Bytes {
        if id == cx.chain.tip().id { self.frames.get(id, form, encode) } else { encode().into() }
    }

    /// Reads the blocks that a move of the primary chain needs.
    pub(crate) fn load_for_chain(&mut self, cx: &mut Context, blocks: Vec<BlockId>) {
        if !self.reads.purposes.values().any(|purpose| *purpose == Purpose::Advance) {
            self.reads.begin(cx, Purpose::Advance, blocks);
        }
    }

    /// Takes blocks that have been read. If they were for a peer whose request is now complete, returns that peer.
    pub(crate) fn loaded(
        &mut self,
        cx: &mut Context,
        request: LoadId,
        blocks: Vec<Option<LoadedBlock>>,
    ) -> Option<PeerId> {
        match self.reads.purposes.remove(&request)? {
            Purpose::Advance => {
                if let Err(problem) = cx.chain.supply(blocks) {
                    // A corrupt store is not read again: the driver is about to stop.
                    self.reads.purposes.insert(request, Purpose::Advance);
                    cx.outbox.emit(Event::StorageCorrupt { problem });
                }
                None
            }
            Purpose::Serve => {
                let served = self.serve(cx, blocks);
                self.read_next(cx);
                served
            }
        }
    }

    /// Sends a peer the blocks that were read for it. Returns the peer, if none is missing.
    fn serve(&mut self, cx: &mut Context, blocks: Vec<Option<LoadedBlock>>) -> Option<PeerId> {
        let (peer, requested) = self.serving.reading.take().filter(|(peer, _)| self.peers.contains_key(peer))?;
        let mut missing = Vec::new();
        for (id, block) in requested.into_iter().zip(blocks) {
            match block {
                Some(block) => cx.outbox.send_frame(peer, Message::frame_block(&block.block).into()),
                None => missing.push(id),
            }
        }
        let served = missing.is_empty().then_some(peer);
        say_missing(cx, peer, missing);
        served
    }

    fn read_next(&mut self, cx: &mut Context) {
        if let Some(blocks) = self.serving.next() {
            self.reads.begin(cx, Purpose::Serve, blocks);
        }
    }
}

fn say_missing(cx: &mut Context, peer: PeerId, blocks: Vec<BlockId>) {
    if !blocks.is_empty() {
        cx.outbox.send(peer, &Message::NotFound { blocks, payments: Vec::new() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PeerId = PeerId(1);
    const B: PeerId = PeerId(2);

    fn ids(n: usize) -> Vec<BlockId> {
        vec![BlockId([7; 32]); n]
    }

    /// The next peer to serve, and the number of its blocks.
    fn next(serving: &mut BlockServing) -> Option<(PeerId, usize)> {
        serving.reading = None;
        serving.next()?;
        serving.reading.as_ref().map(|(peer, blocks)| (*peer, blocks.len()))
    }

    #[test]
    fn peers_are_served_in_turn() {
        let mut serving = BlockServing::default();
        assert!((1..=4).all(|n| serving.ask(A, ids(n))) && serving.ask(B, ids(9)));
        let order: Vec<_> = core::iter::from_fn(|| next(&mut serving)).collect();
        assert_eq!(order, [(A, 1), (B, 9), (A, 2), (A, 3), (A, 4)]);
        assert!(serving.requests.is_empty() && serving.turns.is_empty());
    }

    #[test]
    fn requests_of_disconnected_peers_are_not_read() {
        let mut serving = BlockServing::default();
        for n in 0..1_000 {
            assert!(serving.ask(PeerId(n), ids(16)));
            serving.next();
            serving.forget(PeerId(n));
        }
        assert!(serving.ask(B, ids(1)));
        assert_eq!(next(&mut serving), Some((B, 1)), "only one request is being read");
    }

    #[test]
    fn requested_blocks_of_a_peer_are_limited() {
        for (requested, taken) in [(64, true), (65, false), (640, false)] {
            let mut serving = BlockServing::default();
            let requests = |blocks: usize| (0..blocks.div_ceil(16)).map(move |n| ids(16.min(blocks - 16 * n)));
            assert_eq!(requests(requested).all(|blocks| serving.ask(A, blocks)), taken, "{requested}");
        }
        let mut serving = BlockServing::default();
        assert!(serving.ask(A, ids(16)));
        serving.next();
        assert!((0..3).all(|_| serving.ask(A, ids(16))) && !serving.ask(A, ids(1)), "blocks being read count");
        assert!(serving.ask(B, ids(16)), "each peer has its own limit");
    }
}
