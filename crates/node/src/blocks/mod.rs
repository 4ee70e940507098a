//! Blocks: which to request from which peer, what to check before storing them, and which to read for peers.
//!
//! The effect of stored blocks on the primary chain is decided by the shared [`Chain`](crate::chain::Chain).

mod admission;
mod checks;
mod compact_blocks;
mod compact_downloads;
mod downloads;
mod fetching;
mod pace;
mod partial_block;
mod serving;
mod shared_frames;

use crate::peer_id::PeerId;
use crate::units::Monotonic;
pub(crate) use admission::{BlockSource, Refusal, Taken, broken, keep, kept};
use checks::BlockChecks;
use compact_downloads::CompactDownloads;
use downloads::Downloads;
use pace::Pace;
use serving::{BlockReads, BlockServing};
use shared_frames::SharedFrames;
use std::collections::BTreeMap;

/// State of block downloads, checks and requests.
pub(crate) struct Blocks {
    /// Peers with a complete handshake.
    peers: BTreeMap<PeerId, Peer>,
    downloads: Downloads,
    compact_downloads: CompactDownloads,
    pace: Pace,
    checks: BlockChecks,
    reads: BlockReads,
    serving: BlockServing,
    frames: SharedFrames,
}

/// The download state of a peer. Blocks due from it are in [`Downloads`].
struct Peer {
    /// Number of blocks requested from it and later from others. It may still send them before the blocks due now.
    moved: usize,
    /// When the last block arrived, or when the first was requested.
    last_block: Monotonic,
    /// When a part of a frame last arrived, possibly of a block.
    last_part: Monotonic,
    /// Number of consecutive blocks that a peer asked later delivered first.
    times_late: u32,
}

impl Blocks {
    pub(crate) fn new() -> Self {
        Self {
            peers: BTreeMap::new(),
            downloads: Downloads::default(),
            compact_downloads: CompactDownloads::default(),
            pace: Pace::default(),
            checks: BlockChecks::new(),
            reads: BlockReads::default(),
            serving: BlockServing::default(),
            frames: SharedFrames::default(),
        }
    }

    /// Adds a peer with a complete handshake.
    pub(crate) fn join(&mut self, id: PeerId, now: Monotonic) {
        self.peers.insert(id, Peer { moved: 0, last_block: now, last_part: now, times_late: 0 });
    }

    /// Removes a peer: its blocks are requested from others, and its requests are dropped.
    pub(crate) fn leave(&mut self, id: PeerId) {
        self.peers.remove(&id);
        self.downloads.forget(id);
        self.compact_downloads.forget_peer(id);
        self.serving.forget(id);
    }
}
