//! Blocks, transactions and addresses as the page shows them.

use super::HistoryEntry;
use fedcoin_node::primitives::{Address, Block, BlockId, OutPoint, Output, TxId};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_node::wallet::{Balance, Coin};
use fedcoin_store::TxLocation;
use serde::{Deserialize, Serialize};

/// Maximum number of blocks in [`super::State::recent_blocks`] and in an answer to [`super::ToNode::Blocks`].
pub const MAX_BLOCKS_SHOWN: usize = 64;

/// Maximum number of confirmed transactions in a [`HistoryPage`].
pub const MAX_HISTORY_PAGE: u32 = 50;

/// Maximum number of coins in an [`AddressDetails`].
pub const MAX_COINS_SHOWN: usize = 200;

/// A block in a list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockSummary {
    pub id: BlockId,
    /// The parent's id.
    pub previous: BlockId,
    pub height: Height,
    pub time: Timestamp,
    pub target: CompactTarget,
    /// Position relative to the primary chain.
    pub state: BlockState,
    /// Number of payments; `None` if the body is not stored.
    pub payments: Option<u32>,
    /// Size in bytes; `None` if the body is not stored.
    pub bytes: Option<u32>,
    /// The coinbase's recipient; `None` if the body is not stored.
    pub miner: Option<Address>,
    /// The coinbase's amount; `None` if the body is not stored.
    pub reward: Option<Amount>,
}

/// The position of a block relative to the primary chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockState {
    /// On the primary chain.
    Primary,
    /// On a side branch.
    Side,
    /// Only its header is known so far.
    HeaderOnly,
    /// The block is invalid.
    Invalid,
    /// The parent is unknown.
    Orphan,
}

/// A whole block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockDetails {
    /// The fields shown in lists.
    pub summary: BlockSummary,
    pub block: Block,
    /// The coinbase's id.
    pub coinbase_id: TxId,
    /// The payments, in the block's order.
    pub payments: Vec<TransactionDetails>,
    /// Number of blocks from this one to the tip, both included; 0 on a side branch.
    pub confirmations: u32,
    /// The block that builds on it on the primary chain.
    pub next: Option<BlockId>,
}

/// A payment in a list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentSummary {
    pub txid: TxId,
    /// When it entered this node's mempool, to the second.
    pub entered: Timestamp,
    /// The paying address.
    pub sender: Address,
    /// The first address paid that is not the sender's.
    pub recipient: Option<Address>,
    /// Number of outputs that do not go back to the sender.
    pub recipients: u32,
    /// Sum of the outputs that do not go back to the sender.
    pub paid: Amount,
    /// The fee, if the spent outputs are known.
    pub fee: Option<Amount>,
    /// Encoded size in bytes.
    pub bytes: u32,
}

/// A whole transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransactionDetails {
    pub txid: TxId,
    /// The paying address; `None` for a coinbase.
    pub sender: Option<Address>,
    /// Whether a payment with a higher fee may replace it while it waits; false for a coinbase.
    pub replaceable: bool,
    /// The spent outputs, with their contents if known.
    pub inputs: Vec<(OutPoint, Option<Output>)>,
    /// The new outputs.
    pub outputs: Vec<Output>,
    /// The fee, if the spent outputs are known.
    pub fee: Option<Amount>,
    /// Encoded size in bytes.
    pub bytes: u32,
    /// The block that contains it; `None` in the mempool.
    pub block: Option<(BlockId, Height)>,
    /// Number of blocks from its block to the tip, both included; 0 in the mempool.
    pub confirmations: u32,
    /// Its block's time, and the transactions before and after it in the block; not for those of a [`BlockDetails`].
    pub place: Option<Place>,
}

/// The place of a transaction in its block.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The block's time.
    pub time: Timestamp,
    pub previous: Option<TxId>,
    pub next: Option<TxId>,
}

/// Balance and coins of an address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddressDetails {
    pub address: Address,
    pub balance: Balance,
    /// The coins that it can spend now; at most [`MAX_COINS_SHOWN`].
    pub coins: Vec<Coin>,
}

/// A page of an address's history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// Newest first. Waiting payments are on the first page only.
    pub entries: Vec<HistoryEntry>,
    /// The last transaction of this page, before which the next page begins; `None` on the last page.
    pub next: Option<TxLocation>,
}

/// The result of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// A known block.
    Block(BlockId),
    /// A known transaction.
    Transaction(TxId),
    /// An address.
    Address(Address),
    /// Several fit; this is the newest.
    Several(Nearest),
    /// Nothing fits; this is the most similar.
    Near(Nearest),
    /// Nothing was found.
    Nothing,
}

/// Something that fits a search only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Nearest {
    /// A block of the primary chain.
    Block(BlockId, Height),
    Transaction(TxId),
    Address(Address),
}
