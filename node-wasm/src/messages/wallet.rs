//! The keys, payments from them, and what becomes of either.

use fedcoin_node::mempool::PoolError;
use fedcoin_node::primitives::{Address, BlockId, TxId};
use fedcoin_node::units::{Amount, Height, Timestamp};
use fedcoin_node::wallet::{Balance, WalletError};
use serde::{Deserialize, Serialize};

/// Most entries of a [`super::FromNode::History`] answer.
pub const MAX_HISTORY: usize = 500;

/// Most keys of a tab.
pub const MAX_KEYS: usize = 100;

/// The keys of this tab.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WalletState {
    /// All keys, oldest first.
    pub keys: Vec<KeyState>,
    /// The one that pays and gets mining rewards.
    pub selected: Option<Address>,
}

/// A key and what it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyState {
    /// Its address.
    pub address: Address,
    /// The public key in the teaching coin's hex (SPKI DER).
    pub public_key: String,
    /// What it holds.
    pub balance: Balance,
}

/// A change of the wallet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WalletCommand {
    /// Draw a new key and select it.
    New,
    /// Add a private key (PKCS#8 DER in hex) and select it.
    Import {
        /// What the user typed or the file holds.
        hex: String,
    },
    /// Delete a key for good.
    Remove {
        /// Whose.
        address: Address,
    },
    /// Pay with this key and mine to it.
    Select {
        /// Whose.
        address: Address,
    },
}

/// Why the wallet was not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum WalletProblem {
    /// Not a private key.
    #[error("{0}")]
    Key(String),
    /// No such key here.
    #[error("there is no key of this address here")]
    Unknown,
    /// At most [`crate::messages::MAX_KEYS`] keys.
    #[error("a wallet holds at most {MAX_KEYS} keys")]
    Full,
    /// The browser did not store or delete it: nothing has changed.
    #[error("the browser could not store the key: {0}")]
    Storage(String),
    /// No node runs (any more).
    #[error("the node does not run")]
    NotRunning,
}

/// A private key as text. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateKeyText(pub String);

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SendProblem {
    /// No key is selected.
    #[error("make or import a key first")]
    NoKey,
    /// Neither an address nor a public key.
    #[error("{0}")]
    Recipient(String),
    /// Not an amount, or zero.
    #[error("{0}")]
    Amount(String),
    /// Not an amount.
    #[error("{0}")]
    Fee(String),
    /// It cannot be put together, for example from too little money.
    #[error(transparent)]
    Wallet(WalletError),
    /// The node did not take it.
    #[error(transparent)]
    Refused(PoolError),
    /// No node runs (any more).
    #[error("the node does not run")]
    NotRunning,
}

/// Where the keys are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyStorage {
    /// In the browser's database; they survive a reload.
    IndexedDb,
    /// In memory, and why: they are lost on reload unless exported.
    Memory(String),
}

/// What a key received or paid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The transaction.
    pub txid: TxId,
    /// Its block; `None` while it waits in the mempool.
    pub block: Option<(BlockId, Height)>,
    /// The block's time; `None` while it waits.
    pub time: Option<Timestamp>,
    /// What it was.
    pub kind: HistoryKind,
    /// How much came in or went out (the fee not counted).
    pub amount: Amount,
    /// The other side; `None` for a mining reward.
    pub other: Option<Address>,
}

/// What a history entry was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HistoryKind {
    /// A mining reward.
    Mined,
    /// A payment to the key.
    Received,
    /// A payment by the key.
    Paid,
    /// A payment by the key to itself.
    ToSelf,
}

impl core::fmt::Debug for PrivateKeyText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PrivateKeyText(..)")
    }
}

impl core::fmt::Debug for WalletCommand {
    /// Leaves the private key out.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::New => f.write_str("New"),
            Self::Import { .. } => f.write_str("Import(..)"),
            Self::Remove { address } => write!(f, "Remove({address})"),
            Self::Select { address } => write!(f, "Select({address})"),
        }
    }
}
