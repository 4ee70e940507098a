//! The first format: tables of many types. It becomes the present one when a store is opened.

use crate::record::pool_record;
use crate::schema::{self, Table};
use crate::{StoreError, index};
use fedcoin_node::consensus::ChainParams;
use redb::{Database, Key, ReadableTable, TableDefinition, Value, WriteTransaction};

/// The format's number.
pub(crate) const VERSION: u32 = 1;

const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const HEADERS: TableDefinition<'_, &[u8; 32], &[u8; 89]> = TableDefinition::new("headers");
const BLOCKS: TableDefinition<'_, &[u8; 32], &[u8]> = TableDefinition::new("blocks");
const UNDOS: TableDefinition<'_, &[u8; 32], &[u8]> = TableDefinition::new("undos");
const UTXOS: TableDefinition<'_, &[u8; 36], &[u8]> = TableDefinition::new("utxos");
const MEMPOOL: TableDefinition<'_, &[u8; 32], (u64, &[u8])> = TableDefinition::new("mempool");
const ADDRESSES: TableDefinition<'_, u32, &str> = TableDefinition::new("addresses");

/// Rewrites all tables in one transaction: a crash, or a chain of another network, leaves the old format.
/// The index is made anew from the blocks, as for a store that never had one.
pub(crate) fn rewrite(database: &Database, params: &ChainParams) -> Result<(), StoreError> {
    let write = database.begin_write()?;
    convert(&write, META, schema::META, |name, value| (name.into(), value.into()))?;
    {
        let mut meta = write.open_table(schema::META)?;
        schema::check_network(&meta, params)?;
        meta.insert(schema::META_VERSION.as_bytes(), schema::VERSION.to_be_bytes().as_slice())?;
        meta.remove(index::META_INDEXED.as_bytes())?;
    }
    convert(&write, HEADERS, schema::HEADERS, |id, record| (id.into(), record.into()))?;
    convert(&write, BLOCKS, schema::BLOCKS, |id, block| (id.into(), block.into()))?;
    convert(&write, UNDOS, schema::UNDOS, |id, undo| (id.into(), undo.into()))?;
    convert(&write, UTXOS, schema::UTXOS, |outpoint, utxo| (outpoint.into(), utxo.into()))?;
    convert(&write, MEMPOOL, schema::MEMPOOL, |id, (place, payment)| (id.into(), pool_record(place, payment)))?;
    convert(&write, ADDRESSES, schema::ADDRESSES, |place, text| (place.to_be_bytes().into(), text.into()))?;
    write.delete_table(index::TRANSACTIONS)?;
    write.delete_table(index::HISTORY)?;
    write.commit()?;
    Ok(())
}

