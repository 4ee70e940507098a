//! The tables of the database.
//!
//! All tables have keys and values of one type, plain bytes. redb's code is instantiated for each pair of types, and a
//! tab would have to load each instance.

use crate::StoreError;
use borsh::BorshDeserialize;
use fedcoin_consensus::ChainParams;
use fedcoin_primitives::codec;
use fedcoin_primitives::{BlockId, NetworkId};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};

/// The format that this program writes. Formats begin at 1.
pub(crate) const VERSION: u32 = 4;

/// The type of all keys and values in redb. They sort by their bytes.
pub(crate) type Bytes = &'static [u8];

/// A table's name and types.
pub(crate) type Table = TableDefinition<'static, Bytes, Bytes>;

/// The network, the tip and other single values, by the names below.
pub(crate) const META: Table = Table::new("meta");
/// Block id to header and status ([`crate::record::header_record`]).
pub(crate) const HEADERS: Table = Table::new("headers");
/// Block id to encoded block.
pub(crate) const BLOCKS: Table = Table::new("blocks");
/// Block id to encoded undo data with its checksum ([`crate::record::undo_record`]).
pub(crate) const UNDOS: Table = Table::new("undos");
/// Outpoint ([`crate::record::outpoint_key`]) to encoded unspent output.
pub(crate) const UTXOS: Table = Table::new("utxos");
/// Payment id to position in the mempool's order and encoded payment ([`crate::record::pool_record`]).
pub(crate) const MEMPOOL: Table = Table::new("mempool");
/// Position in the list, four bytes, big-endian, to address.
pub(crate) const ADDRESSES: Table = Table::new("addresses");

/// Format version, four bytes.
pub(crate) const META_VERSION: &str = "version";
/// The network's id.
pub(crate) const META_NETWORK: &str = "network";
/// The network's encoded parameters, whose first field names a foreign network in the error.
pub(crate) const META_PARAMS: &str = "params";
/// The primary chain's tip.
pub(crate) const META_TIP: &str = "tip";
/// What a block on the tip must commit to, encoded.
pub(crate) const META_COMMITMENTS: &str = "commitments";

/// Prepares a new database. Refuses one of another format or another network.
pub(crate) fn prepare(database: &Database, params: &ChainParams) -> Result<(), StoreError> {
    match version(database)? {
        None => initialize(database, params),
        Some(found) if found > VERSION => Err(StoreError::Newer { found, supported: VERSION }),
        Some(1) => Err(StoreError::Older { found: 1, supported: VERSION }),
        // The network comes first: a chain of other rules is of no use in any format.
        Some(found) => match check_network(&database.begin_read()?.open_table(META)?, params) {
            Ok(()) if found < VERSION => Err(StoreError::Older { found, supported: VERSION }),
            checked => checked,
        },
    }
}

/// Reads the block id under a name of [`META`], if there is one.
pub(crate) fn block_id(meta: &impl ReadableTable<Bytes, Bytes>, name: &str) -> Result<Option<BlockId>, StoreError> {
    let Some(bytes) = meta.get(name.as_bytes())? else { return Ok(None) };
    match <[u8; 32]>::try_from(bytes.value()) {
        Ok(id) => Ok(Some(BlockId(id))),
        Err(_) => Err(StoreError::corrupt(format!("a senseless {name}"))),
    }
}

/// Reads the stored format, or `None` from a new database.
fn version(database: &Database) -> Result<Option<u32>, StoreError> {
    let read = database.begin_read()?;
    let meta = match read.open_table(META) {
        Ok(meta) => meta,
        Err(TableError::TableDoesNotExist(_)) if read.list_tables()?.next().is_none() => return Ok(None),
        // Format 1 used other types.
        Err(TableError::TableTypeMismatch { .. }) => return Ok(Some(1)),
        Err(e) => return Err(e.into()),
    };
    let version = meta.get(META_VERSION.as_bytes())?.ok_or_else(|| StoreError::corrupt("no format version"))?;
    match <[u8; 4]>::try_from(version.value()).map(u32::from_be_bytes) {
        // Format 1 was refused before.
        Ok(0 | 1) | Err(_) => Err(StoreError::corrupt("an invalid format version")),
        Ok(version) => Ok(Some(version)),
    }
}

