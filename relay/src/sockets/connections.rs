use super::LINGER;
use super::message_counters::Traffic;
use super::outbox::{Full, Gauge, Outbox, OutboxReceiver};
use crate::log::LogThrottle;
use axum::body::Bytes;
use fedcoin_node::PeerId;
use fedcoin_node::wire::{Goodbye, Message};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// Inbound connections above the maximum: the node itself evicts a peer for a newcomer, or refuses the newcomer with a
/// goodbye.
const IN_PASSING: usize = 64;

/// Maximum bytes of large unfinished messages, over all connections.
const MAX_UNFINISHED: usize = 32_000_000;

/// The open connections: a limited number of inbound ones, and those that the node dials.
#[derive(Debug)]
pub struct Connections {
    max_inbound: usize,
    open: Mutex<HashMap<PeerId, Connection>>,
    next_id: AtomicU64,
    inbound: AtomicUsize,
    running: AtomicUsize,
    queued: Gauge,
    unfinished: AtomicUsize,
    traffic: Traffic,
    refused: AtomicU64,
    log: LogThrottle,
    slow: AtomicU64,
}

/// Bytes that wait to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// Bytes in memory: a frame for many peers counts once.
    pub in_memory: usize,
    /// Bytes for the peer with the longest queue.
    pub longest: usize,
}

#[derive(Debug)]
struct Connection {
    outbox: Outbox,
    /// Ends the connection's task at once.
    kill: Arc<Notify>,
    /// The connection accepts no more frames; its queue still counts.
    closing: bool,
    /// Bytes of the current message, if it is large and unfinished.
    unfinished: Arc<AtomicUsize>,
}

/// Resources of a new connection's task.
pub(super) struct Registration {
    pub(super) peer: PeerId,
    pub(super) outbox: OutboxReceiver,
    pub(super) kill: Arc<Notify>,
    /// Counts the task as running until dropped.
    pub(super) running: Running,
}

/// The bytes of one connection's large unfinished message.
#[derive(Debug)]
pub(super) struct Unfinished {
    connections: Arc<Connections>,
    pub(super) bytes: Arc<AtomicUsize>,
}

/// Counts a connection's task while it runs.
pub(super) struct Running(Arc<Connections>);

/// Permission for one inbound connection, returned on drop.
pub(super) struct InboundPermit(Arc<Connections>);

impl Connections {
    /// No connections yet; at most `max_inbound` inbound ones, plus some that open or close.
    #[must_use]
    pub fn new(max_inbound: usize) -> Self {
        Self {
            max_inbound,
            open: Mutex::default(),
            next_id: AtomicU64::new(0),
            inbound: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            queued: Gauge::default(),
            unfinished: AtomicUsize::new(0),
            traffic: Traffic::default(),
            refused: AtomicU64::new(0),
            log: LogThrottle::default(),
            slow: AtomicU64::new(0),
        }
    }

    /// Message counters over all connections.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Bytes that wait to be sent.
    #[must_use]
    pub fn queued(&self) -> Queued {
        let longest = self.lock().values().map(|connection| connection.outbox.bytes()).max().unwrap_or_default();
        Queued { in_memory: self.queued.load(Ordering::Relaxed), longest }
    }

    /// Number of inbound connections refused because of the maximum.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Number of connections closed because their peers read too slowly.
    #[must_use]
    pub fn cut_off(&self) -> u64 {
        self.slow.load(Ordering::Relaxed)
    }

    /// Queues a frame. A peer that leaves too much unread is disconnected. If all peers together leave too much unread,
    /// the peer with the longest queue is disconnected, which need not be this one. A frame for a closed connection is
    /// dropped.
    pub fn send(&self, peer: PeerId, frame: Bytes) {
        let mut open = self.lock();
        let mut frame = frame;
        while let Some(connection) = open.get(&peer).filter(|connection| !connection.closing) {
            let slow = match connection.outbox.put(frame) {
                Ok(()) => return,
                Err(Full::Queue) => return self.cut(&mut open, peer),
                Err(Full::All(back)) => {
                    frame = back;
                    open.iter().max_by_key(|(_, connection)| connection.outbox.unshared()).map(|(peer, _)| *peer)
                }
            };
            self.cut(&mut open, slow.unwrap_or(peer));
        }
    }

