//! Peers: connections, disconnections, addresses to dial, message budgets, and the peers' clocks.

mod addresses;
mod bans;
mod budget;
mod clock;
mod dialer;
mod eviction;
mod handshake;
mod liveness;
mod parting;
mod peer;
mod slots;
mod time;

pub use crate::peer_id::{Direction, PeerId};
pub use crate::status::{AbsentNeighbour, CLOCKS_AGREE, ClockComparison, PeerInfo};
pub use crate::wire::{MAX_ADDRESS_BYTES, NetworkGroup, PeerAddress, PeerAddressError, Reach, subscriber};
pub use dialer::MAX_NEIGHBOURS;

use crate::context::Context;
use crate::counters::PeerCounts;
use crate::effect::Effect;
use crate::units::{Height, Monotonic};
use bans::Bans;
use clock::PeersTime;
use dialer::Dialer;
use peer::{Closing, Peer};
pub(crate) use slots::Slot;
use std::collections::BTreeMap;

/// All connections and known addresses.
pub(crate) struct Peers {
    peers: BTreeMap<PeerId, Peer>,
    /// Connections that the driver has been told to close and has not yet confirmed.
    closing: BTreeMap<PeerId, Closing>,
    dialer: Dialer,
    bans: Bans,
    /// The time by the peers' clocks, if there are peers.
    time: Option<PeersTime>,
    /// The last reported difference of the clocks in milliseconds; `None` if they agree.
    reported_clock: Option<i64>,
}

impl Peers {
    pub(crate) fn new(target_outbound: usize) -> Self {
        Self {
            peers: BTreeMap::new(),
            closing: BTreeMap::new(),
            dialer: Dialer::new(target_outbound),
            bans: Bans::default(),
            time: None,
            reported_clock: None,
        }
    }

    /// Whether a connection is open and not being closed.
    pub(crate) fn is_connected(&self, id: PeerId) -> bool {
        self.peers.contains_key(&id)
    }

    /// All connections that are not being closed.
    pub(crate) fn ids(&self) -> Vec<PeerId> {
        self.peers.keys().copied().collect()
    }

    /// Dialled peers that are not at configured addresses.
    pub(crate) fn dispensable(&self) -> Vec<PeerId> {
        let dispensable = |p: &&Peer| p.direction == Direction::Outbound && !self.dialer.is_configured(&p.address);
        self.ready().filter(dispensable).map(|p| p.id).collect()
    }

    /// Records that a peer was the first to send a payment.
    pub(crate) fn brought_payment(&mut self, id: PeerId, now: Monotonic) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.last_new_payment = Some(now);
        }
    }

    /// Records that a peer was the first to send a block.
    pub(crate) fn brought_block(&mut self, id: PeerId, now: Monotonic) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.last_new_block = Some(now);
        }
    }

    /// Records that a peer has sent all requested headers. From then on, a peer that the user chose is a neighbour
    /// without which the node must not mine (rule M1).
    pub(crate) fn answered_headers(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get(&id).filter(|peer| peer.direction == Direction::Outbound) {
            self.dialer.need(&peer.address);
        }
    }

    /// Whether there are neighbours without which the node must not mine (rule M1).
    pub(crate) fn are_needed(&self) -> bool {
        self.dialer.has_needed()
    }

    /// The peers with a complete handshake; `height_of` returns the announced height of each.
    pub(crate) fn infos(&self, height_of: impl Fn(PeerId) -> Height) -> Vec<PeerInfo> {
        self.ready().map(|peer| peer.info(height_of(peer.id))).collect()
    }

    /// The number of connections of each kind.
    pub(crate) fn counts(&self) -> PeerCounts {
        let mut counts = PeerCounts { in_passing: self.closing.len(), ..PeerCounts::default() };
        for peer in self.peers.values() {
            let count = match peer.direction {
                _ if !peer.is_ready() => &mut counts.in_passing,
                Direction::Outbound => &mut counts.outbound,
                Direction::Inbound if peer.is_leaf() => &mut counts.inbound_tabs,
                Direction::Inbound => &mut counts.inbound_nodes,
            };
            *count += 1;
        }
        counts
    }

    /// Number of banned hosts (rule W9).
    pub(crate) fn banned_hosts(&self, now: Monotonic) -> usize {
        self.bans.count(now)
    }

    /// Dials the addresses that are due.
    pub(crate) fn dial(&mut self, cx: &mut Context) {
        for address in self.dialer.take_due(cx.now.monotonic, cx.rng.u64(..)) {
            cx.outbox.push(Effect::Connect { address });
        }
    }

    /// When the next address is due.
    pub(crate) fn dial_at(&self) -> Option<Monotonic> {
        self.dialer.next_due()
    }

    /// The peers with a complete handshake.
    fn ready(&self) -> impl Iterator<Item = &Peer> {
        self.peers.values().filter(|p| p.is_ready())
    }
}
