use crate::config::LinkConfig;
use crate::queue::{Happening, Queue};
use crate::time::VirtualTime;
use bytes::Bytes;
use fastrand::Rng;
use fedcoin_node::peers::{Direction, PeerId};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The wires: connections, frames in transit, and partitions.
///
/// A connection's two ends are two peer ids, `2n` where it was opened and `2n + 1` where it was
/// accepted, so that no id is ever used twice.
pub(crate) struct Network {
    config: LinkConfig,
    rng: Rng,
    /// The minimum time between each two hosts, in microseconds.
    latencies: Vec<Vec<u32>>,
    connections: BTreeMap<u64, Connection>,
    next: u64,
    /// One side of the partition, or empty without one.
    island: BTreeSet<usize>,
}

struct Connection {
    ends: [End; 2],
    /// Frames disappear silently.
    cut: bool,
}

/// One end of a connection. [`Network`] returns it for a peer id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    pub(crate) host: usize,
    /// The host's run in which the connection was made.
    pub(crate) run: u32,
    /// Whether its node may still send.
    open: bool,
    /// Whether its node knows that the connection is gone, or the node itself is gone.
    reported: bool,
    /// Nothing arrives before this: frames do not overtake one another.
    free_at: VirtualTime,
}

impl Network {
    pub(crate) fn new(config: LinkConfig, hosts: usize, mut rng: Rng) -> Self {
        let micros = |d: Duration| u64::try_from(d.as_micros()).unwrap_or(u64::MAX);
        let range = micros(*config.latency.start())..=micros(*config.latency.end());
        let mut latencies = vec![vec![0; hosts]; hosts];
        for (a, b) in (0..hosts).flat_map(|a| (0..=a).map(move |b| (a, b))) {
            let latency = u32::try_from(rng.u64(range.clone())).unwrap_or(u32::MAX);
            latencies[a][b] = latency;
            latencies[b][a] = latency;
        }
        Self { config, rng, latencies, connections: BTreeMap::new(), next: 0, island: BTreeSet::new() }
    }