/// Gives a table the types of today, entry by entry.
fn convert<K: Key, V: Value>(
    write: &WriteTransaction,
    old: TableDefinition<'static, K, V>,
    new: Table,
    entry: impl for<'a> Fn(K::SelfType<'a>, V::SelfType<'a>) -> (Vec<u8>, Vec<u8>),
) -> Result<(), StoreError> {
    let aside = TableDefinition::<K, V>::new("older");
    write.rename_table(old, aside)?;
    {
        let (from, mut to) = (write.open_table(aside)?, write.open_table(new)?);
        for found in from.iter()? {
            let (key, value) = found?;
            let (key, value) = entry(key.value(), value.value());
            to.insert(key.as_slice(), value.as_slice())?;
        }
    }
    write.delete_table(aside)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{header_record, outpoint_key};
    use crate::{Store, StoreOptions};
    use fedcoin_node::chain::{BlockStatus, Snapshot, StoredHeader};
    use fedcoin_node::codec;
    use fedcoin_node::ledger::{Undo, Utxo};
    use fedcoin_node::primitives::{Block, OutPoint, Payment, PublicKey, Signature, UnsignedPayment};
    use fedcoin_node::units::Height;
    use redb::ReadableDatabase;
    use std::path::Path;

    fn payment(sender: u8) -> Payment {
        let sender = PublicKey::from_bytes([sender; 33]);
        let unsigned = UnsignedPayment { sender, inputs: Vec::new(), outputs: Vec::new(), replaceable: false };
        Payment { unsigned, signature: Signature::from_bytes([3; 64]) }
    }

    /// What [`write`] writes.
    fn content(params: &ChainParams) -> (Block, Snapshot) {
        let mut block = params.genesis_block().clone();
        block.header.time.0 += 1;
        let utxo = Utxo { output: block.coinbase.output, height: Height(1), coinbase: true };
        let snapshot = Snapshot {
            headers: vec![StoredHeader { header: block.header, status: BlockStatus::Stored }],
            tip: Some(block.id()),
            utxos: vec![(OutPoint { txid: block.coinbase.txid(), index: 5 }, utxo)],
            payments: vec![payment(1), payment(2), payment(3)],
            addresses: vec!["a:1".parse().unwrap(), "b:2".parse().unwrap()],
        };
        (block, snapshot)
    }

    /// A store of the network as format 1 had it; its payments are numbered from 254 on.
    fn write(file: &Path, params: &ChainParams) {
        let (block, snapshot) = content(params);
        let write = Database::create(file).unwrap();
        let write = write.begin_write().unwrap();
        let put = |name, value: &[u8]| drop(write.open_table(META).unwrap().insert(name, value).unwrap());
        put(schema::META_VERSION, &[0, 0, 0, 1]);
        put(schema::META_NETWORK, &params.network_id().0);
        put(schema::META_PARAMS, &codec::encode(params));
        put(schema::META_TIP, &block.id().0);
        put(index::META_INDEXED, &[7; 32]);
        write.open_table(HEADERS).unwrap().insert(&block.id().0, &header_record(&snapshot.headers[0])).unwrap();
        write.open_table(BLOCKS).unwrap().insert(&block.id().0, codec::encode(&block).as_slice()).unwrap();
        write.open_table(UNDOS).unwrap().insert(&block.id().0, codec::encode(&Undo::default()).as_slice()).unwrap();
        let (outpoint, utxo) = &snapshot.utxos[0];
        write.open_table(UTXOS).unwrap().insert(&outpoint_key(outpoint), codec::encode(utxo).as_slice()).unwrap();
        for (place, payment) in (254..).zip(&snapshot.payments) {
            let bytes = codec::encode(payment);
            write.open_table(MEMPOOL).unwrap().insert(&payment.txid().0, (place, bytes.as_slice())).unwrap();
        }
        for (place, address) in (0..).zip(&snapshot.addresses) {
            write.open_table(ADDRESSES).unwrap().insert(place, address.as_str()).unwrap();
        }
        write.open_table(TableDefinition::<&[u8; 16], ()>::new("history")).unwrap().insert(&[1; 16], ()).unwrap();
        write.commit().unwrap();
    }

    #[test]
    fn an_old_store_is_rewritten_whole() {
        let (folder, params) = (tempfile::tempdir().unwrap(), ChainParams::regtest());
        let file = folder.path().join("old.redb");
        write(&file, &params);
        let (block, expected) = content(&params);
        for _ in 0..2 {
            let options = StoreOptions { index: true, ..StoreOptions::default() };
            let (store, snapshot) = Store::open_file(&file, &params, options).unwrap();
            assert_eq!(snapshot, expected);
            let loaded = store.load(&[block.id()]).unwrap().pop().flatten().unwrap();
            assert_eq!((loaded.block, loaded.undo), (codec::encode(&block), Some(codec::encode(&Undo::default()))));
        }
    }

    /// For the test of a tab that finds such a file.
    #[test]
    #[ignore = "writes chain-format-1.redb into the folder FIXTURES names; `gzip -9` it into e2e/fixtures"]
    fn write_fixture() {
        let folder = std::env::var_os("FIXTURES").unwrap();
        write(&Path::new(&folder).join("chain-format-1.redb"), &ChainParams::classroom());
    }

    #[test]
    fn an_old_store_of_another_network_stays_as_it_is() {
        let (folder, params) = (tempfile::tempdir().unwrap(), ChainParams::regtest());
        let file = folder.path().join("old.redb");
        write(&file, &params);
        let open = |params: &ChainParams| Store::open_file(&file, params, StoreOptions::default()).map(|_| ());
        assert!(matches!(open(&ChainParams::classroom()), Err(StoreError::OtherNetwork { .. })));
        let database = Database::open(&file).unwrap();
        assert!(database.begin_read().unwrap().open_table(META).is_ok());
    }
}
