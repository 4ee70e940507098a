use fedcoin_node::primitives::BlockId;
use node_wasm::messages::{BlockState, BlockSummary};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Number of heights shown.
pub(crate) const HEIGHTS: u32 = 24;

/// The position of each block: a column per height, a lane per branch, the primary chain in lane 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TreeLayout {
    /// The blocks, by height.
    pub(crate) spots: Vec<Spot>,
    /// Number of columns.
    pub(crate) columns: u32,
    /// Number of lanes.
    pub(crate) lanes: u32,
}

/// A block and its position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    pub(crate) block: BlockSummary,
    /// Column from the left.
    pub(crate) column: u32,
    /// Lane from the top.
    pub(crate) lane: u32,
    /// The lane of its parent, if that is shown.
    pub(crate) parent_lane: Option<u32>,
    /// Whether it is the primary chain's tip.
    pub(crate) tip: bool,
}

impl TreeLayout {
    /// Lays out the newest of these blocks.
    pub(crate) fn of(blocks: &[BlockSummary]) -> Self {
        let highest = blocks.iter().filter(|b| b.state != BlockState::Orphan).map(|b| b.height.0).max().unwrap_or(0);
        let lowest = (highest + 1).saturating_sub(HEIGHTS);
        let drawn = |block: &&BlockSummary| (lowest..=highest).contains(&block.height.0);
        let mut blocks: Vec<BlockSummary> = blocks.iter().filter(drawn).copied().collect();
        // The primary chain comes first, so that no branch takes its lane.
        blocks.sort_by_key(|block| (block.height, Reverse(block.state == BlockState::Primary)));
        let tip = blocks.iter().rev().find(|block| block.state == BlockState::Primary).map(|block| block.id);
        let mut lanes = Lanes { lanes: HashMap::new(), ends: vec![0], tip };
        let spot = |block: BlockSummary| {
            let column = block.height.0 - lowest;
            let (parent_lane, lane) = lanes.place(&block, column);
            Spot { block, column, lane, parent_lane, tip: tip == Some(block.id) }
        };
        let spots: Vec<Spot> = blocks.into_iter().map(spot).collect();
        let lanes = spots.iter().map(|spot| spot.lane + 1).max().unwrap_or(1);
        Self { spots, columns: highest - lowest + 1, lanes }
    }

    /// A block's spot.
    pub(crate) fn find(&self, id: BlockId) -> Option<&Spot> {
        self.spots.iter().find(|spot| spot.block.id == id)
    }

    /// The primary chain's tip.
    pub(crate) fn tip(&self) -> Option<BlockId> {
        self.spots.iter().find(|spot| spot.tip).map(|spot| spot.block.id)
    }

    /// The block that an arrow key leads to: the parent, the child (preferably on the primary chain), or the neighbour
    /// at the same height.
    pub(crate) fn beside(&self, id: BlockId, key: &str) -> Option<BlockId> {
        let from = self.find(id)?;
        let found = match key {
            "ArrowLeft" => self.find(from.block.previous),
            "ArrowRight" => self.spots.iter().filter(|spot| spot.block.previous == id).min_by_key(|spot| spot.lane),
            "ArrowUp" => self.column(from).filter(|spot| spot.lane < from.lane).max_by_key(|spot| spot.lane),
            "ArrowDown" => self.column(from).filter(|spot| spot.lane > from.lane).min_by_key(|spot| spot.lane),
            "Home" => self.spots.first(),
            "End" => self.find(self.tip()?),
            _ => None,
        };
        found.map(|spot| spot.block.id)
    }

    fn column(&self, of: &Spot) -> impl Iterator<Item = &Spot> {
        let column = of.column;
        self.spots.iter().filter(move |spot| spot.column == column)
    }
}

/// The lanes so far, from low heights to high ones.
struct Lanes {
    lanes: HashMap<BlockId, u32>,
    /// The column after each lane's last block.
    ends: Vec<u32>,
    tip: Option<BlockId>,
}

