use super::body_cache::BodyCache;
use super::change_set::{BlockStatus, ChangeSet, Snapshot, StoredHeader};
use super::header_tree::{HeaderTree, Index};
use super::orphans::OrphanBlocks;
use super::presync::{Presync, Presynced};
use super::reorg::{Finished, Reorganisation, Step};
use crate::codec;
use crate::collections::{HashMap, MapKey};
use crate::consensus::{
    BlockError, ChainParams, HeaderContext, HeaderError, SoundBlock, WellFormedBlock, check_block_in_isolation,
    check_header_in_chain, check_header_in_isolation,
};
use crate::input::LoadedBlock;
use crate::ledger::{Undo, Utxo, UtxoDiff, UtxoSet};
use crate::primitives::{Block, BlockId, Header, NetworkId, Payment};
use crate::status::TipInfo;
use crate::units::{Amount, Height, Monotonic, Timestamp, Work};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The chain as this node knows it: all headers, the primary chain, and the ledger at its tip.
pub struct Chain {
    params: ChainParams,
    network: NetworkId,
    pub(super) tree: HeaderTree,
    /// The primary chain by height.
    pub(super) primary: Vec<Index>,
    utxos: UtxoSet,
    cache: BodyCache,
    orphans: OrphanBlocks,
    reorg: Option<Reorganisation>,
    /// The tip that the way under way has left, until it is at its end: a long one takes several moves.
    left: Option<Index>,
}

/// Why a header was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderRefusal {
    /// It breaks a rule.
    #[error(transparent)]
    Invalid(#[from] HeaderError),
    /// Its parent is unknown.
    #[error("the parent {0} is unknown")]
    UnknownParent(BlockId),
    /// It builds on a block that breaks a rule.
    #[error("its parent {0} is invalid")]
    InvalidParent(BlockId),
    /// Its own block is known to break a rule.
    #[error("its block is known to be invalid")]
    KnownInvalid,
    /// Too many headers of side branches are kept, and this one leads to no more work within its message: see
    /// [`Chain::presync`] (rule F5).
    #[error("too many side branches, and this one has no more work than the best chain")]
    TooManySideHeaders,
}

/// Stored data contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// Neither its parent nor the way to genesis is stored.
    #[error("stored header {0} has no parent")]
    LooseHeader(BlockId),
    /// A stored header does not obey the rules.
    #[error("stored header {id} is invalid: {error}")]
    InvalidHeader {
        /// Which.
        id: BlockId,
        /// What is wrong.
        error: HeaderError,
    },
    /// The stored tip is unknown or its chain has gaps.
    #[error("the stored tip {0} does not stand on stored blocks")]
    BadTip(BlockId),
}

/// The primary chain has changed its course, in one move or several, and is at the end of its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reorganised {
    /// The height of the last block that the old course and the new one share.
    pub fork: Height,
    /// Blocks of the old course above it, all taken off.
    pub disconnected: u32,
    /// Blocks of the new course above it.
    pub connected: u32,
}

/// The primary chain's move.
#[derive(Clone)]
pub struct TipChange {
    /// Blocks taken off, highest first.
    pub disconnected: Vec<BlockId>,
    /// Blocks put on, lowest first.
    pub connected: Vec<Arc<SoundBlock>>,
    /// Payments of the blocks taken off, for the mempool; those mined again are among them.
    pub returned: Vec<Payment>,
    /// What a store must keep.
    pub changes: ChangeSet,
    /// With the last move of a reorganisation: all of it.
    pub reorganised: Option<Reorganised>,
}

/// What [`Chain::advance`] came to.
pub enum Advance {
    /// The primary chain is the best there is.
    Idle,
    /// The move under way needs these blocks: see [`Chain::supply`].
    NeedsBlocks(Vec<BlockId>),
    /// A block broke a rule in its place, and all that build on it are given up.
    Invalid {
        /// Which.
        id: BlockId,
        /// Which rule.
        error: BlockError,
    },
    /// The primary chain moved; there may be further to go.
    Moved(Box<TipChange>),
}

