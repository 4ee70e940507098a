#[cfg(not(target_arch = "wasm32"))]
use crate::file;
use crate::guard::guarded;
use crate::record;
use crate::write_batch::WriteBatch;
use crate::{StoreError, StoreOptions, TxLocation, index, schema, snapshot};
use fedcoin_chain::{BlockStatus, ChangeSet, Snapshot, StoredHeader};
use fedcoin_chain::{Durability, LoadedBlock};
use fedcoin_consensus::ChainParams;
use fedcoin_primitives::{Address, Block, BlockId, TxId};
use redb::{Builder, Database, ReadOnlyTable, ReadTransaction, ReadableDatabase, StorageBackend};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Number of blocks that the index adds in one write while it catches up: at most 30 MB of keys.
const CATCH_UP_BLOCKS: usize = 100;

/// A node's persistent state in redb; see the crate's documentation.
///
/// Reading and writing take `&self`. Reads run on any number of threads beside one write, and writes wait for each
/// other. Changes that need not be on disk yet stay in memory and are written together, a few times per second during a
/// sync. After [`StoreError::Io`] from a write, drop the store and open it again; its state is then whole.
#[derive(Debug)]
pub struct Store {
    /// `None` only while it is closed.
    database: Option<Database>,
    options: StoreOptions,
    /// The first free position in the mempool's order. The writer holds this lock.
    next_place: Mutex<u64>,
    /// Only the writer changes it.
    pending: RwLock<WriteBatch>,
}

impl Store {
    /// Opens the store on `backend`, or creates a new one, with the default bounds.
    ///
    /// # Errors
    /// [`StoreError`]: one variant per reason. The backend stays unchanged, except for redb's repair after a crash.
    pub fn open(backend: impl StorageBackend, params: &ChainParams) -> Result<(Self, Snapshot), StoreError> {
        Self::open_with(backend, params, StoreOptions::default())
    }

