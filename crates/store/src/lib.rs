//! A node's lasting state.
//!
//! [`Store`] keeps it in redb, on any [`redb::StorageBackend`]: a file natively, a file of the
//! browser's private file system in a tab, memory in tests. [`MemoryStore`] is the same without
//! redb: the simulator's disk, and what [`Store`] is tested against.
//!
//! Both take a node's [`ChangeSet`](fedcoin_chain::ChangeSet)s one by one, each whole or not
//! at all, and give back a [`Snapshot`](fedcoin_chain::Snapshot) to start a node from. After
//! a crash the snapshot is what some first part of the change sets made, never less than up to the
//! last [`Durability::Immediate`](fedcoin_chain::Durability) one.
//!
//! Where asked to, [`Store`] also keeps an index of the primary chain's transactions, by id and by
//! address ([`StoreOptions::index`]).
//!
//! No panic and no wrong byte comes out of a damaged file: opening it checks each page against its checksum, a
//! block is held against its id when it is read and undo data against a checksum of their own, and what redb
//! panics about is an error. Natively [`Salvage`] finds the whole blocks in a file that cannot be opened.
//!
//! No change set is applied twice: a node that starts again starts from the snapshot, not from a
//! list of old effects. Doing so would be harmless all the same, except that the change set's
//! payments would move to the end of the mempool's order.

mod error;
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
