use super::LINGER;
use super::outbox::{Full, Gauge, Mail, Outbox};
use super::traffic::Traffic;
use crate::log::Seldom;
use axum::body::Bytes;
use fedcoin_node::PeerId;
use fedcoin_node::wire::{Goodbye, Message};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// Connections that others open beyond those that may stay: the node itself chooses whom to leave for
/// a newcomer, or turns it away and says so.
const IN_PASSING: usize = 64;

/// Most bytes of messages that have not ended, all connections together, as far as these are large.
const MAX_UNFINISHED: usize = 32_000_000;

/// The open connections: so many that others open, and what the node dials.
#[derive(Debug)]
pub struct Connections {
    max_inbound: usize,
    open: Mutex<HashMap<PeerId, Connection>>,
    names_given: AtomicU64,
    inbound: AtomicUsize,
    running: AtomicUsize,
    queued: Gauge,
    unfinished: AtomicUsize,
    traffic: Traffic,
    refused: AtomicU64,
    told: Seldom,
    slow: AtomicU64,
}

/// What waits to be sent, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// In memory: frames that many peers get count once.
    pub in_memory: usize,
    /// For the peer for whom most waits.
    pub longest: usize,
}

#[derive(Debug)]
struct Connection {
    outbox: Outbox,
    /// Ends the connection's task at once.
    kill: Arc<Notify>,
    /// Nothing more is sent; what waits still counts.
    closing: bool,
    /// Bytes of a message that has not ended.
    unfinished: Arc<AtomicUsize>,
}

/// What a new connection's task needs.
pub(super) struct Registration {
    pub(super) peer: PeerId,
    pub(super) mail: Mail,
    pub(super) kill: Arc<Notify>,
    /// Counts the task as running until it is dropped.
    pub(super) running: Running,
}

/// What one connection holds of a large message that has not ended.
#[derive(Debug)]
pub(super) struct Unfinished {
    connections: Arc<Connections>,
    pub(super) bytes: Arc<AtomicUsize>,
}

/// Counts a connection's task while it runs.
pub(super) struct Running(Arc<Connections>);

/// One of the places for connections that others open, given back when dropped.
pub(super) struct InboundPlace(Arc<Connections>);

impl Connections {
    /// None yet, and at most `max_inbound` that others open, beside some that come or go.
    #[must_use]
    pub fn new(max_inbound: usize) -> Self {
        Self {
            max_inbound,
            open: Mutex::default(),
            names_given: AtomicU64::new(0),
            inbound: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            queued: Gauge::default(),
            unfinished: AtomicUsize::new(0),
            traffic: Traffic::default(),
            refused: AtomicU64::new(0),
            told: Seldom::default(),
            slow: AtomicU64::new(0),
        }
    }

    /// What went through all of them.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// What waits to be sent.
    #[must_use]
    pub fn queued(&self) -> Queued {
        let longest = self.lock().values().map(|connection| connection.outbox.bytes()).max().unwrap_or_default();
        Queued { in_memory: self.queued.load(Ordering::Relaxed), longest }
    }

    /// How many that others wanted to open found no place.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// How many were cut off because their peers read too slowly.
    #[must_use]
    pub fn cut_off(&self) -> u64 {
        self.slow.load(Ordering::Relaxed)
    }

    /// Queues a frame. A peer that leaves too much unread is cut off; when all peers together do, the
    /// one that leaves the most, which need not be this one. A frame for a connection that is gone is
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

    /// Ends the connection of a peer that reads too slowly, and gives up what waits for it.
    fn cut(&self, open: &mut HashMap<PeerId, Connection>, peer: PeerId) {
        let Some(connection) = open.remove(&peer) else { return };
        tracing::info!("peer {peer} reads too slowly: disconnected");
        self.slow.fetch_add(1, Ordering::Relaxed);
        connection.outbox.abandon();
        connection.kill.notify_one();
    }

    /// Sends what is queued, then closes; cut off when that takes too long.
    /// Must be called within the runtime.
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

    /// Says goodbye to all and closes; returns when all connections have ended or `limit` is over.
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

    /// A place for a connection that someone else opens, unless all are taken.
    pub(super) fn take_inbound_place(self: &Arc<Self>) -> Option<InboundPlace> {
        let taken = self.inbound.fetch_add(1, Ordering::Relaxed);
        let place = InboundPlace(Arc::clone(self));
        let free = taken < self.max_inbound + IN_PASSING;
        if !free {
            self.refused.fetch_add(1, Ordering::Relaxed);
            if let Some(others) = self.told.due() {
                tracing::warn!("refused a peer: {} are connected, as many as may{others}", self.max_inbound);
            }
        }
        free.then_some(place)
    }

