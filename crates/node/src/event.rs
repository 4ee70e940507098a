use crate::chain::{Reorganised, TipInfo};
use crate::command::RequestId;
use crate::consensus::BlockError;
use crate::mempool::{Dropped, PoolError};
use crate::peer_id::{Direction, PeerId};
use crate::primitives::{Address, BlockId, Payment, TxId};
use crate::status::{ClockComparison, MiningStatus, SyncStatus};
use crate::units::{Amount, Height};
use crate::wire::{Goodbye, PeerAddress};
use serde::{Deserialize, Serialize};

/// What happened, for logs and pages. [`crate::Node::status`] has the state itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The primary chain is at the end of a reorganisation, whose last move is told next.
    Reorganised {
        /// Its new last block.
        tip: TipInfo,
        /// From where and how far.
        reorganised: Reorganised,
    },
    /// The primary chain changed. A long reorganisation takes several such moves (rule F3).
    TipChanged {
        /// Its new last block.
        tip: TipInfo,
        /// Blocks taken off, highest first. Not empty means that a reorganisation is under way, or at its end.
        disconnected: Vec<BlockId>,
        /// Blocks put on, lowest first.
        connected: Vec<BlockId>,
        /// Whether the chain goes on to a better tip: a long way takes several moves (rule F3). The event with `false`
        /// ends it.
        moving: bool,
    },
    /// A block found here has become the tip.
    BlockMined {
        /// Its id.
        id: BlockId,
        /// Its height.
        height: Height,
        /// Its payments.
        payments: u32,
        /// What it paid.
        reward: Amount,
        /// To whom.
        recipient: Address,
    },
    /// A valid block was stored that is not on the primary chain.
    SideBlock {
        /// Its id.
        id: BlockId,
        /// Its height.
        height: Height,
    },
    /// A block broke a rule.
    BlockRejected {
        /// Its id.
        id: BlockId,
        /// Which rule.
        error: BlockError,
        /// Who sent it, if a peer.
        peer: Option<PeerId>,
    },
    /// A payment entered the mempool.
    PaymentAccepted {
        /// Its id.
        txid: TxId,
        /// Where from.
        origin: PaymentOrigin,
    },
    /// A payment left the mempool without being mined, or the chain for good.
    PaymentDropped {
        /// Which, and why.
        dropped: Dropped,
        /// The payment, if a block had held it that was taken off the chain.
        undone: Option<Box<Payment>>,
    },
    /// The answer to [`crate::Command::SubmitPayment`].
    PaymentSubmitted {
        /// The command's.
        request: RequestId,
        /// The payment's id.
        txid: TxId,
        /// Accepted, or why not.
        result: Result<(), PoolError>,
    },
    /// The answer to [`crate::Command::SubmitBlock`].
    BlockSubmitted {
        /// The command's.
        request: RequestId,
        /// The block's id.
        id: BlockId,
        /// Stored, or why not.
        result: Result<(), SubmitError>,
    },
    /// A peer's handshake is complete.
    PeerReady {
        /// The driver's name for it.
        peer: PeerId,
        /// Who opened the connection.
        direction: Direction,
        /// Its address.
        address: PeerAddress,
        /// What it says it is.
        user_agent: String,
        /// Its height.
        height: Height,
    },
    /// A peer with a complete handshake is gone.
    PeerGone {
        /// The driver's name for it.
        peer: PeerId,
        /// Why, if this node or the peer said so.
        reason: Option<Goodbye>,
    },
    /// A dial failed and will be tried again.
    DialFailed {
        /// Where to.
        address: PeerAddress,
        /// Why.
        error: String,
        /// When it is tried again, in milliseconds from now.
        retry_ms: u64,
    },
    /// This machine's clock differs from the peers', or differs otherwise than before, or agrees with them again.
    ClockCompared(ClockComparison),
    /// A configured address turned out to be this node's own: it is no neighbour.
    OwnAddress {
        /// Which.
        address: PeerAddress,
        /// Whether it was the only one: the node has no neighbour.
        only: bool,
    },
    /// The state of syncing changed, or progressed noticeably.
    SyncChanged(SyncStatus),
    /// Whether and why (not) the node mines has changed.
    MiningChanged(MiningStatus),
    /// Stored data cannot be read back: the driver should stop and say so.
    StorageCorrupt {
        /// What was found.
        problem: String,
    },
}

/// Where a payment came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentOrigin {
    /// Submitted here.
    Local,
    /// From a peer.
    Peer(PeerId),
    /// From a block that left the primary chain, or from the stored mempool.
    Returned,
}

/// Why a submitted block was not stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SubmitError {
    /// It is invalid.
    #[error(transparent)]
    Invalid(#[from] BlockError),
    /// Its parent is unknown; it is kept for a while as an orphan.
    #[error("the parent {previous} is unknown; the block is kept for a while in case it comes")]
    Orphan {
        /// The parent.
        previous: BlockId,
    },
    /// It, or a block below it, is known to break a rule.
    #[error("the block, or one below it, is known to break a rule")]
    OnInvalidBlock,
    /// There are too many side branches, and it has less work than the primary chain.
    #[error("there are too many side branches, and this block has less work than the primary chain")]
    TooManySideBranches,
    /// Too many blocks are being checked.
    #[error("{max} blocks are being checked already; try again")]
    Busy {
        /// Most at once.
        max: usize,
    },
    /// It is stored already.
    #[error("the block is known already")]
    Known,
}
