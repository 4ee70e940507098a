use super::body_cache::BodyCache;
use super::change_set::ChangeSet;
use super::header_tree::{HeaderTree, Index};
use fedcoin_consensus::ledger::{Undo, UtxoOverlay, UtxoSet};
use fedcoin_consensus::{BlockError, ChainParams, Commitments, SoundBlock, connect_block, disconnect_block};
use fedcoin_primitives::units::Height;
use fedcoin_primitives::{BlockId, Payment};
use std::collections::VecDeque;
use std::sync::Arc;

/// A move of the primary chain in progress: from its tip down to the fork, and up to another block.
///
/// Its result is one change set. A move disconnects and connects at most [`MAX_BLOCKS`] blocks of [`MAX_BYTES`]; longer
/// ones take several moves (rule F3). This limits its memory: the connected blocks, their undo data, the payments of
/// disconnected blocks, and the outputs in which the two ends differ. Blocks are read one by one, so the cache need not
/// hold more than one request's worth.
pub(crate) struct Reorganisation {
    /// The block at which the overlay's ledger is.
    at: Index,
    /// The lowest block reached.
    base: Index,
    /// Blocks to disconnect, highest first.
    to_disconnect: VecDeque<Index>,
    /// Blocks to connect, lowest first.
    to_connect: VecDeque<Index>,
    /// Encoded size of the disconnected and connected blocks.
    bytes: usize,
    overlay: UtxoOverlay,
    /// What a block on `at` must commit to.
    commitments: Commitments,
    disconnected: Vec<BlockId>,
    connected: Vec<Arc<SoundBlock>>,
    undos: Vec<(BlockId, Undo)>,
    returned: Vec<Payment>,
}

/// The outcome of a step.
pub(crate) enum Step {
    /// These blocks must first be loaded into the cache.
    Needs(Vec<BlockId>),
    /// A block is invalid; the reorganisation is cancelled.
    Invalid { block: Index, error: BlockError },
    /// All blocks are done, or as many as one move allows.
    Done(Box<Finished>),
}

/// A completed move, ready to be applied.
pub(crate) struct Finished {
    /// The new tip.
    pub(crate) tip: Index,
    /// The highest common block of the old and the new chain.
    pub(crate) base: Index,
    pub(crate) disconnected: Vec<BlockId>,
    pub(crate) connected: Vec<Arc<SoundBlock>>,
    pub(crate) returned: Vec<Payment>,
    /// What a block on the new tip must commit to.
    pub(crate) commitments: Commitments,
    pub(crate) changes: ChangeSet,
}

/// Maximum number of blocks that one move disconnects and connects.
const MAX_BLOCKS: usize = 256;
/// A move ends with the block that makes it reach this size, in encoded bytes of its blocks.
const MAX_BYTES: usize = 32_000_000;
/// Number of blocks requested at once.
const MAX_NEEDED: usize = fedcoin_wire::MAX_BLOCKS_REQUESTED;

impl Reorganisation {
    pub(crate) fn new(tree: &HeaderTree, tip: Index, target: Index, commitments: Commitments) -> Self {
        let fork = tree.fork_point(tip, target);
        let down = |from: Index| core::iter::successors(Some(from), |i| Some(tree.parent(*i)));
        let to_disconnect: VecDeque<Index> = down(tip).take_while(|i| *i != fork).take(MAX_BLOCKS).collect();
        let at_fork = down(tip).nth(to_disconnect.len()) == Some(fork);
        let room = if at_fork { MAX_BLOCKS - to_disconnect.len() } else { 0 };
        let height = |index: Index| tree.node(index).height.0;
        let length = ((height(target) - height(fork)) as usize).min(room);
        let end = tree.ancestor(target, Height(height(fork) + length as u32));
        let mut to_connect: VecDeque<Index> = down(end).take(length).collect();
        to_connect.make_contiguous().reverse();
        Self {
            at: tip,
            base: tip,
            to_disconnect,
            to_connect,
            bytes: 0,
            overlay: UtxoOverlay::default(),
            commitments,
            disconnected: Vec::new(),
            connected: Vec::new(),
            undos: Vec::new(),
            returned: Vec::new(),
        }
    }

    /// Continues as far as the blocks in the cache allow.
    pub(crate) fn advance(
        &mut self,
        tree: &HeaderTree,
        cache: &BodyCache,
        utxos: &UtxoSet,
        params: &ChainParams,
    ) -> Step {
        while let Some(&index) = self.to_disconnect.front().filter(|_| self.bytes < MAX_BYTES) {
            let node = tree.node(index);
            let Some((block, undo)) = cache.get(&node.id).and_then(|c| Some((&c.block, c.undo.as_ref()?))) else {
                return Step::Needs(self.needs(tree, cache));
            };
            disconnect_block(block.block(), undo, &mut self.commitments, utxos, &mut self.overlay);
            self.returned.extend(block.block().payments.iter().cloned());
            self.disconnected.push(node.id);
            self.bytes += block.block().size();
            self.at = tree.parent(index);
            self.base = self.at;
            self.to_disconnect.pop_front();
        }
        while let Some(&index) = self.to_connect.front().filter(|_| self.bytes < MAX_BYTES) {
            let Some(cached) = cache.get(&tree.node(index).id) else {
                return Step::Needs(self.needs(tree, cache));
            };
            match connect_block(&cached.block, &mut self.commitments, utxos, &mut self.overlay, params) {
                Ok(connected) => {
                    self.connected.push(Arc::clone(&cached.block));
                    self.undos.push((connected.id(), connected.undo));
                }
                Err(error) => return Step::Invalid { block: index, error },
            }
            self.bytes += cached.block.block().size();
            self.at = index;
            self.to_connect.pop_front();
        }
        Step::Done(Box::new(self.finish(tree)))
    }

    fn needs(&self, tree: &HeaderTree, cache: &BodyCache) -> Vec<BlockId> {
        let off = self.to_disconnect.iter().map(|i| (i, true));
        let on = self.to_connect.iter().map(|i| (i, false));
        off.chain(on)
            .take(MAX_NEEDED)
            .map(|(i, needs_undo)| (tree.node(*i).id, needs_undo))
            .filter(|(id, needs_undo)| cache.get(id).is_none_or(|c| *needs_undo && c.undo.is_none()))
            .map(|(id, _)| id)
            .collect()
    }

    fn finish(&mut self, tree: &HeaderTree) -> Finished {
        let changes = ChangeSet {
            undos: core::mem::take(&mut self.undos),
            utxos: core::mem::take(&mut self.overlay).into_diff(),
            tip: Some(tree.node(self.at).id),
            ..ChangeSet::default()
        };
        Finished {
            tip: self.at,
            base: self.base,
            disconnected: core::mem::take(&mut self.disconnected),
            connected: core::mem::take(&mut self.connected),
            returned: core::mem::take(&mut self.returned),
            commitments: self.commitments.clone(),
            changes,
        }
    }
}
