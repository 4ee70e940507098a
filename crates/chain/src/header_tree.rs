use super::BlockStatus;
use super::fork_choice::Candidate;
use fedcoin_consensus::{ChainParams, HeaderContext, PacedClock, TieBreak};
use fedcoin_primitives::collections::{HashMap, MapKey};
use fedcoin_primitives::units::{Height, Timestamp, Work};
use fedcoin_primitives::{BlockId, Header};

/// A header's position in the [`HeaderTree`]; valid only for the tree that returned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Index(u32);

/// All known valid headers, from genesis.
///
/// It grows only by headers with proof of work; [`super::Chain`] limits those beside the primary chain.
pub(crate) struct HeaderTree {
    nodes: Vec<HeaderNode>,
    by_id: HashMap<BlockId, Index>,
    best_header: Index,
    best_connectable: Index,
    /// Number of stored blocks that are not known to be invalid.
    stored: usize,
    ties: TieBreak,
    spacing_ms: u64,
}

/// A header with its parent and the state of its block.
#[derive(Clone, Debug)]
pub(crate) struct HeaderNode {
    pub(crate) id: BlockId,
    pub(crate) header: Header,
    pub(crate) height: Height,
    /// Work of the chain from genesis up to this header.
    pub(crate) work: Work,
    pub(crate) status: BlockStatus,
    /// The paced clock (rule H4), started at genesis, and the milliseconds of mining that it has counted.
    paced: (Timestamp, u64),
    /// Whether this block and all its ancestors are stored, and none is known to be invalid.
    connectable: bool,
    parent: Index,
    /// An ancestor far below, for fast descents.
    skip: Index,
    first_child: Option<Index>,
    next_sibling: Option<Index>,
}

impl HeaderTree {
    pub(crate) const GENESIS: Index = Index(0);

