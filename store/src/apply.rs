use crate::StoreError;
use crate::record::{header_record, outpoint_key, stored_header};
use crate::schema;
use fedcoin_node::chain::{BlockStatus, ChangeSet, StoredHeader};
use fedcoin_node::codec;
use fedcoin_node::ledger::UtxoDiff;
use fedcoin_node::peers::PeerAddress;
use fedcoin_node::primitives::{BlockId, Header, Payment, TxId};
use redb::{ReadableTable, WriteTransaction};

/// Writes one change set into one transaction.
pub(crate) struct Writer<'a> {
    transaction: &'a WriteTransaction,
    /// Bytes of keys and values so far.
    bytes: u64,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(transaction: &'a WriteTransaction) -> Self {
        Self { transaction, bytes: 0 }
    }

    /// Writes everything; the mempool's new payments are numbered from `next_place` on, which is
    /// moved past them. The answer is how many bytes of keys and values were written.
    pub(crate) fn write(mut self, changes: &ChangeSet, next_place: &mut u64) -> Result<u64, StoreError> {
        self.headers(&changes.headers)?;
        self.blocks(changes)?;
        self.invalid(&changes.invalid)?;
        self.utxos(&changes.utxos)?;
        if let Some(tip) = &changes.tip {
            self.transaction.open_table(schema::META)?.insert(schema::META_TIP, tip.0.as_slice())?;
        }
        self.mempool(&changes.pool_added, &changes.pool_removed, next_place)?;
        if let Some(addresses) = &changes.addresses {
            self.addresses(addresses)?;
        }
        Ok(self.bytes)
    }

    /// A header that is known keeps its status.
    fn headers(&mut self, headers: &[Header]) -> Result<(), StoreError> {
        for header in headers {
            self.raise_status(&header.id(), Some(header), BlockStatus::HeaderOnly)?;
        }
        Ok(())
    }

    fn blocks(&mut self, changes: &ChangeSet) -> Result<(), StoreError> {
        for block in &changes.blocks {
            let id = block.id();
            self.raise_status(&id, Some(&block.header), BlockStatus::Stored)?;
            let bytes = codec::encode(block);
            self.bytes += 32 + bytes.len() as u64;
            self.transaction.open_table(schema::BLOCKS)?.insert(&id.0, bytes.as_slice())?;
        }
        for (id, undo) in &changes.undos {
            let bytes = codec::encode(undo);
            self.bytes += 32 + bytes.len() as u64;
            self.transaction.open_table(schema::UNDOS)?.insert(&id.0, bytes.as_slice())?;
        }
        Ok(())
    }

    fn invalid(&mut self, ids: &[BlockId]) -> Result<(), StoreError> {
        ids.iter().try_for_each(|id| self.raise_status(id, None, BlockStatus::Invalid))
    }

    /// Statuses only go up: a block found invalid stays so. Without a header, only a known one.
    fn raise_status(&mut self, id: &BlockId, header: Option<&Header>, status: BlockStatus) -> Result<(), StoreError> {
        let mut table = self.transaction.open_table(schema::HEADERS)?;
        let known = table.get(&id.0)?.map(|record| stored_header(record.value())).transpose()?;
        let Some(header) = known.map(|k| k.header).or(header.copied()) else { return Ok(()) };
        if known.is_some_and(|k| rank(k.status) >= rank(status)) {
            return Ok(());
        }
        let record = header_record(&StoredHeader { header, status });
        self.bytes += 32 + record.len() as u64;
        table.insert(&id.0, &record)?;
        Ok(())
    }

    fn utxos(&mut self, diff: &UtxoDiff) -> Result<(), StoreError> {
        let mut table = self.transaction.open_table(schema::UTXOS)?;
        for outpoint in &diff.spent {
            let key = outpoint_key(outpoint);
            self.bytes += key.len() as u64;
            table.remove(&key)?;
        }
        for (outpoint, utxo) in &diff.created {
            let (key, value) = (outpoint_key(outpoint), codec::encode(utxo));
            self.bytes += (key.len() + value.len()) as u64;
            table.insert(&key, value.as_slice())?;
        }
        Ok(())
    }

    fn mempool(&mut self, added: &[Payment], removed: &[TxId], next_place: &mut u64) -> Result<(), StoreError> {
        let mut table = self.transaction.open_table(schema::MEMPOOL)?;
        for txid in removed {
            self.bytes += 32;
            table.remove(&txid.0)?;
        }
        for payment in added {
            let bytes = codec::encode(payment);
            self.bytes += 40 + bytes.len() as u64;
            table.insert(&payment.txid().0, (*next_place, bytes.as_slice()))?;
            *next_place += 1;
        }
        Ok(())
    }

    fn addresses(&mut self, addresses: &[PeerAddress]) -> Result<(), StoreError> {
        self.transaction.delete_table(schema::ADDRESSES)?;
        let mut table = self.transaction.open_table(schema::ADDRESSES)?;
        for (place, address) in (0_u32..).zip(addresses) {
            self.bytes += 4 + address.as_str().len() as u64;
            table.insert(place, address.as_str())?;
        }
        Ok(())
    }
}

/// The order in which a block's status may change.
pub(crate) fn rank(status: BlockStatus) -> u8 {
    match status {
        BlockStatus::HeaderOnly => 0,
        BlockStatus::Stored => 1,
        BlockStatus::Invalid => 2,
    }
}
