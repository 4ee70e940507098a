//! Queries of the chain.

use super::BlockStatus;
use super::header_tree::{HeaderTree, Index};
use super::primary::Chain;
use super::tip_info::TipInfo;
use fedcoin_consensus::ledger::UtxoSet;
use fedcoin_consensus::{ChainParams, Commitments, HeaderContext, SoundBlock};
use fedcoin_primitives::units::{Height, Timestamp, Work};
use fedcoin_primitives::{Block, BlockId, Header, NetworkId};
use std::sync::Arc;

impl Chain {
    /// The network's rules.
    #[must_use]
    pub fn params(&self) -> &ChainParams {
        &self.params
    }

    /// The network's id.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.network
    }

    /// The unspent outputs at the tip.
    #[must_use]
    pub fn utxos(&self) -> &UtxoSet {
        &self.utxos
    }

    /// The primary chain's tip.
    #[must_use]
    pub fn tip(&self) -> TipInfo {
        self.tip_info(self.tip_index())
    }

    /// The tip of the best header chain, whether or not its blocks are stored.
    #[must_use]
    pub fn best_header(&self) -> TipInfo {
        self.tip_info(self.tree.best_header())
    }

    /// The primary chain's block at a height, which must not be above the tip.
    pub(super) fn tip_at(&self, height: Height) -> TipInfo {
        self.tip_info(self.primary[height.index()])
    }

    /// Time for which the primary chain's blocks up to a height were mined, in milliseconds, without rests. The height
    /// must not be above the tip.
    pub(super) fn mining_time_at(&self, height: Height) -> u64 {
        self.tree.mining_time(self.primary[height.index()])
    }

    fn tip_info(&self, index: Index) -> TipInfo {
        let node = self.tree.node(index);
        TipInfo {
            id: node.id,
            height: node.height,
            time: node.header.time,
            target: node.header.target,
            work: node.work,
        }
    }

    /// The requirements for a block on the tip: its target (rule H4), and the time that it must exceed (rule H5).
    #[must_use]
    pub fn next_header(&self) -> HeaderContext {
        self.tree.context(self.tip_index(), &self.params)
    }

    /// What a block on the tip must commit to (rules B8 and B9).
    #[must_use]
    pub fn commitments(&self) -> &Commitments {
        &self.commitments
    }

    /// The time that a block on the tip must exceed (rule H5).
    #[must_use]
    pub fn median_time(&self) -> Timestamp {
        self.next_header().median_time
    }

    /// The block's height, if its header is known.
    #[must_use]
    pub fn height_of(&self, id: &BlockId) -> Option<Height> {
        self.tree.find(id).map(|i| self.tree.node(i).height)
    }

    /// The work of a block's chain up to it, if its header is known.
    #[must_use]
    pub fn work_of(&self, id: &BlockId) -> Option<Work> {
        self.tree.find(id).map(|i| self.tree.node(i).work)
    }

    /// The parent of a block, if its header is known; genesis is its own parent.
    #[must_use]
    pub fn parent_of(&self, id: &BlockId) -> Option<BlockId> {
        self.tree.find(id).map(|i| self.tree.node(self.tree.parent(i)).id)
    }

    /// The primary chain's block at a height.
    #[must_use]
    pub fn id_at(&self, height: Height) -> Option<BlockId> {
        self.primary.get(height.index()).map(|i| self.tree.node(*i).id)
    }

    /// A block that is still in memory: recently received or connected.
    #[must_use]
    pub fn recent_block(&self, id: &BlockId) -> Option<Arc<SoundBlock>> {
        self.cache.get(id).map(|c| Arc::clone(&c.block))
    }

    /// Number of blocks on side branches.
    #[must_use]
    pub fn side_blocks(&self) -> usize {
        let ahead = self.best_header().height.above(self.tip().height) as usize;
        (self.tree.len() - self.primary.len()).saturating_sub(ahead)
    }

    /// Number of stored blocks that are on neither the primary chain nor the best header's chain.
    #[must_use]
    pub fn losing_blocks(&self) -> usize {
        let (best, tip) = (self.tree.best_header(), self.tip_index());
        let height = |index: Index| self.tree.node(index).height.index();
        let fork = height(self.tree.fork_point(best, tip));
        let coming = height(self.tree.stored_up_to(best)).saturating_sub(fork);
        self.tree.stored_blocks().saturating_sub(self.primary.len() + coming)
    }

    /// Orphan blocks, with their ids.
    pub fn orphans(&self) -> impl Iterator<Item = (BlockId, &Block)> {
        self.orphans.iter()
    }

    /// Number of orphan blocks.
    #[must_use]
    pub fn orphan_count(&self) -> usize {
        self.orphans.len()
    }

    /// Whether `id` is `of` or one of its ancestors.
    #[must_use]
    pub fn is_ancestor(&self, id: &BlockId, of: &BlockId) -> bool {
        match (self.tree.find(id), self.tree.find(of)) {
            (Some(lower), Some(upper)) => self.tree.is_ancestor(lower, upper),
            _ => false,
        }
    }

    /// Whether a header's chain is preferred to the primary chain (rules F1 and F2).
    #[must_use]
    pub fn beats_tip(&self, id: &BlockId) -> bool {
        self.tree.find(id).is_some_and(|index| self.tree.is_better(index, self.tip_index()))
    }

    /// Whether the primary chain is on its way to a better one whose blocks are all stored. A long reorganisation takes
    /// several moves, and the tips in between are temporary (rule F3).
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.tree.best_connectable() != self.tip_index()
    }

    /// The tip of the best chain whose blocks are all stored.
    #[must_use]
    pub fn best_stored(&self) -> BlockId {
        self.tree.node(self.tree.best_connectable()).id
    }

    /// The height up to which all blocks of a header's chain are stored; genesis for an unknown header.
    #[must_use]
    pub fn stored_up_to(&self, of: &BlockId) -> Height {
        let index = self.tree.find(of).map(|index| self.tree.stored_up_to(index));
        index.map_or(Height::GENESIS, |index| self.tree.node(index).height)
    }

    /// Ids of a header's chain whose blocks are missing, lowest first, at most `window` blocks above the last one up to
    /// which all are stored. The cost depends on the window only, even if the fork is far below the tip.
    #[must_use]
    pub fn missing_blocks(&self, of: &BlockId, window: u32) -> Vec<BlockId> {
        let Some(best) = self.tree.find(of) else { return Vec::new() };
        let from = self.tree.node(self.tree.stored_up_to(best)).height;
        let to = Height(self.tree.node(best).height.0.min(from.0.saturating_add(window)));
        let down = core::iter::successors(Some(self.tree.ancestor(best, to)), |i| Some(self.tree.parent(*i)));
        let mut path: Vec<Index> = down.take(to.above(from) as usize).collect();
        path.reverse();
        let missing = path.iter().map(|i| self.tree.node(*i)).filter(|n| n.status == BlockStatus::HeaderOnly);
        missing.map(|n| n.id).collect()
    }

    /// Ids from a known header (or the best one, if it is unknown) towards genesis, at growing distances (rule W4).
    #[must_use]
    pub fn locator(&self, from: &BlockId) -> Vec<BlockId> {
        let mut ids = Vec::with_capacity(40);
        let (mut at, mut step) = (self.tree.find(from).unwrap_or(self.tree.best_header()), 1);
        while at != HeaderTree::GENESIS {
            let node = self.tree.node(at);
            ids.push(node.id);
            if ids.len() >= 10 {
                step *= 2;
            }
            at = self.tree.ancestor(at, node.height.back(step));
        }
        ids.push(self.tree.node(HeaderTree::GENESIS).id);
        ids
    }

    /// Up to `limit` headers of the primary chain after the first id of the locator that is on it (rule W4); from
    /// genesis if none is.
    #[must_use]
    pub fn headers_after(&self, locator: &[BlockId], limit: usize) -> Vec<Header> {
        let known = locator.iter().filter_map(|id| self.block_info(id)).find(|info| info.primary);
        let start = known.map_or(0, |info| info.height.index()) + 1;
        self.primary.iter().skip(start).take(limit).map(|i| self.tree.node(*i).header).collect()
    }

    /// The headers of the primary chain that a node with best block `best` lacks; only the last one if there are more
    /// than `limit`, or if `best` is unknown.
    #[must_use]
    pub fn headers_beyond(&self, best: &BlockId, limit: usize) -> Vec<Header> {
        let tip = self.tip_index();
        let fork = self.tree.find(best).map(|index| self.tree.fork_point(index, tip));
        let lacking = fork.map_or(usize::MAX, |fork| self.primary.len() - 1 - self.tree.node(fork).height.index());
        let count = if lacking > limit { 1 } else { lacking };
        self.primary[self.primary.len() - count..].iter().map(|i| self.tree.node(*i).header).collect()
    }
}
