use crate::node_handle::{NodeHandle, Settled};
use crate::problem::Problem;
use fedcoin_node::Node;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::ledger::{Utxo, state_hash};
use fedcoin_node::primitives::{Address, BlockId, OutPoint};
use fedcoin_node::units::Height;
use fedcoin_node::wallet::{Coin, Confirmed, mature_coins};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// Maximum outputs read at once, so that the driver waits less than a millisecond.
const PIECE: usize = 1_000;
/// Attempts to read a list; the tip may change during each.
const TRIES: usize = 5;

/// The coins of owners, and the hash of all unspent outputs. Long lists are read piece by piece, one list at a time, so
/// that the node can continue in between. They stay cached until the tip changes, so each is read once per tip.
///
/// Bound: an output has one owner, so all lists together contain no more coins than the ledger, in a smaller form.
#[derive(Clone, Debug, Default)]
pub(super) struct CoinCache(Arc<Mutex<Kept>>);

/// Lists and hash at one tip.
#[derive(Debug, Default)]
struct Kept {
    tip: Option<BlockId>,
    state_hash: Option<[u8; 32]>,
    lists: BTreeMap<Address, Arc<Holdings>>,
}

/// What an owner has at one tip, regardless of the mempool.
#[derive(Debug)]
pub(super) struct Holdings {
    /// Sums of the confirmed outputs.
    pub(super) confirmed: Confirmed,
    /// Coins that the next block may spend, in the recommended order of spending.
    pub(super) mature: Vec<Coin>,
}

/// Unspent outputs, ordered by owner and outpoint.
type Outputs = Vec<(OutPoint, Utxo)>;

impl CoinCache {
    /// An owner's holdings, and what `look` reads from the node at the same tip.
    ///
    /// # Errors
    /// Blocks arrive faster than the list can be read.
    pub(super) async fn of<T: Send + 'static>(
        &self,
        node: NodeHandle,
        owner: Address,
        look: impl Fn(&Node) -> T + Send + 'static,
    ) -> Result<(Arc<Holdings>, T), Problem> {
        {
            let node = node.settled().await;
            if let Some(holdings) = self.at_hand(&node, owner) {
                return Ok((holdings, look(&node)));
            }
        }
        self.read(move |cache| {
            let tip = cache.begin(&node);
            let holdings = cache.list(&node, owner, tip)?;
            let node = at(&node, tip)?;
            Some((holdings, look(&node)))
        })
        .await
    }

    /// An owner's holdings, if they are cached or quick to read.
    fn at_hand(&self, node: &Node, owner: Address) -> Option<Arc<Holdings>> {
        // While a list is being read, the lock is held and no list is available.
        let cache = self.0.try_lock().ok().filter(|cache| cache.tip == Some(node.chain().tip().id));
        if let Some(holdings) = cache.and_then(|cache| cache.find(owner)) {
            return Some(holdings);
        }
        let first = piece(node, Some(owner), None);
        let next_height = node.chain().tip().height.next();
        (first.len() < PIECE).then(|| Arc::new(Holdings::of(first, next_height, node.params())))
    }

    /// The hash of all unspent outputs, and what `look` reads from the node at the same tip.
    ///
    /// # Errors
    /// Blocks arrive faster than the outputs can be read.
    pub(super) async fn state_hash<T: Send + 'static>(
        &self,
        node: NodeHandle,
        look: impl Fn(&Node) -> T + Send + 'static,
    ) -> Result<([u8; 32], T), Problem> {
        self.read(move |cache| {
            let tip = cache.begin(&node);
            let hash = match cache.state_hash {
                Some(hash) => hash,
                None => state_hash(whole(&node, None, tip)?),
            };
            cache.state_hash = Some(hash);
            let node = at(&node, tip)?;
            Some((hash, look(&node)))
        })
        .await
    }

    /// Calls `work` until the tip stays the same during a call, at most `TRIES` times.
    async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Kept) -> Option<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let mut cache = Arc::clone(&self.0).lock_owned().await;
        let done = spawn_blocking(move || (0..TRIES).find_map(|_| work(&mut cache))).await;
        let found = done.map_err(|_| Problem::unavailable("the request was aborted"))?;
        found.ok_or_else(|| Problem::unavailable("blocks arrive faster than the coins can be read; try again"))
    }
}

