//! A slot's folder in the private file system, with its chain files.

use super::opfs::{self, OpfsBackend};
use super::slots::Slot;
use gloo_timers::future::TimeoutFuture;
use redb::StorageBackend;
use std::io;
use web_sys::FileSystemDirectoryHandle;

/// Folders that a slot may have. Where users delete a page's data under it, Chromium takes the files that were open
/// for open until it ends itself: the slot goes on in another folder.
const MAX_FOLDERS: u32 = 4;
/// How often and how long, in milliseconds, the first one is asked for: of a tab that has just gone, the browser may
/// close the files later than it lets the slot go.
const RETRIES: u32 = 30;
const RETRY_MS: u32 = 100;
/// Openings in a row that ended with the program, until the file counts as damaged. Some are just
/// tabs closed at that moment.
const MAX_CRASHES: u8 = 3;

/// A slot's folder. Its file `lock` is open all the time and holds the number of the chain file in use
/// (4 bytes, little-endian) and how many openings in a row did not end (1 byte).
#[derive(Debug)]
pub struct Folder {
    name: String,
    handle: FileSystemDirectoryHandle,
    file: OpfsBackend,
}

impl Folder {
    /// Opens the folder of a slot of a network.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] where the browser has no private file system; else what it says.
    pub async fn open(network: &str, slot: &Slot) -> io::Result<Self> {
        let root = opfs::folder(&opfs::root().await?, "fedcoin").await?;
        let network = opfs::folder(&root, network).await?;
        let (mut spare, mut retries) = (0, RETRIES);
        loop {
            let name = folder_name(slot, spare);
            let handle = opfs::folder(&network, &name).await?;
            match OpfsBackend::open(&handle, "lock").await {
                Ok(file) => {
                    for spare in spare + 1..MAX_FOLDERS {
                        // Usually there is none. What is left of it takes room and nothing else.
                        let _ = opfs::remove_folder(&network, &folder_name(slot, spare)).await;
                    }
                    return Ok(Self { name, handle, file });
                }
                Err(e) if e.kind() != io::ErrorKind::ResourceBusy => return Err(e),
                Err(_) if retries > 0 => {
                    retries -= 1;
                    TimeoutFuture::new(RETRY_MS).await;
                }
                Err(_) if spare + 1 < MAX_FOLDERS => spare += 1,
                Err(e) => return Err(e),
            }
        }
    }

    /// Opens the chain file in use.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn open_chain(&self) -> io::Result<OpfsBackend> {
        OpfsBackend::open(&self.handle, &chain_file(self.generation())).await
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
        let _ = opfs::remove(&self.handle, &chain_file(generation.wrapping_sub(1))).await;
        Ok(format!("{}/{}", self.name, chain_file(generation)))
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

    /// Generation and crashes; zeros in a new folder.
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

impl Drop for Folder {
    fn drop(&mut self) {
        self.file.close();
    }
}

/// The first one is called after the slot only.
fn folder_name(slot: &Slot, spare: u32) -> String {
    let number = slot.number();
    if spare == 0 { format!("slot-{number}") } else { format!("slot-{number}-{spare}") }
}

fn chain_file(generation: u32) -> String {
    format!("chain-{generation}.redb")
}
