use super::body_cache::BodyCache;
use super::change_set::{BlockStatus, ChangeSet, Snapshot, StoredHeader};
use super::header_tree::{HeaderTree, Index};
use super::loaded_block::LoadedBlock;
use super::orphans::OrphanBlocks;
use super::reorg::{Finished, Reorganisation, Step};
use fedcoin_consensus::ledger::{Undo, UtxoDiff, UtxoSet};
use fedcoin_consensus::{
    BlockError, ChainParams, Commitments, HeaderError, SoundBlock, WellFormedBlock, check_block_in_isolation,
    check_header_in_chain, check_header_in_isolation,
};
use fedcoin_primitives::codec;
use fedcoin_primitives::collections::{HashMap, MapKey};
use fedcoin_primitives::units::{Height, Monotonic};
use fedcoin_primitives::{Block, BlockId, Header, Identified, NetworkId, Payment};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The chain as this node knows it: all headers, the primary chain, and the ledger at its tip.
pub struct Chain {
    pub(super) params: ChainParams,
    pub(super) network: NetworkId,
    pub(super) tree: HeaderTree,
    /// The primary chain, indexed by height.
    pub(super) primary: Vec<Index>,
    pub(super) utxos: UtxoSet,
    /// What the next block must commit to.
    pub(super) commitments: Commitments,
    pub(super) cache: BodyCache,
    pub(super) orphans: OrphanBlocks,
    reorg: Option<Reorganisation>,
    /// The tip before the current move in several steps, until the move has ended.
    old_tip: Option<Index>,
}

/// The stored data is inconsistent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A stored header does not lead to genesis.
    #[error("stored header {0} has no parent")]
    LooseHeader(BlockId),
    /// A stored header is invalid.
    #[error("stored header {id} is invalid: {error}")]
    InvalidHeader {
        /// The header's block id.
        id: BlockId,
        /// The violated rule.
        error: HeaderError,
    },
    /// The stored tip is unknown, its chain has gaps, or the stored state is that of another block.
    #[error("the stored tip {0} does not build on stored blocks")]
    BadTip(BlockId),
}

/// A complete reorganisation, in one move or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reorganised {
    /// The height of the last common block of the old and the new chain.
    pub fork: Height,
    /// Number of disconnected blocks.
    pub disconnected: u32,
    /// Number of connected blocks.
    pub connected: u32,
}

/// One move of the primary chain.
#[derive(Clone)]
pub struct TipChange {
    /// Disconnected blocks, highest first.
    pub disconnected: Vec<BlockId>,
    /// Connected blocks, lowest first.
    pub connected: Vec<Arc<SoundBlock>>,
    /// Payments of disconnected blocks, for the mempool, including those that connected blocks contain.
    pub returned: Vec<Payment>,
    /// The changes to store.
    pub changes: ChangeSet,
    /// With the last move of a reorganisation: a summary of all moves.
    pub reorganised: Option<Reorganised>,
}

/// The outcome of [`Chain::advance`].
pub enum Advance {
    /// The primary chain is the best one.
    Idle,
    /// The current move needs these blocks: see [`Chain::supply`].
    NeedsBlocks(Vec<BlockId>),
    /// A block is invalid. It and all its descendants are marked as invalid.
    Invalid {
        /// The block's id.
        id: BlockId,
        /// The violated rule.
        error: BlockError,
    },
    /// The primary chain has moved, possibly not to its final tip.
    Moved(Box<TipChange>),
}

/// The outcome of an accepted sound block.
#[derive(Clone, Debug, PartialEq)]
pub enum Accepted {
    /// The block is new. Store these changes.
    New(Box<ChangeSet>),
    /// The block is already stored.
    Known,
    /// An ancestor was found to be invalid during the signature checks, or the header is unknown.
    OnInvalidBlock,
}

/// A block without its body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockInfo {
    /// Its header.
    pub header: Header,
    /// Its height.
    pub height: Height,
    /// The state of its body.
    pub status: BlockStatus,
    /// Whether it is on the primary chain.
    pub primary: bool,
}

