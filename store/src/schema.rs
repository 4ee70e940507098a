//! What is in the database, and how older forms of it become the present one.

use crate::StoreError;
use crate::record::{self, HEADER_RECORD_BYTES, OUTPOINT_BYTES};
use fedcoin_node::codec;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{BlockId, NetworkId};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError, WriteTransaction};

/// The format written here. Formats begin at 1.
pub(crate) const VERSION: u32 = 1;

/// `version`, `network`, `params`, `tip`.
pub(crate) const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
/// Block id to header and status.
pub(crate) const HEADERS: TableDefinition<'_, &[u8; 32], &[u8; HEADER_RECORD_BYTES]> = TableDefinition::new("headers");
/// Block id to encoded block.
pub(crate) const BLOCKS: TableDefinition<'_, &[u8; 32], &[u8]> = TableDefinition::new("blocks");
/// Block id to encoded undo data.
pub(crate) const UNDOS: TableDefinition<'_, &[u8; 32], &[u8]> = TableDefinition::new("undos");
/// Outpoint to encoded unspent output.
pub(crate) const UTXOS: TableDefinition<'_, &[u8; OUTPOINT_BYTES], &[u8]> = TableDefinition::new("utxos");
/// Payment id to place in the mempool's order and encoded payment.
pub(crate) const MEMPOOL: TableDefinition<'_, &[u8; 32], (u64, &[u8])> = TableDefinition::new("mempool");
/// Place in the list to address.
pub(crate) const ADDRESSES: TableDefinition<'_, u32, &str> = TableDefinition::new("addresses");

/// Format version, four bytes.
pub(crate) const META_VERSION: &str = "version";
/// The network's id.
pub(crate) const META_NETWORK: &str = "network";
/// The network's encoded rules; they name a foreign network in the error.
pub(crate) const META_PARAMS: &str = "params";
/// The primary chain's last block.
pub(crate) const META_TIP: &str = "tip";

/// One step to the next format.
type Migration = fn(&WriteTransaction) -> Result<(), StoreError>;

/// The step at index `i` turns format `i + 1` into `i + 2`.
const MIGRATIONS: [Migration; VERSION as usize - 1] = [];

/// Makes a new database ready, brings an older one up to date, refuses one that is newer or of
/// another network.
pub(crate) fn prepare(database: &Database, params: &ChainParams) -> Result<(), StoreError> {
    let Some(found) = version(database)? else { return initialize(database, params) };
    if found > VERSION {
        return Err(StoreError::Newer { found, supported: VERSION });
    }
    check_network(database, params)?;
    migrate(database, found, &MIGRATIONS)
}

/// The block id under a name of [`META`], if there is one.
pub(crate) fn block_id(
    meta: &impl ReadableTable<&'static str, &'static [u8]>,
    name: &str,
) -> Result<Option<BlockId>, StoreError> {
    let Some(bytes) = meta.get(name)? else { return Ok(None) };
    match <[u8; 32]>::try_from(bytes.value()) {
        Ok(id) => Ok(Some(BlockId(id))),
        Err(_) => Err(StoreError::corrupt(format!("a senseless {name}"))),
    }
}

