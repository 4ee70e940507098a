use crate::driver::NodeHandle;
use fedcoin_node::Node;
use fedcoin_node::mempool::FeeEstimate;
use fedcoin_node::primitives::{BlockId, TxId};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long such a look at the whole mempool serves all who ask, if the tip stays.
const PACE: Duration = Duration::from_secs(1);
/// A mempool of so many payments is looked at each time.
const SMALL: usize = 1_000;

/// What takes a look at every payment that waits, while the driver waits: of a large mempool such a look is taken once a
/// second at most, and when the tip changes.
#[derive(Clone, Debug, Default)]
pub(super) struct PoolLooks {
    fees: Arc<Last<FeeEstimate>>,
    txids: Arc<Last<Arc<Vec<TxId>>>>,
}

/// The last look, if there was one.
type Last<T> = Mutex<Option<Look<T>>>;

#[derive(Debug)]
struct Look<T> {
    taken: Instant,
    tip: BlockId,
    seen: T,
}

impl PoolLooks {
    /// Which fee rates get a payment mined. Blocking.
    pub(super) fn fees(&self, node: &NodeHandle) -> FeeEstimate {
        look(&self.fees, &node.settled_blocking(), Node::fee_estimate)
    }

    /// The ids of all that wait, in the order in which they came. Blocking.
    pub(super) fn txids(&self, node: &NodeHandle) -> Arc<Vec<TxId>> {
        look(&self.txids, &node.settled_blocking(), |node| Arc::new(node.mempool().txids().collect()))
    }
}

fn look<T: Clone>(last: &Last<T>, node: &Node, take: impl FnOnce(&Node) -> T) -> T {
    let (tip, waiting) = (node.chain().tip().id, node.mempool().len());
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    again(&mut last, tip, waiting, Instant::now(), || take(node))
}

fn again<T: Clone>(
    last: &mut Option<Look<T>>,
    tip: BlockId,
    waiting: usize,
    now: Instant,
    take: impl FnOnce() -> T,
) -> T {
    let serves = |look: &Look<T>| waiting > SMALL && look.tip == tip && now.duration_since(look.taken) < PACE;
    let look = last.take().filter(serves).unwrap_or_else(|| Look { taken: now, tip, seen: take() });
    last.insert(look).seen.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_mempool_is_looked_at_once_a_second_and_a_small_one_each_time() {
        let (mut last, mut looks, begun) = (None, 0, Instant::now());
        let mut after = |tip: u8, waiting: usize, after: Duration| {
            again(&mut last, BlockId([tip; 32]), waiting, begun + after, || {
                looks += 1;
                looks
            })
        };
        let moment = Duration::from_millis(1);
        assert_eq!((after(1, SMALL, moment), after(1, SMALL, moment)), (1, 2));
        for waiting in [SMALL + 1, 10 * SMALL] {
            assert_eq!(after(1, waiting, PACE), 2, "old enough as it is");
        }
        assert_eq!(after(1, SMALL + 1, PACE + moment), 3);
        assert_eq!(after(1, 10 * SMALL, 2 * PACE), 3);
        assert_eq!(after(2, SMALL + 1, 2 * PACE), 4, "another tip");
        assert_eq!(after(2, SMALL + 1, 12 * PACE), 5);
    }
}
