use super::bus::Bus;
use super::subjects::Topic;
use crate::clock::Clock;
use crate::random::Choices;
use fedcoin_node::primitives::{BlockId, TxId};
use fedcoin_node::units::Timestamp;
use fedcoin_node::wire::{Hello, MAX_ADDRESSES, Message, PROTOCOL_VERSION};
use fedcoin_node::{Direction, Event, PaymentOrigin, PeerAddress, SyncStatus, codec};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

/// Most news that wait to be told; what is beyond is not told.
const MAX_NEWS: usize = 10_000;
/// More blocks at once are not told: who lacks them asks.
const MAX_BLOCKS: usize = 8;
/// So many blocks behind what it has heard of, a node is syncing and tells none.
const CURRENT: u32 = 2;
/// How often a member says how far it is, at the most.
const HELLO_PAUSE: Duration = Duration::from_millis(100);
/// How often it does without a reason: between this and twice as long.
const HELLO: Duration = Duration::from_secs(4);
/// Addresses are told with every so many of those.
const ADDRESSES: u64 = 10;

/// The way for a node's events to its cluster.
#[derive(Clone, Debug)]
pub struct Reporter(mpsc::Sender<News>);

/// What has happened in the node.
#[derive(Debug)]
pub(super) enum News {
    /// These blocks are on the primary chain now, lowest first.
    Blocks(Vec<BlockId>),
    /// A payment waits in the mempool.
    Payment(TxId),
}

impl Reporter {
    pub(super) fn new() -> (Self, mpsc::Receiver<News>) {
        let (sender, news) = mpsc::channel(MAX_NEWS);
        (Self(sender), news)
    }

    /// Tells of an event, if it is of interest to other members. Never waits. The event comes after
    /// the change is stored, so no member hears of what a crash could take back.
    pub fn tell(&self, event: &Event) {
        let news = match event {
            Event::TipChanged { connected, .. } => News::Blocks(connected.clone()),
            Event::PaymentAccepted { txid, origin: PaymentOrigin::Local | PaymentOrigin::Peer(_) } => {
                News::Payment(*txid)
            }
            _ => return,
        };
        if self.0.try_send(news).is_err() {
            tracing::debug!("cluster: too much happens to be told");
        }
    }
}

/// Tells the others what happens here, unless it came from them.
pub(super) async fn publish(bus: &Bus, mut news: mpsc::Receiver<News>) {
    while let Some(news) = news.recv().await {
        if !bus.is_up() {
            continue;
        }
        match news {
            News::Blocks(ids) => {
                let few = ids.len() <= MAX_BLOCKS && is_current(bus);
                for id in ids.iter().filter(|_| few) {
                    if let Some(frame) = block_frame(bus, id).filter(|frame| bus.recent.is_new(frame)) {
                        bus.tell(Topic::Blocks, frame).await;
                    }
                }
                bus.hello_due.notify_one();
            }
            News::Payment(txid) => {
                let payment = bus.handle.read().mempool().get(&txid).cloned();
                let frame = payment.map(|payment| Message::Payment(payment).encode());
                if let Some(frame) = frame.filter(|frame| bus.recent.is_new(frame)) {
                    bus.tell(Topic::Payments, frame).await;
                }
            }
        }
    }
}

/// Says how far this node is, regularly and when there is a reason to, and now and then where it
/// has reached others.
pub(super) async fn say_hello(bus: &Bus) {
    let (clock, mut choices) = (Clock::start(), Choices::new(bus.member));
    for beat in 0_u64.. {
        bus.tell(Topic::Hellos, Message::Hello(hello(bus, clock.now().wall)).encode()).await;
        if beat.is_multiple_of(ADDRESSES) {
            let addresses = reached(bus);
            if !addresses.is_empty() {
                bus.tell(Topic::Addresses, Message::Addresses(addresses).encode()).await;
            }
        }
        sleep(HELLO_PAUSE).await;
        let millis = choices.below(u64::try_from(HELLO.as_millis()).unwrap_or_default());
        // Either is a reason to go on.
        let _ = timeout(HELLO + Duration::from_millis(millis), bus.hello_due.notified()).await;
    }
}

/// Whether this node's blocks are news.
fn is_current(bus: &Bus) -> bool {
    match bus.handle.read().status().sync {
        SyncStatus::Synced | SyncStatus::EarlyHeaders | SyncStatus::WaitingForPeers => true,
        SyncStatus::Blocks { height, target } => target.above(height) <= CURRENT,
        SyncStatus::Headers { .. } => false,
    }
}

fn block_frame(bus: &Bus, id: &BlockId) -> Option<Vec<u8>> {
    let block = bus.handle.read().chain().recent_block(id)?;
    Some(Message::encode_block(&codec::encode(block.block())))
}

fn hello(bus: &Bus, time: Timestamp) -> Hello {
    let node = bus.handle.read();
    let tip = node.chain().tip();
    Hello {
        version: PROTOCOL_VERSION,
        network: node.network(),
        nonce: bus.member,
        tip: tip.id,
        height: tip.height,
        work: tip.work,
        time,
        user_agent: concat!("fedcoin/", env!("CARGO_PKG_VERSION")).to_owned(),
        // Members need no connections among them.
        listen: None,
    }
}

/// Where this node has opened connections to others that answered.
fn reached(bus: &Bus) -> Vec<PeerAddress> {
    let peers = bus.handle.read().status().peers;
    let outbound = peers.into_iter().filter(|peer| peer.direction == Direction::Outbound);
    outbound.map(|peer| peer.address).take(MAX_ADDRESSES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_news_wait_and_more_are_not_told() {
        for (told, kept) in [(MAX_NEWS, MAX_NEWS), (MAX_NEWS + 1, MAX_NEWS), (10 * MAX_NEWS, MAX_NEWS)] {
            let (reporter, mut news) = Reporter::new();
            let event = Event::PaymentAccepted { txid: TxId::default(), origin: PaymentOrigin::Local };
            (0..told).for_each(|_| reporter.tell(&event));
            assert_eq!(std::iter::from_fn(|| news.try_recv().ok()).count(), kept, "{told}");
        }
    }
}
