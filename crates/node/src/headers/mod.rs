//! Headers: requests and announcements, the tip of each peer, and how far the node is behind.
//!
//! The header tree itself belongs to the shared [`Chain`](crate::chain::Chain).

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

/// State of the header sync.
pub(crate) struct Headers {
    /// Peers with a complete handshake.
    peers: BTreeMap<PeerId, Peer>,
    /// When a header better than the tip first arrived, the tip last moved towards the best header, or a block arrived
    /// that will let it move.
    last_progress: Monotonic,
    /// When a peer last answered a request for headers.
    answered_at: Monotonic,
    /// Whether a peer has sent all its headers since the node last had no peers.
    caught_up: bool,
    /// The last reported state.
    reported: SyncStatus,
    announcements: Announcements,
}

/// The header state of a peer.
struct Peer {
    /// The best height that it has announced.
    height: Height,
    state: State,
    /// The last header received when more headers were requested.
    requested_after: Option<BlockId>,
    /// A branch that it is sending and that has not yet shown enough work.
    presync: Option<Box<Presync>>,
    /// It has announced more since the last request.
    ask_again: bool,
    /// When to ask again after a header that was too early by this node's clock.
    early_headers_at: Option<Monotonic>,
    /// The time of that header.
    early_header: Option<Timestamp>,
    /// The last header that it sent and the node accepted, or that the node sent to it. It has the blocks up to there,
    /// or will have them.
    best: Option<BlockId>,
    /// The most work that it has shown.
    work: Work,
    /// The work that it must show next, if this node dialled it.
    goal: Option<Goal>,
}

/// Progress of requesting a peer's headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing has been requested.
    Unknown,
    /// An answer is due since this time.
    Requested(Monotonic),
    /// The peer has sent all its headers.
    Done,
}

impl Headers {
    pub(crate) fn new(now: Monotonic) -> Self {
        Self {
            peers: BTreeMap::new(),
            last_progress: now,
            answered_at: now,
            caught_up: false,
            reported: SyncStatus::Synced,
            announcements: Announcements::default(),
        }
    }

    /// Adds a peer with a complete handshake and this announced height.
    pub(crate) fn join(&mut self, id: PeerId, height: Height) {
        let peer = Peer {
            height,
            state: State::Unknown,
            requested_after: None,
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

    /// Removes a peer.
    pub(crate) fn leave(&mut self, id: PeerId) {
        self.peers.remove(&id);
    }

    /// The best height that a peer has announced.
    pub(crate) fn height_of(&self, id: PeerId) -> Height {
        self.peers.get(&id).map_or(Height::GENESIS, |peer| peer.height)
    }

    /// The header up to which a peer has blocks, as far as it has shown.
    pub(crate) fn tip_of(&self, id: PeerId) -> Option<BlockId> {
        self.peers.get(&id).and_then(|peer| peer.best)
    }

    /// Forgets the tip of a peer that lacks its blocks: nothing is requested from it until it announces more.
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
