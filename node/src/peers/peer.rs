use super::budget::Budget;
use super::known_payments::KnownPayments;
use super::{Direction, PeerAddress, PeerId};
use crate::primitives::{BlockId, TxId};
use crate::status::PeerInfo;
use crate::units::{Height, Monotonic};
use crate::wire::{Goodbye, Hello};

/// A connection and what the node knows of the other side.
///
/// Bounds: [`KnownPayments`], [`crate::wire::MAX_INV`] payments to announce, as many heard of while
/// syncing.
pub(crate) struct Peer {
    pub(crate) id: PeerId,
    pub(crate) direction: Direction,
    pub(crate) address: PeerAddress,
    pub(crate) since: Monotonic,
    /// Its first message; the handshake is complete when it is here.
    pub(crate) hello: Option<Hello>,
    /// The best height it has told.
    pub(crate) height: Height,
    pub(crate) last_received: Monotonic,
    pub(crate) last_pinged: Monotonic,
    /// The number and time of a ping not answered yet.
    pub(crate) ping: Option<(u64, Monotonic)>,
    pub(crate) ping_ms: Option<u32>,
    pub(crate) budget: Budget,
    pub(crate) headers: HeadersState,
    /// It has told of more since it was asked.
    pub(crate) ask_headers_again: bool,
    /// When to ask again, because it told of a header that is too early by this node's clock.
    pub(crate) early_headers_at: Option<Monotonic>,
    /// The last header it has told that the node accepted: it has the blocks up to there.
    pub(crate) best: Option<BlockId>,
    /// Blocks asked for and not come.
    pub(crate) in_flight: usize,
    /// When the last block came, or the first was asked for.
    pub(crate) last_block: Monotonic,
    /// How many blocks in a row, asked of it, had to be asked of another peer.
    pub(crate) times_late: u32,
    /// Blocks being loaded to be sent to it.
    pub(crate) serving: usize,
    /// Whether it has been asked for addresses and has not told any.
    pub(crate) owes_addresses: bool,
    /// Payments it has or has been told of.
    pub(crate) known: KnownPayments,
    /// Payments to tell it of with the next batch.
    pub(crate) to_announce: Vec<TxId>,
    /// Payments it told of while this node was syncing.
    pub(crate) deferred: Vec<TxId>,
    /// Set when it or the node says goodbye.
    pub(crate) goodbye: Option<Goodbye>,
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
            address,
            since: now,
            hello: None,
            height: Height::GENESIS,
            last_received: now,
            last_pinged: now,
            ping: None,
            ping_ms: None,
            budget: Budget::new(now),
            headers: HeadersState::Unknown,
            ask_headers_again: false,
            early_headers_at: None,
            best: None,
            in_flight: 0,
            last_block: now,
            times_late: 0,
            serving: 0,
            owes_addresses: false,
            known: KnownPayments::new(now),
            to_announce: Vec::new(),
            deferred: Vec::new(),
            goodbye: None,
        }
    }

    /// Whether the handshake is complete and the connection not being closed.
    pub(crate) fn is_ready(&self) -> bool {
        self.hello.is_some() && self.goodbye.is_none()
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