/// Writes what identifies the store, and all tables.
fn initialize(database: &Database, params: &ChainParams) -> Result<(), StoreError> {
    let write = database.begin_write()?;
    {
        let mut meta = write.open_table(META)?;
        meta.insert(META_VERSION.as_bytes(), VERSION.to_be_bytes().as_slice())?;
        meta.insert(META_NETWORK.as_bytes(), params.network_id().0.as_slice())?;
        meta.insert(META_PARAMS.as_bytes(), codec::encode(params).as_slice())?;
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

/// Refuses a store of another network.
fn check_network(meta: &impl ReadableTable<Bytes, Bytes>, params: &ChainParams) -> Result<(), StoreError> {
    let network = meta.get(META_NETWORK.as_bytes())?.ok_or_else(|| StoreError::corrupt("no network id"))?;
    let Ok(stored) = <[u8; 32]>::try_from(network.value()).map(NetworkId) else {
        return Err(StoreError::corrupt("an invalid network id"));
    };
    let expected = params.network_id();
    if stored == expected {
        return Ok(());
    }
    let bytes = meta.get(META_PARAMS.as_bytes())?.ok_or_else(|| StoreError::corrupt("no network rules"))?;
    // The other fields may be those of an older program.
    let name = String::deserialize(&mut bytes.value()).map_err(|_| StoreError::corrupt("invalid network rules"))?;
    let got = label(&name, stored);
    let got = if name == params.name { format!("{got} with other rules") } else { got };
    Err(StoreError::OtherNetwork { expected: label(&params.name, expected), got })
}

/// A network's name and the first digits of its id: two networks may share a name.
fn label(name: &str, id: NetworkId) -> String {
    format!("{name} ({})", &id.to_string()[..8])
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
        write.open_table(META).unwrap().insert(key.as_bytes(), value).unwrap();
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
    fn another_format_is_refused() {
        let params = ChainParams::regtest();
        let database = prepared(&params);
        set_meta(&database, META_VERSION, &9_u32.to_be_bytes());
        assert_eq!(prepare(&database, &params), Err(StoreError::Newer { found: 9, supported: VERSION }));
        set_meta(&database, META_VERSION, &2_u32.to_be_bytes());
        assert_eq!(prepare(&database, &params), Err(StoreError::Older { found: 2, supported: VERSION }));
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
    fn a_chain_from_before_the_rules_changed_is_refused_by_name() {
        let database = prepared(&ChainParams::main());
        // Versions without a number of the rules stored the name, then the genesis block's amount and so on.
        let mut before = codec::encode(&ChainParams::main());
        let name = 4 + "main".len();
        before.drain(name..name + 2);
        set_meta(&database, META_PARAMS, &before);
        set_meta(&database, META_NETWORK, &[7; 32]);
        for version in [VERSION, VERSION - 1] {
            set_meta(&database, META_VERSION, &version.to_be_bytes());
            let text = prepare(&database, &ChainParams::main()).unwrap_err().to_string();
            assert!(text.contains("belongs to network main (07070707) with other rules, not to main ("), "{text}");
        }
    }

    #[test]
    fn invalid_values_are_damage() {
        let params = ChainParams::regtest();
        for (key, value) in [
            (META_VERSION, [0; 4].as_slice()),
            (META_VERSION, &[0, 0, 0, 1]),
            (META_VERSION, &[2]),
            (META_NETWORK, &[1; 5]),
        ] {
            let database = prepared(&params);
            set_meta(&database, key, value);
            assert!(matches!(prepare(&database, &params), Err(StoreError::Corrupt { .. })), "{key} {value:?}");
        }
    }

    #[test]
    fn the_first_format_had_tables_of_other_types() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        let write = database.begin_write().unwrap();
        write.open_table(TableDefinition::<&str, &[u8]>::new("meta")).unwrap();
        write.commit().unwrap();
        assert_eq!(
            prepare(&database, &ChainParams::regtest()),
            Err(StoreError::Older { found: 1, supported: VERSION })
        );
    }

    #[test]
    fn a_foreign_database_is_damage() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        let write = database.begin_write().unwrap();
        write.open_table(TableDefinition::<u32, u32>::new("other")).unwrap();
        write.commit().unwrap();
        assert!(matches!(prepare(&database, &ChainParams::regtest()), Err(StoreError::Corrupt { .. })));
    }
}
