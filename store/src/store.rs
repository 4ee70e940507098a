use crate::apply::Writer;
use crate::record;
use crate::{StoreError, StoreOptions, schema, snapshot};
use fedcoin_node::chain::{ChangeSet, Snapshot};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, BlockId};
use fedcoin_node::{Durability, LoadedBlock};
use redb::{Builder, Database, ReadableDatabase, StorageBackend};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A node's lasting state in redb; see the crate's documentation.
///
/// Reading and writing take `&self`: reads run on any number of threads beside one write, writes
/// wait for each other. After [`StoreError::Io`] from a write the store must be dropped and opened
/// again; what it then holds is whole.
#[derive(Debug)]
pub struct Store {
    database: Database,
    options: StoreOptions,
    writing: Mutex<Writing>,
}

/// What writes need to know of those before them.
#[derive(Debug)]
struct Writing {
    /// Commits that are not on disk yet.
    eventual_commits: u32,
    /// Bytes written by them.
    eventual_bytes: u64,
    /// First free place in the mempool's order.
    next_place: u64,
}

impl Store {
    /// Opens what `backend` holds, or makes it a new store, with the default bounds.
    ///
    /// # Errors
    /// [`StoreError`]: one variant per reason. The backend is left as it was, apart from what redb
    /// repairs after a crash.
    pub fn open(backend: impl StorageBackend, params: &ChainParams) -> Result<(Self, Snapshot), StoreError> {
        Self::open_with(backend, params, StoreOptions::default())
    }

    /// As [`Store::open`], with bounds of the caller's choice.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(
        backend: impl StorageBackend,
        params: &ChainParams,
        options: StoreOptions,
    ) -> Result<(Self, Snapshot), StoreError> {
        let database = builder(options).create_with_backend(backend)?;
        Self::from_database(database, params, options)
    }

    /// Opens or makes a store in a file, which stays locked against other processes.
    ///
    /// # Errors
    /// As [`Store::open`]; [`StoreError::InUse`] when another process has it open.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn open_file(
        path: &std::path::Path,
        params: &ChainParams,
        options: StoreOptions,
    ) -> Result<(Self, Snapshot), StoreError> {
        let database = builder(options).create(path)?;
        Self::from_database(database, params, options)
    }

    fn from_database(
        database: Database,
        params: &ChainParams,
        options: StoreOptions,
    ) -> Result<(Self, Snapshot), StoreError> {
        schema::prepare(&database, params)?;
        let (snapshot, next_place) = snapshot::read(&database, params.genesis_block().id())?;
        let writing = Writing { eventual_commits: 0, eventual_bytes: 0, next_place };
        Ok((Self { database, options, writing: Mutex::new(writing) }, snapshot))
    }

    /// Commits one change set. With [`Durability::Immediate`] it and all before it are on disk
    /// when this returns; so they are when [`StoreOptions`]' bounds are reached.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`]; nothing of the change set is stored then.
    pub fn apply(&self, changes: &ChangeSet, durability: Durability) -> Result<(), StoreError> {
        let mut writing = self.writing();
        let mut transaction = self.database.begin_write()?;
        let bytes = Writer::new(&transaction).write(changes, &mut writing.next_place)?;
        writing.eventual_commits += 1;
        writing.eventual_bytes = writing.eventual_bytes.saturating_add(bytes);
        if durability == Durability::Immediate || self.is_full(&writing) {
            commit_durably(transaction, &mut writing)
        } else {
            transaction.set_durability(redb::Durability::None)?;
            Ok(transaction.commit()?)
        }
    }

    /// Whether nothing more may wait to be made durable.
    fn is_full(&self, writing: &Writing) -> bool {
        writing.eventual_commits >= self.options.max_eventual_commits
            || writing.eventual_bytes >= self.options.max_eventual_bytes
    }

    /// Puts all that was committed on disk.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn flush(&self) -> Result<(), StoreError> {
        let mut writing = self.writing();
        if writing.eventual_commits == 0 {
            return Ok(());
        }
        commit_durably(self.database.begin_write()?, &mut writing)
    }

    /// The stored blocks with these ids, in the same order, as encoded.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn load(&self, ids: &[BlockId]) -> Result<Vec<Option<LoadedBlock>>, StoreError> {
        let read = self.database.begin_read()?;
        let (blocks, undos) = (read.open_table(schema::BLOCKS)?, read.open_table(schema::UNDOS)?);
        ids.iter()
            .map(|id| {
                let Some(block) = blocks.get(&id.0)? else { return Ok(None) };
                let undo = undos.get(&id.0)?.map(|undo| undo.value().to_vec());
                Ok(Some(LoadedBlock { id: *id, block: block.value().to_vec(), undo }))
            })
            .collect()
    }

    /// The stored block with this id.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn block(&self, id: &BlockId) -> Result<Option<Block>, StoreError> {
        let blocks = self.database.begin_read()?.open_table(schema::BLOCKS)?;
        blocks.get(&id.0)?.map(|bytes| record::decode("block", bytes.value())).transpose()
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        // The counters are valid at any point at which a thread could have panicked.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Store {
    /// Makes the last commits durable if that is still possible; a caller that must know calls
    /// [`Store::flush`] first.
    fn drop(&mut self) {
        drop(self.flush());
    }
}

fn builder(options: StoreOptions) -> Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(options.cache_bytes);
    builder
}

/// Makes this commit and all before it durable. redb's quick repair stays off: it more than doubles
/// the cost of a commit, and without it opening 68 MB after a crash takes 0.16 s instead of 0.11.
fn commit_durably(mut transaction: redb::WriteTransaction, writing: &mut Writing) -> Result<(), StoreError> {
    transaction.set_durability(redb::Durability::Immediate)?;
    transaction.commit()?;
    (writing.eventual_commits, writing.eventual_bytes) = (0, 0);
    Ok(())
}
