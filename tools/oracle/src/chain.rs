use crate::{NaiveLedger, naive_target};
use core::cmp::Reverse;
use fedcoin_node::chain::{BlockStatus, Snapshot};
use fedcoin_node::consensus::{ChainParams, TieBreak};
use fedcoin_node::primitives::{Block, BlockId, Header, StateRoots};
use fedcoin_node::units::{CompactTarget, Timestamp, Work};
use std::collections::BTreeMap;

/// All blocks ever received, and the primary chain among them, which is computed again for each question.
#[derive(Clone, Debug)]
pub struct NaiveChain {
    params: ChainParams,
    /// With their own work.
    headers: BTreeMap<BlockId, (Header, Work)>,
    /// Blocks that match their headers (rule B3), whatever else is wrong with them.
    blocks: BTreeMap<BlockId, Block>,
    /// Blocks received before their parents, in this order (rule F4).
    orphans: Vec<Block>,
}

impl NaiveChain {
    /// Starts with the genesis block only.
    #[must_use]
    pub fn new(params: ChainParams) -> Self {
        let genesis = params.genesis_block();
        Self {
            params,
            headers: BTreeMap::from([(genesis.id(), (genesis.header, Work::ZERO))]),
            blocks: BTreeMap::from([(genesis.id(), genesis)]),
            orphans: Vec::new(),
        }
    }

    /// Adds a block when the clock shows `wall`.
    pub fn give(&mut self, block: &Block, wall: Timestamp) {
        let id = block.id();
        if !self.headers.contains_key(&block.header.previous) && !self.headers.contains_key(&id) {
            if !self.orphans.iter().any(|orphan| orphan.id() == id) {
                self.orphans.push(block.clone());
            }
            return;
        }
        if !self.give_header(&block.header, wall)
            || block.commitment() != block.header.commitment
            || self.blocks.contains_key(&id)
        {
            return;
        }
        self.blocks.insert(id, block.clone());
        let waiting = core::mem::take(&mut self.orphans);
        let (children, others): (Vec<Block>, Vec<Block>) = waiting.into_iter().partition(|o| o.header.previous == id);
        self.orphans = others;
        children.iter().for_each(|child| self.give(child, wall));
    }

    /// Adds a header when the clock shows `wall`. Returns whether it obeys rules H1 to H6.
    pub fn give_header(&mut self, header: &Header, wall: Timestamp) -> bool {
        let id = header.id();
        if self.headers.contains_key(&id) {
            return true;
        }
        let before = self.path(header.previous);
        let mut times: Vec<u64> = before.iter().rev().take(11).map(|(_, header, _)| header.time.0).collect();
        times.sort_unstable();
        let Some(median) = times.get(times.len() / 2) else { return false };
        let sound = header.version == 1
            && header.target == self.target_after(header.previous, header.time)
            && header.target.expand().is_ok_and(|target| target.is_met_by(&id.0))
            && header.time.0 > *median
            && u128::from(header.time.0) <= u128::from(wall.0) + 120_000;
        if sound {
            self.headers.insert(id, (*header, header.target.expand().unwrap().work()));
        }
        sound
    }

    /// The target of a block of this time on this one (rule H4).
    #[must_use]
    pub fn target_after(&self, parent: BlockId, time: Timestamp) -> CompactTarget {
        let before: Vec<_> = self.path(parent).iter().map(|(_, header, _)| (header.time.0, header.target)).collect();
        naive_target(&self.params, &before, time.0)
    }

    /// The headers from genesis to this one, with their ids and their own work. Empty if it is unknown.
    fn path(&self, id: BlockId) -> Vec<(BlockId, Header, Work)> {
        let mut path = Vec::new();
        let mut at = id;
        while let Some((header, work)) = self.headers.get(&at) {
            path.push((at, *header, *work));
            at = header.previous;
        }
        path.reverse();
        path
    }

    /// Forgets everything that is not in a store.
    pub fn restart(&mut self, stored: &Snapshot) {
        let headers: BTreeMap<BlockId, BlockStatus> =
            stored.headers.iter().map(|h| (h.header.id(), h.status)).collect();
        let genesis = BlockId::from(self.params.network_id());
        self.headers.retain(|id, _| *id == genesis || headers.contains_key(id));
        self.blocks.retain(|id, _| *id == genesis || headers.get(id) == Some(&BlockStatus::Stored));
        self.orphans.clear();
    }

    /// What a block on this one must commit to (rules B8 and B9), or nothing if that block's chain is not valid.
    #[must_use]
    pub fn roots_on(&self, parent: BlockId) -> StateRoots {
        let chain: Option<Vec<&Block>> = self.path(parent).iter().map(|(id, ..)| self.blocks.get(id)).collect();
        let replayed = chain.and_then(|chain| NaiveLedger::replay_with_roots(&self.params, chain));
        replayed.map(|(_, roots)| roots).unwrap_or_default()
    }

    /// The height of a known header.
    #[must_use]
    pub fn height(&self, id: BlockId) -> u32 {
        u32::try_from(self.path(id).len() - 1).unwrap()
    }

    /// All received blocks that match their headers.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks.values()
    }

    /// The primary chain from genesis (rules F1 to F3), and the ledger at its end.
    #[must_use]
    pub fn primary(&self) -> (Vec<&Block>, NaiveLedger) {
        let mut tips: Vec<(Reverse<Work>, Option<Timestamp>, BlockId)> = Vec::new();
        for (id, block) in &self.blocks {
            let work = self.path(*id).iter().map(|(_, _, work)| *work).sum();
            let by_time = self.params.tie_break == TieBreak::EarlierTime;
            tips.push((Reverse(work), by_time.then_some(block.header.time), *id));
        }
        tips.sort_unstable();
        tips.iter().find_map(|(_, _, id)| self.replay(*id)).expect("genesis obeys the rules")
    }

    /// The chain from genesis up to a block, if all of it is here and obeys the rules, and the
    /// ledger at its end.
    #[must_use]
    pub fn replay(&self, id: BlockId) -> Option<(Vec<&Block>, NaiveLedger)> {
        let chain: Vec<&Block> = self.path(id).iter().map(|(id, ..)| self.blocks.get(id)).collect::<Option<_>>()?;
        let ledger = NaiveLedger::replay(&self.params, chain.iter().copied())?;
        Some((chain, ledger))
    }
}
