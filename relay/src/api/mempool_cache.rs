use crate::node_handle::NodeHandle;
use fedcoin_node::mempool::FeeEstimate;
use fedcoin_node::primitives::{BlockId, TxId};
use fedcoin_node::{BlockTemplate, MiningStatus, Node};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Maximum age of a cached answer about a large mempool; a new tip also replaces it.
const KEPT_FOR: Duration = Duration::from_secs(1);
/// Up to this many payments, each request computes its answer.
const SMALL: usize = 1_000;

/// Answers that read every payment in the mempool while the driver waits. For a large mempool they are computed at most
/// once a second, and when the tip changes.
#[derive(Clone, Debug, Default)]
pub(super) struct MempoolCache {
    fees: Arc<Cached<FeeEstimate>>,
    txids: Arc<Cached<Arc<Vec<TxId>>>>,
    template: Arc<Cached<Result<Arc<BlockTemplate>, MiningStatus>>>,
}

/// The last answer, if any.
type Cached<T> = Mutex<Option<Answer<T>>>;

#[derive(Debug)]
struct Answer<T> {
    computed: Instant,
    tip: BlockId,
    value: T,
}

impl MempoolCache {
    /// The fee rates for mining within the next blocks. Blocking.
    pub(super) fn fees(&self, node: &NodeHandle) -> FeeEstimate {
        cached(&self.fees, &node.settled_blocking(), Node::fee_estimate)
    }

    /// The ids of all payments, in order of arrival. Blocking.
    pub(super) fn txids(&self, node: &NodeHandle) -> Arc<Vec<TxId>> {
        cached(&self.txids, &node.settled_blocking(), |node| Arc::new(node.mempool().txids().collect()))
    }

    /// The next block, or why mining must wait. Blocking.
    pub(super) fn template(&self, node: &NodeHandle) -> Result<Arc<BlockTemplate>, MiningStatus> {
        cached(&self.template, &node.settled_blocking(), |node| node.block_template().map(Arc::new))
    }
}

fn cached<T: Clone>(last: &Cached<T>, node: &Node, compute: impl FnOnce(&Node) -> T) -> T {
    let (tip, waiting) = (node.chain().tip().id, node.mempool().len());
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    refreshed(&mut last, tip, waiting, Instant::now(), || compute(node))
}

fn refreshed<T: Clone>(
    last: &mut Option<Answer<T>>,
    tip: BlockId,
    waiting: usize,
    now: Instant,
    compute: impl FnOnce() -> T,
) -> T {
    let is_fresh =
        |answer: &Answer<T>| waiting > SMALL && answer.tip == tip && now.duration_since(answer.computed) < KEPT_FOR;
    let answer = last.take().filter(is_fresh).unwrap_or_else(|| Answer { computed: now, tip, value: compute() });
    last.insert(answer).value.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_mempool_is_read_once_a_second_and_a_small_one_each_time() {
        let (mut last, mut reads, started) = (None, 0, Instant::now());
        let mut after = |tip: u8, waiting: usize, after: Duration| {
            refreshed(&mut last, BlockId([tip; 32]), waiting, started + after, || {
                reads += 1;
                reads
            })
        };
        let moment = Duration::from_millis(1);
        assert_eq!((after(1, SMALL, moment), after(1, SMALL, moment)), (1, 2));
        for waiting in [SMALL + 1, 10 * SMALL] {
            assert_eq!(after(1, waiting, KEPT_FOR), 2, "fresh enough");
        }
        assert_eq!(after(1, SMALL + 1, KEPT_FOR + moment), 3);
        assert_eq!(after(1, 10 * SMALL, 2 * KEPT_FOR), 3);
        assert_eq!(after(2, SMALL + 1, 2 * KEPT_FOR), 4, "another tip");
        assert_eq!(after(2, SMALL + 1, 12 * KEPT_FOR), 5);
    }
}