impl Chain {
    /// The stored chain. Its hash maps are keyed by `key`.
    ///
    /// # Errors
    /// [`ChainError`] if the snapshot is inconsistent.
    pub fn new(params: ChainParams, snapshot: &Snapshot, key: MapKey) -> Result<Self, ChainError> {
        let genesis = Identified::from(params.genesis_block());
        let network = genesis.id().into();
        let tree = restore_tree(&genesis.header, &snapshot.headers, &params, key)?;
        let tip = snapshot.tip.unwrap_or(genesis.id());
        let index = tree.find(&tip).ok_or(ChainError::BadTip(tip))?;
        let mut primary: Vec<Index> =
            core::iter::successors(Some(index), |i| (*i != HeaderTree::GENESIS).then(|| tree.parent(*i))).collect();
        primary.reverse();
        if primary.iter().any(|i| tree.node(*i).status != BlockStatus::Stored) {
            return Err(ChainError::BadTip(tip));
        }
        let (utxos, commitments) = if snapshot.tip.is_some() {
            let fit = |commitments: &&Commitments| commitments.fit(tree.node(index).height, tree.node(index).work);
            let commitments = snapshot.commitments.as_ref().filter(fit).ok_or(ChainError::BadTip(tip))?;
            (UtxoSet::from_entries(snapshot.utxos.iter().copied(), key), commitments.clone())
        } else {
            (UtxoSet::from_entries(params.genesis_coin(), key), Commitments::after(&genesis))
        };
        let (cache, orphans) = (BodyCache::default(), OrphanBlocks::default());
        Ok(Self { params, network, tree, primary, utxos, commitments, cache, orphans, reorg: None, old_tip: None })
    }

    /// The first change of a new store: the genesis block.
    #[must_use]
    pub fn genesis_changes(params: &ChainParams) -> ChangeSet {
        let genesis = Identified::from(params.genesis_block());
        let created = params.genesis_coin().into_iter().collect();
        ChangeSet {
            headers: vec![genesis.identified_header()],
            utxos: UtxoDiff { created, spent: Vec::new() },
            commitments: Some(Commitments::after(&genesis)),
            undos: vec![(genesis.id(), Undo::default())],
            tip: Some(genesis.id()),
            blocks: vec![Arc::new(genesis)],
            ..ChangeSet::default()
        }
    }

    /// Checks a block whose header has been accepted, except for signatures.
    ///
    /// # Errors
    /// The rule it breaks. Unless [`BlockError::is_mutation`], the id is invalidated: call
    /// [`Chain::invalidate`].
    pub fn check_block(&self, block: impl Into<Identified<Block>>) -> Result<WellFormedBlock, BlockError> {
        let block = block.into();
        let height = self.height_of(&block.header.previous).map_or(Height::GENESIS, Height::next);
        check_block_in_isolation(block, height, &self.params)
    }

    /// Stores a sound block whose header has been accepted. [`Chain::advance`] then updates the primary chain.
    pub fn accept_block(&mut self, block: SoundBlock) -> Accepted {
        let Some(index) = self.tree.find(&block.id()) else { return Accepted::OnInvalidBlock };
        match self.tree.node(index).status {
            BlockStatus::Invalid => return Accepted::OnInvalidBlock,
            BlockStatus::Stored => return Accepted::Known,
            BlockStatus::HeaderOnly => self.tree.set_stored(index),
        }
        let changes = ChangeSet { blocks: vec![block.share()], ..ChangeSet::default() };
        self.cache.insert(Arc::new(block), None);
        Accepted::New(Box::new(changes))
    }

    /// Marks a block and all its descendants as invalid. Returns the changes to store.
    pub fn invalidate(&mut self, id: &BlockId) -> ChangeSet {
        match self.tree.find(id) {
            Some(index) if index != HeaderTree::GENESIS => {
                self.tree.set_invalid(index);
                ChangeSet { invalid: vec![*id], ..ChangeSet::default() }
            }
            _ => ChangeSet::default(),
        }
    }

    /// Moves the primary chain one step towards the best chain whose blocks are all stored (rules F1 to F3). Call it
    /// until it is idle or needs blocks.
    pub fn advance(&mut self) -> Advance {
        let tip = self.tip_index();
        let reorg = match &mut self.reorg {
            Some(reorg) => reorg,
            None if self.tree.best_connectable() == tip => {
                self.old_tip = None;
                return Advance::Idle;
            }
            none => {
                self.old_tip.get_or_insert(tip);
                let commitments = self.commitments.clone();
                none.insert(Reorganisation::new(&self.tree, tip, self.tree.best_connectable(), commitments))
            }
        };
        match reorg.advance(&self.tree, &self.cache, &self.utxos, &self.params) {
            Step::Needs(ids) => Advance::NeedsBlocks(ids),
            Step::Invalid { block, error } => {
                self.reorg = None;
                self.tree.set_invalid(block);
                Advance::Invalid { id: self.tree.node(block).id, error }
            }
            Step::Done(finished) => {
                self.reorg = None;
                Advance::Moved(Box::new(self.finish(*finished)))
            }
        }
    }

