use super::bus::Bus;
use super::subjects::Topic;
use crate::clock::Clock;
use fastrand::Rng;
use fedcoin_node::primitives::{BlockId, TxId};
use fedcoin_node::units::Timestamp;
use fedcoin_node::wire::{Hello, MAX_ADDRESSES, Message, PROTOCOL_VERSION};
use fedcoin_node::{Direction, Event, PaymentOrigin, PeerAddress, SyncStatus, codec};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

/// Maximum changes that wait to be published; further ones are not published.
const MAX_CHANGES: usize = 10_000;
/// If more blocks are connected at once, they are not published; members that lack them request them.
const MAX_BLOCKS: usize = 8;
/// A node more than this many blocks behind is syncing and publishes no blocks.
const CURRENT: u32 = 2;
/// Minimum interval between hellos.
const HELLO_PAUSE: Duration = Duration::from_millis(100);
/// Interval between regular hellos: between this and twice this time.
const HELLO_INTERVAL: Duration = Duration::from_secs(4);
/// One in this many hellos comes with addresses.
const ADDRESSES: u64 = 10;

/// Publishes a node's events to its cluster.
#[derive(Clone, Debug)]
pub struct ClusterPublisher(mpsc::Sender<Change>);

/// A change in the node.
#[derive(Debug)]
pub(super) enum Change {
    /// Blocks connected to the primary chain, lowest first.
    Blocks(Vec<BlockId>),
    /// A payment entered the mempool.
    Payment(TxId),
}

impl ClusterPublisher {
    pub(super) fn new() -> (Self, mpsc::Receiver<Change>) {
        let (sender, changes) = mpsc::channel(MAX_CHANGES);
        (Self(sender), changes)
    }

    /// Publishes an event if other members need it. Never waits. Events follow the stored change, so a crash cannot
    /// undo what a member has learnt.
    pub fn publish(&self, event: &Event) {
        let change = match event {
            Event::TipChanged { connected, .. } => Change::Blocks(connected.clone()),
            Event::PaymentAccepted { txid, origin: PaymentOrigin::Local | PaymentOrigin::Peer(_) } => {
                Change::Payment(*txid)
            }
            _ => return,
        };
        if self.0.try_send(change).is_err() {
            tracing::debug!("cluster: more changes than can be published");
        }
    }
}

/// Publishes the changes of this node, except those that came from other members.
pub(super) async fn publish_changes(bus: &Bus, mut changes: mpsc::Receiver<Change>) {
    while let Some(change) = changes.recv().await {
        if !bus.is_up() {
            continue;
        }
        match change {
            Change::Blocks(ids) => {
                let few = ids.len() <= MAX_BLOCKS && is_current(bus);
                for id in ids.iter().filter(|_| few) {
                    if let Some(frame) = block_frame(bus, id).filter(|frame| bus.is_new(frame)) {
                        bus.publish(Topic::Blocks, frame).await;
                    }
                }
                bus.hello_due.notify_one();
            }
            Change::Payment(txid) => {
                let payment = bus.handle.read().mempool().get(&txid).cloned();
                let frame = payment.map(|payment| Message::Payment(payment).encode());
                if let Some(frame) = frame.filter(|frame| bus.is_new(frame)) {
                    bus.publish(Topic::Payments, frame).await;
                }
            }
        }
    }
}

/// Publishes hellos regularly and when one is due, and addresses of other nodes with some of them.
pub(super) async fn publish_hellos(bus: &Bus) {
    let (clock, mut random) = (Clock::start(), Rng::with_seed(bus.member));
    for beat in 0_u64.. {
        bus.publish(Topic::Hellos, Message::Hello(hello(bus, clock.now().wall)).encode()).await;
        if beat.is_multiple_of(ADDRESSES) {
            let addresses = reachable(bus);
            if !addresses.is_empty() {
                bus.publish(Topic::Addresses, Message::Addresses(addresses).encode()).await;
            }
        }
        sleep(HELLO_PAUSE).await;
        let millis = random.u64(..=u64::try_from(HELLO_INTERVAL.as_millis()).unwrap_or_default());
        // Continue after the interval or when a hello is due.
        let _ = timeout(HELLO_INTERVAL + Duration::from_millis(millis), bus.hello_due.notified()).await;
    }
}

/// Whether this node's blocks are new to others.
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
        // Members need no connections to each other.
        listen: None,
    }
}

/// Addresses of nodes that this node has dialled successfully.
fn reachable(bus: &Bus) -> Vec<PeerAddress> {
    let peers = bus.handle.read().status().peers;
    let outbound = peers.into_iter().filter(|peer| peer.direction == Direction::Outbound);
    outbound.map(|peer| peer.address).take(MAX_ADDRESSES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queued_changes_are_limited() {
        for (published, kept) in
            [(MAX_CHANGES, MAX_CHANGES), (MAX_CHANGES + 1, MAX_CHANGES), (10 * MAX_CHANGES, MAX_CHANGES)]
        {
            let (publisher, mut changes) = ClusterPublisher::new();
            let event = Event::PaymentAccepted { txid: TxId::default(), origin: PaymentOrigin::Local };
            (0..published).for_each(|_| publisher.publish(&event));
            assert_eq!(std::iter::from_fn(|| changes.try_recv().ok()).count(), kept, "{published}");
        }
    }
}
