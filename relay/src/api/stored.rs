use crate::node_handle::NodeHandle;
use crate::problem::Problem;
use fedcoin_node::codec;
use fedcoin_node::ledger::Undo;
use fedcoin_node::primitives::{Block, BlockId};
use fedcoin_store::StoreError;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Maximum concurrent requests that read blocks or the whole ledger; others wait.
pub(super) const MAX_READING: usize = 4;

/// Waits for a permit of `reading`, then runs long work, such as reading blocks, on a blocking thread.
pub(super) async fn beside<T: Send + 'static>(
    reading: Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let given_up = || Problem::unavailable("the request was aborted");
    let turn = reading.acquire_owned().await.map_err(|_| given_up())?;
    let done = spawn_blocking(move || {
        let result = work();
        drop(turn);
        result
    });
    done.await.map_err(|_| given_up())?
}

/// The problem for a failed read of the store.
pub(super) fn failed(error: StoreError) -> Problem {
    Problem::unavailable(error.to_string())
}

/// A block of the primary chain with its undo data. Blocking.
pub(super) fn with_undo(node: &NodeHandle, id: &BlockId) -> Result<Option<(Block, Undo)>, Problem> {
    let Some(loaded) = node.store().load(&[*id]).map_err(failed)?.pop().flatten() else { return Ok(None) };
    let damaged = |e: codec::DecodeError| Problem::unavailable(format!("the stored chain is damaged: {e}"));
    let undo = loaded.undo.map(|undo| codec::decode(&undo).map_err(damaged)).transpose()?;
    Ok(Some((codec::decode(&loaded.block).map_err(damaged)?, undo.unwrap_or_default())))
}

/// A block, if its body is stored. Blocking.
pub(super) fn block(node: &NodeHandle, id: &BlockId) -> Result<Option<Block>, Problem> {
    {
        let node = node.read();
        let params = node.chain().params();
        if BlockId::from(node.chain().network()) == *id {
            return Ok(Some(params.genesis_block()));
        }
    }
    node.store().block(id).map_err(failed)
}
