use crate::chain::{Reorganised, TipInfo};
use crate::command::RequestId;
use crate::connection_error::ConnectionError;
use crate::consensus::BlockError;
use crate::mempool::{Dropped, PoolError};
use crate::peer_id::{Direction, PeerId};
use crate::primitives::{Address, BlockId, Payment, TxId};
use crate::status::{ClockComparison, MiningStatus, SyncStatus};
use crate::units::{Amount, Height};
use crate::wire::{Goodbye, PeerAddress};
use serde::{Deserialize, Serialize};

/// Something that happened, for logs and pages. For the state itself see [`crate::Node::status`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A reorganisation has ended. The `TipChanged` of its last move follows.
    Reorganised {
        /// The new tip.
        tip: TipInfo,
        /// The fork point, and the numbers of blocks.
        reorganised: Reorganised,
    },
    /// The primary chain changed. A long reorganisation takes several such moves (rule F3).
    TipChanged {
        /// The new tip.
        tip: TipInfo,
        /// Disconnected blocks, highest first. If there are any, a reorganisation is in progress or at its end.
        disconnected: Vec<BlockId>,
        /// Connected blocks, lowest first.
        connected: Vec<BlockId>,
        /// Whether further moves follow: a long reorganisation takes several (rule F3). The last one has `false`.
        moving: bool,
    },
    /// A block found by this node has become the tip.
    BlockMined {
        /// The block's id.
        id: BlockId,
        /// The block's height.
        height: Height,
        /// Number of payments in the block.
        payments: u32,
        /// The reward of subsidy and fees.
        reward: Amount,
        /// The address that received the reward.
        recipient: Address,
    },
    /// A valid block on a side branch was stored.
    SideBlock {
        /// The block's id.
        id: BlockId,
        /// The block's height.
        height: Height,
    },
    /// A block is invalid.
    BlockRejected {
        /// The block's id.
        id: BlockId,
        /// The violated rule.
        error: BlockError,
        /// The sender, if it is a peer.
        peer: Option<PeerId>,
    },
    /// A payment entered the mempool.
    PaymentAccepted {
        /// The payment's id.
        txid: TxId,
        /// The payment's source.
        origin: PaymentOrigin,
    },
    /// A payment left the mempool without being mined, or left the chain for good.
    PaymentDropped {
        /// The payment's id and the reason.
        dropped: Dropped,
        /// The payment, if it had been confirmed by a block that was disconnected.
        undone: Option<Box<Payment>>,
    },
    /// The answer to [`crate::Command::SubmitPayment`].
    PaymentSubmitted {
        /// The id in the command.
        request: RequestId,
        /// The payment's id.
        txid: TxId,
        /// Accepted, or the reason to refuse it.
        result: Result<(), PoolError>,
    },
    /// The answer to [`crate::Command::SubmitBlock`].
    BlockSubmitted {
        /// The id in the command.
        request: RequestId,
        /// The block's id.
        id: BlockId,
        /// Stored, or the reason to refuse it.
        result: Result<(), SubmitError>,
    },
    /// A peer has completed its handshake.
    PeerReady {
        /// The connection.
        peer: PeerId,
        /// Which side opened the connection.
        direction: Direction,
        /// The peer's address.
        address: PeerAddress,
        /// The program that it claims to be.
        user_agent: String,
        /// The height that it announced.
        height: Height,
    },
    /// A peer with a complete handshake has disconnected.
    PeerGone {
        /// The connection.
        peer: PeerId,
        /// The reason, if either side gave one.
        reason: Option<Goodbye>,
    },
    /// A dial failed and will be repeated.
    DialFailed {
        /// The dialled address.
        address: PeerAddress,
        /// The driver's error message.
        error: ConnectionError,
        /// Milliseconds until the next attempt.
        retry_ms: u64,
    },
    /// The difference between this machine's clock and the peers' clocks has appeared, changed or ended.
    ClockCompared(ClockComparison),
    /// A configured address turned out to be this node's own.
    OwnAddress {
        /// The node's own address.
        address: PeerAddress,
        /// Whether the node has no other neighbour.
        only: bool,
    },
    /// The sync state changed, or made notable progress.
    SyncChanged(SyncStatus),
    /// The mining state, or the reason not to mine, changed.
    MiningChanged(MiningStatus),
    /// Stored data cannot be read back. The driver should stop and report it.
    StorageCorrupt {
        /// A description of the damage.
        problem: String,
    },
}

/// The source of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentOrigin {
    /// Submitted by the user or a program.
    Local,
    /// From a peer.
    Peer(PeerId),
    /// From a disconnected block, or from the stored mempool.
    Returned,
}

/// Why a submitted block was not stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SubmitError {
    /// The block is invalid.
    #[error(transparent)]
    Invalid(#[from] BlockError),
    /// The parent is unknown; the block is kept for a while as an orphan.
    #[error("the parent {previous} is unknown; the block is kept for a while in case the parent arrives")]
    Orphan {
        /// The parent's id.
        previous: BlockId,
    },
    /// The block or an ancestor is known to be invalid.
    #[error("the block, or one below it, is known to be invalid")]
    OnInvalidBlock,
    /// There are too many side branches, and the block's chain has less work than the primary chain.
    #[error("there are too many side branches, and this block has less work than the primary chain")]
    TooManySideBranches,
    /// Too many blocks are being checked.
    #[error("{max} blocks are being checked already; try again")]
    Busy {
        /// Maximum number of concurrent checks.
        max: usize,
    },
    /// The block is already stored.
    #[error("the block is known already")]
    Known,
}
