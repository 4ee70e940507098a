//! Where a tab stores its chain: in its own slot of the browser's private file system, or in memory.

mod claim;
pub mod folder;
pub mod opening;
pub mod opfs;
pub mod slots;
mod web_lock;

use crate::messages::{MemoryReason, StorageKind, StorageState};
use claim::Claim;
use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::ChainParams;
use fedcoin_store::{Store, StoreError, StoreOptions};
use folder::Folder;
use opening::Opening;
use opfs::OpfsBackend;
use redb::StorageBackend;
use redb::backends::InMemoryBackend;
use slots::{MAX_SLOTS, Slot};
use std::io::ErrorKind;
use std::rc::Rc;

/// An open store. Its slot is locked against other tabs for as long as this lives.
#[derive(Debug)]
pub struct Storage {
    /// The slot's number, which also identifies the tab's wallet.
    pub slot: u32,
    /// The store. Field order matters here and below: it must be closed before its slot is released.
    pub store: Store,
    backend: Backend,
    set_aside: Option<(String, String)>,
}

#[derive(Debug)]
enum Backend {
    Opfs { file: OpfsBackend, folder: Folder, slot: Slot },
    Memory { reason: MemoryReason, _hold: Hold },
}

/// Keeps other tabs from the slot while the chain is in memory.
#[derive(Debug)]
enum Hold {
    Slot(#[expect(dead_code, reason = "held, not used")] Slot),
    Claim(#[expect(dead_code, reason = "held, not used")] Claim),
}

/// An open chain file of a slot.
struct ChainFile {
    store: Store,
    snapshot: Snapshot,
    file: OpfsBackend,
    set_aside: Option<(String, String)>,
}

impl Storage {
    /// Opens the tab's slot: its previous one first, otherwise the first free one. `reloaded` says that the old worker
    /// of this tab may still hold it for a moment.
    ///
    /// A file that cannot be used is set aside (only the latest one is kept) and a new one created. Without a private
    /// file system, or if there is a reason not to use it, the chain is kept in memory. `opening` reports progress.
    ///
    /// # Errors
    /// [`StoreError`] if not even a store in memory can be created.
    pub async fn open(
        params: &ChainParams,
        own: Option<u32>,
        reloaded: bool,
        memory: Option<MemoryReason>,
        opening: &Rc<Opening>,
    ) -> Result<(Self, Snapshot), StoreError> {
        let network = params.network_id().to_string();
        let slot = match slots::acquire(&network, own, reloaded).await {
            Ok(slot) => slot,
            Err(reason) => {
                // Numbers below belong to tabs that hold one.
                let first = if matches!(reason, MemoryReason::AllSlotsBusy(_)) { MAX_SLOTS } else { 0 };
                let claim = Claim::take(&network, own, first).await;
                return Self::in_memory(params, reason, claim.slot(), Hold::Claim(claim));
            }
        };
        let reason = match memory {
            Some(reason) => reason,
            None => match open_folder(params, &network, &slot, opening).await {
                Ok((file, folder)) => return Ok(Self::in_file(file, folder, slot)),
                Err(StoreError::Io { kind: ErrorKind::Unsupported, .. }) => MemoryReason::NotSupported,
                Err(error) if is_full(&error) => MemoryReason::Full,
                Err(error) => MemoryReason::Refused(error.to_string()),
            },
        };
        Self::in_memory(params, reason, slot.number(), Hold::Slot(slot))
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
            Backend::Opfs { folder, slot, .. } => {
                let old = folder.set_aside().await.map_err(io_error)?;
                Ok(Self::in_file(open_file(params, &folder, Some((old, why)), opening).await?, folder, slot))
            }
            Backend::Memory { reason, _hold: hold } => Self::in_memory(params, reason, self.slot, hold),
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
            Backend::Memory { reason, .. } => (StorageKind::Memory(reason.clone()), 0),
        };
        StorageState { kind, bytes, set_aside: self.set_aside.clone() }
    }

    fn in_file(opened: ChainFile, folder: Folder, slot: Slot) -> (Self, Snapshot) {
        let ChainFile { store, snapshot, file, set_aside } = opened;
        (Self { slot: slot.number(), store, backend: Backend::Opfs { file, folder, slot }, set_aside }, snapshot)
    }

    fn in_memory(
        params: &ChainParams,
        reason: MemoryReason,
        slot: u32,
        hold: Hold,
    ) -> Result<(Self, Snapshot), StoreError> {
        let (store, snapshot) = open_indexed(InMemoryBackend::new(), params)?;
        Ok((Self { slot, store, backend: Backend::Memory { reason, _hold: hold }, set_aside: None }, snapshot))
    }
}

/// Opens the slot's folder and its chain file.
async fn open_folder(
    params: &ChainParams,
    network: &str,
    slot: &Slot,
    opening: &Rc<Opening>,
) -> Result<(ChainFile, Folder), StoreError> {
    let folder = Folder::open(network, slot).await.map_err(io_error)?;
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
