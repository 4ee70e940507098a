use super::body_cache::BodyCache;
use super::change_set::ChangeSet;
use super::header_tree::{HeaderTree, Index};
use fedcoin_consensus::ledger::{Undo, UtxoOverlay, UtxoSet};
use fedcoin_consensus::{BlockError, ChainParams, SoundBlock, connect_block, disconnect_block};
use fedcoin_primitives::units::Height;
use fedcoin_primitives::{BlockId, Payment};
use std::collections::VecDeque;
use std::sync::Arc;

/// A move of the primary chain under way: from its tip towards another block, down to the fork and up again.
///
/// Its outcome is one change set. A move takes at most [`MAX_BLOCKS`] blocks of [`MAX_BYTES`] off and on; whatever is
/// further takes several (rule F3). That bounds its memory: the blocks put on, what takes them off again, the payments
/// of those taken off, and the outputs in which the two ends differ. Blocks are read one by one, so the cache need not
/// hold more than one request's worth.
pub(crate) struct Reorganisation {
    /// Where the ledger of the overlay stands.
    at: Index,
    /// The lowest block reached.
    base: Index,
    /// Still to take off, highest first.
    to_disconnect: VecDeque<Index>,
    /// Still to put on, lowest first.
    to_connect: VecDeque<Index>,
    /// Encoded size of the blocks taken off and put on.
    bytes: usize,
    overlay: UtxoOverlay,
    disconnected: Vec<BlockId>,
    connected: Vec<Arc<SoundBlock>>,
    undos: Vec<(BlockId, Undo)>,
    returned: Vec<Payment>,
}

/// What a step came to.
pub(crate) enum Step {
    /// These blocks must be in the cache first.
    Needs(Vec<BlockId>),
    /// A block is invalid in its place; the reorganisation is cancelled.
    Invalid { block: Index, error: BlockError },
    /// All blocks are through, or as many as one move may take.
    Done(Box<Finished>),
}

/// A move ready to become real.
pub(crate) struct Finished {
    /// The new tip.
    pub(crate) tip: Index,
    /// The highest block that old and new chain share.
    pub(crate) base: Index,
    pub(crate) disconnected: Vec<BlockId>,
    pub(crate) connected: Vec<Arc<SoundBlock>>,
    pub(crate) returned: Vec<Payment>,
    pub(crate) changes: ChangeSet,
}

/// Most blocks taken off and put on in one move.
const MAX_BLOCKS: usize = 256;
/// A move ends with the block that makes it this large, in encoded bytes of its blocks.
const MAX_BYTES: usize = 32_000_000;
/// Blocks asked for at once.
const MAX_NEEDED: usize = fedcoin_wire::MAX_BLOCKS_ASKED;

impl Reorganisation {
    pub(crate) fn new(tree: &HeaderTree, tip: Index, target: Index) -> Self {
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
            disconnected: Vec::new(),
            connected: Vec::new(),
            undos: Vec::new(),
            returned: Vec::new(),
        }
    }

    /// Goes as far as the blocks in the cache allow.
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
            disconnect_block(block.block(), node.height, undo, utxos, &mut self.overlay);
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
            match connect_block(&cached.block, utxos, &mut self.overlay, params) {
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
            changes,
        }
    }
}
