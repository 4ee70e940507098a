use super::budget::Budget;
use super::{Direction, NetworkGroup, PeerAddress, PeerId, PeerInfo};
use crate::chain::Presync;
use crate::primitives::BlockId;
use crate::units::{Height, Monotonic, Timestamp, Work};
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
    /// The best height it has told.
    pub(crate) height: Height,
    pub(crate) last_received: Monotonic,
    pub(crate) last_pinged: Monotonic,
    /// The number and time of a ping not answered yet.
    pub(crate) ping: Option<(u64, Monotonic)>,
    pub(crate) ping_ms: Option<u32>,
    pub(crate) budget: Budget,
    pub(crate) headers: HeadersState,
    /// The header after which it was last asked for others.
    pub(crate) asked_after: Option<BlockId>,
    /// A branch that it shows and that has not shown enough work yet.
    pub(crate) presync: Option<Box<Presync>>,
    /// It has told of more since it was asked.
    pub(crate) ask_headers_again: bool,
    /// When to ask again, because it told of a header that is too early by this node's clock.
    pub(crate) early_headers_at: Option<Monotonic>,
    /// That header's time.
    pub(crate) early_header: Option<Timestamp>,
    /// The last header that it has told and the node accepted, or that the node has told it: it has the blocks up to
    /// there, or will.
    pub(crate) best: Option<BlockId>,
    /// The most work of a chain that it has shown to have.
    pub(crate) work: Work,
    /// What it is to show to have next, if it is one of those that this node dialled.
    pub(crate) goal: Option<Goal>,
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

/// A tip of the node, which a peer is to show to have.
pub(crate) struct Goal {
    pub(crate) tip: BlockId,
    /// The work of its chain: that of any other does as well.
    pub(crate) work: Work,
    /// By when.
    pub(crate) until: Monotonic,
    /// Whether it has been asked for its headers since.
    pub(crate) asked: bool,
}

/// How far a peer's headers have been fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadersState {
    /// Nothing asked yet.
    Unknown,
    /// An answer is due.
    Asked(Monotonic),
    /// All that it had.
    Done,
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
            height: Height::GENESIS,
            last_received: now,
            last_pinged: now,
            ping: None,
            ping_ms: None,
            budget: Budget::new(now),
            headers: HeadersState::Unknown,
            asked_after: None,
            presync: None,
            ask_headers_again: false,
            early_headers_at: None,
            early_header: None,
            best: None,
            work: Work::default(),
            goal: None,
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

    pub(crate) fn info(&self) -> PeerInfo {
        PeerInfo {
            peer: self.id,
            direction: self.direction,
            address: self.address.clone(),
            user_agent: self.hello.as_ref().map_or_else(String::new, |h| h.user_agent.clone()),
            height: self.height,
            ping_ms: self.ping_ms,
        }
    }
}
