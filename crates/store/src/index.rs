//! Locations of transactions in the primary chain, by id and by the addresses they touch.
//!
//! The index is optional and is written together with the chain. It knows its last block: from there it rolls back to
//! the fork point, then applies blocks up to the new tip. A new index, or one that an older program left behind,
//! catches up in the same way.

use crate::StoreError;
use crate::record::{self, array, stored_header};
use crate::schema::{self, Table};
use fedcoin_primitives::units::Height;
use fedcoin_primitives::{Address, Block, BlockId, TxId};
use redb::{ReadTransaction, ReadableTable, TableError, WriteTransaction};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Bound;

/// The first bytes of an id or address, then height and index, big-endian. Equal first bytes are rare, and the block
/// itself shows which id or address it is.
type Key = [u8; 16];

/// [`Key`]s of ids; the values are empty.
pub(crate) const TRANSACTIONS: Table = Table::new("transactions");
/// [`Key`]s of addresses; the values are empty.
pub(crate) const HISTORY: Table = Table::new("history");
/// The last block that the index holds.
pub(crate) const META_INDEXED: &str = "indexed";

/// The location of a transaction in the primary chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TxLocation {
    /// Its block's height.
    pub height: Height,
    /// Its index in the block: 0 is the coinbase, then come the payments.
    pub position: u32,
}

/// The path from one tip to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChainPath {
    /// Blocks to disconnect, highest first.
    disconnect: Vec<BlockId>,
    /// Blocks to connect, lowest first.
    pub(crate) connect: Vec<BlockId>,
}

/// The path from the index's last block to the stored tip.
pub(crate) fn path(write: &WriteTransaction) -> Result<ChainPath, StoreError> {
    let meta = write.open_table(schema::META)?;
    let Some(tip) = schema::block_id(&meta, schema::META_TIP)? else { return Ok(ChainPath::default()) };
    let indexed = schema::block_id(&meta, META_INDEXED)?;
    let headers = write.open_table(schema::HEADERS)?;
    ChainPath::between(indexed, tip, |id| {
        let Some(record) = headers.get(id.0.as_slice())? else { return Ok(None) };
        Ok(Some(stored_header(record.value())?.0.previous))
    })
}

/// Applies a path that begins at the index's last block.
pub(crate) fn apply(write: &WriteTransaction, path: &ChainPath) -> Result<(), StoreError> {
    let Some(last) = path.connect.last().or(path.disconnect.last()) else { return Ok(()) };
    let (off, on) = (Entries::of(write, &path.disconnect)?, Entries::of(write, &path.connect)?);
    for (definition, off, on) in [(TRANSACTIONS, off.transactions, on.transactions), (HISTORY, off.history, on.history)]
    {
        let mut table = write.open_table(definition)?;
        off.iter().try_for_each(|key| table.remove(key.as_slice()).map(|_| ()))?;
        on.iter().try_for_each(|key| table.insert(key.as_slice(), [].as_slice()).map(|_| ()))?;
    }
    let indexed = if path.connect.is_empty() { block(write, last)?.header.previous } else { *last };
    write.open_table(schema::META)?.insert(META_INDEXED.as_bytes(), indexed.0.as_slice())?;
    Ok(())
}

/// Locations of the transactions whose ids begin like this one; rarely more than one.
pub(crate) fn transactions(read: &ReadTransaction, txid: &TxId) -> Result<Vec<TxLocation>, StoreError> {
    newest(read, TRANSACTIONS, &txid.0, None, usize::MAX)
}