/// What became of a sound block.
#[derive(Clone, Debug, PartialEq)]
pub enum Accepted {
    /// It is kept. A store must keep this.
    New(Box<ChangeSet>),
    /// It was here already.
    Known,
    /// A block below it was found to break a rule while its signatures were checked, or its header is unknown.
    OnInvalidBlock,
}

/// What is known of a block without its body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockInfo {
    /// Its header.
    pub header: Header,
    /// Its height.
    pub height: Height,
    /// What is known of its body.
    pub status: BlockStatus,
    /// Whether it is on the primary chain.
    pub primary: bool,
}

/// Most headers that are neither on the best header's chain nor on the primary chain (rule F5).
const MAX_SIDE_HEADERS: usize = 50_000;

impl Chain {
    /// The chain as stored. Its maps are keyed by `key`.
    ///
    /// # Errors
    /// [`ChainError`] when the snapshot contradicts itself.
    pub fn new(params: ChainParams, snapshot: &Snapshot, key: MapKey) -> Result<Self, ChainError> {
        let genesis = params.genesis_block();
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
        let utxos = if snapshot.tip.is_some() {
            UtxoSet::from_entries(snapshot.utxos.iter().copied(), key)
        } else {
            let mut utxos = UtxoSet::new(key);
            utxos.apply(&genesis_diff(&genesis));
            utxos
        };
        let (cache, orphans) = (BodyCache::default(), OrphanBlocks::default());
        Ok(Self { params, network, tree, primary, utxos, cache, orphans, reorg: None, left: None })
    }

    /// What a new store must keep first: the genesis block.
    #[must_use]
    pub fn genesis_changes(params: &ChainParams) -> ChangeSet {
        let genesis = params.genesis_block();
        ChangeSet {
            headers: vec![genesis.header],
            utxos: genesis_diff(&genesis),
            undos: vec![(genesis.id(), Undo::default())],
            tip: Some(genesis.id()),
            blocks: vec![genesis],
            ..ChangeSet::default()
        }
    }

    /// Takes a header, if it obeys all rules that need no block (rules H1 to H6). Returns whether
    /// it is new.
    ///
    /// # Errors
    /// [`HeaderRefusal`]; nothing has changed then.
    pub fn accept_header(&mut self, header: &Header, wall: Timestamp) -> Result<bool, HeaderRefusal> {
        let (new, outcome) = self.accept_headers(core::slice::from_ref(header), wall);
        outcome.map(|()| !new.is_empty())
    }

    /// Takes the headers of one message in order, up to the first that is refused. Returns the new
    /// ones, and why it stopped before the end if it did.
    ///
    /// Where the bound on side headers is reached, only headers are taken that lead, within these,
    /// to more work than any known (rule F5). A branch that does so later is taken by [`Chain::presync`].
    pub fn accept_headers(&mut self, headers: &[Header], wall: Timestamp) -> (Vec<Header>, Result<(), HeaderRefusal>) {
        // Headers below `cleared` need not be asked again what they lead to.
        let (mut new, mut cleared) = (Vec::new(), 0);
        for (at, header) in headers.iter().enumerate() {
            let (parent, work) = match self.check_header(header, wall) {
                Ok(Some(place)) => place,
                Ok(None) => continue,
                Err(refusal) => return (new, Err(refusal)),
            };
            if at >= cleared {
                match self.room_for(&headers[at..], parent) {
                    Some(count) => cleared = at + count,
                    None => return (new, Err(HeaderRefusal::TooManySideHeaders)),
                }
            }
            self.tree.insert(*header, header.id(), parent, work);
            new.push(*header);
        }
        (new, Ok(()))
    }

    /// Begins to weigh a branch for which there was no room, at the first of these headers that is unknown. `None` when
    /// it builds on nothing known, or all are known. Returns that header's place, too.
    #[must_use]
    pub fn presync(&self, headers: &[Header]) -> Option<(Presync, usize)> {
        let new = headers.iter().position(|header| self.tree.find(&header.id()).is_none())?;
        let parent = self.tree.find(&headers[new].previous)?;
        Some((Presync::new(&self.tree, parent), new))
    }

