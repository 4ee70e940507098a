use super::Node;
use super::blocks::Purpose;
use super::shared_frames::BlockForm;
use crate::chain::{BlockStatus, LoadedBlock};
use crate::codec::encode;
use crate::effect::Effect;
use crate::peer_id::PeerId;
use crate::primitives::BlockId;
use crate::wire::{Goodbye, MAX_BLOCKS_ASKED, Message};
use std::collections::{BTreeMap, VecDeque};

/// Requests of peers for stored blocks. One is read at a time, and peers are served in turn: who asks for much keeps
/// only itself waiting, and what somebody asked for who is gone is not read.
///
/// Bound: [`BlockServing::MAX`] blocks a connected peer; of one request they are in memory.
#[derive(Default)]
pub(super) struct BlockServing {
    requests: BTreeMap<PeerId, VecDeque<Vec<BlockId>>>,
    /// The peers with requests.
    turns: VecDeque<PeerId>,
    /// The request that is being read.
    reading: Option<(PeerId, Vec<BlockId>)>,
}

impl BlockServing {
    /// Most blocks that a peer may wait for.
    const MAX: usize = 4 * MAX_BLOCKS_ASKED;

    /// Notes what a peer asks for; false when it then waits for too much.
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

    /// The blocks to read now, if any.
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

    /// A peer is gone.
    pub(super) fn forget(&mut self, peer: PeerId) {
        if self.requests.remove(&peer).is_some() {
            self.turns.retain(|other| *other != peer);
        }
    }
}

impl Node {
    /// Answers a peer's request for blocks (rule W6): the tip's at once, from the frame that all share; others when
    /// they have been read.
    pub(super) fn blocks_wanted(&mut self, id: PeerId, ids: &[BlockId]) {
        let (stored, missing): (Vec<BlockId>, Vec<BlockId>) = ids
            .iter()
            .partition(|id| self.cx.chain.block_info(id).is_some_and(|info| info.status == BlockStatus::Stored));
        self.say_missing(id, missing);
        let (at_hand, stored): (Vec<BlockId>, Vec<BlockId>) = stored
            .into_iter()
            .partition(|id| *id == self.cx.chain.tip().id && self.cx.chain.recent_block(id).is_some());
        for tip in at_hand {
            let Some(block) = self.cx.chain.recent_block(&tip) else { continue };
            let frame = self.block_frame(tip, BlockForm::Whole, || Message::encode_block(&encode(block.block())));
            self.cx.outbox.send_frame(id, frame);
            self.peer_has(id, tip);
        }
        if stored.is_empty() {
            return;
        }
        if !self.serving.ask(id, stored) {
            return self.disconnect(id, Goodbye::TooManyMessages);
        }
        self.read_next();
    }

    /// The blocks asked for last have been read.
    pub(super) fn serve(&mut self, blocks: Vec<Option<LoadedBlock>>) {
        if let Some((peer, asked)) = self.serving.reading.take()
            && self.peers.contains_key(&peer)
        {
            let mut missing = Vec::new();
            for (id, block) in asked.into_iter().zip(blocks) {
                match block {
                    Some(block) => self.cx.outbox.send_frame(peer, Message::encode_block(&block.block).into()),
                    None => missing.push(id),
                }
            }
            if missing.is_empty() {
                // Who syncs may do so as fast as it reads.
                self.costs_nothing(peer, Message::GET_BLOCKS);
            }
            self.say_missing(peer, missing);
        }
        self.read_next();
    }

    fn read_next(&mut self) {
        if let Some(blocks) = self.serving.next() {
            let request = self.loads.insert(Purpose::Serve);
            self.cx.outbox.push(Effect::Load { request, blocks });
        }
    }

    fn say_missing(&mut self, peer: PeerId, blocks: Vec<BlockId>) {
        if !blocks.is_empty() {
            self.cx.outbox.send(peer, &Message::NotFound { blocks, payments: Vec::new() });
        }
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

    /// Who is served next, and with how many blocks.
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
    fn what_somebody_asked_for_who_is_gone_is_not_read() {
        let mut serving = BlockServing::default();
        for n in 0..1_000 {
            assert!(serving.ask(PeerId(n), ids(16)));
            serving.next();
            serving.forget(PeerId(n));
        }
        assert!(serving.ask(B, ids(1)));
        assert_eq!(next(&mut serving), Some((B, 1)), "one request is being read, no more");
    }

    #[test]
    fn a_peer_waits_for_so_many_blocks_at_most() {
        for (asked, taken) in [(64, true), (65, false), (640, false)] {
            let mut serving = BlockServing::default();
            let requests = |blocks: usize| (0..blocks.div_ceil(16)).map(move |n| ids(16.min(blocks - 16 * n)));
            assert_eq!(requests(asked).all(|blocks| serving.ask(A, blocks)), taken, "{asked}");
        }
        let mut serving = BlockServing::default();
        assert!(serving.ask(A, ids(16)));
        serving.next();
        assert!((0..3).all(|_| serving.ask(A, ids(16))) && !serving.ask(A, ids(1)), "what is being read counts");
        assert!(serving.ask(B, ids(16)), "each has its own");
    }
}
