//! What happens in the node, told to all who follow it at the pace of each.

use fedcoin_node::mempool::Dropped;
use fedcoin_node::primitives::{BlockId, TxId};
use fedcoin_node::units::{Height, Timestamp};
use fedcoin_node::{Event, TipInfo};
use futures::Stream;
use futures::stream::unfold;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{self, Receiver};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most that follow at once.
pub const MAX_FOLLOWERS: usize = 100;
/// Most events kept for those who lag behind; what is older is lost to them, and they are told how many.
pub const MAX_LAG: usize = 256;
/// Of so many payments dropped it is remembered why.
pub const MAX_DROPPED: usize = 10_000;
/// Most block ids in one event, of each kind.
const MAX_IDS: usize = 100;

/// The way from the node to its followers. Clones are the same feed.
#[derive(Clone, Debug)]
pub struct Feed {
    sender: broadcast::Sender<Arc<Told>>,
    places: Arc<Semaphore>,
    dropped: Arc<Mutex<DroppedPayments>>,
}

/// The payments last dropped, for who asks for one. A restart forgets them.
#[derive(Debug, Default)]
struct DroppedPayments {
    told: BTreeMap<TxId, DropTold>,
    order: VecDeque<TxId>,
}

impl DroppedPayments {
    fn insert(&mut self, told: DropTold) {
        let txid = told.txid;
        if self.told.insert(txid, told).is_some() {
            self.order.retain(|other| *other != txid);
        }
        self.order.push_back(txid);
        if self.order.len() > MAX_DROPPED
            && let Some(oldest) = self.order.pop_front()
        {
            self.told.remove(&oldest);
        }
    }
}

/// One event as it is sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// Its kind.
    pub name: &'static str,
    /// Its JSON.
    pub data: String,
}

/// `tip`: the primary chain has a new last block.
#[derive(Debug, Serialize)]
pub(crate) struct TipTold {
    pub(crate) id: BlockId,
    pub(crate) height: Height,
    pub(crate) time: Timestamp,
    pub(crate) disconnected: Vec<BlockId>,
    pub(crate) disconnected_blocks: usize,
    pub(crate) connected: Vec<BlockId>,
    pub(crate) connected_blocks: usize,
    pub(crate) moving: bool,
}

/// `payment_accepted`.
#[derive(Debug, Serialize)]
pub(crate) struct PaymentTold {
    pub(crate) txid: TxId,
}

/// `payment_dropped`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropTold {
    /// Which.
    pub txid: TxId,
    /// Why, for programs: [`DropReason::name`].
    ///
    /// [`DropReason::name`]: fedcoin_node::mempool::DropReason::name
    pub reason: String,
    /// Why, for people.
    pub detail: String,
    /// The payment that has its coins now, where that is known.
    pub replaced_by: Option<TxId>,
    /// Whether a block had held it.
    pub was_confirmed: bool,
}

impl DropTold {
    pub(crate) fn new(dropped: &Dropped, was_confirmed: bool) -> Self {
        let Dropped { txid, reason } = dropped;
        let (name, replaced_by) = (reason.name(), reason.replaced_by());
        Self { txid: *txid, reason: name.to_owned(), detail: reason.to_string(), replaced_by, was_confirmed }
    }
}

/// `lost`.
#[derive(Debug, Serialize)]
pub(crate) struct LostTold {
    pub(crate) events: u64,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(MAX_LAG),
            places: Arc::new(Semaphore::new(MAX_FOLLOWERS)),
            dropped: Arc::default(),
        }
    }
}

impl Feed {
    /// Tells all followers, if it is of interest to them. Never waits.
    pub fn tell(&self, event: &Event) {
        if let Event::PaymentDropped { dropped, undone } = event {
            self.dropped
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(DropTold::new(dropped, undone.is_some()));
        }
        if self.sender.receiver_count() == 0 {
            return;
        }
        let told = match event {
            Event::TipChanged { tip, disconnected, connected, moving } => {
                Told::tip(tip, disconnected, connected, *moving)
            }
            Event::PaymentAccepted { txid, .. } => Told::new("payment_accepted", &PaymentTold { txid: *txid }),
            Event::PaymentDropped { dropped, undone } => {
                Told::new("payment_dropped", &DropTold::new(dropped, undone.is_some()))
            }
            _ => return,
        };
        // The last follower may just have gone.
        let _ = self.sender.send(Arc::new(told));
    }

    /// Why a payment was dropped, if it is one of the last [`MAX_DROPPED`].
    #[must_use]
    pub fn dropped(&self, txid: &TxId) -> Option<DropTold> {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner).told.get(txid).cloned()
    }

    /// All events from now on, for as long as the node runs; `None` when [`MAX_FOLLOWERS`] follow already.
    /// Who reads too slowly gets a `lost` in place of what it missed.
    #[must_use]
    pub fn follow(&self) -> Option<impl Stream<Item = Arc<Told>> + Send + use<>> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(unfold((self.sender.subscribe(), place), next))
    }
}

