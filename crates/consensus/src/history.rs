use borsh::{BorshDeserialize, BorshSerialize};
use fedcoin_primitives::codec::encode;
use fedcoin_primitives::units::Work;
use fedcoin_primitives::{BlockId, HistoryRoot, sha256};
use serde::{Deserialize, Serialize};

/// A chain's headers from genesis up to some block, as a Merkle mountain range (rule B8): the leaves are grouped into
/// perfect trees, the largest first, one for each bit of their number. Only the trees' roots, the peaks, are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct History {
    /// Number of headers.
    count: u32,
    /// From left to right.
    peaks: Vec<HistoryNode>,
}

/// A leaf or an inner node: its hash, and the work of all headers below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct HistoryNode {
    hash: [u8; 32],
    work: Work,
}

const NODE_TAG: &[u8] = b"FEDCoin history node";
const ROOT_TAG: &[u8] = b"FEDCoin history";

impl History {
    /// Number of headers, which is the height of the next one.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Adds a header, by its id and its own work. Returns the peaks that it replaced, for [`History::pop`].
    pub fn push(&mut self, id: BlockId, work: Work) -> Vec<HistoryNode> {
        let same_size = self.count.trailing_ones() as usize;
        let replaced = self.peaks.split_off(self.peaks.len().saturating_sub(same_size));
        let leaf = HistoryNode { hash: id.0, work };
        self.peaks.push(replaced.iter().rev().fold(leaf, |right, left| HistoryNode::above(left, &right)));
        self.count += 1;
        replaced
    }

    /// The reverse of [`History::push`], which returned `replaced`.
    pub fn pop(&mut self, replaced: &[HistoryNode]) {
        self.peaks.pop();
        self.peaks.extend(replaced);
        self.count = self.count.saturating_sub(1);
        debug_assert_eq!(self.peaks.len(), self.count.count_ones() as usize, "the peaks belong to the header");
    }

    /// The work of all headers.
    #[must_use]
    pub fn work(&self) -> Work {
        self.peaks.iter().map(|peak| peak.work).sum()
    }

    /// The root that the block after these headers commits to.
    #[must_use]
    pub fn root(&self) -> HistoryRoot {
        let peaks: Vec<u8> = self.peaks.iter().flat_map(encode).collect();
        HistoryRoot(sha256(&[ROOT_TAG, &self.count.to_le_bytes(), &peaks]))
    }
}

impl HistoryNode {
    fn above(left: &Self, right: &Self) -> Self {
        let hash = sha256(&[NODE_TAG, &encode(left), &encode(right)]);
        Self { hash, work: left.work + right.work }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_primitives::units::CompactTarget;

    fn leaf(n: u8) -> (BlockId, Work) {
        let work = CompactTarget(0x207f_ffff).expand().unwrap().work();
        (BlockId([n; 32]), (0..n).map(|_| work).sum())
    }

    #[test]
    fn removing_a_header_restores_the_peaks_before_it() {
        let mut history = History::default();
        let mut steps = Vec::new();
        for n in 0..70 {
            let before = history.clone();
            let (id, work) = leaf(n);
            steps.push((before, history.push(id, work)));
            assert_eq!(history.peaks.len(), history.count.count_ones() as usize);
        }
        while let Some((before, replaced)) = steps.pop() {
            history.pop(&replaced);
            assert_eq!(history, before);
        }
    }

    #[test]
    fn three_headers_make_a_tree_and_a_leaf() {
        let mut history = History::default();
        let nodes = [1, 2, 3].map(|n| {
            let (id, work) = leaf(n);
            history.push(id, work);
            [id.0.to_vec(), encode(&work)].concat()
        });
        let pair = sha256(&[b"FEDCoin history node", &nodes[0], &nodes[1]]);
        let work = encode(&(leaf(1).1 + leaf(2).1));
        let root = sha256(&[b"FEDCoin history", &[3, 0, 0, 0], &pair, &work, &nodes[2]]);
        assert_eq!(history.root().0, root);
    }
}
