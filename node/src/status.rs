use crate::peers::{ClockComparison, Direction, PeerAddress, PeerId};
use crate::primitives::{BlockId, NetworkId};
use crate::units::{Amount, CompactTarget, Height, Timestamp, Work};
use serde::{Deserialize, Serialize};

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

/// A block's place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TipInfo {
    /// Its id.
    pub id: BlockId,
    /// Its height.
    pub height: Height,
    /// Its time.
    pub time: Timestamp,
    /// Its target.
    pub target: CompactTarget,
    /// The work of the chain up to it.
    pub work: Work,
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

/// A peer whose handshake is complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeerInfo {
    /// The driver's name for the connection.
    pub peer: PeerId,
    /// Who opened it.
    pub direction: Direction,
    /// Its address.
    pub address: PeerAddress,
    /// What it says it is.
    pub user_agent: String,
    /// The best height it has told.
    pub height: Height,
    /// Round trip of the last ping in milliseconds.
    pub ping_ms: Option<u32>,
}

/// A configured address at which no peer is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsentNeighbour {
    /// Its address.
    pub address: PeerAddress,
    /// Why the last dial or connection ended; `None` before the first has.
    pub problem: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// When it is dialled again, in milliseconds from now; `None` while it is being dialled, and where it is this
    /// node itself.
    pub retry_ms: Option<u64>,
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
