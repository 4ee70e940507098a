//! What the page shows, read out of the node and its store.

pub mod address_history;
pub mod blocks;
pub mod history;
pub mod payments;

use fedcoin_node::Node;
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
