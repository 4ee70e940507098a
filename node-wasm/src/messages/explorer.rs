//! Blocks, transactions and addresses as the page shows them.

use super::HistoryEntry;
use fedcoin_node::primitives::{Address, Block, BlockId, OutPoint, Output, TxId};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_node::wallet::{Balance, Coin};
use serde::{Deserialize, Serialize};

/// Most blocks that [`super::State::recent_blocks`] and one [`super::ToNode::Blocks`] answer hold.
pub const MAX_BLOCKS_SHOWN: usize = 64;

/// Most transactions of the chain in a [`HistoryPage`].
pub const MAX_HISTORY_PAGE: u32 = 50;

/// Most coins of an [`AddressDetails`].
pub const MAX_COINS_SHOWN: usize = 200;

/// A block in a list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockSummary {
    /// Its id.
    pub id: BlockId,
    /// Its parent.
    pub previous: BlockId,
    /// Its height.
    pub height: Height,
    /// Its time.
    pub time: Timestamp,
    /// Its target.
    pub target: CompactTarget,
    /// Where it stands.
    pub state: BlockState,
    /// Its payments; `None` when the block itself is not stored (yet).
    pub payments: Option<u32>,
    /// Size in bytes; `None` when the block itself is not stored (yet).
    pub bytes: Option<u32>,
    /// Who mined it; `None` when the block itself is not stored (yet).
    pub miner: Option<Address>,
    /// What the coinbase pays; `None` when the block itself is not stored (yet).
    pub reward: Option<Amount>,
}

/// Where a block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockState {
    /// On the primary chain.
    Primary,
    /// On a backup chain.
    Side,
    /// Only its header is known so far.
    HeaderOnly,
    /// It is invalid.
    Invalid,
    /// Its parent is unknown.
    Orphan,
}

/// A whole block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockDetails {
    /// What a list shows of it.
    pub summary: BlockSummary,
    /// The block.
    pub block: Block,
    /// The coinbase's id.
    pub coinbase_id: TxId,
    /// Its payments, as [`BlockDetails::block`] orders them.
    pub payments: Vec<TransactionDetails>,
    /// Blocks above it on the primary chain, itself included; 0 off the primary chain.
    pub confirmations: u32,
}

/// A payment in a list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentSummary {
    /// Its id.
    pub txid: TxId,
    /// Who pays.
    pub sender: Address,
    /// Sum of the outputs that do not go back to the sender.
    pub paid: Amount,
    /// The fee, where the spent outputs are known.
    pub fee: Option<Amount>,
    /// Size in bytes.
    pub bytes: u32,
}

/// A whole transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransactionDetails {
    /// Its id.
    pub txid: TxId,
    /// Who pays; `None` is a coinbase.
    pub sender: Option<Address>,
    /// Whether a payment of a higher fee may take its place while it waits; never of a coinbase.
    pub replaceable: bool,
    /// The outputs spent, with what they held where that is known.
    pub inputs: Vec<(OutPoint, Option<Output>)>,
    /// The outputs made.
    pub outputs: Vec<Output>,
    /// The fee, where the spent outputs are known.
    pub fee: Option<Amount>,
    /// Size in bytes.
    pub bytes: u32,
    /// Its block; `None` while it waits in the mempool.
    pub block: Option<(BlockId, Height)>,
    /// Blocks above it on the primary chain, its own included; 0 off the primary chain.
    pub confirmations: u32,
}

/// What an address holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddressDetails {
    /// Which.
    pub address: Address,
    /// Its balance.
    pub balance: Balance,
    /// What it can spend now; at most [`MAX_COINS_SHOWN`].
    pub coins: Vec<Coin>,
}

/// What an address received and paid, a page of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// Newest first. Payments that wait come on the first page only.
    pub entries: Vec<HistoryEntry>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<HistoryCursor>,
}

/// A position in the primary chain: everything before it is older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryCursor {
    /// The block's.
    pub height: Height,
    /// The transaction's place in the block; 0 is the coinbase.
    pub position: u32,
}

/// What a search text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// A block known here.
    Block(BlockId),
    /// A transaction known here.
    Transaction(TxId),
    /// An address.
    Address(Address),
    /// Nothing known here.
    Nothing,
}
