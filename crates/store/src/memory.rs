use crate::StoreOptions;
use crate::record::{outpoint, outpoint_key};
use crate::write_batch::higher;
use fedcoin_chain::{BlockStatus, ChangeSet, Snapshot, StoredHeader};
use fedcoin_chain::{Durability, LoadedBlock};
use fedcoin_consensus::Commitments;
use fedcoin_consensus::ledger::Utxo;
use fedcoin_primitives::codec;
use fedcoin_primitives::{BlockId, Header, Identified, Payment};
use fedcoin_wire::PeerAddress;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A store in plain maps, with a disk that can crash. It is the simulator's disk, and the model that [`crate::Store`]
/// is tested against. Clones share blocks and payments.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    genesis: BlockId,
    max_eventual_commits: usize,
    /// The state with everything applied.
    latest: State,
    /// The state on disk.
    durable: State,
    /// The commits between the two, oldest first; at most `max_eventual_commits`.
    eventual: Vec<Arc<ChangeSet>>,
}

/// The tables, with the same keys as redb's, so that snapshots have the same order.
#[derive(Clone, Debug, Default)]
struct State {
    headers: BTreeMap<[u8; 32], StoredHeader>,
    blocks: BTreeMap<[u8; 32], Arc<[u8]>>,
    undos: BTreeMap<[u8; 32], Arc<[u8]>>,
    utxos: BTreeMap<[u8; 36], Utxo>,
    tip: Option<BlockId>,
    commitments: Option<Commitments>,
    mempool: BTreeMap<[u8; 32], (u64, Arc<Payment>)>,
    next_place: u64,
    addresses: Vec<PeerAddress>,
}

impl MemoryStore {
    /// Makes an empty store for the network with this genesis block.
    #[must_use]
    pub fn new(genesis: BlockId) -> Self {
        let max_eventual_commits = StoreOptions::default().max_eventual_commits as usize;
        Self {
            genesis,
            max_eventual_commits,
            latest: State::default(),
            durable: State::default(),
            eventual: Vec::new(),
        }
    }

    /// Commits one change set, like [`crate::Store::apply`].
    pub fn apply(&mut self, changes: &ChangeSet, durability: Durability) {
        self.latest.apply(changes);
        self.eventual.push(Arc::new(changes.clone()));
        if durability == Durability::Immediate || self.eventual.len() >= self.max_eventual_commits {
            self.flush();
        }
    }

    /// Writes all commits to disk.
    pub fn flush(&mut self) {
        for changes in self.eventual.drain(..) {
            self.durable.apply(&changes);
        }
    }

    /// Number of commits that are not on disk yet. A crash may keep none, some or all of them.
    #[must_use]
    pub fn eventual_commits(&self) -> usize {
        self.eventual.len()
    }

    /// The state after a crash that keeps the first `kept` of the commits not on disk.
    #[must_use]
    pub fn crashed(mut self, kept: usize) -> Self {
        self.eventual.truncate(kept);
        self.flush();
        self.latest = self.durable.clone();
        self
    }

    /// The snapshot that a node starts from.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.latest.snapshot(self.genesis)
    }

    /// The stored blocks with these ids, in the same order.
    #[must_use]
    pub fn load(&self, ids: &[BlockId]) -> Vec<Option<LoadedBlock>> {
        let state = &self.latest;
        ids.iter()
            .map(|id| {
                let block = state.blocks.get(&id.0)?.to_vec();
                Some(LoadedBlock { id: *id, block, undo: state.undos.get(&id.0).map(|undo| undo.to_vec()) })
            })
            .collect()
    }

    /// Whether the block's body would survive a crash now.
    #[must_use]
    pub fn has_durable_block(&self, id: &BlockId) -> bool {
        *id == self.genesis || self.durable.blocks.contains_key(&id.0)
    }

    /// The primary chain's tip.
    #[must_use]
    pub fn tip(&self) -> Option<BlockId> {
        self.latest.tip
    }
}

impl State {
    fn apply(&mut self, changes: &ChangeSet) {
        for header in &changes.headers {
            self.raise_status(&header.id(), Some(header), BlockStatus::HeaderOnly);
        }
        for block in &changes.blocks {
            let id = block.id();
            self.raise_status(&id, Some(&block.identified_header()), BlockStatus::Stored);
            self.blocks.insert(id.0, codec::encode(block.as_ref()).into());
        }
        for (id, undo) in &changes.undos {
            self.undos.insert(id.0, codec::encode(undo).into());
        }
        for id in &changes.invalid {
            self.raise_status(id, None, BlockStatus::Invalid);
        }
        for spent in &changes.utxos.spent {
            self.utxos.remove(&outpoint_key(spent));
        }
        for (created, utxo) in &changes.utxos.created {
            self.utxos.insert(outpoint_key(created), *utxo);
        }
        self.tip = changes.tip.or(self.tip);
        if let Some(commitments) = &changes.commitments {
            self.commitments = Some(commitments.clone());
        }
        for txid in &changes.pool_removed {
            self.mempool.remove(&txid.0);
        }
        for payment in &changes.pool_added {
            self.mempool.insert(payment.txid().0, (self.next_place, Arc::new(payment.clone())));
            self.next_place += 1;
        }
        if let Some(addresses) = &changes.addresses {
            self.addresses.clone_from(addresses);
        }
    }

    /// Statuses only go up, as in [`crate::write_batch`].
    fn raise_status(&mut self, id: &BlockId, header: Option<&Identified<Header>>, status: BlockStatus) {
        if let Some(known) = self.headers.get_mut(&id.0) {
            known.status = higher(known.status, status);
        } else if let Some(header) = header {
            self.headers.insert(id.0, StoredHeader { header: *header, status });
        }
    }

    fn snapshot(&self, genesis: BlockId) -> Snapshot {
        let mut placed: Vec<_> = self.mempool.values().collect();
        placed.sort_by_key(|(place, _)| *place);
        Snapshot {
            headers: self.headers.iter().filter(|(id, _)| **id != genesis.0).map(|(_, stored)| *stored).collect(),
            tip: self.tip,
            commitments: self.commitments.clone(),
            utxos: self.utxos.iter().map(|(key, utxo)| (outpoint(key), *utxo)).collect(),
            payments: placed.into_iter().map(|(_, payment)| Payment::clone(payment)).collect(),
            addresses: self.addresses.clone(),
        }
    }
}
