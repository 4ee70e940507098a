use crate::record::{
    HEADER_RECORD_BYTES, OUTPOINT_BYTES, header_record, outpoint_key, pool_record, stored_header, undo_record,
};
use crate::{StoreError, StoreOptions, schema};
use fedcoin_chain::{BlockStatus, ChangeSet, StoredHeader};
use fedcoin_consensus::Commitments;
use fedcoin_consensus::ledger::Utxo;
use fedcoin_primitives::codec;
use fedcoin_primitives::{BlockId, Header, Identified};
use fedcoin_wire::PeerAddress;
use redb::{ReadableTable, WriteTransaction};
use std::collections::BTreeMap;

/// The net result of the change sets that are not written yet: what they made and removed again is left out. It is
/// sorted by key, so that writing it walks each table once.
///
/// Bound: [`WriteBatch::is_full`].
#[derive(Debug, Default)]
pub(crate) struct WriteBatch {
    headers: BTreeMap<[u8; 32], StoredHeader>,
    blocks: BTreeMap<[u8; 32], Vec<u8>>,
    undos: BTreeMap<[u8; 32], Vec<u8>>,
    utxos: BTreeMap<[u8; OUTPOINT_BYTES], Change>,
    /// Payments with their positions in the order of entry; `None` means removed.
    mempool: BTreeMap<[u8; 32], Option<(u64, Vec<u8>)>>,
    tip: Option<BlockId>,
    commitments: Option<Commitments>,
    addresses: Option<Vec<PeerAddress>>,
    change_sets: u32,
    bytes: u64,
}

/// How an output differs from what is written.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// New: nothing with this key is written.
    Made(Utxo),
    /// Spent and made again: a reorganisation moved it to another height.
    Replaced(Utxo),
    /// Spent, and still written.
    Spent,
}

impl WriteBatch {
    pub(crate) fn is_empty(&self) -> bool {
        self.change_sets == 0
    }

    /// Whether the batch must be written now.
    pub(crate) fn is_full(&self, options: &StoreOptions) -> bool {
        self.change_sets >= options.max_eventual_commits || self.bytes >= options.max_eventual_bytes
    }

    /// Adds a change set. The mempool's new payments get positions from `next_place` on, which moves past them.
    /// `written` contains the written headers of blocks that were found invalid.
    pub(crate) fn add(&mut self, changes: &ChangeSet, written: &[StoredHeader], next_place: &mut u64) {
        self.change_sets += 1;
        for header in &changes.headers {
            self.raise_status(header.id(), Some(header), BlockStatus::HeaderOnly);
        }
        self.add_blocks(changes);
        for known in written {
            self.raise_status(known.header.id(), Some(&known.header), known.status);
        }
        for id in &changes.invalid {
            self.raise_status(*id, None, BlockStatus::Invalid);
        }
        for outpoint in &changes.utxos.spent {
            self.spend(outpoint_key(outpoint));
        }
        for (outpoint, utxo) in &changes.utxos.created {
            self.create(outpoint_key(outpoint), *utxo);
        }
        self.add_mempool(changes, next_place);
        self.tip = changes.tip.or(self.tip);
        if let Some(commitments) = &changes.commitments {
            self.commitments = Some(commitments.clone());
        }
        if let Some(addresses) = &changes.addresses {
            self.bytes += addresses.iter().map(|address| address.as_str().len() as u64).sum::<u64>();
            self.addresses = Some(addresses.clone());
        }
    }

    fn add_blocks(&mut self, changes: &ChangeSet) {
        for block in &changes.blocks {
            let id = block.id();
            self.raise_status(id, Some(&block.identified_header()), BlockStatus::Stored);
            let bytes = codec::encode(block.as_ref());
            self.bytes += 32 + bytes.len() as u64;
            self.blocks.insert(id.0, bytes);
        }
        for (id, undo) in &changes.undos {
            let bytes = undo_record(id, &codec::encode(undo));
            self.bytes += 32 + bytes.len() as u64;
            self.undos.insert(id.0, bytes);
        }
    }

    /// Statuses only go up. Without a header, this only changes the status of a known one.
    fn raise_status(&mut self, id: BlockId, header: Option<&Identified<Header>>, status: BlockStatus) {
        if let Some(known) = self.headers.get_mut(&id.0) {
            known.status = higher(known.status, status);
        } else if let Some(header) = header {
            self.bytes += 32 + HEADER_RECORD_BYTES as u64;
            self.headers.insert(id.0, StoredHeader { header: *header, status });
        }
    }

    fn spend(&mut self, key: [u8; OUTPOINT_BYTES]) {
        if let Some(Change::Made(_)) = self.utxos.get(&key) {
            self.utxos.remove(&key);
        } else {
            self.bytes += key.len() as u64;
            self.utxos.insert(key, Change::Spent);
        }
    }

