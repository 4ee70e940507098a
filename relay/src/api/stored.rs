use crate::node_handle::NodeHandle;
use crate::problem::Problem;
use fedcoin_node::codec;
use fedcoin_node::ledger::Undo;
use fedcoin_node::primitives::{Block, BlockId};
use fedcoin_store::StoreError;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Most requests at once that read blocks or the whole ledger; more wait.
pub(super) const MAX_READING: usize = 4;

/// Does long work, such as reading blocks, beside the tasks that serve others, when it is its turn.
pub(super) async fn beside<T: Send + 'static>(
    reading: Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let given_up = || Problem::unavailable("the request was given up");
    let turn = reading.acquire_owned().await.map_err(|_| given_up())?;
    let done = spawn_blocking(move || {
        let result = work();
        drop(turn);
        result
    });
    done.await.map_err(|_| given_up())?
}

/// The store could not be read.
pub(super) fn failed(error: StoreError) -> Problem {
    Problem::unavailable(error.to_string())
}

/// A block of the primary chain with what takes it off again. Blocking.
pub(super) fn with_undo(node: &NodeHandle, id: &BlockId) -> Result<Option<(Block, Undo)>, Problem> {
    let Some(loaded) = node.store().load(&[*id]).map_err(failed)?.pop().flatten() else { return Ok(None) };
    let damaged = |e: codec::DecodeError| Problem::unavailable(format!("the stored chain is damaged: {e}"));
    let undo = loaded.undo.map(|undo| codec::decode(&undo).map_err(damaged)).transpose()?;
    Ok(Some((codec::decode(&loaded.block).map_err(damaged)?, undo.unwrap_or_default())))
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
    node.store().block(id).map_err(failed)
}