/// Locations of transactions whose ids begin with these bytes, at most 8 of which count; at most `limit`.
pub(crate) fn transactions_from(
    read: &ReadTransaction,
    first: &[u8],
    limit: usize,
) -> Result<Vec<TxLocation>, StoreError> {
    let table = match read.open_table(TRANSACTIONS) {
        Ok(table) => table,
        // Nothing was written yet.
        Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let (mut from, mut to): (Key, Key) = ([0; 16], [u8::MAX; 16]);
    let first = &first[..first.len().min(8)];
    from[..first.len()].copy_from_slice(first);
    to[..first.len()].copy_from_slice(first);
    let found = table.range::<&[u8]>(from.as_slice()..=to.as_slice())?;
    found.take(limit).map(|entry| Ok(location(&array("index entry", entry?.0.value())?))).collect()
}

/// The newest transactions before `before` of an address, and of addresses that begin like it.
pub(crate) fn history(
    read: &ReadTransaction,
    address: &Address,
    before: Option<TxLocation>,
    limit: usize,
) -> Result<Vec<TxLocation>, StoreError> {
    newest(read, HISTORY, &address.0, before, limit)
}

fn newest(
    read: &ReadTransaction,
    definition: Table,
    of: &[u8],
    before: Option<TxLocation>,
    limit: usize,
) -> Result<Vec<TxLocation>, StoreError> {
    let table = match read.open_table(definition) {
        Ok(table) => table,
        // Nothing was written yet.
        Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let first = key(of, TxLocation { height: Height::GENESIS, position: 0 });
    let end = match before {
        Some(before) => Bound::Excluded(key(of, before)),
        None => Bound::Included(key(of, TxLocation { height: Height(u32::MAX), position: u32::MAX })),
    };
    let found = table.range::<&[u8]>((Bound::Included(first.as_slice()), end.as_ref().map(Key::as_slice)))?;
    found.rev().take(limit).map(|entry| Ok(location(&array("index entry", entry?.0.value())?))).collect()
}

impl ChainPath {
    /// Searches the fork from both ends at once. It costs as much as the longer side, whatever the length of the chain
    /// below. `parent` returns no parent for genesis.
    fn between(
        from: Option<BlockId>,
        to: BlockId,
        parent: impl Fn(&BlockId) -> Result<Option<BlockId>, StoreError>,
    ) -> Result<Self, StoreError> {
        let (mut off, mut on) = (Trail::default(), Trail::default());
        from.into_iter().for_each(|id| off.push(id));
        on.push(to);
        loop {
            if on.cut_where_it_meets(&mut off) || off.cut_where_it_meets(&mut on) {
                break;
            }
            let moved = on.go_on(&parent)? | off.go_on(&parent)?;
            if !moved && from.is_some() {
                return Err(StoreError::corrupt("the index and the chain have no common block"));
            }
            if !moved {
                // Remove the parent of genesis, which is not a block.
                on.ids.pop();
                break;
            }
        }
        on.ids.reverse();
        Ok(Self { disconnect: off.ids, connect: on.ids })
    }

    /// Splits the path into parts that connect at most this many blocks each.
    pub(crate) fn parts(mut self, blocks: usize) -> Vec<Self> {
        if self.connect.len() <= blocks {
            return if self == Self::default() { Vec::new() } else { vec![self] };
        }
        let off = std::mem::take(&mut self.disconnect);
        let mut parts: Vec<Self> =
            self.connect.chunks(blocks).map(|on| Self { disconnect: Vec::new(), connect: on.to_vec() }).collect();
        if let Some(first) = parts.first_mut() {
            first.disconnect = off;
        }
        parts
    }
}

/// A walk from one block downwards.
#[derive(Default)]
struct Trail {
    ids: Vec<BlockId>,
    at: HashMap<BlockId, usize>,
}

impl Trail {
    fn push(&mut self, id: BlockId) {
        self.at.insert(id, self.ids.len());
        self.ids.push(id);
    }

    /// One block further down, if there is one.
    fn go_on(&mut self, parent: impl Fn(&BlockId) -> Result<Option<BlockId>, StoreError>) -> Result<bool, StoreError> {
        let Some(last) = self.ids.last() else { return Ok(false) };
        let Some(below) = parent(last)? else { return Ok(false) };
        self.push(below);
        Ok(true)
    }

    /// Whether this walk's end is on the other walk. Then both end above it.
    fn cut_where_it_meets(&mut self, other: &mut Self) -> bool {
        let Some(at) = self.ids.last().and_then(|last| other.at.get(last)) else { return false };
        other.ids.truncate(*at);
        self.ids.pop();
        true
    }
}

/// The keys of the transactions of a series of blocks, sorted, so that writing them walks each table once.
#[derive(Default)]
struct Entries {
    transactions: Vec<Key>,
    history: Vec<Key>,
}

impl Entries {
    fn of(write: &WriteTransaction, blocks: &[BlockId]) -> Result<Self, StoreError> {
        let mut entries = Self::default();
        for id in blocks {
            entries.add(&block(write, id)?);
        }
        entries.transactions.sort_unstable();
        entries.history.sort_unstable();
        // A payment may touch an address more than once.
        entries.history.dedup();
        Ok(entries)
    }

    fn add(&mut self, block: &Block) {
        let height = block.coinbase.height;
        let coinbase = TxLocation { height, position: 0 };
        self.transactions.push(key(&block.coinbase.txid().0, coinbase));
        self.history.push(key(&block.coinbase.output.recipient.0, coinbase));
        for (position, payment) in (1..).zip(&block.payments) {
            let location = TxLocation { height, position };
            self.transactions.push(key(&payment.txid().0, location));
            self.history.push(key(&payment.unsigned.sender.address().0, location));
            self.history.extend(payment.unsigned.outputs.iter().map(|output| key(&output.recipient.0, location)));
        }
    }
}

fn block(write: &WriteTransaction, id: &BlockId) -> Result<Block, StoreError> {
    let blocks = write.open_table(schema::BLOCKS)?;
    let bytes = blocks.get(id.0.as_slice())?;
    let missing = || StoreError::corrupt(format!("block {id} of the primary chain is not stored"));
    record::block(id, bytes.ok_or_else(missing)?.value())
}

fn key(of: &[u8], location: TxLocation) -> Key {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&of[..8]);
    key[8..12].copy_from_slice(&location.height.0.to_be_bytes());
    key[12..].copy_from_slice(&location.position.to_be_bytes());
    key
}

fn location(key: &Key) -> TxLocation {
    let number = |at: usize| u32::from_be_bytes([key[at], key[at + 1], key[at + 2], key[at + 3]]);
    TxLocation { height: Height(number(8)), position: number(12) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree given by its parents. Block 0 has a parent that is not a block.
    fn path(parents: &[u8], from: Option<u8>, to: u8) -> (Vec<u8>, Vec<u8>) {
        let id = |n: u8| BlockId([n; 32]);
        let parent = |of: &BlockId| Ok(parents.get(of.0[0] as usize).map(|parent| id(*parent)));
        let path = ChainPath::between(from.map(id), id(to), parent).unwrap();
        let plain = |ids: Vec<BlockId>| ids.iter().map(|id| id.0[0]).collect();
        (plain(path.disconnect), plain(path.connect))
    }

    #[test]
    fn paths_lead_through_the_fork_point() {
        // 0 - 1 - 2 - 3 - 4 and 1 - 5 - 6
        let tree = [255, 0, 1, 2, 3, 1, 5];
        assert_eq!(path(&tree, None, 2), (vec![], vec![0, 1, 2]));
        assert_eq!(path(&tree, Some(1), 4), (vec![], vec![2, 3, 4]));
        assert_eq!(path(&tree, Some(4), 4), (vec![], vec![]));
        assert_eq!(path(&tree, Some(4), 6), (vec![4, 3, 2], vec![5, 6]));
        assert_eq!(path(&tree, Some(6), 4), (vec![6, 5], vec![2, 3, 4]));
        assert_eq!(path(&tree, Some(4), 0), (vec![4, 3, 2, 1], vec![]));
    }

    #[test]
    fn keys_contain_locations() {
        let here = TxLocation { height: Height(0x0102_0304), position: 0x0506_0708 };
        assert_eq!(location(&key(&[9; 32], here)), here);
        let later = TxLocation { height: Height(0x0102_0305), position: 0 };
        assert!(key(&[9; 20], here) < key(&[9; 20], later));
    }
}