impl Kept {
    /// The current tip. Drops what was cached at another tip. Blocking.
    fn begin(&mut self, node: &NodeHandle) -> BlockId {
        let tip = node.settled_blocking().chain().tip().id;
        if self.tip != Some(tip) {
            *self = Self { tip: Some(tip), ..Self::default() };
        }
        tip
    }

    /// An owner's holdings, or `None` if the tip changes. Blocking.
    fn list(&mut self, node: &NodeHandle, owner: Address, tip: BlockId) -> Option<Arc<Holdings>> {
        if let Some(holdings) = self.find(owner) {
            return Some(holdings);
        }
        let outputs = whole(node, Some(owner), tip)?;
        let (next, params) = {
            let node = at(node, tip)?;
            (node.chain().tip().height.next(), node.params().clone())
        };
        let holdings = Arc::new(Holdings::of(outputs, next, &params));
        self.lists.insert(owner, Arc::clone(&holdings));
        Some(holdings)
    }

    fn find(&self, owner: Address) -> Option<Arc<Holdings>> {
        self.lists.get(&owner).map(Arc::clone)
    }
}

impl Holdings {
    fn of(outputs: Outputs, next_height: Height, params: &ChainParams) -> Self {
        let confirmed = Confirmed::of(outputs.iter().copied(), next_height, params);
        Self { confirmed, mature: mature_coins(outputs, next_height, params) }
    }
}

/// The whole list, or `None` if the tip changes. Blocking.
fn whole(node: &NodeHandle, owner: Option<Address>, tip: BlockId) -> Option<Outputs> {
    let mut outputs = Outputs::new();
    loop {
        let next = piece(&*at(node, tip)?, owner, outputs.last());
        let end = next.len() < PIECE;
        outputs.extend(next);
        if end {
            return Some(outputs);
        }
    }
}

/// The node, if its tip is `tip`. Blocking.
fn at(node: &NodeHandle, tip: BlockId) -> Option<Settled<'_>> {
    Some(node.settled_blocking()).filter(|node| node.chain().tip().id == tip)
}

/// The outputs after `last`, at most `PIECE`.
fn piece(node: &Node, owner: Option<Address>, last: Option<&(OutPoint, Utxo)>) -> Outputs {
    let start = match (last, owner) {
        (Some((outpoint, utxo)), _) => Bound::Excluded((utxo.output.recipient, *outpoint)),
        (None, Some(owner)) => Bound::Included((owner, OutPoint::FIRST)),
        (None, None) => Bound::Unbounded,
    };
    let theirs = |(_, utxo): &(OutPoint, Utxo)| owner.is_none_or(|owner| utxo.output.recipient == owner);
    node.chain().utxos().starting_at(start).take_while(theirs).take(PIECE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node_handle::fixtures::{handle_on, test_node_with};
    use fedcoin_node::primitives::{Output, TxId};
    use fedcoin_node::units::Amount;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn interrupted_reading_is_retried_a_few_times() {
        for (done_at, done) in [(TRIES, true), (TRIES + 1, false), (10 * TRIES, false)] {
            let tries = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&tries);
            let cache = CoinCache::default();
            let read = cache.read(move |_| {
                let tried = counted.fetch_add(1, Ordering::Relaxed) + 1;
                (tried == done_at).then_some(())
            });
            assert_eq!((read.await.is_ok(), tries.load(Ordering::Relaxed)), (done, TRIES));
        }
    }

    #[tokio::test]
    async fn every_list_is_read_once_per_tip() {
        let owners = [(Address([1; 20]), 250_001), (Address([2; 20]), 1_000), (Address([3; 20]), 500_000)];
        let outputs = owners.into_iter().flat_map(|(recipient, count)| {
            let output = Output { amount: Amount::from_fed(1), recipient };
            let txid = TxId([recipient.0[0]; 32]);
            let utxo = Utxo { output, height: Height::GENESIS, coinbase: false };
            (0..count).map(move |index| (OutPoint { txid, index }, utxo))
        });
        let (node, _inbox) = handle_on(test_node_with(ChainParams::regtest(), outputs.collect()));
        let cache = CoinCache::default();
        let mut first = Vec::new();
        for round in 0..2 {
            for (at, (owner, count)) in owners.into_iter().enumerate() {
                let (holdings, ()) = cache.of(node.clone(), owner, |_| ()).await.unwrap();
                assert_eq!(holdings.mature.len(), count as usize);
                if round == 0 {
                    first.push(holdings);
                } else {
                    assert!(Arc::ptr_eq(&first[at], &holdings), "the list of {count} coins is read again");
                }
            }
        }
    }
}