    /// Goes on with it, by what the peer has sent. Returns the headers that are new in the tree, and what comes next.
    ///
    /// # Errors
    /// Within, a [`HeaderRefusal`]: the presync is over.
    pub fn go_on_presync(
        &mut self,
        presync: &mut Presync,
        headers: &[Header],
        wall: Timestamp,
    ) -> (Vec<Header>, Result<Presynced, HeaderRefusal>) {
        let (mut taken, mut new) = (Vec::new(), Vec::new());
        let bar = self.tree.node(self.tree.best_header()).work;
        let outcome = presync.take(headers, bar, &self.params, wall, &mut taken);
        for header in taken {
            match self.check_header(&header, wall) {
                Ok(Some((parent, work))) => {
                    self.tree.insert(header, header.id(), parent, work);
                    new.push(header);
                }
                Ok(None) => {}
                Err(refusal) => return (new, Err(refusal)),
            }
        }
        (new, outcome)
    }

    /// A new header's parent and own work; `None` for a header that is known.
    fn check_header(&self, header: &Header, wall: Timestamp) -> Result<Option<(Index, Work)>, HeaderRefusal> {
        if let Some(index) = self.tree.find(&header.id()) {
            let invalid = self.tree.node(index).status == BlockStatus::Invalid;
            return if invalid { Err(HeaderRefusal::KnownInvalid) } else { Ok(None) };
        }
        let parent = self.tree.find(&header.previous).ok_or(HeaderRefusal::UnknownParent(header.previous))?;
        if self.tree.node(parent).status == BlockStatus::Invalid {
            return Err(HeaderRefusal::InvalidParent(header.previous));
        }
        let work = check_header_in_isolation(header)?.work();
        check_header_in_chain(header, &self.tree.context(parent, &self.params), wall)?;
        Ok(Some((parent, work)))
    }

    /// How many of the headers, the first of which builds on `parent`, have room (rule F5). Costs
    /// one pass over them at most.
    fn room_for(&self, headers: &[Header], parent: Index) -> Option<usize> {
        if self.side_headers() < MAX_SIDE_HEADERS {
            return Some(1);
        }
        let best = self.tree.node(self.tree.best_header());
        let (mut work, mut last) = (self.tree.node(parent).work, self.tree.node(parent).id);
        for (count, header) in (1..).zip(headers) {
            if header.previous != last {
                return None;
            }
            work = work + check_header_in_isolation(header).ok()?.work();
            if work > best.work {
                return Some(count);
            }
            last = header.id();
        }
        None
    }

    /// How many headers are on neither of the two chains that matter.
    fn side_headers(&self) -> usize {
        let (best, tip) = (self.tree.best_header(), self.tip_index());
        let height = |index: Index| self.tree.node(index).height.index();
        // Genesis is on both.
        self.tree.len() + height(self.tree.fork_point(best, tip)) - 1 - height(best) - height(tip)
    }

    /// Checks a block whose header has been accepted, signatures excepted.
    ///
    /// # Errors
    /// The rule it breaks. Unless [`BlockError::is_mutation`], the id is condemned: call
    /// [`Chain::condemn`].
    pub fn check_block(&self, block: Block) -> Result<WellFormedBlock, BlockError> {
        let height = self.height_of(&block.header.previous).map_or(Height::GENESIS, Height::next);
        check_block_in_isolation(block, height, &self.params)
    }

    /// Keeps a sound block whose header has been accepted; [`Chain::advance`] decides what it
    /// means for the primary chain.
    pub fn accept_block(&mut self, block: SoundBlock) -> Accepted {
        let Some(index) = self.tree.find(&block.id()) else { return Accepted::OnInvalidBlock };
        match self.tree.node(index).status {
            BlockStatus::Invalid => return Accepted::OnInvalidBlock,
            BlockStatus::Stored => return Accepted::Known,
            BlockStatus::HeaderOnly => self.tree.set_stored(index),
        }
        let changes = ChangeSet { blocks: vec![block.block().clone()], ..ChangeSet::default() };
        self.cache.insert(Arc::new(block), None);
        Accepted::New(Box::new(changes))
    }