    fn create(&mut self, key: [u8; OUTPOINT_BYTES], utxo: Utxo) {
        self.bytes += (key.len() + size_of::<Utxo>()) as u64;
        let change = match self.utxos.get(&key) {
            None | Some(Change::Made(_)) => Change::Made(utxo),
            Some(Change::Spent | Change::Replaced(_)) => Change::Replaced(utxo),
        };
        self.utxos.insert(key, change);
    }

    fn add_mempool(&mut self, changes: &ChangeSet, next_place: &mut u64) {
        for txid in &changes.pool_removed {
            self.bytes += 32;
            self.mempool.insert(txid.0, None);
        }
        for payment in &changes.pool_added {
            let bytes = codec::encode(payment);
            self.bytes += 40 + bytes.len() as u64;
            self.mempool.insert(payment.txid().0, Some((*next_place, bytes)));
            *next_place += 1;
        }
    }

    /// The primary chain's tip, if it has changed.
    pub(crate) fn tip(&self) -> Option<BlockId> {
        self.tip
    }

    pub(crate) fn header(&self, id: &BlockId) -> Option<&StoredHeader> {
        self.headers.get(&id.0)
    }

    pub(crate) fn block(&self, id: &BlockId) -> Option<&[u8]> {
        self.blocks.get(&id.0).map(Vec::as_slice)
    }

    pub(crate) fn undo(&self, id: &BlockId) -> Option<&[u8]> {
        self.undos.get(&id.0).map(Vec::as_slice)
    }

    /// Writes everything into one transaction.
    pub(crate) fn write(&self, transaction: &WriteTransaction) -> Result<(), StoreError> {
        self.write_headers(transaction)?;
        let mut blocks = transaction.open_table(schema::BLOCKS)?;
        for (id, bytes) in &self.blocks {
            blocks.insert(id.as_slice(), bytes.as_slice())?;
        }
        let mut undos = transaction.open_table(schema::UNDOS)?;
        for (id, bytes) in &self.undos {
            undos.insert(id.as_slice(), bytes.as_slice())?;
        }
        self.write_utxos(transaction)?;
        self.write_tip(transaction)?;
        let mut mempool = transaction.open_table(schema::MEMPOOL)?;
        for (id, change) in &self.mempool {
            match change {
                Some((place, bytes)) => mempool.insert(id.as_slice(), pool_record(*place, bytes).as_slice())?,
                None => mempool.remove(id.as_slice())?,
            };
        }
        self.addresses.iter().try_for_each(|addresses| write_addresses(transaction, addresses))
    }

    fn write_tip(&self, transaction: &WriteTransaction) -> Result<(), StoreError> {
        let mut meta = transaction.open_table(schema::META)?;
        if let Some(tip) = &self.tip {
            meta.insert(schema::META_TIP.as_bytes(), tip.0.as_slice())?;
        }
        if let Some(commitments) = &self.commitments {
            meta.insert(schema::META_COMMITMENTS.as_bytes(), codec::encode(commitments).as_slice())?;
        }
        Ok(())
    }

    /// A header that is written already keeps a higher status.
    fn write_headers(&self, transaction: &WriteTransaction) -> Result<(), StoreError> {
        let mut table = transaction.open_table(schema::HEADERS)?;
        for (id, stored) in &self.headers {
            let written = table.get(id.as_slice())?.map(|record| stored_header(record.value())).transpose()?;
            let status = written.map_or(stored.status, |(_, written)| higher(written, stored.status));
            table.insert(id.as_slice(), header_record(&stored.header, status).as_slice())?;
        }
        Ok(())
    }

    fn write_utxos(&self, transaction: &WriteTransaction) -> Result<(), StoreError> {
        let mut table = transaction.open_table(schema::UTXOS)?;
        for (key, change) in &self.utxos {
            match change {
                Change::Made(utxo) | Change::Replaced(utxo) => {
                    table.insert(key.as_slice(), codec::encode(utxo).as_slice())?
                }
                Change::Spent => table.remove(key.as_slice())?,
            };
        }
        Ok(())
    }
}

fn write_addresses(transaction: &WriteTransaction, addresses: &[PeerAddress]) -> Result<(), StoreError> {
    transaction.delete_table(schema::ADDRESSES)?;
    let mut table = transaction.open_table(schema::ADDRESSES)?;
    for (place, address) in (0_u32..).zip(addresses) {
        table.insert(place.to_be_bytes().as_slice(), address.as_str().as_bytes())?;
    }
    Ok(())
}

/// The status that remains of two: a block found invalid stays invalid.
pub(crate) fn higher(a: BlockStatus, b: BlockStatus) -> BlockStatus {
    let rank = |status| match status {
        BlockStatus::HeaderOnly => 0,
        BlockStatus::Stored => 1,
        BlockStatus::Invalid => 2,
    };
    if rank(a) >= rank(b) { a } else { b }
}
