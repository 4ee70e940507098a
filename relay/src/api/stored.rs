use super::Problem;
use crate::driver::NodeHandle;
use fedcoin_node::primitives::{Block, BlockId};
use tokio::task::spawn_blocking;

/// Does blocking work, such as reading blocks, beside the tasks that serve others.
pub(super) async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    spawn_blocking(work).await.map_err(|_| Problem::unavailable("the request was given up"))?
}

/// A block whose body is here. Blocking.
pub(super) fn block(node: &NodeHandle, id: &BlockId) -> Result<Option<Block>, Problem> {
    {
        let node = node.read();
        let params = node.chain().params();
        if BlockId::from(node.chain().network()) == *id {
            return Ok(Some(params.genesis_block()));
        }
    }
    node.store().block(id).map_err(|e| Problem::unavailable(e.to_string()))
}