    /// Gives up a block that breaks a rule and all that build on it. Returns what a store must
    /// keep.
    pub fn condemn(&mut self, id: &BlockId) -> ChangeSet {
        match self.tree.find(id) {
            Some(index) if index != HeaderTree::GENESIS => {
                self.tree.set_invalid(index);
                ChangeSet { invalid: vec![*id], ..ChangeSet::default() }
            }
            _ => ChangeSet::default(),
        }
    }

    /// Moves the primary chain one step towards the best chain whose blocks are all here (rules
    /// F1 to F3). Call it until it is idle or needs blocks.
    pub fn advance(&mut self) -> Advance {
        let tip = self.tip_index();
        let reorg = match &mut self.reorg {
            Some(reorg) => reorg,
            None if self.tree.best_connectable() == tip => {
                self.left = None;
                return Advance::Idle;
            }
            none => {
                self.left.get_or_insert(tip);
                none.insert(Reorganisation::new(&self.tree, tip, self.tree.best_connectable()))
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
        TipChange {
            disconnected: finished.disconnected,
            connected: finished.connected,
            returned: finished.returned,
            changes: finished.changes,
            reorganised: self.reorganised(),
        }
    }

    /// The reorganisation that the last move has brought to its end, if it has.
    fn reorganised(&mut self) -> Option<Reorganised> {
        if self.is_moving() {
            return None;
        }
        let (left, tip) = (self.left.take()?, self.tip_index());
        let height = |index: Index| self.tree.node(index).height;
        let fork = height(self.tree.fork_point(left, tip));
        let (disconnected, connected) = (height(left).above(fork), height(tip).above(fork));
        (disconnected > 0).then_some(Reorganised { fork, disconnected, connected })
    }

    /// Gives a move under way the stored blocks it asked for.
    ///
    /// # Errors
    /// What is missing or unreadable: the store is corrupt.
    pub fn supply(&mut self, blocks: Vec<Option<LoadedBlock>>) -> Result<(), String> {
        for loaded in blocks {
            let loaded = loaded.ok_or("a stored block is missing")?;
            let block: Block = codec::decode(&loaded.block).map_err(|e| format!("block {}: {e}", loaded.id))?;
            let undo = loaded.undo.as_deref().map(codec::decode::<Undo>).transpose();
            let undo = undo.map_err(|e| format!("undo data of block {}: {e}", loaded.id))?;
            let height = self.height_of(&loaded.id).ok_or_else(|| format!("block {} has no header", loaded.id))?;
            if block.id() != loaded.id {
                return Err(format!("block {} is stored under the id {}", block.id(), loaded.id));
            }
            if undo.is_none() && self.id_at(height) == Some(loaded.id) {
                return Err(format!("undo data of block {} are missing", loaded.id));
            }
            self.cache.insert(Arc::new(SoundBlock::from_store(block, height)), undo.map(Arc::new));
        }
        Ok(())
    }

    /// Keeps a block whose parent is unknown for a while (rule F4).
    pub fn keep_orphan(&mut self, block: Block, now: Monotonic) {
        self.orphans.insert(block.id(), block, now);
    }

    /// Takes out the orphans that wait for this block.
    pub fn take_orphans_of(&mut self, parent: &BlockId) -> Vec<Block> {
        self.orphans.take_children(parent)
    }

    /// Drops orphans whose time is over.
    pub fn expire_orphans(&mut self, now: Monotonic) {
        self.orphans.expire(now);
    }

    fn tip_index(&self) -> Index {
        self.primary[self.primary.len() - 1]
    }

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

    /// The primary chain's last block.
    #[must_use]
    pub fn tip(&self) -> TipInfo {
        self.tip_info(self.tip_index())
    }

    /// The last header of the best chain known, whether or not its blocks are here.
    #[must_use]
    pub fn best_header(&self) -> TipInfo {
        self.tip_info(self.tree.best_header())
    }

    /// The primary chain's block at a height, which must not be above the tip.
    pub(super) fn tip_at(&self, height: Height) -> TipInfo {
        self.tip_info(self.primary[height.index()])
    }

    /// For how long the primary chain's blocks up to a height, which must not be above the tip, were mined, in
    /// milliseconds: rests are left out.
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

    /// What a block on the tip is checked against: the target it must carry (rule H4), the time it
    /// must exceed (rule H5).
    #[must_use]
    pub fn next_header(&self) -> HeaderContext {
        self.tree.context(self.tip_index(), &self.params)
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

    /// The block that a block follows, if its header is known; genesis follows itself.
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

    /// Blocks known beside the primary chain.
    #[must_use]
    pub fn side_blocks(&self) -> usize {
        let ahead = self.best_header().height.above(self.tip().height) as usize;
        (self.tree.len() - self.primary.len()).saturating_sub(ahead)
    }

    /// Stored blocks that are neither on the primary chain nor on the way to the best header.
    #[must_use]
    pub fn losing_blocks(&self) -> usize {
        let (best, tip) = (self.tree.best_header(), self.tip_index());
        let height = |index: Index| self.tree.node(index).height.index();
        let fork = height(self.tree.fork_point(best, tip));
        let coming = height(self.tree.stored_up_to(best)).saturating_sub(fork);
        self.tree.stored_blocks().saturating_sub(self.primary.len() + coming)
    }

    /// Blocks whose parents are unknown, with their ids.
    pub fn orphans(&self) -> impl Iterator<Item = (BlockId, &Block)> {
        self.orphans.iter()
    }

    /// How many these are.
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

    /// Whether the primary chain is on its way to a better one whose blocks are all here: a long way takes several
    /// moves, and the tip between them is nobody's choice (rule F3).
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.tree.best_connectable() != self.tip_index()
    }

    /// The last block of the best chain whose blocks are all here.
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

    /// Ids of a header's chain whose blocks are missing, lowest first: no further than `window` blocks above the last
    /// one up to which all are stored. Costs the window, however far the chain's fork is below the tip.
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

    /// Ids from a known header (the best, if it is unknown) towards genesis, ever further apart
    /// (rule W4).
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

    /// Up to `limit` headers of the primary chain after the first id of the locator that is on it
    /// (rule W4); from genesis if none is.
    #[must_use]
    pub fn headers_after(&self, locator: &[BlockId], limit: usize) -> Vec<Header> {
        let known = locator.iter().filter_map(|id| self.block_info(id)).find(|info| info.primary);
        let start = known.map_or(0, |info| info.height.index()) + 1;
        self.primary.iter().skip(start).take(limit).map(|i| self.tree.node(*i).header).collect()
    }

    /// The headers of the primary chain that somebody lacks whose best block is `best`; only the
    /// last one if these are more than `limit`, or if `best` is unknown.
    #[must_use]
    pub fn headers_beyond(&self, best: &BlockId, limit: usize) -> Vec<Header> {
        let tip = self.tip_index();
        let fork = self.tree.find(best).map(|index| self.tree.fork_point(index, tip));
        let lacking = fork.map_or(usize::MAX, |fork| self.primary.len() - 1 - self.tree.node(fork).height.index());
        let count = if lacking > limit { 1 } else { lacking };
        self.primary[self.primary.len() - count..].iter().map(|i| self.tree.node(*i).header).collect()
    }
}

/// The genesis block's mark on the ledger: its coinbase, unless that is of zero (rule B7).
fn genesis_diff(genesis: &Block) -> UtxoDiff {
    let utxo = Utxo { output: genesis.coinbase.output, height: Height::GENESIS, coinbase: true };
    let coins = (utxo.output.amount > Amount::ZERO).then(|| (genesis.coinbase.outpoint(), utxo));
    UtxoDiff { created: coins.into_iter().collect(), spent: Vec::new() }
}

/// Rebuilds the tree from headers in any order. Their time against the clock (rule H6) was checked
/// when they came.
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
                let work = check_header_in_isolation(&header)?.work();
                check_header_in_chain(&header, &tree.context(parent, params), header.time)?;
                Ok(work)
            };
            let work = check().map_err(|error| ChainError::InvalidHeader { id, error })?;
            states.push((tree.insert(header, id, parent, work), child.status));
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