    /// The time that a frame takes now.
    pub(crate) fn delay(&mut self, a: usize, b: usize) -> Duration {
        let jitter = u64::try_from(self.config.jitter.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(u64::from(self.latencies[a][b]) + self.rng.u64(..=jitter))
    }

    pub(crate) fn can_reach(&self, a: usize, b: usize) -> bool {
        self.island.contains(&a) == self.island.contains(&b)
    }

    /// A dial has arrived. The accepting end learns of it at once, the dialling end later.
    pub(crate) fn connect(&mut self, from: (usize, u32), to: (usize, u32), now: VirtualTime, queue: &mut Queue) {
        let back = now.after(self.delay(from.0, to.0));
        let end = |(host, run), free_at| End { host, run, open: true, reported: false, free_at };
        let ends = [end(from, back), end(to, now)];
        let id = self.next;
        self.next += 1;
        self.connections.insert(id, Connection { ends, cut: false });
        queue.push(now, Happening::Connected { end: PeerId(2 * id + 1) });
        queue.push(back, Happening::Connected { end: PeerId(2 * id) });
    }

    /// The end of a connection that this end still considers open.
    pub(crate) fn end(&self, peer: PeerId) -> Option<End> {
        let connection = self.connections.get(&(peer.0 / 2))?;
        Some(connection.ends[side(peer)]).filter(|end| !end.reported)
    }

    /// The host at the other end.
    pub(crate) fn other_host(&self, peer: PeerId) -> Option<usize> {
        Some(self.connections.get(&(peer.0 / 2))?.ends[1 - side(peer)].host)
    }

    /// Whether this end reads arriving frames: it is neither cut off nor closed.
    pub(crate) fn is_readable(&self, peer: PeerId) -> bool {
        self.connections.get(&(peer.0 / 2)).is_some_and(|c| !c.cut && c.ends[side(peer)].open)
    }

    /// Puts a frame on the wire.
    pub(crate) fn send(&mut self, from: PeerId, bytes: Bytes, now: VirtualTime, queue: &mut Queue) {
        let Some((sender, receiver)) = self.hosts(from) else { return };
        let delay = self.delay(sender, receiver);
        let carried = self.config.bytes_per_second.map_or(0, |rate| bytes.len() as u64 * 1_000_000 / rate.max(1));
        let Some(connection) = self.connections.get_mut(&(from.0 / 2)) else { return };
        if !connection.ends[side(from)].open || connection.cut {
            return;
        }
        let end = &mut connection.ends[1 - side(from)];
        end.free_at = end.free_at.max(now.after(delay)).after(Duration::from_micros(carried));
        queue.push(end.free_at, Happening::Delivered { end: other(from), bytes });
    }

    /// An end closes. It learns this at once, the other end after the frames in transit.
    pub(crate) fn close(&mut self, from: PeerId, now: VirtualTime, queue: &mut Queue) {
        let Some((sender, receiver)) = self.hosts(from) else { return };
        let delay = self.delay(sender, receiver);
        let Some(connection) = self.connections.get_mut(&(from.0 / 2)) else { return };
        if !std::mem::replace(&mut connection.ends[side(from)].open, false) {
            return;
        }
        queue.push(now.after(Duration::from_millis(1)), Happening::Closed { end: from });
        if !connection.cut {
            let end = &mut connection.ends[1 - side(from)];
            end.free_at = end.free_at.max(now.after(delay));
            queue.push(end.free_at, Happening::Closed { end: other(from) });
        }
    }

    /// Tells an end that the connection is gone. Returns whether this was new to it.
    pub(crate) fn report_closed(&mut self, peer: PeerId) -> bool {
        let Some(connection) = self.connections.get_mut(&(peer.0 / 2)) else { return false };
        let end = &mut connection.ends[side(peer)];
        end.open = false;
        let news = !std::mem::replace(&mut end.reported, true);
        if connection.ends.iter().all(|end| end.reported) {
            self.connections.remove(&(peer.0 / 2));
        }
        news
    }

    /// A host dies. Half of its peers learn it from its system, the others never.
    pub(crate) fn host_died(&mut self, host: usize, now: VirtualTime, queue: &mut Queue) {
        for peer in self.ends_of(host) {
            let delay = self.hosts(peer).map_or(Duration::ZERO, |(_, receiver)| self.delay(host, receiver));
            let delivered = self.rng.bool();
            if let Some(connection) = self.connections.get_mut(&(peer.0 / 2)) {
                let end = &mut connection.ends[1 - side(peer)];
                if delivered && !connection.cut {
                    end.free_at = end.free_at.max(now.after(delay));
                    queue.push(end.free_at, Happening::Closed { end: other(peer) });
                } else {
                    connection.cut = true;
                }
            }
            self.report_closed(peer);
        }
    }

    /// A host has shut down properly. Its sent frames still arrive.
    pub(crate) fn host_stopped(&mut self, host: usize) {
        for peer in self.ends_of(host) {
            self.report_closed(peer);
        }
    }

    /// Breaks a random connection. Returns whether there was one.
    pub(crate) fn lose_one(&mut self, now: VirtualTime, queue: &mut Queue) -> bool {
        let whole = self.sorted(|c| !c.cut);
        let Some(id) = self.rng.choice(&whole).copied() else { return false };
        self.break_connection(id, now, queue);
        true
    }

    /// Breaks all connections of a host. Returns their number.
    pub(crate) fn lose_all(&mut self, host: usize, now: VirtualTime, queue: &mut Queue) -> usize {
        let ends = self.ends_of(host);
        for peer in &ends {
            self.break_connection(peer.0 / 2, now, queue);
        }
        ends.len()
    }

    pub(crate) fn is_partitioned(&self) -> bool {
        !self.island.is_empty()
    }

    pub(crate) fn partition(&mut self, island: &[usize]) {
        self.island = island.iter().copied().collect();
        for connection in self.connections.values_mut() {
            let [a, b] = connection.ends.map(|end| self.island.contains(&end.host));
            connection.cut |= a != b;
        }
    }

    /// Ends the partition. Cut connections turn out to be broken.
    pub(crate) fn heal(&mut self, now: VirtualTime, queue: &mut Queue) {
        self.island.clear();
        for id in self.sorted(|c| c.cut) {
            self.break_connection(id, now, queue);
        }
    }

    /// Both ends learn within a second that the connection is gone. Frames in transit are lost.
    fn break_connection(&mut self, id: u64, now: VirtualTime, queue: &mut Queue) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.cut = true;
            for (peer, end) in [2 * id, 2 * id + 1].into_iter().zip(&connection.ends) {
                let noticed = now.after(Duration::from_millis(self.rng.u64(1..1_000)));
                // Not before the end has learnt that the connection is open.
                queue.push(noticed.max(end.free_at), Happening::Closed { end: PeerId(peer) });
            }
        }
    }

    fn ends_of(&self, host: usize) -> Vec<PeerId> {
        let ids = self.sorted(|c| c.ends.iter().any(|end| end.host == host));
        let mine = |peer: &PeerId| self.end(*peer).is_some_and(|end| end.host == host);
        ids.iter().flat_map(|id| [PeerId(2 * id), PeerId(2 * id + 1)]).filter(mine).collect()
    }

    /// The connections of a kind, oldest first.
    fn sorted(&self, kind: impl Fn(&Connection) -> bool) -> Vec<u64> {
        let mut ids: Vec<u64> = self.connections.iter().filter(|(_, c)| kind(c)).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    /// The hosts at this end and at the other.
    pub(crate) fn hosts(&self, peer: PeerId) -> Option<(usize, usize)> {
        let connection = self.connections.get(&(peer.0 / 2))?;
        Some((connection.ends[side(peer)].host, connection.ends[1 - side(peer)].host))
    }
}

/// Which side opened the connection, seen from this end.
pub(crate) fn direction(peer: PeerId) -> Direction {
    if side(peer) == 0 { Direction::Outbound } else { Direction::Inbound }
}

fn side(peer: PeerId) -> usize {
    usize::from(peer.0 % 2 == 1)
}

fn other(peer: PeerId) -> PeerId {
    PeerId(peer.0 ^ 1)
}
