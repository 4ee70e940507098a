use super::body_cache::BodyCache;
use super::change_set::ChangeSet;
use super::header_tree::{HeaderTree, Index};
use crate::consensus::{BlockError, ChainParams, SoundBlock};
use crate::ledger::{Undo, UtxoOverlay, UtxoSet, connect_block, disconnect_block};
use crate::primitives::{BlockId, Payment};
use std::collections::VecDeque;
use std::sync::Arc;

/// A move of the primary chain under way: from its tip down to a fork, then up to another block.
///
/// Blocks are read one by one, so that the cache need not hold more than one request's worth; the
/// effect on the ledger grows in an overlay and becomes real in one piece at the end.
///
/// Memory grows with the move, whose outcome is one change set: the blocks put on, what takes them
/// off again, and the outputs in which the branches differ. Only a branch with more work than the
/// primary chain gets here, and a move that takes no block off stops after [`MAX_EXTENSION`].
pub(crate) struct Reorganisation {
    target: Index,
    fork: Index,
    /// Still to take off, highest first.
    to_disconnect: VecDeque<Index>,
    /// Still to put on, lowest first.
    to_connect: VecDeque<Index>,
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
    /// A block breaks a rule in its place; the move is off.
    Invalid { block: Index, error: BlockError },
    /// All blocks are through.
    Done(Box<Finished>),
}

/// A move ready to become real.
pub(crate) struct Finished {
    pub(crate) target: Index,
    pub(crate) fork: Index,
    pub(crate) disconnected: Vec<BlockId>,
    pub(crate) connected: Vec<Arc<SoundBlock>>,
    pub(crate) returned: Vec<Payment>,
    pub(crate) changes: ChangeSet,
}

/// Most blocks put on in one move that takes none off: a long queue of stored blocks becomes
/// several moves.
const MAX_EXTENSION: u32 = 64;
/// Most payments of disconnected blocks offered to the mempool again: what it can hold.
const MAX_RETURNED: usize = 5_000;
/// Blocks asked for at once.
const MAX_NEEDED: usize = crate::wire::MAX_BLOCKS_ASKED;

impl Reorganisation {
    pub(crate) fn new(tree: &HeaderTree, tip: Index, target: Index) -> Self {
        let fork = tree.fork_point(tip, target);
        let height = |index: Index| tree.node(index).height;
        let target = if fork == tip && height(target).above(height(tip)) > MAX_EXTENSION {
            tree.ancestor(target, crate::units::Height(height(tip).0 + MAX_EXTENSION))
        } else {
            target
        };
        let path = |from: Index| {
            core::iter::successors(Some(from), |i| Some(tree.parent(*i))).take_while(|i| *i != fork).collect::<Vec<_>>()
        };
        Self {
            target,
            fork,
            to_disconnect: path(tip).into(),
            to_connect: path(target).into_iter().rev().collect(),
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
        while let Some(&index) = self.to_disconnect.front() {
            let node = tree.node(index);
            let Some((block, undo)) = cache.get(&node.id).and_then(|c| Some((&c.block, c.undo.as_ref()?))) else {
                return Step::Needs(self.needs(tree, cache));
            };
            disconnect_block(block.block(), node.height, undo, utxos, &mut self.overlay);
            let room = MAX_RETURNED.saturating_sub(self.returned.len());
            self.returned.extend(block.block().payments.iter().take(room).cloned());
            self.disconnected.push(node.id);
            self.to_disconnect.pop_front();
        }
        while let Some(&index) = self.to_connect.front() {
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
            tip: Some(tree.node(self.target).id),
            ..ChangeSet::default()
        };
        Finished {
            target: self.target,
            fork: self.fork,
            disconnected: core::mem::take(&mut self.disconnected),
            connected: core::mem::take(&mut self.connected),
            returned: core::mem::take(&mut self.returned),
            changes,
        }
    }
}
