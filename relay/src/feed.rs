//! The event feed: each subscriber reads the node's events at its own pace.

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

/// Maximum number of subscribers.
pub const MAX_SUBSCRIBERS: usize = 100;
/// Maximum events kept for a slow subscriber. It loses older ones and learns how many.
pub const MAX_LAG: usize = 256;
/// Maximum dropped payments whose reason is remembered.
pub const MAX_DROPPED: usize = 10_000;
/// Maximum block ids of each kind in one event.
const MAX_IDS: usize = 100;

/// Publishes the node's events to subscribers. Clones share the feed.
#[derive(Clone, Debug)]
pub struct Feed {
    sender: broadcast::Sender<Arc<FeedEvent>>,
    permits: Arc<Semaphore>,
    dropped: Arc<Mutex<RecentDrops>>,
}

/// The most recently dropped payments. They are lost at a restart.
#[derive(Debug, Default)]
struct RecentDrops {
    drops: BTreeMap<TxId, DroppedPayment>,
    order: VecDeque<TxId>,
}

impl RecentDrops {
    fn insert(&mut self, dropped: DroppedPayment) {
        let txid = dropped.txid;
        if self.drops.insert(txid, dropped).is_some() {
            self.order.retain(|other| *other != txid);
        }
        self.order.push_back(txid);
        if self.order.len() > MAX_DROPPED
            && let Some(oldest) = self.order.pop_front()
        {
            self.drops.remove(&oldest);
        }
    }
}

/// An event as it is sent.
#[derive(Debug, PartialEq, Eq)]
pub struct FeedEvent {
    /// The event's kind.
    pub name: &'static str,
    /// The event's data as JSON.
    pub data: String,
}

/// The data of `tip`: the primary chain has a new tip.
#[derive(Debug, Serialize)]
pub(crate) struct TipData {
    pub(crate) id: BlockId,
    pub(crate) height: Height,
    pub(crate) time: Timestamp,
    pub(crate) disconnected: Vec<BlockId>,
    pub(crate) disconnected_blocks: usize,
    pub(crate) connected: Vec<BlockId>,
    pub(crate) connected_blocks: usize,
    pub(crate) moving: bool,
}

/// The data of `payment_accepted`.
#[derive(Debug, Serialize)]
pub(crate) struct AcceptedPayment {
    pub(crate) txid: TxId,
}

/// The data of `payment_dropped`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedPayment {
    /// The dropped payment.
    pub txid: TxId,
    /// The reason for programs: [`DropReason::name`].
    ///
    /// [`DropReason::name`]: fedcoin_node::mempool::DropReason::name
    pub reason: String,
    /// The reason in words.
    pub detail: String,
    /// The payment that now spends the same coins, if known.
    pub replaced_by: Option<TxId>,
    /// Whether it had been confirmed by a block.
    pub was_confirmed: bool,
}

impl DroppedPayment {
    pub(crate) fn new(dropped: &Dropped, was_confirmed: bool) -> Self {
        let Dropped { txid, reason } = dropped;
        let (name, replaced_by) = (reason.name(), reason.replaced_by());
        Self { txid: *txid, reason: name.to_owned(), detail: reason.to_string(), replaced_by, was_confirmed }
    }
}

/// The data of `lost`.
#[derive(Debug, Serialize)]
pub(crate) struct LostEvents {
    pub(crate) events: u64,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(MAX_LAG),
            permits: Arc::new(Semaphore::new(MAX_SUBSCRIBERS)),
            dropped: Arc::default(),
        }
    }
}

impl Feed {
    /// Publishes an event, if the feed has its kind. Never waits.
    pub fn publish(&self, event: &Event) {
        if let Event::PaymentDropped { dropped, undone } = event {
            self.dropped
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(DroppedPayment::new(dropped, undone.is_some()));
        }
        if self.sender.receiver_count() == 0 {
            return;
        }
        let event = match event {
            Event::TipChanged { tip, disconnected, connected, moving } => {
                FeedEvent::tip(tip, disconnected, connected, *moving)
            }
            Event::PaymentAccepted { txid, .. } => FeedEvent::new("payment_accepted", &AcceptedPayment { txid: *txid }),
            Event::PaymentDropped { dropped, undone } => {
                FeedEvent::new("payment_dropped", &DroppedPayment::new(dropped, undone.is_some()))
            }
            _ => return,
        };
        // Ignore the error: the last subscriber may have just gone.
        let _ = self.sender.send(Arc::new(event));
    }

