mod clock;
mod peer_info;

use crate::chain::TipInfo;
use crate::primitives::{BlockId, NetworkId};
use crate::units::{Amount, Height, Timestamp};
use serde::{Deserialize, Serialize};

pub use clock::{CLOCKS_AGREE, ClockComparison};
pub use peer_info::{AbsentNeighbour, PeerInfo};

/// A summary of the node's state, for a page, a log line or an API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The network's name.
    pub network: String,
    /// The network's id.
    pub network_id: NetworkId,
    /// The tip of the primary chain.
    pub tip: TipInfo,
    /// How far the node is behind the best chain it has heard of.
    pub sync: SyncStatus,
    /// The peers with a complete handshake.
    pub peers: Vec<PeerInfo>,
    /// Number of payments in the mempool.
    pub mempool_payments: u32,
    /// Encoded size of the payments in the mempool in bytes.
    pub mempool_bytes: u64,
    /// The supply: the sum of all unspent outputs.
    pub supply: Amount,
    /// Number of unspent outputs.
    pub utxos: u32,
    /// Number of blocks on side branches.
    pub side_blocks: u32,
    /// Number of blocks with unknown parents.
    pub orphans: u32,
    /// Whether the node mines, and if not, why.
    pub mining: MiningStatus,
    /// This machine's clock compared with the peers' clocks; `None` without peers.
    pub clock: Option<ClockComparison>,
}

/// How far the node is behind the best chain it has heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncStatus {
    /// Neighbours are configured, and none is connected.
    WaitingForPeers,
    /// Downloading headers.
    Headers {
        /// The best header's height so far.
        height: Height,
    },
    /// Downloading and checking blocks.
    Blocks {
        /// The height up to which blocks are checked.
        height: Height,
        /// The best header's height.
        target: Height,
    },
    /// Peers have headers that are too early by this machine's clock (rule H6) but not by theirs: this clock is behind.
    EarlyHeaders,
    /// In sync with all connected peers.
    Synced,
}

impl SyncStatus {
    /// Whether headers or blocks are being downloaded.
    #[must_use]
    pub const fn is_fetching(self) -> bool {
        matches!(self, Self::Headers { .. } | Self::Blocks { .. })
    }
}

/// Whether the node mines, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MiningStatus {
    /// Mining is off.
    Off,
    /// The node is not in sync: it would mine on an old block.
    Syncing,
    /// A better header is known; its block is being downloaded and checked.
    CheckingBlock {
        /// The block's id.
        id: BlockId,
    },
    /// Blocks of others are refused because this machine's clock is behind the peers' clocks (rule M12).
    ClockBehind,
    /// The last blocks are dated so far ahead of the clock that nobody would accept another one on top of them (rule
    /// M11).
    ChainAhead {
        /// When mining resumes.
        until: Timestamp,
    },
    /// Mining is on demand and the mempool is empty, or the network forbids an empty block.
    NothingToMine,
    /// Workers are searching.
    Mining {
        /// The job's generation.
        generation: u64,
        /// The height of the block being mined.
        height: Height,
        /// Number of payments in the block.
        payments: u32,
        /// The block's reward.
        reward: Amount,
    },
}
