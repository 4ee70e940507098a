//! Where a tab keeps its chain: in the browser's private file system, else in memory. Chain and wallet belong to a
//! slot ([`slots::Slot`]), which one worker holds for as long as it lives.

mod claim;
pub mod folder;
pub mod opening;
pub mod opfs;
pub mod slots;
mod web_lock;

use crate::messages::{MemoryReason, StorageKind, StorageState};
use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::ChainParams;
use fedcoin_store::{Store, StoreError, StoreOptions};
use folder::Folder;
use opening::Opening;
use opfs::OpfsBackend;
use redb::StorageBackend;
use redb::backends::InMemoryBackend;
use slots::Slot;
use std::io::ErrorKind;
use std::rc::Rc;

/// A store, open.
#[derive(Debug)]
pub struct Storage {
    /// The store; field order matters, here and below: it is closed before its slot is let go.
    pub store: Store,
    backend: Backend,
    set_aside: Option<(String, String)>,
    slot: Rc<Slot>,
}

#[derive(Debug)]
enum Backend {
    Opfs { file: OpfsBackend, folder: Folder },
    Memory(MemoryReason),
}

/// An open chain file of a slot.
struct ChainFile {
    store: Store,
    snapshot: Snapshot,
    file: OpfsBackend,
    set_aside: Option<(String, String)>,
}

impl Storage {
    /// Opens a slot's chain file.
    ///
    /// A file that cannot be used is set aside (only the latest one is kept) and a new one created. Without a private
    /// file system, or if there is a reason not to use it, the chain is kept in memory. `opening` reports progress.
    ///
    /// # Errors
    /// [`StoreError`] if not even a store in memory can be created.
    pub async fn open(
        params: &ChainParams,
        slot: &Rc<Slot>,
        memory: Option<MemoryReason>,
        opening: &Rc<Opening>,
    ) -> Result<(Self, Snapshot), StoreError> {
        let slot = Rc::clone(slot);
        let reason = match memory.or_else(|| slot.without_file()) {
            Some(reason) => reason,
            None => match open_folder(params, &slot, opening).await {
                Ok((file, folder)) => return Ok(Self::in_file(file, folder, slot)),
                Err(StoreError::Io { kind: ErrorKind::Unsupported, .. }) => MemoryReason::NotSupported,
                Err(error) if is_full(&error) => MemoryReason::Full,
                Err(error) => MemoryReason::Refused(error.to_string()),
            },
        };
        Self::in_memory(params, reason, slot)
    }

    /// Sets the current file aside and creates a new one, because its content is damaged.
    ///
    /// # Errors
    /// [`StoreError`] if the new one cannot be created.
    pub async fn begin_afresh(
        self,
        params: &ChainParams,
        why: String,
        opening: &Rc<Opening>,
    ) -> Result<(Self, Snapshot), StoreError> {
        drop(self.store);
        match self.backend {
            Backend::Opfs { folder, .. } => {
                let old = folder.set_aside().await.map_err(io_error)?;
                Ok(Self::in_file(open_file(params, &folder, Some((old, why)), opening).await?, folder, self.slot))
            }
            Backend::Memory(reason) => Self::in_memory(params, reason, self.slot),
        }
    }

    /// Makes the next start create a new file, because the current one's content is damaged.
    pub async fn set_aside(&self) {
        if let Backend::Opfs { folder, .. } = &self.backend {
            // If even this fails, the next start finds the same file and reports the same error.
            let _ = folder.set_aside().await;
        }
    }

    /// Where the chain is stored, for the page.
    #[must_use]
    pub fn state(&self) -> StorageState {
        let (kind, bytes) = match &self.backend {
            Backend::Opfs { file, .. } => (StorageKind::Opfs, file.size().unwrap_or(0)),
            Backend::Memory(reason) => (StorageKind::Memory(reason.clone()), 0),
        };
        StorageState { kind, bytes, set_aside: self.set_aside.clone() }
    }

    fn in_file(opened: ChainFile, folder: Folder, slot: Rc<Slot>) -> (Self, Snapshot) {
        let ChainFile { store, snapshot, file, set_aside } = opened;
        (Self { store, backend: Backend::Opfs { file, folder }, set_aside, slot }, snapshot)
    }

    fn in_memory(params: &ChainParams, reason: MemoryReason, slot: Rc<Slot>) -> Result<(Self, Snapshot), StoreError> {
        let (store, snapshot) = open_indexed(InMemoryBackend::new(), params)?;
        Ok((Self { store, backend: Backend::Memory(reason), set_aside: None, slot }, snapshot))
    }
}

/// Opens the slot's folder and its chain file.
async fn open_folder(
    params: &ChainParams,
    slot: &Slot,
    opening: &Rc<Opening>,
) -> Result<(ChainFile, Folder), StoreError> {
    let folder = Folder::open(&params.network_id().to_string(), slot).await.map_err(io_error)?;
    Ok((open_file(params, &folder, None, opening).await?, folder))
}

/// Opens the slot's chain file, or creates a new one in place of an unusable one.
async fn open_file(
    params: &ChainParams,
    folder: &Folder,
    mut set_aside: Option<(String, String)>,
    opening: &Rc<Opening>,
) -> Result<ChainFile, StoreError> {
    if folder.crashed_while_opening() {
        let old = folder.set_aside().await.map_err(io_error)?;
        set_aside = Some((old, "the program stopped each time it opened the file".into()));
    }
    loop {
        folder.opening().map_err(io_error)?;
        let file = folder.open_chain().await.map_err(io_error)?;
        let watched = opening.watch(file.clone()).map_err(io_error)?;
        let opened = open_indexed(watched, params);
        folder.opened().map_err(io_error)?;
        match opened {
            Ok((store, snapshot)) => return Ok(ChainFile { store, snapshot, file, set_aside }),
            Err(e) => {
                file.close();
                // A new file is neither damaged nor foreign: there are never more than two rounds.
                if set_aside.is_some() || matches!(e, StoreError::Io { .. } | StoreError::InUse) {
                    return Err(e);
                }
                let old = folder.set_aside().await.map_err(io_error)?;
                set_aside = Some((old, e.to_string()));
            }
        }
    }
}

/// Whether the browser's storage, or the disk, is full.
pub(crate) fn is_full(error: &StoreError) -> bool {
    matches!(error, StoreError::Io { kind: ErrorKind::QuotaExceeded | ErrorKind::StorageFull, .. })
}

/// Opens a store with an index of transactions. A store without one gets it now.
fn open_indexed(backend: impl StorageBackend, params: &ChainParams) -> Result<(Store, Snapshot), StoreError> {
    let options = StoreOptions { index: true, ..StoreOptions::default() };
    let (store, snapshot) = Store::open_with(backend, params, options)?;
    store.catch_up(|_, _| {})?;
    Ok((store, snapshot))
}

fn io_error(error: std::io::Error) -> StoreError {
    StoreError::Io { kind: error.kind(), problem: error.to_string() }
}
