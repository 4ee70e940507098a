use super::Problem;
use crate::driver::{NodeHandle, Settled};
use fedcoin_node::Node;
use fedcoin_node::ledger::{Utxo, state_hash};
use fedcoin_node::primitives::{Address, BlockId, OutPoint};
use std::collections::VecDeque;
use std::ops::Bound;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// Most outputs read at once: the driver waits for less than a millisecond then.
const PIECE: usize = 1_000;
/// How often reading begins anew because the tip has changed meanwhile.
const TRIES: usize = 5;
/// Most outputs kept of lists that were read in pieces, about 20 MB.
const KEPT: usize = 250_000;

/// Unspent outputs of an owner, and the hash of all. Long lists are read piece by piece, so that the node goes on
/// meanwhile, one list at a time, and what was read is kept until the tip changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger(Arc<Mutex<Kept>>);

/// What was read at one tip.
#[derive(Debug, Default)]
struct Kept {
    tip: Option<BlockId>,
    state_hash: Option<[u8; 32]>,
    /// The latest last.
    lists: VecDeque<(Address, Arc<Coins>)>,
}

/// Outputs in the order of owner and outpoint.
type Coins = Vec<(OutPoint, Utxo)>;

impl Ledger {
    /// An owner's outputs, and what `look` makes of the node whose tip they belong to.
    ///
    /// # Errors
    /// Blocks come faster than a list can be read.
    pub(super) async fn of<T: Send + 'static>(
        &self,
        node: NodeHandle,
        owner: Address,
        look: impl Fn(&Node) -> T + Send + 'static,
    ) -> Result<(Arc<Coins>, T), Problem> {
        {
            let node = node.settled().await;
            let first = piece(&node, Some(owner), None);
            if first.len() < PIECE {
                return Ok((Arc::new(first), look(&node)));
            }
        }
        self.read(move |kept| {
            let tip = kept.begin(&node);
            let coins = kept.list(&node, owner, tip)?;
            let node = at(&node, tip)?;
            Some((coins, look(&node)))
        })
        .await
    }

    /// The hash of all outputs, and what `look` makes of the node whose tip they belong to.
    ///
    /// # Errors
    /// Blocks come faster than all can be read.
    pub(super) async fn state_hash<T: Send + 'static>(
        &self,
        node: NodeHandle,
        look: impl Fn(&Node) -> T + Send + 'static,
    ) -> Result<([u8; 32], T), Problem> {
        self.read(move |kept| {
            let tip = kept.begin(&node);
            let hash = match kept.state_hash {
                Some(hash) => hash,
                None => state_hash(whole(&node, None, tip)?),
            };
            kept.state_hash = Some(hash);
            let node = at(&node, tip)?;
            Some((hash, look(&node)))
        })
        .await
    }

    /// Tries again where `work` says that the tip has changed meanwhile.
    async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Kept) -> Option<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let mut kept = Arc::clone(&self.0).lock_owned().await;
        let done = spawn_blocking(move || (0..TRIES).find_map(|_| work(&mut kept))).await;
        let found = done.map_err(|_| Problem::unavailable("the request was given up"))?;
        found.ok_or_else(|| Problem::unavailable("blocks come faster than so many coins can be read; try again"))
    }
}

impl Kept {
    /// The present tip; what belongs to another is forgotten. Blocking.
    fn begin(&mut self, node: &NodeHandle) -> BlockId {
        let tip = node.settled_blocking().chain().tip().id;
        if self.tip != Some(tip) {
            *self = Self { tip: Some(tip), ..Self::default() };
        }
        tip
    }

    /// An owner's outputs, if the tip stays. Blocking.
    fn list(&mut self, node: &NodeHandle, owner: Address, tip: BlockId) -> Option<Arc<Coins>> {
        if let Some((_, coins)) = self.lists.iter().find(|(of, _)| *of == owner) {
            return Some(Arc::clone(coins));
        }
        let coins = Arc::new(whole(node, Some(owner), tip)?);
        self.lists.push_back((owner, Arc::clone(&coins)));
        while self.lists.iter().map(|(_, coins)| coins.len()).sum::<usize>() > KEPT {
            self.lists.pop_front();
        }
        Some(coins)
    }
}

/// The whole list, if the tip stays. Blocking.
fn whole(node: &NodeHandle, owner: Option<Address>, tip: BlockId) -> Option<Coins> {
    let mut coins = Coins::new();
    loop {
        let next = piece(&*at(node, tip)?, owner, coins.last());
        let end = next.len() < PIECE;
        coins.extend(next);
        if end {
            return Some(coins);
        }
    }
}

/// The node, if its tip is this. Blocking.
fn at(node: &NodeHandle, tip: BlockId) -> Option<Settled<'_>> {
    Some(node.settled_blocking()).filter(|node| node.chain().tip().id == tip)
}

/// What comes after `last`.
fn piece(node: &Node, owner: Option<Address>, last: Option<&(OutPoint, Utxo)>) -> Coins {
    let start = match (last, owner) {
        (Some((outpoint, utxo)), _) => Bound::Excluded((utxo.output.recipient, *outpoint)),
        (None, Some(owner)) => Bound::Included((owner, OutPoint::FIRST)),
        (None, None) => Bound::Unbounded,
    };
    let theirs = |(_, utxo): &(OutPoint, Utxo)| owner.is_none_or(|owner| utxo.output.recipient == owner);
    node.chain().utxos().starting_at(start).take_while(theirs).take(PIECE).collect()
}
