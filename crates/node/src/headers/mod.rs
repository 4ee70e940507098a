//! Headers: what peers are asked for and tell, which of them has which tip, and how far the node is behind.
//!
//! The tree of headers itself is the chain's, which all share.

mod announcements;
mod goals;
mod presync;
mod status;
mod sync;

use crate::chain::Presync;
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::BlockId;
use crate::status::SyncStatus;
use crate::units::{Height, Monotonic, Timestamp, Work};
use crate::wire::{MAX_HEADERS, Message};
use announcements::Announcements;
use goals::Goal;
use std::collections::BTreeMap;

/// See the module.
pub(crate) struct Headers {
    /// Those whose handshake is complete.
    peers: BTreeMap<PeerId, Peer>,
    /// When the first better header came than the tip's, or the tip last moved towards the best, or a block came that
    /// will.
    last_progress: Monotonic,
    /// Whether a peer has told all its headers since the node was last alone.
    caught_up: bool,
    /// What was told last.
    reported: SyncStatus,
    announcements: Announcements,
}

/// What is known of a peer's headers.
struct Peer {
    /// The best height it has told.
    height: Height,
    state: State,
    /// The header after which it was last asked for others.
    asked_after: Option<BlockId>,
    /// A branch that it shows and that has not shown enough work yet.
    presync: Option<Box<Presync>>,
    /// It has told of more since it was asked.
    ask_again: bool,
    /// When to ask again, because it told of a header that is too early by this node's clock.
    early_headers_at: Option<Monotonic>,
    /// That header's time.
    early_header: Option<Timestamp>,
    /// The last header that it has told and the node accepted, or that the node has told it: it has the blocks up to
    /// there, or will.
    best: Option<BlockId>,
    /// The most work of a chain that it has shown to have.
    work: Work,
    /// What it is to show to have next, if it is one of those that this node dialled.
    goal: Option<Goal>,
}

/// How far a peer's headers have been fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing asked yet.
    Unknown,
    /// An answer is due.
    Asked(Monotonic),
    /// All that it had.
    Done,
}

impl Headers {
    pub(crate) fn new(now: Monotonic) -> Self {
        Self {
            peers: BTreeMap::new(),
            last_progress: now,
            caught_up: false,
            reported: SyncStatus::Synced,
            announcements: Announcements::default(),
        }
    }

    /// A peer's handshake is complete; it has told this height.
    pub(crate) fn join(&mut self, id: PeerId, height: Height) {
        let peer = Peer {
            height,
            state: State::Unknown,
            asked_after: None,
            presync: None,
            ask_again: false,
            early_headers_at: None,
            early_header: None,
            best: None,
            work: Work::default(),
            goal: None,
        };
        self.peers.insert(id, peer);
    }

    /// The peer is gone.
    pub(crate) fn leave(&mut self, id: PeerId) {
        self.peers.remove(&id);
    }

    /// The best height that a peer has told.
    pub(crate) fn height_of(&self, id: PeerId) -> Height {
        self.peers.get(&id).map_or(Height::GENESIS, |peer| peer.height)
    }

    /// Up to which header a peer has blocks, as far as it has shown.
    pub(crate) fn tip_of(&self, id: PeerId) -> Option<BlockId> {
        self.peers.get(&id).and_then(|peer| peer.best)
    }

    /// The peer does not have what it told of: it is asked for nothing until it tells of more.
    pub(crate) fn forget_tip(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.best = None;
        }
    }
}

/// Answers a locator (rule W4).
pub(crate) fn answer(cx: &mut Context, id: PeerId, locator: &[BlockId]) {
    let headers = cx.chain.headers_after(locator, MAX_HEADERS);
    cx.outbox.announce(id, &Message::Headers(headers));
}