/// The stored format; `None` in a new database.
fn version(database: &Database) -> Result<Option<u32>, StoreError> {
    let read = database.begin_read()?;
    let meta = match read.open_table(META) {
        Ok(meta) => meta,
        Err(TableError::TableDoesNotExist(_)) if read.list_tables()?.next().is_none() => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let version = meta.get(META_VERSION)?.ok_or_else(|| StoreError::corrupt("no format version"))?;
    match <[u8; 4]>::try_from(version.value()).map(u32::from_be_bytes) {
        Ok(0) | Err(_) => Err(StoreError::corrupt("a senseless format version")),
        Ok(version) => Ok(Some(version)),
    }
}

/// Writes what identifies the store, and all tables.
fn initialize(database: &Database, params: &ChainParams) -> Result<(), StoreError> {
    let write = database.begin_write()?;
    {
        let mut meta = write.open_table(META)?;
        meta.insert(META_VERSION, VERSION.to_be_bytes().as_slice())?;
        meta.insert(META_NETWORK, params.network_id().0.as_slice())?;
        meta.insert(META_PARAMS, codec::encode(params).as_slice())?;
        write.open_table(HEADERS)?;
        write.open_table(BLOCKS)?;
        write.open_table(UNDOS)?;
        write.open_table(UTXOS)?;
        write.open_table(MEMPOOL)?;
        write.open_table(ADDRESSES)?;
    }
    write.commit()?;
    Ok(())
}

fn check_network(database: &Database, params: &ChainParams) -> Result<(), StoreError> {
    let meta = database.begin_read()?.open_table(META)?;
    let network = meta.get(META_NETWORK)?.ok_or_else(|| StoreError::corrupt("no network id"))?;
    let Ok(stored) = <[u8; 32]>::try_from(network.value()).map(NetworkId) else {
        return Err(StoreError::corrupt("a senseless network id"));
    };
    let expected = params.network_id();
    if stored == expected {
        return Ok(());
    }
    let bytes = meta.get(META_PARAMS)?.ok_or_else(|| StoreError::corrupt("no network rules"))?;
    let other: ChainParams = record::decode("network rules", bytes.value())?;
    Err(StoreError::OtherNetwork { expected: label(&params.name, expected), got: label(&other.name, stored) })
}

/// A network's name and the first digits of its id: two networks may share a name.
fn label(name: &str, id: NetworkId) -> String {
    format!("{name} ({})", &id.to_string()[..8])
}

/// Takes all steps from format `found` on in one transaction: a crash leaves the old format.
fn migrate(database: &Database, found: u32, steps: &[Migration]) -> Result<(), StoreError> {
    let pending = steps.get(found as usize - 1..).unwrap_or_default();
    if pending.is_empty() {
        return Ok(());
    }
    let write = database.begin_write()?;
    for step in pending {
        step(&write)?;
    }
    let newest = found + u32::try_from(pending.len()).unwrap_or(u32::MAX);
    write.open_table(META)?.insert(META_VERSION, newest.to_be_bytes().as_slice())?;
    write.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use redb::backends::InMemoryBackend;

    fn prepared(params: &ChainParams) -> Database {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        prepare(&database, params).unwrap();
        database
    }

    fn set_meta(database: &Database, key: &str, value: &[u8]) {
        let write = database.begin_write().unwrap();
        write.open_table(META).unwrap().insert(key, value).unwrap();
        write.commit().unwrap();
    }

    #[test]
    fn a_prepared_store_is_accepted_again() {
        let params = ChainParams::regtest();
        let database = prepared(&params);
        assert_eq!(prepare(&database, &params), Ok(()));
        assert_eq!(version(&database), Ok(Some(VERSION)));
    }

    #[test]
    fn a_newer_format_is_refused() {
        let params = ChainParams::regtest();
        let database = prepared(&params);
        set_meta(&database, META_VERSION, &9_u32.to_be_bytes());
        assert_eq!(prepare(&database, &params), Err(StoreError::Newer { found: 9, supported: VERSION }));
    }

    #[test]
    fn another_network_is_refused_by_name() {
        let database = prepared(&ChainParams::classroom());
        let error = prepare(&database, &ChainParams::regtest()).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, StoreError::OtherNetwork { .. }), "{text}");
        assert!(text.contains("belongs to network classroom (") && text.contains("not to regtest ("), "{text}");
    }

    #[test]
    fn senseless_values_are_damage() {
        let params = ChainParams::regtest();
        for (key, value) in [(META_VERSION, [0; 4].as_slice()), (META_VERSION, &[1]), (META_NETWORK, &[1; 5])] {
            let database = prepared(&params);
            set_meta(&database, key, value);
            assert!(matches!(prepare(&database, &params), Err(StoreError::Corrupt { .. })), "{key} {value:?}");
        }
    }

    #[test]
    fn a_database_of_something_else_is_damage() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        let write = database.begin_write().unwrap();
        write.open_table(TableDefinition::<u32, u32>::new("other")).unwrap();
        write.commit().unwrap();
        assert!(matches!(prepare(&database, &ChainParams::regtest()), Err(StoreError::Corrupt { .. })));
    }

    #[test]
    fn an_older_format_takes_the_steps_it_lacks() {
        fn mark(write: &WriteTransaction, name: &str) -> Result<(), StoreError> {
            write.open_table(META)?.insert(name, b"".as_slice())?;
            Ok(())
        }
        let steps: [Migration; 2] = [|w| mark(w, "1 to 2"), |w| mark(w, "2 to 3")];
        let database = prepared(&ChainParams::regtest());
        set_meta(&database, META_VERSION, &2_u32.to_be_bytes());
        migrate(&database, 2, &steps).unwrap();
        assert_eq!(version(&database), Ok(Some(3)));
        let meta = database.begin_read().unwrap().open_table(META).unwrap();
        assert!(meta.get("1 to 2").unwrap().is_none());
        assert!(meta.get("2 to 3").unwrap().is_some());
        migrate(&database, 3, &steps).unwrap();
        assert_eq!(version(&database), Ok(Some(3)));
    }
}