    /// What counts a new connection's unfinished message.
    pub(super) fn unfinished(self: &Arc<Self>) -> Unfinished {
        Unfinished { connections: Arc::clone(self), bytes: Arc::default() }
    }

    /// Ends the connections that hold most of unfinished messages, until the others hold no more than they may.
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

    /// Names a new connection and gives it an outbox. `unfinished` is what [`Unfinished`] counts.
    pub(super) fn register(self: &Arc<Self>, unfinished: Arc<AtomicUsize>) -> Registration {
        let peer = PeerId(self.names_given.fetch_add(1, Ordering::Relaxed));
        let (outbox, mail) = Outbox::new(Arc::clone(&self.queued));
        let kill = Arc::new(Notify::new());
        self.lock().insert(peer, Connection { outbox, kill: Arc::clone(&kill), closing: false, unfinished });
        self.running.fetch_add(1, Ordering::Relaxed);
        Registration { peer, mail, kill, running: Running(Arc::clone(self)) }
    }

    /// Forgets a connection whose task ends.
    pub(super) fn forget(&self, peer: PeerId) {
        self.lock().remove(&peer);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PeerId, Connection>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Unfinished {
    /// So much is held now.
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

impl Drop for InboundPlace {
    fn drop(&mut self) {
        self.0.inbound.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sockets::{MAX_QUEUED_BYTES, MAX_QUEUED_BYTES_IN_ALL};

    #[test]
    fn places_are_limited_and_given_back() {
        let connections = Arc::new(Connections::new(2));
        let places: Vec<_> = (0..IN_PASSING + 3).map(|_| connections.take_inbound_place()).collect();
        assert_eq!(places.iter().flatten().count(), IN_PASSING + 2);
        drop(places);
        assert!(connections.take_inbound_place().is_some());
    }

    #[tokio::test]
    async fn who_leaves_the_most_unread_makes_room_for_others() {
        let connections = Arc::new(Connections::new(20));
        let greedy: Vec<_> = (0..8).map(|_| connections.register(Arc::default())).collect();
        let honest = connections.register(Arc::default());
        let block = || Bytes::from(vec![0; 1_000_000]);
        for _ in 0..MAX_QUEUED_BYTES / 1_000_000 - 1 {
            greedy.iter().for_each(|peer| connections.send(peer.peer, block()));
        }
        assert!(connections.cut_off() >= 1, "more than all may leave unread");
        let mut honest_mail = honest.mail;
        for _ in 0..3 {
            connections.send(honest.peer, block());
        }
        let read = std::iter::from_fn(|| honest_mail.waiting()).count();
        assert_eq!(read, 3, "who reads is served");
        assert!(connections.queued().in_memory <= MAX_QUEUED_BYTES_IN_ALL);
    }

    #[tokio::test]
    async fn who_is_being_left_makes_room_too() {
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
        assert_eq!(std::iter::from_fn(|| honest.mail.waiting()).count(), 2);
    }

    #[test]
    fn who_holds_most_of_an_unfinished_message_makes_room() {
        let connections = Arc::new(Connections::new(20));
        let counts: Vec<Unfinished> = (0..5).map(|_| connections.unfinished()).collect();
        let peers: Vec<_> = counts.iter().map(|count| connections.register(Arc::clone(&count.bytes)).peer).collect();
        let is_open = |n: usize| connections.lock().contains_key(&peers[n]);
        for (n, bytes) in [(0, MAX_UNFINISHED / 2), (1, MAX_UNFINISHED / 4), (2, MAX_UNFINISHED / 4)] {
            counts[n].set(bytes);
        }
        assert!((0..5).all(is_open), "as much as may be");
        counts[3].set(1);
        assert_eq!([0, 1, 2, 3, 4].map(is_open), [false, true, true, true, true]);
        counts[4].set(10 * MAX_UNFINISHED);
        assert_eq!([1, 2, 3, 4].map(is_open), [true, true, true, false]);
        drop(counts);
        assert_eq!(connections.unfinished.load(Ordering::Relaxed), 0, "given back");
    }

    #[tokio::test]
    async fn names_are_never_used_twice() {
        let connections = Arc::new(Connections::new(2));
        let first = connections.register(Arc::default());
        connections.forget(first.peer);
        connections.send(first.peer, Bytes::from_static(&[1]));
        assert_ne!(connections.register(Arc::default()).peer, first.peer);
        assert_eq!(connections.running.load(Ordering::Relaxed), 1);
    }
}
