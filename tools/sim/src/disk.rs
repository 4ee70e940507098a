use crate::archive::{Archive, mark};
use fedcoin_node::chain::{BlockStatus, ChangeSet, Snapshot, StoredHeader};
use fedcoin_node::codec::encode;
use fedcoin_node::consensus::Commitments;
use fedcoin_node::peers::PeerAddress;
use fedcoin_node::primitives::{BlockId, Payment, TxId};
use fedcoin_node::{Durability, LoadedBlock};
use fedcoin_store::StoreOptions;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// A host's disk, which can crash. The [`Archive`] of all hosts holds headers, blocks and undo data; a disk records
/// which of them it has, so a thousand disks fit in memory. It keeps a checksum of the unspent outputs, and compares it
/// with the archive's own whenever the tip moves.
#[derive(Default)]
pub(crate) struct Disk {
    /// The state with everything applied.
    latest: State,
    /// The state that survives every crash.
    durable: State,
    /// The commits between the two, oldest first; bounded as in the real store.
    eventual: VecDeque<Commit>,
}

#[derive(Clone, Default)]
struct State {
    /// The data on this disk, by index in the archive; see the constants below.
    has: Vec<u8>,
    tip: Option<BlockId>,
    commitments: Option<Arc<Commitments>>,
    ledger: u128,
    mempool: BTreeMap<TxId, (u64, Arc<Payment>)>,
    next_place: u64,
    addresses: Arc<Vec<PeerAddress>>,
}

const HEADER: u8 = 1;
const BLOCK: u8 = 2;
const UNDO: u8 = 4;
const INVALID: u8 = 8;

/// A change set without the data in the archive.
struct Commit {
    has: Vec<(u32, u8)>,
    tip: Option<BlockId>,
    commitments: Option<Arc<Commitments>>,
    ledger: u128,
    added: Vec<(TxId, Arc<Payment>)>,
    removed: Vec<TxId>,
    addresses: Option<Arc<Vec<PeerAddress>>>,
}

impl Disk {
    /// Commits one change set.
    ///
    /// # Errors
    /// An error if other nodes have stored something else for the same block, or if the unspent outputs do not match
    /// the tip's chain.
    pub(crate) fn apply(
        &mut self,
        changes: &ChangeSet,
        durability: Durability,
        archive: &mut Archive,
    ) -> Result<(), String> {
        let commit = Commit::new(changes, archive)?;
        self.latest.apply(&commit);
        self.eventual.push_back(commit);
        if durability == Durability::Immediate
            || self.eventual.len() >= StoreOptions::default().max_eventual_commits as usize
        {
            self.flush();
        }
        if let Some(tip) = changes.tip
            && archive.ledger(&tip) != Some(self.latest.ledger)
        {
            return Err(format!("stored unspent outputs that differ from those of the chain to {tip}"));
        }
        Ok(())
    }

    /// Writes all commits to disk.
    pub(crate) fn flush(&mut self) {
        for commit in self.eventual.drain(..) {
            self.durable.apply(&commit);
        }
    }

    /// Number of commits that are not on disk yet. A crash may keep none, some or all of them.
    pub(crate) fn eventual_commits(&self) -> usize {
        self.eventual.len()
    }

    /// Crashes, keeping the first `kept` of the commits not on disk.
    pub(crate) fn crash(&mut self, kept: usize) {
        self.eventual.truncate(kept);
        self.flush();
        self.latest = self.durable.clone();
    }

    /// Whether the block's body would survive a crash at this moment.
    pub(crate) fn has_durable_block(&self, place: u32) -> bool {
        place == 0 || self.durable.has(place) & BLOCK != 0
    }

    /// The stored blocks with these ids, in the same order.
    pub(crate) fn load(&self, ids: &[BlockId], archive: &Archive) -> Vec<Option<LoadedBlock>> {
        let load = |id: &BlockId| {
            let place = archive.place(id).filter(|place| self.latest.has(*place) & BLOCK != 0)?;
            let undo = archive.at(place).undo.as_deref().filter(|_| self.latest.has(place) & UNDO != 0);
            Some(LoadedBlock { id: *id, block: archive.encoded(place)?, undo: undo.map(encode) })
        };
        ids.iter().map(load).collect()
    }

    /// The snapshot that a node starts from.
    pub(crate) fn snapshot(&self, archive: &Archive) -> Snapshot {
        let state = &self.latest;
        let status = |has: u8| match has {
            has if has & INVALID != 0 => BlockStatus::Invalid,
            has if has & BLOCK != 0 => BlockStatus::Stored,
            _ => BlockStatus::HeaderOnly,
        };
        let headers = (1..).zip(state.has.iter().skip(1)).filter(|(_, has)| **has != 0);
        let mut payments: Vec<_> = state.mempool.values().collect();
        payments.sort_by_key(|(place, _)| *place);
        Snapshot {
            headers: headers
                .map(|(place, has)| StoredHeader { header: archive.at(place).header.into(), status: status(*has) })
                .collect(),
            tip: state.tip,
            commitments: state.commitments.as_deref().cloned(),
            utxos: state.tip.and_then(|tip| archive.utxos(tip)).unwrap_or_default(),
            payments: payments.into_iter().map(|(_, payment)| Payment::clone(payment)).collect(),
            addresses: state.addresses.to_vec(),
        }
    }
}

impl State {
    fn has(&self, place: u32) -> u8 {
        self.has.get(place as usize).copied().unwrap_or_default()
    }

    fn apply(&mut self, commit: &Commit) {
        for (place, has) in &commit.has {
            let place = *place as usize;
            if self.has.len() <= place {
                self.has.resize(place + 1, 0);
            }
            self.has[place] |= has;
        }
        self.tip = commit.tip.or(self.tip);
        if let Some(commitments) = &commit.commitments {
            self.commitments = Some(Arc::clone(commitments));
        }
        self.ledger = self.ledger.wrapping_add(commit.ledger);
        for txid in &commit.removed {
            self.mempool.remove(txid);
        }
        for (txid, payment) in &commit.added {
            self.mempool.insert(*txid, (self.next_place, Arc::clone(payment)));
            self.next_place += 1;
        }
        if let Some(addresses) = &commit.addresses {
            self.addresses = Arc::clone(addresses);
        }
    }
}

impl Commit {
    fn new(changes: &ChangeSet, archive: &mut Archive) -> Result<Self, String> {
        let mut has = Vec::new();
        for header in &changes.headers {
            has.push((archive.add_header(header.id(), header), HEADER));
        }
        for block in &changes.blocks {
            has.push((archive.add_block(block.id(), block), HEADER | BLOCK));
        }
        for (id, undo) in &changes.undos {
            if !archive.add_undo(id, undo) {
                return Err(format!("stored undo data for {id} that differs from that of other nodes"));
            }
            has.extend(archive.place(id).map(|place| (place, UNDO)));
        }
        has.extend(changes.invalid.iter().filter_map(|id| Some((archive.place(id)?, INVALID))));
        let created = changes.utxos.created.iter().fold(0_u128, |sum, (outpoint, _)| sum.wrapping_add(mark(outpoint)));
        let ledger = changes.utxos.spent.iter().fold(created, |sum, outpoint| sum.wrapping_sub(mark(outpoint)));
        Ok(Self {
            has,
            tip: changes.tip,
            commitments: changes.commitments.clone().map(Arc::new),
            ledger,
            added: changes.pool_added.iter().map(|p| (p.txid(), Arc::new(p.clone()))).collect(),
            removed: changes.pool_removed.clone(),
            addresses: changes.addresses.clone().map(Arc::new),
        })
    }
}