async fn next(
    (mut events, place): (Receiver<Arc<Told>>, OwnedSemaphorePermit),
) -> Option<(Arc<Told>, (Receiver<Arc<Told>>, OwnedSemaphorePermit))> {
    let told = match events.recv().await {
        Ok(told) => told,
        Err(RecvError::Lagged(events)) => Arc::new(Told::new("lost", &LostTold { events })),
        Err(RecvError::Closed) => return None,
    };
    Some((told, (events, place)))
}

impl Told {
    fn new(name: &'static str, data: &impl Serialize) -> Self {
        // Plain structs of numbers and texts can always be told as JSON.
        Self { name, data: serde_json::to_string(data).unwrap_or_default() }
    }

    /// A new tip, and how the chain got there.
    #[must_use]
    pub fn tip(tip: &TipInfo, disconnected: &[BlockId], connected: &[BlockId], moving: bool) -> Self {
        let first = |ids: &[BlockId]| ids.iter().take(MAX_IDS).copied().collect();
        let (id, height, time) = (tip.id, tip.height, tip.time);
        Self::new(
            "tip",
            &TipTold {
                id,
                height,
                time,
                disconnected: first(disconnected),
                disconnected_blocks: disconnected.len(),
                connected: first(connected),
                connected_blocks: connected.len(),
                moving,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::mempool::DropReason;
    use futures::{FutureExt, StreamExt};
    use std::pin::pin;

    fn dropped(n: u8) -> Event {
        let dropped = Dropped { txid: TxId([n; 32]), reason: DropReason::Expired };
        Event::PaymentDropped { dropped, undone: None }
    }

    #[test]
    fn slow_followers_are_told_what_they_lost() {
        let feed = Feed::default();
        let (mut slow, mut quick) = (pin!(feed.follow().unwrap()), pin!(feed.follow().unwrap()));
        for n in 0..MAX_LAG + 3 {
            feed.tell(&dropped(n as u8));
            let told = quick.next().now_or_never().flatten().unwrap();
            assert_eq!(told.name, "payment_dropped");
        }
        let lost = slow.next().now_or_never().flatten().unwrap();
        assert_eq!((lost.name, lost.data.as_str()), ("lost", "{\"events\":3}"));
        for n in 3..MAX_LAG + 3 {
            let told = slow.next().now_or_never().flatten().unwrap();
            assert!(told.data.contains(&TxId([n as u8; 32]).to_string()));
        }
        assert!(slow.next().now_or_never().is_none(), "the rest is still to come");
    }

    #[test]
    fn why_payments_were_dropped_is_remembered_of_the_last() {
        let feed = Feed::default();
        let txid = |n: usize| TxId(std::array::from_fn(|at| n.to_le_bytes().get(at).copied().unwrap_or(0)));
        let tell = |n: usize| {
            let dropped = Dropped { txid: txid(n), reason: DropReason::Expired };
            feed.tell(&Event::PaymentDropped { dropped, undone: None });
        };
        (0..MAX_DROPPED).for_each(tell);
        assert_eq!(feed.dropped(&txid(0)).unwrap().reason, "expired");
        // Again: it is the newest now.
        tell(0);
        tell(MAX_DROPPED);
        assert!(feed.dropped(&txid(1)).is_none());
        (MAX_DROPPED + 1..10 * MAX_DROPPED).for_each(tell);
        assert!(feed.dropped(&txid(0)).is_none() && feed.dropped(&txid(10 * MAX_DROPPED - 1)).is_some());
        assert_eq!(feed.dropped.lock().unwrap().told.len(), MAX_DROPPED);
    }

    #[test]
    fn places_are_limited_and_given_back() {
        let feed = Feed::default();
        let all: Vec<_> = (0..MAX_FOLLOWERS).map(|_| feed.follow().unwrap()).collect();
        assert!(feed.follow().is_none());
        drop(all);
        assert!(feed.follow().is_some());
    }

    #[test]
    fn long_reorganisations_are_counted() {
        let ids: Vec<BlockId> = (0..=MAX_IDS as u8).map(|n| BlockId([n; 32])).collect();
        let feed = Feed::default();
        let mut events = pin!(feed.follow().unwrap());
        let tip = TipInfo {
            id: ids[0],
            height: Height(1),
            time: Timestamp(2),
            target: fedcoin_node::units::CompactTarget(0),
            work: fedcoin_node::units::Work::ZERO,
        };
        feed.tell(&Event::TipChanged { tip, disconnected: ids.clone(), connected: ids, moving: false });
        let told = events.next().now_or_never().flatten().unwrap();
        let told: serde_json::Value = serde_json::from_str(&told.data).unwrap();
        assert_eq!(
            (&told["disconnected_blocks"], told["disconnected"].as_array().map(Vec::len)),
            (&101.into(), Some(100))
        );
    }
}
