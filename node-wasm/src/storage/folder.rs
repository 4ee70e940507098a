//! A slot's folder in the private file system, with its chain files.

use super::opfs::{self, OpfsBackend};
use super::slots::Slot;
use gloo_timers::future::TimeoutFuture;
use redb::StorageBackend;
use std::io;
use web_sys::FileSystemDirectoryHandle;

/// Maximum number of folders of a slot. If the user deletes a page's data during use, Chromium treats the open files as
/// open until it ends; the slot continues in another folder.
const MAX_FOLDERS: u32 = 4;
/// Number and interval in milliseconds of attempts to open the first folder: the browser may close the files of an
/// ended tab later than it releases the slot.
const RETRIES: u32 = 30;
const RETRY_MS: u32 = 100;
/// After this many consecutive openings during which the program ended, the file counts as damaged. Some may be tabs
/// closed at that moment.
const MAX_CRASHES: u8 = 3;

/// A slot's folder. Its file `lock` stays open. It holds the number of the current chain file (4 bytes, little-endian)
/// and the number of consecutive openings that did not finish (1 byte).
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
    /// [`io::ErrorKind::Unsupported`] if the browser has no private file system; otherwise the browser's error.
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
                        // Usually there is none. Leftovers only take space.
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

    /// Opens the current chain file.
    ///
    /// # Errors
    /// The browser's error.
    pub async fn open_chain(&self) -> io::Result<OpfsBackend> {
        OpfsBackend::open(&self.handle, &chain_file(self.generation())).await
    }

    /// Leaves the current chain file in place, so that the next opening creates a new one. Returns its name. An earlier
    /// set-aside file is deleted.
    ///
    /// # Errors
    /// The browser's error.
    pub async fn set_aside(&self) -> io::Result<String> {
        let generation = self.generation();
        self.write(generation.wrapping_add(1), 0)?;
        // Usually there is none.
        let _ = opfs::remove(&self.handle, &chain_file(generation.wrapping_sub(1))).await;
        Ok(format!("{}/{}", self.name, chain_file(generation)))
    }

    /// Whether the program ended during each of the last openings of the chain file.
    #[must_use]
    pub fn crashed_while_opening(&self) -> bool {
        self.read().1 >= MAX_CRASHES
    }

    /// Records that the chain file is being opened.
    ///
    /// # Errors
    /// The browser's error.
    pub fn opening(&self) -> io::Result<()> {
        let (generation, crashes) = self.read();
        self.write(generation, crashes.saturating_add(1))
    }

    /// Records that the opening has finished, with or without success.
    ///
    /// # Errors
    /// The browser's error.
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

/// The first folder has the slot's plain name.
fn folder_name(slot: &Slot, spare: u32) -> String {
    let number = slot.number();
    if spare == 0 { format!("slot-{number}") } else { format!("slot-{number}-{spare}") }
}

fn chain_file(generation: u32) -> String {
    format!("chain-{generation}.redb")
}
