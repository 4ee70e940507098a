//! What the page shows, read out of the node and its store.

pub mod address_history;
pub mod blocks;
pub mod history;
mod spent;
pub mod transactions;

use fedcoin_node::Node;
use fedcoin_node::chain::BlockInfo;
use fedcoin_node::primitives::{Block, BlockId};
use fedcoin_store::{Store, StoreError};

/// A stored block, from memory if it is there.
///
/// # Errors
/// [`StoreError`].
fn read_block(node: &Node, store: &Store, id: &BlockId) -> Result<Option<Block>, StoreError> {
    match node.chain().recent_block(id) {
        Some(block) => Ok(Some(block.block().clone())),
        None => store.block(id),
    }
}

/// Blocks above this one on the primary chain, itself included; 0 off the primary chain.
fn confirmations(node: &Node, info: &BlockInfo) -> u32 {
    if info.primary { node.chain().tip().height.above(info.height).saturating_add(1) } else { 0 }
}
