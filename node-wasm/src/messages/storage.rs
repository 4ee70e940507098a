//! Storage of the chain.

use serde::{Deserialize, Serialize};

/// Storage of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageState {
    /// In a file, or only in memory.
    pub kind: StorageKind,
    /// Size of the stored chain in bytes.
    pub bytes: u64,
    /// An earlier file that could not be used and was kept: its name and the reason.
    pub set_aside: Option<(String, String)>,
}

/// Kind of storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StorageKind {
    /// In a file of the browser's private file system, which survives a reload.
    Opfs,
    /// In memory: after a reload the chain is downloaded again.
    Memory(MemoryReason),
}

/// Why the chain is kept in memory only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum MemoryReason {
    /// Plain http from another machine: the browser offers files only to https and localhost.
    #[error("the page was not loaded over https or from localhost")]
    NotSecure,
    /// The browser has no private file system.
    #[error("this browser has no private file system")]
    NotSupported,
    /// All slots are in use by other tabs.
    #[error("all {0} slots are in use by other tabs")]
    AllSlotsBusy(u32),
    /// The browser's storage, or the disk, is full.
    #[error("the browser's storage is full")]
    Full,
    /// The storage failed during use, and a new file failed, too.
    #[error("the browser's storage failed: {0}")]
    Failed(String),
    /// The browser refused, as in some private windows.
    #[error("the browser refused: {0}")]
    Refused(String),
}
