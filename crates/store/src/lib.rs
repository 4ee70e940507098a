//! A node's persistent state.
//!
//! [`Store`] keeps it in redb, on any [`redb::StorageBackend`]: a file natively, a file of the browser's private file
//! system in a tab, memory in tests. [`MemoryStore`] does the same without redb: it is the simulator's disk, and the
//! model that [`Store`] is tested against.
//!
//! Both accept a node's [`ChangeSet`](fedcoin_chain::ChangeSet)s one by one, each whole or not at all, and return a
//! [`Snapshot`](fedcoin_chain::Snapshot) to start a node from. After a crash the snapshot is the result of a prefix of
//! the change sets, which contains at least everything up to the last
//! [`Durability::Immediate`](fedcoin_chain::Durability) one.
//!
//! Optionally [`Store`] also keeps an index of the primary chain's transactions, by id and by address
//! ([`StoreOptions::index`]).
//!
//! A damaged file causes neither a panic nor wrong data. Opening the file compares each page with its checksum. Reading
//! compares a block with its id, and undo data with their own checksum. A panic of redb becomes an error. Natively
//! [`Salvage`] finds the whole blocks in a file that cannot be opened.
//!
//! No change set is applied twice: a node that restarts begins with the snapshot, not with a list of old effects.
//! Applying one twice would be harmless, except that its payments would move to the end of the mempool's order.

mod error;
#[cfg(not(target_arch = "wasm32"))]
mod file;
mod guard;
mod index;
mod memory;
mod options;
mod record;
#[cfg(not(target_arch = "wasm32"))]
mod salvage;
mod schema;
mod snapshot;
mod store;
mod write_batch;

pub use error::StoreError;
#[cfg(not(target_arch = "wasm32"))]
pub use guard::is_guarded;
pub use index::TxLocation;
pub use memory::MemoryStore;
pub use options::StoreOptions;
#[cfg(not(target_arch = "wasm32"))]
pub use salvage::Salvage;
pub use store::Store;
