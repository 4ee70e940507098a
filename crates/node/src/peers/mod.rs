//! Peers: who is connected, who is left, and whom the node dials; what they may send, and what their clocks say.

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

/// See the module.
pub(crate) struct Peers {
    peers: BTreeMap<PeerId, Peer>,
    /// Connections that the driver has been told to close and has not confirmed yet.
    closing: BTreeMap<PeerId, Closing>,
    dialer: Dialer,
    bans: Bans,
    /// The time by the peers' clocks, if there is a peer.
    time: Option<PeersTime>,
    /// By how much the clocks differ, in milliseconds, as told last; `None` where they agree.
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

    /// Whether a connection stands that is not being closed.
    pub(crate) fn is_connected(&self, id: PeerId) -> bool {
        self.peers.contains_key(&id)
    }

    /// All connections that are not being closed.
    pub(crate) fn ids(&self) -> Vec<PeerId> {
        self.peers.keys().copied().collect()
    }

    /// Peers that this node dialled on nobody's wish.
    pub(crate) fn dispensable(&self) -> Vec<PeerId> {
        let dispensable = |p: &&Peer| p.direction == Direction::Outbound && !self.dialer.is_configured(&p.address);
        self.ready().filter(dispensable).map(|p| p.id).collect()
    }

    /// A peer has brought a payment that nobody had brought before.
    pub(crate) fn brought_payment(&mut self, id: PeerId, now: Monotonic) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.last_new_payment = Some(now);
        }
    }

    /// A peer has brought a block that nobody had brought before.
    pub(crate) fn brought_block(&mut self, id: PeerId, now: Monotonic) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.last_new_block = Some(now);
        }
    }

    /// A peer has told all the headers it was asked for. One that the user chose is a neighbour from then on, without
    /// which the node must not mine (rule M1).
    pub(crate) fn has_told_headers(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get(&id).filter(|peer| peer.direction == Direction::Outbound) {
            self.dialer.need(&peer.address);
        }
    }

    /// Whether the node has neighbours without which it must not mine (rule M1).
    pub(crate) fn are_needed(&self) -> bool {
        self.dialer.has_needed()
    }

    /// The peers whose handshake is complete; `height_of` says which height each has told.
    pub(crate) fn infos(&self, height_of: impl Fn(PeerId) -> Height) -> Vec<PeerInfo> {
        self.ready().map(|peer| peer.info(height_of(peer.id))).collect()
    }

    /// The connections, by what they are.
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

    /// How many hosts are banned from the last places (rule W9).
    pub(crate) fn banned_hosts(&self, now: Monotonic) -> usize {
        self.bans.count(now)
    }

    /// Dials the addresses that are due.
    pub(crate) fn dial(&mut self, cx: &mut Context) {
        for address in self.dialer.take_due(cx.now.monotonic, cx.rng.u64(..)) {
            cx.outbox.push(Effect::Connect { address });
        }
    }

    /// When an address is to be dialled.
    pub(crate) fn dial_at(&self) -> Option<Monotonic> {
        self.dialer.next_due()
    }

    /// The peers whose handshake is complete.
    fn ready(&self) -> impl Iterator<Item = &Peer> {
        self.peers.values().filter(|p| p.is_ready())
    }
}