    /// Like [`Store::open`], with the caller's options.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(
        backend: impl StorageBackend,
        params: &ChainParams,
        options: StoreOptions,
    ) -> Result<(Self, Snapshot), StoreError> {
        guarded(|| Self::from_database(builder(options).create_with_backend(backend)?, params, options))
    }

    /// Opens or creates a store in a file, which stays locked against other processes. A process that is killed while
    /// it creates the file leaves none.
    ///
    /// # Errors
    /// Like [`Store::open`], and [`StoreError::InUse`] if another process has the file open.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn open_file(
        path: &std::path::Path,
        params: &ChainParams,
        options: StoreOptions,
    ) -> Result<(Self, Snapshot), StoreError> {
        guarded(|| {
            if !path.exists() {
                file::create(path, params, options)?;
            }
            Self::from_database(builder(options).create(path)?, params, options)
        })
    }

    fn from_database(
        database: Database,
        params: &ChainParams,
        options: StoreOptions,
    ) -> Result<(Self, Snapshot), StoreError> {
        schema::prepare(&database, params)?;
        let (snapshot, next_place) = snapshot::read(&database, params.genesis_block().id())?;
        let (database, next_place) = (Some(database), Mutex::new(next_place));
        Ok((Self { database, options, next_place, pending: RwLock::default() }, snapshot))
    }

    /// Commits one change set. With [`Durability::Immediate`], or when a bound of [`StoreOptions`] is reached, this
    /// change set and all before it are on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`]. The change set is then stored whole or not at all. Open the store
    /// again to find out.
    pub fn apply(&self, changes: &ChangeSet, durability: Durability) -> Result<(), StoreError> {
        guarded(|| {
            let mut next_place = self.next_place.lock().unwrap_or_else(PoisonError::into_inner);
            if !changes.is_empty() {
                let written = self.headers(&changes.invalid)?;
                self.pending_mut().add(changes, &written, &mut next_place);
            }
            if durability == Durability::Immediate || self.pending().is_full(&self.options) {
                self.write()?;
            }
            Ok(())
        })
    }

    /// Writes all commits to disk.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn flush(&self) -> Result<(), StoreError> {
        guarded(|| {
            let _writing = self.next_place.lock().unwrap_or_else(PoisonError::into_inner);
            self.write()
        })
    }

    /// Call this only as the writer. Readers continue meanwhile.
    ///
    /// redb's quick repair stays off. It more than doubles the cost of a commit, and saves little: opening 68 MB after
    /// a crash takes 0.16 s without it and 0.11 s with it.
    fn write(&self) -> Result<(), StoreError> {
        let pending = self.pending();
        if pending.is_empty() {
            return Ok(());
        }
        let transaction = self.database().begin_write()?;
        pending.write(&transaction)?;
        if self.options.index && pending.tip().is_some() {
            index::apply(&transaction, &index::path(&transaction)?)?;
        }
        transaction.commit()?;
        drop(pending);
        *self.pending_mut() = WriteBatch::default();
        Ok(())
    }

    /// Reads the written headers with these ids that no pending change has touched.
    fn headers(&self, ids: &[BlockId]) -> Result<Vec<StoredHeader>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let (pending, table) = (self.pending(), self.database().begin_read()?.open_table(schema::HEADERS)?);
        let untouched = ids.iter().filter(|id| pending.header(id).is_none());
        untouched
            .filter_map(|id| table.get(id.0.as_slice()).transpose())
            .map(|record| {
                let (header, status) = record::stored_header(record?.value())?;
                Ok(StoredHeader { header: header.into(), status })
            })
            .collect()
    }

    /// Reads the encoded stored blocks with these ids, in the same order. Each matches its id.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn load(&self, ids: &[BlockId]) -> Result<Vec<Option<LoadedBlock>>, StoreError> {
        guarded(|| self.loaded(ids))
    }

    fn loaded(&self, ids: &[BlockId]) -> Result<Vec<Option<LoadedBlock>>, StoreError> {
        // Copied before the transaction: a change that is written in between is then seen twice, not missed. Writers
        // need not wait while the rest is read.
        let pending: Vec<_> = {
            let pending = self.pending();
            let owned = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
            ids.iter().map(|id| (owned(pending.block(id)), owned(pending.undo(id)))).collect()
        };
        let read = self.database().begin_read()?;
        let (blocks, undos) = (read.open_table(schema::BLOCKS)?, read.open_table(schema::UNDOS)?);
        let written = |table: &ReadOnlyTable<schema::Bytes, schema::Bytes>, id: &BlockId| {
            Ok::<_, StoreError>(table.get(id.0.as_slice())?.map(|bytes| bytes.value().to_vec()))
        };
        let found = ids.iter().zip(pending).map(|(id, (block, undo))| {
            let Some(block) = block.map_or_else(|| written(&blocks, id), |block| Ok(Some(block)))? else {
                return self.must_be_unknown(id).map(|()| None);
            };
            record::block(id, &block)?;
            let undo = undo.map_or_else(|| written(&undos, id), |undo| Ok(Some(undo)))?;
            let undo = undo.map(|undo| record::undo(id, &undo).map(<[u8]>::to_vec)).transpose()?;
            Ok(Some(LoadedBlock { id: *id, block, undo }))
        });
        found.collect()
    }

    /// A missing block is damage if its header says that it is stored.
    fn must_be_unknown(&self, id: &BlockId) -> Result<(), StoreError> {
        match self.headers(&[*id])?.pop() {
            Some(StoredHeader { status: BlockStatus::Stored, .. }) => {
                Err(StoreError::corrupt(format!("block {id} is missing")))
            }
            _ => Ok(()),
        }
    }

    /// Reads the stored block with this id.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn block(&self, id: &BlockId) -> Result<Option<Block>, StoreError> {
        let loaded = self.load(core::slice::from_ref(id))?.pop().flatten();
        loaded.map(|loaded| record::decode("block", &loaded.block)).transpose()
    }

    /// The primary chain's tip, or `None` in a new store.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn tip(&self) -> Result<Option<BlockId>, StoreError> {
        guarded(|| match self.pending().tip() {
            None => schema::block_id(&self.database().begin_read()?.open_table(schema::META)?, schema::META_TIP),
            tip => Ok(tip),
        })
    }

    /// Brings the index up to the stored chain, after opening a store that was written without it. Reports how many
    /// blocks are done, and of how many. If it is interrupted, the finished part is kept.
    ///
    /// # Errors
    /// [`StoreError`]. Does nothing without [`StoreOptions::index`].
    pub fn catch_up(&self, mut progress: impl FnMut(usize, usize)) -> Result<(), StoreError> {
        if !self.options.index {
            return Ok(());
        }
        guarded(|| {
            let _writing = self.next_place.lock().unwrap_or_else(PoisonError::into_inner);
            self.write()?;
            let looking = self.database().begin_write()?;
            let path = index::path(&looking)?;
            looking.abort()?;
            let (mut done, total) = (0, path.connect.len());
            for part in path.parts(CATCH_UP_BLOCKS) {
                let transaction = self.database().begin_write()?;
                index::apply(&transaction, &part)?;
                transaction.commit()?;
                done += part.connect.len();
                progress(done, total);
            }
            Ok(())
        })
    }

    /// Possible locations of the transaction in the primary chain; rarely more than one. The block shows which is
    /// right.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::NoIndex`] without [`StoreOptions::index`].
    pub fn transaction(&self, txid: &TxId) -> Result<Vec<TxLocation>, StoreError> {
        guarded(|| index::transactions(&self.indexed()?, txid))
    }

    /// Locations of transactions whose ids begin with these bytes, at most 8 of which count; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::NoIndex`] without [`StoreOptions::index`].
    pub fn transactions_from(&self, first: &[u8], limit: usize) -> Result<Vec<TxLocation>, StoreError> {
        guarded(|| index::transactions_from(&self.indexed()?, first, limit))
    }

    /// The newest transactions before `before` that pay from or to the address, newest first, at most `limit`. Rarely
    /// one belongs to another address; the block shows it.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::NoIndex`] without [`StoreOptions::index`].
    pub fn history(
        &self,
        address: &Address,
        before: Option<TxLocation>,
        limit: usize,
    ) -> Result<Vec<TxLocation>, StoreError> {
        guarded(|| index::history(&self.indexed()?, address, before, limit))
    }

    /// A read transaction in which the index contains all commits: pending changes are written first.
    fn indexed(&self) -> Result<ReadTransaction, StoreError> {
        if !self.options.index {
            return Err(StoreError::NoIndex);
        }
        let waits = self.pending().tip().is_some();
        if waits {
            self.flush()?;
        }
        Ok(self.database().begin_read()?)
    }

    fn database(&self) -> &Database {
        self.database.as_ref().expect("open until the store is dropped")
    }

    fn pending(&self) -> RwLockReadGuard<'_, WriteBatch> {
        // The data is consistent wherever a thread could have panicked.
        self.pending.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn pending_mut(&self) -> RwLockWriteGuard<'_, WriteBatch> {
        self.pending.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Store {
    /// Makes the last commits durable if possible. To learn whether that worked, call [`Store::flush`] first.
    fn drop(&mut self) {
        drop(self.flush());
        let database = self.database.take();
        drop(guarded(|| Ok(database.map(Database::close).transpose()?)));
    }
}

/// Opening compares each used page with its checksum in the page above.
pub(crate) fn builder(options: StoreOptions) -> Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(options.cache_bytes).set_check_integrity_on_open(true);
    builder
}