impl Lanes {
    /// The lanes of a block's parent, if that is shown, and of the block.
    fn place(&mut self, block: &BlockSummary, column: u32) -> (Option<u32>, u32) {
        let parent = self.lanes.get(&block.previous).copied();
        let on_tip = Some(block.previous) == self.tip;
        let lane = match parent {
            _ if block.state == BlockState::Primary => 0,
            // A block that continues the lane of its parent stays in it.
            Some(lane) if (lane > 0 || on_tip) && self.ends[lane as usize] == column => lane,
            _ => self.free_lane(column),
        };
        let index = lane as usize;
        if index == self.ends.len() {
            self.ends.push(0);
        }
        self.ends[index] = column + 1;
        self.lanes.insert(block.id, lane);
        (parent, lane)
    }

    /// The first lane below the primary chain with space for a branch that starts in a column.
    fn free_lane(&self, column: u32) -> u32 {
        let free = self.ends.iter().skip(1).position(|end| *end < column.max(1));
        free.map_or(self.ends.len(), |index| index + 1) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::units::{CompactTarget, Height, Timestamp};
    use wasm_bindgen_test::wasm_bindgen_test;

    fn block(id: u8, previous: u8, height: u32, state: BlockState) -> BlockSummary {
        BlockSummary {
            id: BlockId([id; 32]),
            previous: BlockId([previous; 32]),
            height: Height(height),
            time: Timestamp(0),
            target: CompactTarget(0x1eff_ffff),
            state,
            payments: None,
            bytes: None,
            miner: None,
            reward: None,
        }
    }

    fn lanes(layout: &TreeLayout) -> Vec<(u8, u32, u32)> {
        let mut lanes: Vec<_> = layout.spots.iter().map(|s| (s.block.id.0[0], s.column, s.lane)).collect();
        lanes.sort_unstable();
        lanes
    }

    #[wasm_bindgen_test]
    fn branches_have_their_own_lanes() {
        use BlockState::{HeaderOnly, Invalid, Orphan, Primary, Side};
        let blocks = [
            block(1, 0, 0, Primary),
            block(2, 1, 1, Primary),
            block(3, 2, 2, Primary),
            block(4, 3, 3, Primary),
            block(5, 4, 4, HeaderOnly),
            block(12, 1, 1, Side),
            block(13, 12, 2, Side),
            block(22, 1, 1, Invalid),
            block(33, 99, 3, Orphan),
        ];
        let layout = TreeLayout::of(&blocks);
        assert_eq!((layout.columns, layout.lanes), (5, 3));
        // The branch of two blocks stays in one lane; the header on the tip is in the primary chain's lane.
        let expected =
            [(1, 0, 0), (2, 1, 0), (3, 2, 0), (4, 3, 0), (5, 4, 0), (12, 1, 1), (13, 2, 1), (22, 1, 2), (33, 3, 2)];
        assert_eq!(lanes(&layout), expected);
        let id = |n| BlockId([n; 32]);
        assert_eq!(layout.tip(), Some(id(4)));
        assert_eq!(layout.find(id(12)).and_then(|spot| spot.parent_lane), Some(0));
        assert_eq!(layout.find(id(33)).and_then(|spot| spot.parent_lane), None);
        let steps =
            [(4, "ArrowLeft", 3), (1, "ArrowRight", 2), (2, "ArrowDown", 12), (22, "ArrowUp", 12), (1, "End", 4)];
        for (from, key, to) in steps {
            assert_eq!(layout.beside(id(from), key), Some(id(to)), "{from} {key}");
        }
        assert_eq!(layout.beside(id(1), "ArrowLeft"), None);
    }

    #[wasm_bindgen_test]
    fn only_the_newest_heights_are_shown() {
        let chain: Vec<_> = (0..40).map(|n| block(n + 1, n, n.into(), BlockState::Primary)).collect();
        let layout = TreeLayout::of(&chain);
        assert_eq!((layout.columns, layout.spots.len(), layout.lanes), (HEIGHTS, HEIGHTS as usize, 1));
        assert_eq!(layout.tip(), Some(BlockId([40; 32])));
        assert_eq!(TreeLayout::of(&[]).spots, []);
    }
}