    fn finish(&mut self, finished: Finished) -> TipChange {
        self.utxos.apply(&finished.changes.utxos);
        self.commitments.clone_from(&finished.commitments);
        let base = self.tree.node(finished.base).height.index();
        self.primary.truncate(base + 1);
        let put_on = self.tree.node(finished.tip).height.index() - base;
        let up = core::iter::successors(Some(finished.tip), |i| Some(self.tree.parent(*i)));
        let mut path: Vec<Index> = up.take(put_on).collect();
        path.reverse();
        self.primary.extend(path);
        for (id, undo) in &finished.changes.undos {
            self.cache.set_undo(id, undo);
        }
        let changes = ChangeSet { commitments: Some(finished.commitments), ..finished.changes };
        TipChange {
            disconnected: finished.disconnected,
            connected: finished.connected,
            returned: finished.returned,
            changes,
            reorganised: self.reorganised(),
        }
    }

    /// The reorganisation that the last move completed, if any.
    fn reorganised(&mut self) -> Option<Reorganised> {
        if self.is_moving() {
            return None;
        }
        let (old_tip, tip) = (self.old_tip.take()?, self.tip_index());
        let height = |index: Index| self.tree.node(index).height;
        let fork = height(self.tree.fork_point(old_tip, tip));
        let (disconnected, connected) = (height(old_tip).above(fork), height(tip).above(fork));
        (disconnected > 0).then_some(Reorganised { fork, disconnected, connected })
    }

    /// Supplies the stored blocks that the current move requested.
    ///
    /// # Errors
    /// A missing or unreadable block: the store is corrupt.
    pub fn supply(&mut self, blocks: Vec<Option<LoadedBlock>>) -> Result<(), String> {
        for loaded in blocks {
            let loaded = loaded.ok_or("a stored block is missing")?;
            let block = codec::decode::<Block>(&loaded.block).map_err(|e| format!("block {}: {e}", loaded.id))?;
            let block = Identified::from(block);
            let undo = loaded.undo.as_deref().map(codec::decode::<Undo>).transpose();
            let undo = undo.map_err(|e| format!("undo data of block {}: {e}", loaded.id))?;
            let height = self.height_of(&loaded.id).ok_or_else(|| format!("block {} has no header", loaded.id))?;
            if block.id() != loaded.id {
                return Err(format!("block {} is stored under the id {}", block.id(), loaded.id));
            }
            if undo.is_none() && self.id_at(height) == Some(loaded.id) {
                return Err(format!("undo data of block {} is missing", loaded.id));
            }
            self.cache.insert(Arc::new(SoundBlock::from_store(block, height)), undo.map(Arc::new));
        }
        Ok(())
    }

    /// Keeps a block with unknown parent for a while (rule F4).
    pub fn keep_orphan(&mut self, block: Identified<Block>, now: Monotonic) {
        self.orphans.insert(block, now);
    }

    /// Removes and returns the orphans that wait for this block.
    pub fn take_orphans_of(&mut self, parent: &BlockId) -> Vec<Identified<Block>> {
        self.orphans.take_children(parent)
    }

    /// Drops expired orphans.
    pub fn expire_orphans(&mut self, now: Monotonic) {
        self.orphans.expire(now);
    }

    pub(super) fn tip_index(&self) -> Index {
        self.primary[self.primary.len() - 1]
    }
}

/// Rebuilds the tree from headers in any order. They were checked against the clock (rule H6) when they arrived.
fn restore_tree(
    genesis: &Header,
    stored: &[StoredHeader],
    params: &ChainParams,
    key: MapKey,
) -> Result<HeaderTree, ChainError> {
    let mut tree = HeaderTree::new(genesis, params, key);
    let mut children: HashMap<BlockId, Vec<&StoredHeader>> = HashMap::with_hasher(key);
    for header in stored {
        children.entry(header.header.previous).or_default().push(header);
    }
    children.remove(&genesis.previous); // genesis itself
    let mut todo = vec![genesis.id()];
    let mut states = Vec::with_capacity(stored.len());
    while let Some(id) = todo.pop() {
        let Some(parent) = tree.find(&id) else { continue };
        for child in children.remove(&id).unwrap_or_default() {
            let (header, id) = (child.header, child.header.id());
            let check = || {
                let work = check_header_in_isolation(header)?.work();
                check_header_in_chain(&header, &tree.context(parent, params), header.time)?;
                Ok(work)
            };
            let work = check().map_err(|error| ChainError::InvalidHeader { id, error })?;
            states.push((tree.insert(*header, id, parent, work), child.status));
            todo.push(id);
        }
    }
    if let Some(loose) = children.values().flatten().next() {
        return Err(ChainError::LooseHeader(loose.header.id()));
    }
    for (index, status) in states {
        match status {
            BlockStatus::HeaderOnly => {}
            BlockStatus::Stored => tree.set_stored(index),
            BlockStatus::Invalid => tree.set_invalid(index),
        }
    }
    Ok(tree)
}
