use super::header_tree::Index;
use super::primary::{BlockInfo, Chain};
use core::cmp::Reverse;
use fedcoin_primitives::BlockId;
use fedcoin_primitives::units::Height;
use std::collections::VecDeque;

/// How far below the requested heights a branch may fork and still be found.
const ROOT_BELOW: u32 = 100;
/// Number of headers above the tip to include, whose blocks are being downloaded.
const AHEAD: u32 = 2;
/// Maximum number of headers to examine, side branches included.
const MAX_LOOKED_AT: usize = 2_000;

impl Chain {
    /// The newest blocks of the header tree, highest first: the last `heights` heights of the primary chain, up to
    /// `max_side` blocks at these heights on other branches (backup chains, invalid blocks, headers without blocks),
    /// and the next headers above the tip.
    ///
    /// The cost does not depend on the length of the chain.
    #[must_use]
    pub fn chain_tips(&self, heights: u32, max_side: usize) -> Vec<(BlockId, BlockInfo)> {
        let tip = self.tip().height;
        let lowest = tip.back(heights.saturating_sub(1));
        let mut primary: Vec<Index> = self.primary[lowest.index()..].to_vec();
        let mut side = self.branches(lowest, Height(tip.0.saturating_add(AHEAD)));
        // The latest arrivals are the most interesting.
        side.sort_unstable_by_key(|index| Reverse((self.tree.node(*index).height, *index)));
        side.truncate(max_side);
        primary.extend(side);
        primary.sort_unstable_by_key(|index| Reverse((self.tree.node(*index).height, self.is_primary(*index))));
        primary.into_iter().map(|index| (self.tree.node(index).id, self.info(index))).collect()
    }

    /// Headers beside the primary chain at these heights.
    fn branches(&self, lowest: Height, highest: Height) -> Vec<Index> {
        let root = self.primary[lowest.back(ROOT_BELOW).index()];
        let (mut open, mut found, mut looked_at) = (VecDeque::from([root]), Vec::new(), 0);
        while let Some(index) = open.pop_front().filter(|_| looked_at < MAX_LOOKED_AT) {
            looked_at += 1;
            let height = self.tree.node(index).height;
            if height >= lowest && !self.is_primary(index) {
                found.push(index);
            }
            if height < highest {
                open.extend(self.tree.children(index));
            }
        }
        found
    }

    fn is_primary(&self, index: Index) -> bool {
        self.primary.get(self.tree.node(index).height.index()) == Some(&index)
    }

    fn info(&self, index: Index) -> BlockInfo {
        let node = self.tree.node(index);
        BlockInfo { header: node.header, height: node.height, status: node.status, primary: self.is_primary(index) }
    }

    /// The header, height and state of a block.
    #[must_use]
    pub fn block_info(&self, id: &BlockId) -> Option<BlockInfo> {
        self.tree.find(id).map(|index| self.info(index))
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_chain::{chain, connect, grow};
    use super::*;

    #[test]
    fn branches_invalid_blocks_and_headers_ahead_are_included() {
        let mut chain = chain();
        let genesis = chain.tip().id;
        let fork = grow(&mut chain, genesis, 0, 140);
        let tip = grow(&mut chain, fork, 0, 5);
        let side = grow(&mut chain, fork, 1, 3);
        let bad = grow(&mut chain, fork, 2, 1);
        connect(&mut chain, tip);
        chain.invalidate(&bad);
        let ahead = grow(&mut chain, tip, 0, 5);
        let top = chain.chain_tips(20, 44);
        let place = |id: &BlockId| top.iter().position(|(found, _)| found == id);
        assert!(top.is_sorted_by_key(|(_, info)| Reverse(info.height)));
        assert_eq!(top.iter().filter(|(_, info)| info.primary).count(), 20);
        assert_eq!(top.len(), 20 + 3 + 1 + 2, "only the next two headers ahead");
        assert!(place(&tip).is_some() && place(&side).is_some() && place(&ahead).is_none());
        assert_eq!(top[place(&bad).unwrap()].1.status, crate::BlockStatus::Invalid);
        // If there are too many, the highest are kept.
        let few = chain.chain_tips(20, 3);
        assert_eq!(few.len(), 23);
        assert!(few.iter().any(|(id, _)| *id == side) && !few.iter().any(|(id, _)| *id == bad));
    }

    #[test]
    fn a_branch_from_far_below_is_found_and_a_short_chain_is_complete() {
        let mut chain = chain();
        let genesis = chain.tip().id;
        assert_eq!(chain.chain_tips(20, 44).len(), 1);
        let fork = grow(&mut chain, genesis, 0, 3);
        let side = grow(&mut chain, fork, 1, 100);
        let tip = grow(&mut chain, fork, 0, 110);
        connect(&mut chain, tip);
        let top = chain.chain_tips(20, 44);
        assert!(top.iter().any(|(id, _)| *id == side));
        assert!(top.iter().all(|(_, info)| info.height >= Height(94)));
    }
}
