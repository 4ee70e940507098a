use crate::StoreError;
use crate::record::{array, decode, outpoint, pool_entry, stored_header};
use crate::schema;
use fedcoin_chain::{Snapshot, StoredHeader};
use fedcoin_consensus::ledger::Utxo;
use fedcoin_primitives::{BlockId, Identified, OutPoint, Payment};
use fedcoin_wire::PeerAddress;
use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable};

/// Reads everything in the database except blocks and undo data, and the first free position in the mempool's order.
pub(crate) fn read(database: &Database, genesis: BlockId) -> Result<(Snapshot, u64), StoreError> {
    let read = database.begin_read()?;
    let (payments, next_place) = payments(&read)?;
    let meta = read.open_table(schema::META)?;
    let commitments = meta.get(schema::META_COMMITMENTS.as_bytes())?;
    let snapshot = Snapshot {
        headers: headers(&read, genesis)?,
        tip: schema::block_id(&meta, schema::META_TIP)?,
        commitments: commitments.map(|bytes| decode("commitments", bytes.value())).transpose()?,
        utxos: utxos(&read)?,
        payments,
        addresses: addresses(&read)?,
    };
    Ok((snapshot, next_place))
}

fn headers(read: &ReadTransaction, genesis: BlockId) -> Result<Vec<StoredHeader>, StoreError> {
    let mut headers = Vec::new();
    for entry in read.open_table(schema::HEADERS)?.iter()? {
        let (id, record) = entry?;
        let (header, status) = stored_header(record.value())?;
        let header = Identified::from(header);
        let id = BlockId(array("header's id", id.value())?);
        if header.id() != id {
            return Err(StoreError::corrupt(format!("header {id} does not match its id")));
        }
        if id != genesis {
            headers.push(StoredHeader { header, status });
        }
    }
    Ok(headers)
}

fn utxos(read: &ReadTransaction) -> Result<Vec<(OutPoint, Utxo)>, StoreError> {
    let mut utxos = Vec::new();
    for entry in read.open_table(schema::UTXOS)?.iter()? {
        let (key, value) = entry?;
        utxos.push((outpoint(&array("outpoint", key.value())?), decode("unspent output", value.value())?));
    }
    Ok(utxos)
}

/// The mempool in order of entry: parents come before children.
fn payments(read: &ReadTransaction) -> Result<(Vec<Payment>, u64), StoreError> {
    let mut placed = Vec::new();
    for entry in read.open_table(schema::MEMPOOL)?.iter()? {
        let (_, value) = entry?;
        let (place, bytes) = pool_entry(value.value())?;
        placed.push((place, decode::<Payment>("payment", bytes)?));
    }
    placed.sort_by_key(|(place, _)| *place);
    let next_place = placed.last().map_or(0, |(place, _)| place.saturating_add(1));
    Ok((placed.into_iter().map(|(_, payment)| payment).collect(), next_place))
}

fn addresses(read: &ReadTransaction) -> Result<Vec<PeerAddress>, StoreError> {
    let mut addresses = Vec::new();
    for entry in read.open_table(schema::ADDRESSES)?.iter()? {
        let (_, text) = entry?;
        let text = str::from_utf8(text.value()).map_err(|e| StoreError::corrupt(format!("peer address: {e}")))?;
        addresses.push(text.parse().map_err(|e| StoreError::corrupt(format!("peer address: {e}")))?);
    }
    Ok(addresses)
}
