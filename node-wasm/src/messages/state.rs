//! What the dashboard shows.

use super::{BlockSummary, MiningState, PaymentSummary, StorageState, WalletState};
use fedcoin_node::primitives::{BlockId, TxId};
use fedcoin_node::units::{Amount, Timestamp};
use fedcoin_node::{PeerAddress, Status};
use serde::{Deserialize, Serialize};

/// Most payments that [`MempoolState::payments`] holds.
pub const MAX_PAYMENTS_SHOWN: usize = 100;

/// Most blocks that [`MempoolState::coming`] holds.
pub const MAX_COMING_BLOCKS: usize = 6;

/// Most payments that [`ComingBlockSummary::payments`] holds.
pub const MAX_COMING_PAYMENTS: usize = 30;

/// Everything the dashboard shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The node's own view.
    pub status: Status,
    /// When this was true, by the browser's clock.
    pub time: Timestamp,
    /// The keys and what they hold.
    pub wallet: WalletState,
    /// The newest blocks, side branches and orphans included, highest first; at most [`super::MAX_BLOCKS_SHOWN`].
    pub recent_blocks: Vec<BlockSummary>,
    /// What waits to be mined.
    pub mempool: MempoolState,
    /// The mining workers.
    pub mining: MiningState,
    /// Where the chain is kept.
    pub storage: StorageState,
    /// The relays, in the order given.
    pub relays: Vec<RelayState>,
}

/// What waits to be mined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MempoolState {
    /// The oldest ones; at most [`MAX_PAYMENTS_SHOWN`].
    pub payments: Vec<PaymentSummary>,
    /// How many there are.
    pub count: u32,
    /// How many ever entered. Together with `count`, it changes whenever a payment enters or leaves.
    pub entered: u64,
    /// Their size in bytes.
    pub bytes: u64,
    /// The next blocks as this node would make them; at most [`MAX_COMING_BLOCKS`].
    pub coming: Vec<ComingBlockSummary>,
}

impl State {
    /// Changes whenever the primary chain or the mempool does.
    #[must_use]
    pub fn moment(&self) -> (BlockId, u64, u32) {
        (self.status.tip.id, self.mempool.entered, self.mempool.count)
    }
}

/// A block to come, if nothing else arrives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComingBlockSummary {
    /// Its first payments; at most [`MAX_COMING_PAYMENTS`].
    pub payments: Vec<ComingPayment>,
    /// How many there are.
    pub count: u32,
    /// Their size in bytes.
    pub bytes: u32,
    /// What they pay the miner.
    pub fees: Amount,
    /// Lowest, median and highest fee of a thousand bytes, each payment with those it needs.
    pub rates: [Amount; 3],
}

/// A payment in a block to come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComingPayment {
    /// Its id.
    pub txid: TxId,
    /// Size in bytes.
    pub bytes: u32,
    /// Its fee for a thousand bytes.
    pub rate: Amount,
}

/// The connection to one relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayState {
    /// Its address.
    pub address: PeerAddress,
    /// How it stands.
    pub connection: RelayConnection,
}

/// How a connection stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayConnection {
    /// Not dialled yet.
    Idle,
    /// Being dialled, or shaking hands.
    Connecting,
    /// Both sides know each other.
    Ready,
    /// Lost or refused; it is dialled again.
    Waiting {
        /// Why.
        error: String,
        /// When it is dialled again, by the browser's clock.
        retry_at: Option<Timestamp>,
    },
}
