//! Blocks: which of them are asked of which peer, what is checked before they are kept, and which are read for peers.
//!
//! What the kept ones mean for the primary chain is the matter of the chain, which all share.

mod admission;
mod checks;
mod compact_blocks;
mod compact_downloads;
mod downloads;
mod fetching;
mod identified_block;
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
pub(crate) use identified_block::IdentifiedBlock;
use pace::Pace;
use serving::{BlockLoads, BlockServing};
use shared_frames::SharedFrames;
use std::collections::BTreeMap;

/// See the module.
pub(crate) struct Blocks {
    /// Those whose handshake is complete.
    peers: BTreeMap<PeerId, Peer>,
    downloads: Downloads,
    compact_downloads: CompactDownloads,
    pace: Pace,
    checks: BlockChecks,
    loads: BlockLoads,
    serving: BlockServing,
    frames: SharedFrames,
}

/// What is known of a peer's blocks. Those that it owes are in [`Downloads`].
struct Peer {
    /// Blocks that were asked of it, and of others since: it may still send them, before all that it is asked for now.
    moved: usize,
    /// When the last block came, or the first was asked for.
    last_block: Monotonic,
    /// How many blocks in a row, asked of it, another peer brought first that was asked later.
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
            loads: BlockLoads::default(),
            serving: BlockServing::default(),
            frames: SharedFrames::default(),
        }
    }

    /// A peer's handshake is complete.
    pub(crate) fn join(&mut self, id: PeerId, now: Monotonic) {
        self.peers.insert(id, Peer { moved: 0, last_block: now, times_late: 0 });
    }

    /// The peer is gone: others will be asked for all that it owed, and nothing is read for it.
    pub(crate) fn leave(&mut self, id: PeerId) {
        self.peers.remove(&id);
        self.downloads.forget(id);
        self.compact_downloads.forget_peer(id);
        self.serving.forget(id);
    }
}
