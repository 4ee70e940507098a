use super::eviction::to_evict;
use super::{Direction, Peer, PeerAddress, PeerId, Peers};
use crate::context::Context;
use crate::wire::Goodbye;

/// A slot for a new connection.
pub(crate) enum Slot {
    Free,
    /// A slot after this peer is disconnected.
    Of(PeerId),
    /// No slot, with the reason.
    Refused(Goodbye),
}

impl Peers {
    /// Whether a peer may connect from this address now.
    pub(crate) fn slot_for(&self, cx: &mut Context, direction: Direction, address: &PeerAddress) -> Slot {
        if direction == Direction::Outbound {
            return Slot::Free;
        }
        let max = cx.config.max_inbound;
        if self.bans.contains(address, cx.now.monotonic) && self.inbound().count() + 1 >= max {
            cx.counters.inbound_banned += 1;
            return Slot::Refused(Goodbye::Banned);
        }
        // First compare the total, which is cheap; count inbound peers only if needed.
        if self.peers.len() < max || self.inbound().count() < max {
            return Slot::Free;
        }
        if let Some(evicted) = to_evict(self.inbound(), address) {
            cx.counters.peers_evicted += 1;
            return Slot::Of(evicted);
        }
        cx.counters.inbound_refused += 1;
        Slot::Refused(Goodbye::TooManyPeers)
    }

    fn inbound(&self) -> impl Iterator<Item = &Peer> {
        self.peers.values().filter(|p| p.direction == Direction::Inbound)
    }

    /// Records an established connection.
    pub(crate) fn connected(&mut self, cx: &Context, id: PeerId, direction: Direction, address: PeerAddress) {
        let now = cx.now.monotonic;
        let yields = direction == Direction::Inbound && self.bans.contains(&address, now);
        if direction == Direction::Outbound {
            self.dialer.connected(&address, id);
        }
        self.peers.insert(id, Peer { yields, ..Peer::new(id, direction, address, now) });
    }
}
