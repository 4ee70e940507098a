use super::budget::Budget;
use super::{Direction, NetworkGroup, PeerAddress, PeerId, PeerInfo};
use crate::units::{Height, Monotonic};
use crate::wire::{Goodbye, Hello};

/// A connection, and what the node knows about the other side.
pub(super) struct Peer {
    pub(super) id: PeerId,
    pub(super) direction: Direction,
    pub(super) address: PeerAddress,
    /// The network group of its address.
    pub(super) group: NetworkGroup,
    pub(super) since: Monotonic,
    /// Whether its host is banned: it is evicted before all others (rule W9).
    pub(super) yields: bool,
    /// Its first message, which completes the handshake.
    pub(super) hello: Option<Hello>,
    /// When that message arrived.
    pub(super) handshake_at: Monotonic,
    pub(super) last_received: Monotonic,
    pub(super) last_pinged: Monotonic,
    /// Number and time of a ping that has not been answered.
    pub(super) ping: Option<(u64, Monotonic)>,
    pub(super) ping_ms: Option<u32>,
    pub(super) budget: Budget,
    /// Whether it has been asked for addresses and has not answered.
    pub(super) owes_addresses: bool,
    /// How often it has been asked for addresses, and when last.
    pub(super) addresses_requested: (u32, Monotonic),
    /// When it was last the first to send a payment, or a block.
    pub(super) last_new_payment: Option<Monotonic>,
    pub(super) last_new_block: Option<Monotonic>,
}

/// A connection that is being closed: nothing is sent on it any more.
pub(super) struct Closing {
    pub(super) direction: Direction,
    pub(super) address: PeerAddress,
    /// The node's number, if its handshake was complete.
    pub(super) nonce: Option<u64>,
    /// The reason, if either side gave one.
    pub(super) reason: Option<Goodbye>,
}

impl Peer {
    pub(super) fn new(id: PeerId, direction: Direction, address: PeerAddress, now: Monotonic) -> Self {
        Self {
            id,
            direction,
            group: address.group(),
            address,
            since: now,
            yields: false,
            hello: None,
            handshake_at: now,
            last_received: now,
            last_pinged: now,
            ping: None,
            ping_ms: None,
            budget: Budget::new(now),
            owes_addresses: false,
            addresses_requested: (0, now),
            last_new_payment: None,
            last_new_block: None,
        }
    }

    /// Whether the handshake is complete.
    pub(super) fn is_ready(&self) -> bool {
        self.hello.is_some()
    }

    /// The node's number.
    pub(super) fn nonce(&self) -> Option<u64> {
        self.hello.as_ref().map(|hello| hello.nonce)
    }

    /// What remains of the peer while its connection is being closed.
    pub(super) fn closing(self, reason: Option<Goodbye>) -> Closing {
        let nonce = self.hello.map(|hello| hello.nonce);
        Closing { direction: self.direction, address: self.address, nonce, reason }
    }

    /// Whether nobody else can dial it, so that it learns most things from the nodes that it dialled: a tab.
    pub(super) fn is_leaf(&self) -> bool {
        self.direction == Direction::Inbound && self.hello.as_ref().is_some_and(|h| h.listen.is_none())
    }

    pub(super) fn info(&self, height: Height) -> PeerInfo {
        PeerInfo {
            peer: self.id,
            direction: self.direction,
            address: self.address.clone(),
            user_agent: self.hello.as_ref().map_or_else(String::new, |h| h.user_agent.clone()),
            height,
            ping_ms: self.ping_ms,
        }
    }
}
