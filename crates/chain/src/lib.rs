//! The header tree, the primary chain within it, and its moves.
#![forbid(unsafe_code)]

mod body_cache;
mod chain_tips;
mod change_set;
mod durability;
mod fork_choice;
mod header_refusal;
mod header_tree;
mod loaded_block;
mod new_headers;
mod orphans;
mod presync;
mod primary;
mod queries;
mod reorg;
mod sample;
#[cfg(test)]
mod test_chain;
mod tip_info;

pub use change_set::{BlockStatus, ChangeSet, Snapshot, StoredHeader};
pub use durability::Durability;
pub use header_refusal::HeaderRefusal;
pub use loaded_block::LoadedBlock;
pub use presync::{Presync, Presynced};
pub use primary::{Accepted, Advance, BlockInfo, Chain, ChainError, Reorganised, TipChange};
pub use sample::{ChainSample, MAX_SAMPLES, network_hash_rate};
pub use tip_info::TipInfo;