    /// Why a payment was dropped, if it is among the last [`MAX_DROPPED`].
    #[must_use]
    pub fn dropped(&self, txid: &TxId) -> Option<DroppedPayment> {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner).drops.get(txid).cloned()
    }

    /// All events from now until the node stops; `None` if there are already [`MAX_SUBSCRIBERS`]. A slow subscriber
    /// gets `lost` in place of the events it missed.
    #[must_use]
    pub fn subscribe(&self) -> Option<impl Stream<Item = Arc<FeedEvent>> + Send + use<>> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        Some(unfold((self.sender.subscribe(), permit), next))
    }
}

async fn next(
    (mut events, permit): (Receiver<Arc<FeedEvent>>, OwnedSemaphorePermit),
) -> Option<(Arc<FeedEvent>, (Receiver<Arc<FeedEvent>>, OwnedSemaphorePermit))> {
    let event = match events.recv().await {
        Ok(event) => event,
        Err(RecvError::Lagged(events)) => Arc::new(FeedEvent::new("lost", &LostEvents { events })),
        Err(RecvError::Closed) => return None,
    };
    Some((event, (events, permit)))
}

impl FeedEvent {
    fn new(name: &'static str, data: &impl Serialize) -> Self {
        // Plain structs of numbers and texts always have a JSON form.
        Self { name, data: serde_json::to_string(data).unwrap_or_default() }
    }

    /// A new tip, and the blocks disconnected and connected on the way to it.
    #[must_use]
    pub fn tip(tip: &TipInfo, disconnected: &[BlockId], connected: &[BlockId], moving: bool) -> Self {
        let first = |ids: &[BlockId]| ids.iter().take(MAX_IDS).copied().collect();
        let (id, height, time) = (tip.id, tip.height, tip.time);
        Self::new(
            "tip",
            &TipData {
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
    fn slow_subscribers_learn_how_many_events_they_lost() {
        let feed = Feed::default();
        let (mut slow, mut quick) = (pin!(feed.subscribe().unwrap()), pin!(feed.subscribe().unwrap()));
        for n in 0..MAX_LAG + 3 {
            feed.publish(&dropped(n as u8));
            let event = quick.next().now_or_never().flatten().unwrap();
            assert_eq!(event.name, "payment_dropped");
        }
        let lost = slow.next().now_or_never().flatten().unwrap();
        assert_eq!((lost.name, lost.data.as_str()), ("lost", "{\"events\":3}"));
        for n in 3..MAX_LAG + 3 {
            let event = slow.next().now_or_never().flatten().unwrap();
            assert!(event.data.contains(&TxId([n as u8; 32]).to_string()));
        }
        assert!(slow.next().now_or_never().is_none(), "the other events come later");
    }

    #[test]
    fn the_latest_drops_are_remembered() {
        let feed = Feed::default();
        let txid = |n: usize| TxId(std::array::from_fn(|at| n.to_le_bytes().get(at).copied().unwrap_or(0)));
        let drop_payment = |n: usize| {
            let dropped = Dropped { txid: txid(n), reason: DropReason::Expired };
            feed.publish(&Event::PaymentDropped { dropped, undone: None });
        };
        (0..MAX_DROPPED).for_each(drop_payment);
        assert_eq!(feed.dropped(&txid(0)).unwrap().reason, "expired");
        // Drop it again: it is now the newest.
        drop_payment(0);
        drop_payment(MAX_DROPPED);
        assert!(feed.dropped(&txid(1)).is_none());
        (MAX_DROPPED + 1..10 * MAX_DROPPED).for_each(drop_payment);
        assert!(feed.dropped(&txid(0)).is_none() && feed.dropped(&txid(10 * MAX_DROPPED - 1)).is_some());
        assert_eq!(feed.dropped.lock().unwrap().drops.len(), MAX_DROPPED);
    }

    #[test]
    fn subscribers_are_limited() {
        let feed = Feed::default();
        let all: Vec<_> = (0..MAX_SUBSCRIBERS).map(|_| feed.subscribe().unwrap()).collect();
        assert!(feed.subscribe().is_none());
        drop(all);
        assert!(feed.subscribe().is_some());
    }

    #[test]
    fn long_reorganisations_are_counted() {
        let ids: Vec<BlockId> = (0..=MAX_IDS as u8).map(|n| BlockId([n; 32])).collect();
        let feed = Feed::default();
        let mut events = pin!(feed.subscribe().unwrap());
        let tip = TipInfo {
            id: ids[0],
            height: Height(1),
            time: Timestamp(2),
            target: fedcoin_node::units::CompactTarget(0),
            work: fedcoin_node::units::Work::ZERO,
        };
        feed.publish(&Event::TipChanged { tip, disconnected: ids.clone(), connected: ids, moving: false });
        let event = events.next().now_or_never().flatten().unwrap();
        let data: serde_json::Value = serde_json::from_str(&event.data).unwrap();
        assert_eq!(
            (&data["disconnected_blocks"], data["disconnected"].as_array().map(Vec::len)),
            (&101.into(), Some(100))
        );
    }
}
