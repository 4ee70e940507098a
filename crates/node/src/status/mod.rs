mod clock;
mod peer_info;

use crate::chain::TipInfo;
use crate::primitives::{BlockId, NetworkId};
use crate::units::{Amount, Height, Timestamp};
use serde::{Deserialize, Serialize};

pub use clock::{CLOCKS_AGREE, ClockComparison};
pub use peer_info::{AbsentNeighbour, PeerInfo};

/// The node's state in one look, for a page, a log line or an API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The network's name.
    pub network: String,
    /// The network's id.
    pub network_id: NetworkId,
    /// The primary chain's last block.
    pub tip: TipInfo,
    /// How far the node is behind what it has heard of.
    pub sync: SyncStatus,
    /// The peers whose handshake is complete.
    pub peers: Vec<PeerInfo>,
    /// Payments waiting in the mempool.
    pub mempool_payments: u32,
    /// Their encoded size in bytes.
    pub mempool_bytes: u64,
    /// All money there is: the sum of the unspent outputs.
    pub supply: Amount,
    /// Unspent outputs.
    pub utxos: u32,
    /// Blocks known beside the primary chain.
    pub side_blocks: u32,
    /// Blocks whose parents are unknown.
    pub orphans: u32,
    /// Whether and why (not) the node mines.
    pub mining: MiningStatus,
    /// What the peers' clocks say of this machine's, if there is a peer.
    pub clock: Option<ClockComparison>,
}

/// How far the node is behind what it has heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncStatus {
    /// Peers are configured and none is connected.
    WaitingForPeers,
    /// Learning headers.
    Headers {
        /// The best header's height so far.
        height: Height,
    },
    /// Fetching and checking blocks.
    Blocks {
        /// Checked up to here.
        height: Height,
        /// The best header's height.
        target: Height,
    },
    /// Others have headers that are too early by this machine's clock (rule H6) and not by theirs: it is behind.
    EarlyHeaders,
    /// Up to date with all peers heard.
    Synced,
}

impl SyncStatus {
    /// Whether headers or blocks are being fetched.
    #[must_use]
    pub const fn is_fetching(self) -> bool {
        matches!(self, Self::Headers { .. } | Self::Blocks { .. })
    }
}

/// Whether and why (not) the node mines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MiningStatus {
    /// The user has not asked for it.
    Off,
    /// The node is not up to date; it would mine on an old block.
    Syncing,
    /// A better header is known, its block is being fetched and checked.
    CheckingBlock {
        /// Which.
        id: BlockId,
    },
    /// Blocks of others are refused because this machine's clock is behind theirs (rule M12).
    ClockBehind,
    /// The chain's last blocks are dated so far ahead of the clock that nobody would take another one on them (rule
    /// M11).
    ChainAhead {
        /// Until then.
        until: Timestamp,
    },
    /// On demand, and no payment waits (or the network forbids so empty a block).
    NothingToMine,
    /// Workers search.
    Mining {
        /// The job's generation.
        generation: u64,
        /// The height of the block searched for.
        height: Height,
        /// Payments in it.
        payments: u32,
        /// What it would pay.
        reward: Amount,
    },
}
