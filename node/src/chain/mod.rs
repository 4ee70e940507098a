//! The tree of headers, the primary chain in it, and how it moves.

mod body_cache;
mod change_set;
mod fork_choice;
mod header_tree;
mod orphans;
mod primary;
mod reorg;

pub use change_set::{BlockStatus, ChangeSet, Snapshot, StoredHeader};
pub use primary::{Advance, BlockInfo, Chain, ChainError, HeaderRefusal, TipChange};