    /// Ends the connection of a peer that reads too slowly, and drops its queue.
    fn cut(&self, open: &mut HashMap<PeerId, Connection>, peer: PeerId) {
        let Some(connection) = open.remove(&peer) else { return };
        tracing::info!("peer {peer} reads too slowly: disconnected");
        self.slow.fetch_add(1, Ordering::Relaxed);
        connection.outbox.abandon();
        connection.kill.notify_one();
    }

    /// Sends what is queued, then closes; ends the connection if that takes too long. Must be called within the
    /// runtime.
    pub fn disconnect(&self, peer: PeerId) {
        let mut open = self.lock();
        let Some(connection) = open.get_mut(&peer).filter(|connection| !connection.closing) else { return };
        connection.closing = true;
        connection.outbox.close();
        let kill = Arc::clone(&connection.kill);
        tokio::spawn(async move {
            sleep(LINGER).await;
            kill.notify_one();
        });
    }

    /// Says goodbye to all peers and closes. Returns when all connections have ended, or after `limit`.
    pub async fn close_all(&self, limit: Duration) {
        let peers: Vec<PeerId> = self.lock().keys().copied().collect();
        for peer in peers {
            self.send(peer, Message::Goodbye(Goodbye::ShuttingDown).encode().into());
            self.disconnect(peer);
        }
        let end = Instant::now() + limit;
        while self.running.load(Ordering::Relaxed) > 0 && Instant::now() < end {
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Permits one more inbound connection, if the maximum allows it.
    pub(super) fn acquire_inbound(self: &Arc<Self>) -> Option<InboundPermit> {
        let taken = self.inbound.fetch_add(1, Ordering::Relaxed);
        let permit = InboundPermit(Arc::clone(self));
        let free = taken < self.max_inbound + IN_PASSING;
        if !free {
            self.refused.fetch_add(1, Ordering::Relaxed);
            if let Some(others) = self.log.due() {
                tracing::warn!("refused a peer: {} are connected, the maximum{others}", self.max_inbound);
            }
        }
        free.then_some(permit)
    }

    /// A counter for a new connection's unfinished message.
    pub(super) fn unfinished(self: &Arc<Self>) -> Unfinished {
        Unfinished { connections: Arc::clone(self), bytes: Arc::default() }
    }

    /// Ends the connections with the largest unfinished messages until the total is within its bound.
    fn cut_unfinished(&self) {
        let mut open = self.lock();
        while self.unfinished.load(Ordering::Relaxed) > MAX_UNFINISHED {
            let held = |connection: &Connection| connection.unfinished.load(Ordering::Relaxed);
            let longest = open.iter().max_by_key(|(_, connection)| held(connection)).map(|(peer, _)| *peer);
            let Some((peer, cut)) = longest.and_then(|peer| Some((peer, open.remove(&peer)?))) else { return };
            self.unfinished.fetch_sub(cut.unfinished.swap(0, Ordering::Relaxed), Ordering::Relaxed);
            tracing::info!("peer {peer} leaves a large message unfinished: disconnected");
            cut.outbox.abandon();
            cut.kill.notify_one();
        }
    }

    /// Gives a new connection an id and an outbox. `unfinished` is the counter of [`Unfinished`].
    pub(super) fn register(self: &Arc<Self>, unfinished: Arc<AtomicUsize>) -> Registration {
        let peer = PeerId(self.next_id.fetch_add(1, Ordering::Relaxed));
        let (outbox, receiver) = Outbox::new(Arc::clone(&self.queued));
        let kill = Arc::new(Notify::new());
        self.lock().insert(peer, Connection { outbox, kill: Arc::clone(&kill), closing: false, unfinished });
        self.running.fetch_add(1, Ordering::Relaxed);
        Registration { peer, outbox: receiver, kill, running: Running(Arc::clone(self)) }
    }

    /// Forgets a connection whose task has ended.
    pub(super) fn forget(&self, peer: PeerId) {
        self.lock().remove(&peer);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PeerId, Connection>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Unfinished {
    /// Sets the number of bytes that the connection holds.
    pub(super) fn set(&self, bytes: usize) {
        let all = &self.connections.unfinished;
        let before = self.bytes.swap(bytes, Ordering::Relaxed);
        if bytes <= before {
            all.fetch_sub(before - bytes, Ordering::Relaxed);
        } else if all.fetch_add(bytes - before, Ordering::Relaxed) + bytes - before > MAX_UNFINISHED {
            self.connections.cut_unfinished();
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.set(0);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for InboundPermit {
    fn drop(&mut self) {
        self.0.inbound.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sockets::{MAX_QUEUED_BYTES, MAX_QUEUED_BYTES_IN_ALL};

    #[test]
    fn inbound_connections_are_limited() {
        let connections = Arc::new(Connections::new(2));
        let permits: Vec<_> = (0..IN_PASSING + 3).map(|_| connections.acquire_inbound()).collect();
        assert_eq!(permits.iter().flatten().count(), IN_PASSING + 2);
        drop(permits);
        assert!(connections.acquire_inbound().is_some());
    }

    #[tokio::test]
    async fn the_slowest_reader_is_disconnected() {
        let connections = Arc::new(Connections::new(20));
        let greedy: Vec<_> = (0..8).map(|_| connections.register(Arc::default())).collect();
        let honest = connections.register(Arc::default());
        let block = || Bytes::from(vec![0; 1_000_000]);
        for _ in 0..MAX_QUEUED_BYTES / 1_000_000 - 1 {
            greedy.iter().for_each(|peer| connections.send(peer.peer, block()));
        }
        assert!(connections.cut_off() >= 1, "above the total limit");
        let mut honest_outbox = honest.outbox;
        for _ in 0..3 {
            connections.send(honest.peer, block());
        }
        let read = std::iter::from_fn(|| honest_outbox.try_next()).count();
        assert_eq!(read, 3, "a peer that reads is served");
        assert!(connections.queued().in_memory <= MAX_QUEUED_BYTES_IN_ALL);
    }

    #[tokio::test]
    async fn a_closing_connection_can_be_cut_off() {
        let connections = Arc::new(Connections::new(20));
        let greedy: Vec<_> = (0..7).map(|_| connections.register(Arc::default())).collect();
        let mut honest = connections.register(Arc::default());
        for peer in &greedy {
            for _ in 0..MAX_QUEUED_BYTES / 1_000_000 - 1 {
                connections.send(peer.peer, Bytes::from(vec![0; 1_000_000]));
            }
            connections.disconnect(peer.peer);
        }
        connections.send(honest.peer, Bytes::from_static(&[1]));
        connections.send(honest.peer, Bytes::from(vec![0; 1_000_000]));
        assert_eq!(std::iter::from_fn(|| honest.outbox.try_next()).count(), 2);
    }

    #[test]
    fn the_largest_unfinished_message_is_cut_off() {
        let connections = Arc::new(Connections::new(20));
        let counts: Vec<Unfinished> = (0..5).map(|_| connections.unfinished()).collect();
        let peers: Vec<_> = counts.iter().map(|count| connections.register(Arc::clone(&count.bytes)).peer).collect();
        let is_open = |n: usize| connections.lock().contains_key(&peers[n]);
        for (n, bytes) in [(0, MAX_UNFINISHED / 2), (1, MAX_UNFINISHED / 4), (2, MAX_UNFINISHED / 4)] {
            counts[n].set(bytes);
        }
        assert!((0..5).all(is_open), "exactly at the limit");
        counts[3].set(1);
        assert_eq!([0, 1, 2, 3, 4].map(is_open), [false, true, true, true, true]);
        counts[4].set(10 * MAX_UNFINISHED);
        assert_eq!([1, 2, 3, 4].map(is_open), [true, true, true, false]);
        drop(counts);
        assert_eq!(connections.unfinished.load(Ordering::Relaxed), 0, "given back");
    }

    #[tokio::test]
    async fn ids_are_never_reused() {
        let connections = Arc::new(Connections::new(2));
        let first = connections.register(Arc::default());
        connections.forget(first.peer);
        connections.send(first.peer, Bytes::from_static(&[1]));
        assert_ne!(connections.register(Arc::default()).peer, first.peer);
        assert_eq!(connections.running.load(Ordering::Relaxed), 1);
    }
}
