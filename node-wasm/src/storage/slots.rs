//! Slots: one folder of the private file system per tab and network, each held by one tab at a
//! time.

use super::opfs::{self, OpfsBackend};
use crate::messages::MemoryReason;
use gloo_timers::future::TimeoutFuture;
use redb::StorageBackend;
use std::io;
use wasm_bindgen::JsCast;
use web_sys::{FileSystemDirectoryHandle, WorkerGlobalScope};

/// Most tabs of one network that have a file.
pub const MAX_SLOTS: u32 = 32;
/// How often and how long, in milliseconds, the own slot is asked for after a reload.
const RETRIES: u32 = 50;
const RETRY_MS: u32 = 100;
/// Openings in a row that ended with the program, until the file counts as damaged. Some are just
/// tabs closed at that moment.
const MAX_CRASHES: u8 = 3;

/// A slot, held against other tabs until this is dropped.
///
/// Its folder has the file `lock`, which is open all the time and holds the number of the chain
/// file in use (4 bytes, little-endian) and how many openings in a row did not end (1 byte).
#[derive(Debug)]
pub struct SlotLock {
    slot: u32,
    folder: FileSystemDirectoryHandle,
    file: OpfsBackend,
}

/// Takes the tab's own slot of last time, else the first free one. After a reload the own one is
/// waited for.
///
/// # Errors
/// Why there is none.
pub async fn acquire(network: &str, own: Option<u32>, reloaded: bool) -> Result<SlotLock, MemoryReason> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    if !scope.is_secure_context() {
        return Err(MemoryReason::NotSecure);
    }
    let network = network_folder(network).await.map_err(|e| match e.kind() {
        io::ErrorKind::Unsupported => MemoryReason::NotSupported,
        _ => MemoryReason::Refused(e.to_string()),
    })?;
    let own = own.filter(|slot| *slot < MAX_SLOTS);
    if let Some(slot) = own {
        for retry in 0..if reloaded { RETRIES } else { 1 } {
            if retry > 0 {
                TimeoutFuture::new(RETRY_MS).await;
            }
            if let Some(lock) = SlotLock::try_take(&network, slot).await? {
                return Ok(lock);
            }
        }
    }
    for slot in (0..MAX_SLOTS).filter(|slot| Some(*slot) != own) {
        if let Some(lock) = SlotLock::try_take(&network, slot).await? {
            return Ok(lock);
        }
    }
    Err(MemoryReason::AllSlotsBusy(MAX_SLOTS))
}

async fn network_folder(network: &str) -> io::Result<FileSystemDirectoryHandle> {
    let root = opfs::folder(&opfs::root().await?, "fedcoin").await?;
    opfs::folder(&root, network).await
}

impl SlotLock {
    /// Takes a slot unless another tab holds it.
    async fn try_take(network: &FileSystemDirectoryHandle, slot: u32) -> Result<Option<Self>, MemoryReason> {
        let take = async {
            let folder = opfs::folder(network, &format!("slot-{slot}")).await?;
            let file = OpfsBackend::open(&folder, "lock").await?;
            Ok(Self { slot, folder, file })
        };
        match take.await {
            Ok(lock) => Ok(Some(lock)),
            Err(e) if io::Error::kind(&e) == io::ErrorKind::ResourceBusy => Ok(None),
            Err(e) => Err(MemoryReason::Refused(e.to_string())),
        }
    }

    /// The slot's number.
    #[must_use]
    pub fn slot(&self) -> u32 {
        self.slot
    }

    /// Opens the chain file in use.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn open_chain(&self) -> io::Result<OpfsBackend> {
        OpfsBackend::open(&self.folder, &chain_file(self.generation())).await
    }

    /// Leaves the chain file in use where it is, so that the next opening begins a new one.
    /// Returns its name. An earlier one set aside is deleted.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn set_aside(&self) -> io::Result<String> {
        let generation = self.generation();
        self.write(generation.wrapping_add(1), 0)?;
        // Usually there is none.
        let _ = opfs::remove(&self.folder, &chain_file(generation.wrapping_sub(1))).await;
        Ok(format!("slot-{}/{}", self.slot, chain_file(generation)))
    }

    /// Whether the program stopped each of the last times it opened the chain file.
    #[must_use]
    pub fn crashed_while_opening(&self) -> bool {
        self.read().1 >= MAX_CRASHES
    }

    /// Notes that the chain file is being opened.
    ///
    /// # Errors
    /// What the browser says.
    pub fn opening(&self) -> io::Result<()> {
        let (generation, crashes) = self.read();
        self.write(generation, crashes.saturating_add(1))
    }

    /// Notes that opening came to an end, good or bad.
    ///
    /// # Errors
    /// What the browser says.
    pub fn opened(&self) -> io::Result<()> {
        self.write(self.generation(), 0)
    }

    fn generation(&self) -> u32 {
        self.read().0
    }

    /// Generation and crashes; zeros in a new slot.
    fn read(&self) -> (u32, u8) {
        let mut bytes = [0; 5];
        if self.file.read(0, &mut bytes).is_err() {
            return (0, 0);
        }
        let [a, b, c, d, crashes] = bytes;
        (u32::from_le_bytes([a, b, c, d]), crashes)
    }

    fn write(&self, generation: u32, crashes: u8) -> io::Result<()> {
        let [a, b, c, d] = generation.to_le_bytes();
        self.file.write(0, &[a, b, c, d, crashes])?;
        self.file.sync_data()
    }
}

impl Drop for SlotLock {
    fn drop(&mut self) {
        self.file.close();
    }
}

fn chain_file(generation: u32) -> String {
    format!("chain-{generation}.redb")
}
