//! What the page shows, read from the node and its store.

pub mod address_history;
pub mod blocks;
pub mod history;
pub mod search;
mod spent;
pub mod transactions;

use fedcoin_node::Node;
use fedcoin_node::chain::BlockInfo;
use fedcoin_node::primitives::{Block, BlockId};
use fedcoin_store::{Store, StoreError};

/// A stored block, from memory if possible.
///
/// # Errors
/// [`StoreError`].
fn read_block(node: &Node, store: &Store, id: &BlockId) -> Result<Option<Block>, StoreError> {
    match node.chain().recent_block(id) {
        Some(block) => Ok(Some(block.block().clone())),
        None => store.block(id),
    }
}

/// Number of blocks from this one to the tip, both included; 0 on a side branch.
fn confirmations(node: &Node, info: &BlockInfo) -> u32 {
    if info.primary { node.chain().tip().height.above(info.height).saturating_add(1) } else { 0 }
}
