//! The state of the dashboard.

use super::{BlockSummary, MiningState, PaymentSummary, StorageState, WalletState};
use crate::socket::Carrier;
use fedcoin_node::primitives::{Address, BlockId, TxId};
use fedcoin_node::units::{Amount, Timestamp};
use fedcoin_node::{ConnectionError, PeerAddress, Status};
use serde::{Deserialize, Serialize};

/// Maximum number of payments in [`MempoolState::payments`].
pub const MAX_PAYMENTS_SHOWN: usize = 100;

/// Maximum number of blocks in [`MempoolState::coming`].
pub const MAX_COMING_BLOCKS: usize = 6;

/// Maximum number of payments in [`ComingBlockSummary::payments`].
pub const MAX_COMING_PAYMENTS: usize = 120;

/// The complete state of the dashboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The node's own summary.
    pub status: Status,
    /// Time of this state by the browser's clock.
    pub time: Timestamp,
    /// The keys and their balances.
    pub wallet: WalletState,
    /// The newest blocks, side branches and orphans included, highest first; at most [`super::MAX_BLOCKS_SHOWN`].
    pub recent_blocks: Vec<BlockSummary>,
    pub mempool: MempoolState,
    pub mining: MiningState,
    /// Storage of the chain.
    pub storage: StorageState,
    /// The relays, in the configured order.
    pub relays: Vec<RelayState>,
}

/// The payments in the mempool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MempoolState {
    /// The oldest payments; at most [`MAX_PAYMENTS_SHOWN`].
    pub payments: Vec<PaymentSummary>,
    /// Number of payments.
    pub count: u32,
    /// Number of payments that ever entered. Together with `count`, it changes whenever a payment enters or leaves.
    pub entered: u64,
    /// Total encoded size in bytes.
    pub bytes: u64,
    /// The next blocks as this node would build them; at most [`MAX_COMING_BLOCKS`].
    pub coming: Vec<ComingBlockSummary>,
}

impl State {
    /// A value that changes whenever the primary chain or the mempool changes.
    #[must_use]
    pub fn moment(&self) -> (BlockId, u64, u32) {
        (self.status.tip.id, self.mempool.entered, self.mempool.count)
    }
}

/// A future block, assuming that no more payments arrive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComingBlockSummary {
    /// The payments of the next block that its miner prefers; at most [`MAX_COMING_PAYMENTS`]. None of later blocks.
    pub payments: Vec<ComingPayment>,
    /// Number of payments.
    pub count: u32,
    /// Encoded size in bytes.
    pub bytes: u32,
    /// Sum of the fees.
    pub fees: Amount,
    /// Lowest, median and highest fee per thousand bytes, counting each payment with the ancestors selected with it.
    pub rates: [Amount; 3],
}

/// A payment in a future block.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComingPayment {
    pub txid: TxId,
    /// Encoded size in bytes.
    pub bytes: u32,
    /// Fee per thousand bytes.
    pub rate: Amount,
    /// The paying address.
    pub sender: Address,
    /// The first address paid that is not the sender's.
    pub recipient: Option<Address>,
    /// Sum of the outputs that do not go back to the sender.
    pub paid: Amount,
}

/// The connection to one relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayState {
    pub address: PeerAddress,
    /// The transport of its frames, or of the last attempt.
    pub carrier: Carrier,
    pub connection: RelayConnection,
}

/// The state of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayConnection {
    /// Not dialled yet.
    Idle,
    /// Being dialled, or in the handshake.
    Connecting,
    /// The handshake is complete.
    Ready,
    /// Lost or refused; will be dialled again.
    Waiting {
        /// The reason.
        error: ConnectionError,
        /// Time of the next dial by the browser's clock.
        retry_at: Option<Timestamp>,
    },
}