    pub(crate) fn new(genesis: &Header, params: &ChainParams, key: MapKey) -> Self {
        let node = HeaderNode {
            id: genesis.id(),
            header: *genesis,
            height: Height::GENESIS,
            work: Work::ZERO,
            status: BlockStatus::Stored,
            paced: (genesis.time, 0),
            connectable: true,
            parent: Self::GENESIS,
            skip: Self::GENESIS,
            first_child: None,
            next_sibling: None,
        };
        let mut by_id = HashMap::with_hasher(key);
        by_id.insert(node.id, Self::GENESIS);
        Self {
            nodes: vec![node],
            by_id,
            best_header: Self::GENESIS,
            best_connectable: Self::GENESIS,
            stored: 1,
            ties: params.tie_break,
            spacing_ms: params.spacing_ms,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Number of stored blocks that are not known to be invalid, genesis included.
    pub(crate) fn stored_blocks(&self) -> usize {
        self.stored
    }

    pub(crate) fn find(&self, id: &BlockId) -> Option<Index> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn node(&self, index: Index) -> &HeaderNode {
        &self.nodes[index.0 as usize]
    }

    fn node_mut(&mut self, index: Index) -> &mut HeaderNode {
        &mut self.nodes[index.0 as usize]
    }

    /// The parent; genesis is its own parent.
    pub(crate) fn parent(&self, index: Index) -> Index {
        self.node(index).parent
    }

    /// The valid header that wins the fork choice, whether or not its block is stored.
    pub(crate) fn best_header(&self) -> Index {
        self.best_header
    }

    /// The header that wins among those whose whole chains of blocks are stored.
    pub(crate) fn best_connectable(&self) -> Index {
        self.best_connectable
    }

    /// Whether a chain ending in `a` is preferred to one ending in `b`.
    pub(crate) fn is_better(&self, a: Index, b: Index) -> bool {
        self.candidate(a).beats(&self.candidate(b), self.ties)
    }

    fn candidate(&self, index: Index) -> Candidate {
        let node = self.node(index);
        Candidate { work: node.work, time: node.header.time, id: node.id }
    }

    /// The requirements for a child of `parent` (rules H4 and H5).
    pub(crate) fn context(&self, parent: Index, params: &ChainParams) -> HeaderContext {
        HeaderContext::after(self.back_from(parent), params)
    }

    /// The headers from `index` down to genesis.
    pub(crate) fn back_from(&self, index: Index) -> impl Iterator<Item = &Header> + Clone {
        let next = |at: &Index| (*at != Self::GENESIS).then(|| self.parent(*at));
        core::iter::successors(Some(index), next).map(|at| &self.node(at).header)
    }

    /// Time for which the blocks from genesis up to `index` were mined, in milliseconds. Rests are excluded, as for the
    /// target (rule H4).
    pub(crate) fn mining_time(&self, index: Index) -> u64 {
        self.node(index).paced.1
    }

    /// Adds a checked header that is not yet in the tree, with its own work.
    pub(crate) fn insert(&mut self, header: Header, id: BlockId, parent: Index, work: Work) -> Index {
        let index = Index(u32::try_from(self.nodes.len()).expect("fewer than 2^32 headers fit into memory"));
        let parent_node = self.node(parent);
        let (clock, mined_for) = parent_node.paced;
        let mut clock = PacedClock::new(clock, self.spacing_ms);
        let mined_for = mined_for.saturating_add(clock.advance(header.time));
        let height = parent_node.height.next();
        let node = HeaderNode {
            id,
            header,
            height,
            work: parent_node.work + work,
            status: if parent_node.status == BlockStatus::Invalid {
                BlockStatus::Invalid
            } else {
                BlockStatus::HeaderOnly
            },
            paced: (clock.now(), mined_for),
            connectable: false,
            parent,
            skip: self.ancestor(parent, Height(skip_height(height.0))),
            first_child: None,
            next_sibling: parent_node.first_child,
        };
        let valid = node.status != BlockStatus::Invalid;
        self.nodes.push(node);
        self.node_mut(parent).first_child = Some(index);
        self.by_id.insert(id, index);
        if valid && self.is_better(index, self.best_header) {
            self.best_header = index;
        }
        index
    }

    /// The ancestor of `index`, or `index` itself, at `height`, which must not be above it.
    pub(crate) fn ancestor(&self, index: Index, height: Height) -> Index {
        let mut at = index;
        while self.node(at).height > height {
            let node = self.node(at);
            at = if self.node(node.skip).height >= height { node.skip } else { node.parent };
        }
        at
    }

    /// Whether `lower` is `upper` or an ancestor of it.
    pub(crate) fn is_ancestor(&self, lower: Index, upper: Index) -> bool {
        let height = self.node(lower).height;
        height <= self.node(upper).height && self.ancestor(upper, height) == lower
    }

    /// The last common block of both chains.
    pub(crate) fn fork_point(&self, a: Index, b: Index) -> Index {
        let height = self.node(a).height.min(self.node(b).height);
        let (mut a, mut b) = (self.ancestor(a, height), self.ancestor(b, height));
        while a != b {
            // At the same height, both skip to the same height.
            let (skip_a, skip_b) = (self.node(a).skip, self.node(b).skip);
            (a, b) = if skip_a == skip_b { (self.parent(a), self.parent(b)) } else { (skip_a, skip_b) };
        }
        a
    }

    /// The highest of `index` and its ancestors up to which all blocks are stored.
    pub(crate) fn stored_up_to(&self, index: Index) -> Index {
        let mut at = index;
        while !self.node(at).connectable {
            let node = self.node(at);
            at = if self.node(node.skip).connectable { node.parent } else { node.skip };
        }
        at
    }

    /// Records that the block is stored; it and its stored descendants may become connectable.
    pub(crate) fn set_stored(&mut self, index: Index) {
        if self.node(index).status != BlockStatus::HeaderOnly {
            return;
        }
        self.node_mut(index).status = BlockStatus::Stored;
        self.stored += 1;
        if self.node(self.parent(index)).connectable {
            self.set_connectable(index);
        }
    }

    fn set_connectable(&mut self, index: Index) {
        let mut todo = vec![index];
        while let Some(index) = todo.pop() {
            if self.node(index).status != BlockStatus::Stored {
                continue;
            }
            self.node_mut(index).connectable = true;
            if self.is_better(index, self.best_connectable) {
                self.best_connectable = index;
            }
            todo.extend(self.children(index));
        }
    }

    /// Marks the block and all its descendants as invalid.
    pub(crate) fn set_invalid(&mut self, index: Index) {
        let mut todo = vec![index];
        while let Some(index) = todo.pop() {
            self.stored -= usize::from(self.node(index).status == BlockStatus::Stored);
            let node = self.node_mut(index);
            node.status = BlockStatus::Invalid;
            node.connectable = false;
            todo.extend(self.children(index));
        }
        self.choose_again();
    }

    /// Recomputes the best header and block after some were found to be invalid.
    fn choose_again(&mut self) {
        (self.best_header, self.best_connectable) = (Self::GENESIS, Self::GENESIS);
        for i in 0..self.nodes.len() {
            let index = Index(i as u32); // as many as `insert` allowed
            if self.node(index).status != BlockStatus::Invalid && self.is_better(index, self.best_header) {
                self.best_header = index;
            }
            if self.node(index).connectable && self.is_better(index, self.best_connectable) {
                self.best_connectable = index;
            }
        }
    }

    pub(crate) fn children(&self, index: Index) -> Vec<Index> {
        let mut children = Vec::new();
        let mut at = self.node(index).first_child;
        while let Some(child) = at {
            children.push(child);
            at = self.node(child).next_sibling;
        }
        children
    }
}

/// The height that `skip` leads to. A descent takes a number of steps logarithmic in the distance (the scheme of
/// Bitcoin Core's `GetSkipHeight`).
fn skip_height(height: u32) -> u32 {
    let clear_lowest = |n: u32| n & n.wrapping_sub(1);
    match height {
        0 | 1 => 0,
        odd if odd % 2 == 1 => clear_lowest(clear_lowest(odd - 1)) + 1,
        even => clear_lowest(even),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_primitives::Commitment;
    use fedcoin_primitives::units::Timestamp;

    fn child(tree: &mut HeaderTree, parent: Index, salt: u32, time: u64) -> Index {
        let header = Header {
            salt,
            previous: tree.node(parent).id,
            commitment: Commitment::default(),
            time: Timestamp(time),
            ..tree.node(HeaderTree::GENESIS).header
        };
        let work = header.target.expand().unwrap().work();
        tree.insert(header, header.id(), parent, work)
    }

    fn tree() -> HeaderTree {
        HeaderTree::new(&ChainParams::regtest().genesis_block().header, &ChainParams::regtest(), MapKey::new(0))
    }

    #[test]
    fn ancestors_are_found_through_skips() {
        let mut tree = tree();
        let mut chain = vec![HeaderTree::GENESIS];
        for i in 1..500 {
            let next = child(&mut tree, chain[i - 1], 0, i as u64);
            chain.push(next);
        }
        for (from, to) in [(499, 0), (499, 498), (250, 3), (77, 76), (1, 0), (5, 5)] {
            assert_eq!(tree.ancestor(chain[from], Height(to as u32)), chain[to]);
        }
        let side = child(&mut tree, chain[100], 9, 101);
        assert_eq!(tree.fork_point(side, chain[499]), chain[100]);
        assert!(tree.is_ancestor(chain[100], side) && !tree.is_ancestor(side, chain[499]));
        let mut tip = side;
        for i in 102..600 {
            tip = child(&mut tree, tip, 9, i);
            assert_eq!(tree.fork_point(tip, chain[499]), chain[100]);
            assert_eq!(tree.fork_point(chain[90 + (i as usize) % 20], tip), chain[(90 + i as usize % 20).min(100)]);
        }
        let median_time = |index| tree.context(index, &ChainParams::regtest()).median_time;
        assert_eq!(median_time(chain[20]), Timestamp(15));
        assert_eq!(median_time(chain[1]), Timestamp(1));
    }

    #[test]
    fn blocks_become_connectable_when_the_gap_is_filled() {
        let mut tree = tree();
        let a = child(&mut tree, HeaderTree::GENESIS, 0, 1);
        let b = child(&mut tree, a, 0, 2);
        assert_eq!(tree.best_header(), b);
        tree.set_stored(b);
        assert_eq!(tree.best_connectable(), HeaderTree::GENESIS);
        assert_eq!(tree.stored_up_to(b), HeaderTree::GENESIS);
        tree.set_stored(a);
        assert_eq!(tree.best_connectable(), b);
        assert_eq!(tree.stored_up_to(b), b);
    }

    #[test]
    fn the_highest_stored_block_is_found_at_every_height() {
        let mut tree = tree();
        let mut chain = vec![HeaderTree::GENESIS];
        for i in 1..300 {
            let next = child(&mut tree, chain[i - 1], 0, i as u64);
            chain.push(next);
        }
        for i in 1..300 {
            assert_eq!(tree.stored_up_to(chain[299]), chain[i - 1]);
            tree.set_stored(chain[i]);
        }
    }

    #[test]
    fn an_invalid_block_invalidates_its_descendants() {
        let mut tree = tree();
        let a = child(&mut tree, HeaderTree::GENESIS, 0, 1);
        let b = child(&mut tree, a, 0, 2);
        let other = child(&mut tree, HeaderTree::GENESIS, 1, 3);
        for index in [a, b, other] {
            tree.set_stored(index);
        }
        assert_eq!(tree.best_connectable(), b);
        tree.set_invalid(a);
        assert_eq!((tree.best_connectable(), tree.best_header()), (other, other));
        let late = child(&mut tree, b, 0, 4);
        assert_eq!(tree.node(late).status, BlockStatus::Invalid);
        assert_eq!(tree.best_header(), other);
    }
}
