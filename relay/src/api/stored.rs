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

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn few_requests_read_at_once_and_the_others_wait() {
        let reading = Arc::new(Semaphore::new(MAX_READING));
        // Work ends only when as many others run, and more never do.
        let (all, running) = (Arc::new(Barrier::new(MAX_READING)), Arc::new(AtomicUsize::new(0)));
        let read = || {
            let (all, running) = (Arc::clone(&all), Arc::clone(&running));
            beside(Arc::clone(&reading), move || {
                let at_once = running.fetch_add(1, Ordering::SeqCst) + 1;
                all.wait();
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(at_once)
            })
        };
        for at_once in join_all((0..10 * MAX_READING).map(|_| read())).await {
            assert!(at_once.unwrap() <= MAX_READING);
        }
    }
}
