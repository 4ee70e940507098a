use super::budget::Budget;
use super::{Direction, NetworkGroup, PeerAddress, PeerId, PeerInfo};
use crate::units::{Height, Monotonic};
use crate::wire::{Goodbye, Hello};

/// A connection and what the node knows of the other side.
pub(crate) struct Peer {
    pub(crate) id: PeerId,
    pub(crate) direction: Direction,
    pub(crate) address: PeerAddress,
    /// Of its address.
    pub(crate) group: NetworkGroup,
    pub(crate) since: Monotonic,
    /// It came from a host of dishonest peers: it makes room before all others (rule W9).
    pub(crate) yields: bool,
    /// Its first message; the handshake is complete when it is here.
    pub(crate) hello: Option<Hello>,
    /// When that came.
    pub(crate) greeted_at: Monotonic,
    pub(crate) last_received: Monotonic,
    pub(crate) last_pinged: Monotonic,
    /// The number and time of a ping not answered yet.
    pub(crate) ping: Option<(u64, Monotonic)>,
    pub(crate) ping_ms: Option<u32>,
    pub(crate) budget: Budget,
    /// Whether it has been asked for addresses and has not told any.
    pub(crate) owes_addresses: bool,
    /// How often it has been asked for addresses, and when last.
    pub(crate) addresses_asked: (u32, Monotonic),
    /// When it last brought a payment, or a block, that nobody had brought before.
    pub(crate) last_new_payment: Option<Monotonic>,
    pub(crate) last_new_block: Option<Monotonic>,
}

/// A connection that is being closed, or has been: nothing is sent on it any more.
pub(crate) struct Closing {
    pub(crate) direction: Direction,
    pub(crate) address: PeerAddress,
    /// The number it told, if its handshake was complete.
    pub(crate) nonce: Option<u64>,
    /// Why, if the node or the peer said so.
    pub(crate) reason: Option<Goodbye>,
}

impl Peer {
    pub(crate) fn new(id: PeerId, direction: Direction, address: PeerAddress, now: Monotonic) -> Self {
        Self {
            id,
            direction,
            group: address.group(),
            address,
            since: now,
            yields: false,
            hello: None,
            greeted_at: now,
            last_received: now,
            last_pinged: now,
            ping: None,
            ping_ms: None,
            budget: Budget::new(now),
            owes_addresses: false,
            addresses_asked: (0, now),
            last_new_payment: None,
            last_new_block: None,
        }
    }

    /// Whether the handshake is complete.
    pub(crate) fn is_ready(&self) -> bool {
        self.hello.is_some()
    }

    /// The number it told.
    pub(crate) fn nonce(&self) -> Option<u64> {
        self.hello.as_ref().map(|hello| hello.nonce)
    }

    /// What is left of it when its connection is closed.
    pub(crate) fn closing(self, reason: Option<Goodbye>) -> Closing {
        let nonce = self.hello.map(|hello| hello.nonce);
        Closing { direction: self.direction, address: self.address, nonce, reason }
    }

    /// Whether nobody else can dial it, so that most of what it learns comes from the nodes that it
    /// dialled: a tab.
    pub(crate) fn is_leaf(&self) -> bool {
        self.direction == Direction::Inbound && self.hello.as_ref().is_some_and(|h| h.listen.is_none())
    }

    pub(crate) fn info(&self, height: Height) -> PeerInfo {
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
