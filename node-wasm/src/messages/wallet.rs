//! The keys, payments from them, and what becomes of either.

use fedcoin_keyring::{KeyName, KeyringError, Passphrase, Protection, Sealed};
use fedcoin_node::mempool::PoolError;
use fedcoin_node::primitives::{Address, BlockId, KeyError, PublicKey, TxId};
use fedcoin_node::units::{Amount, Height, Timestamp};
use fedcoin_node::wallet::{Balance, Fee, Sum, WalletError};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The keys of this tab.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WalletState {
    /// All keys, oldest first.
    pub keys: Vec<KeyState>,
    /// The one that pays and gets mining rewards.
    pub selected: Option<Address>,
    /// Whether a passphrase guards them.
    pub protection: Protection,
}

/// A key and what it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyState {
    /// Its address.
    pub address: Address,
    /// What the user calls it; may be empty.
    pub name: KeyName,
    /// Whether the user has a copy of it.
    pub backed_up: bool,
    /// The public key.
    pub public_key: PublicKey,
    /// What it holds.
    pub balance: Balance,
}

/// A change of the wallet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WalletCommand {
    /// Draw a new key and select it.
    New {
        /// What it is called.
        name: KeyName,
    },
    /// Add a private key (PKCS#8 DER in hex) and select it.
    Import {
        /// What it is called.
        name: KeyName,
        /// What the user typed or the file holds.
        key: PrivateKeyText,
    },
    /// Add the keys of a backup and select the first.
    Restore {
        /// The backup.
        backup: Sealed,
        /// What opens it.
        passphrase: Passphrase,
    },
    /// Call a key something else.
    Rename {
        /// Whose.
        address: Address,
        /// What it is called from now on.
        name: KeyName,
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
    /// Remember that the user has a copy.
    NoteBackup {
        /// Of which key; `None` is all.
        address: Option<Address>,
    },
    /// Guard the keys with a passphrase, another one, or none any more.
    Protect {
        /// The one in force, if there is one.
        current: Option<Passphrase>,
        /// The one to come.
        new: Option<Passphrase>,
    },
    /// Give the passphrase: until [`Self::Lock`] or the tab's end no other is asked for.
    Unlock {
        /// The one in force.
        passphrase: Passphrase,
    },
    /// Forget the private keys until the passphrase is given.
    Lock,
}

/// Why the wallet was not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum WalletProblem {
    /// Not a private key.
    #[error(transparent)]
    Key(KeyError),
    /// The keys do not allow it.
    #[error(transparent)]
    Ring(#[from] KeyringError),
    /// The browser did not store or delete it: nothing has changed.
    #[error("the browser could not store the key: {0}")]
    Storage(String),
    /// No node runs (any more).
    #[error("the node does not run")]
    NotRunning,
}

/// A private key as text. `Debug` does not show it; its memory is cleared when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateKeyText(pub Zeroizing<String>);

/// A payment that the user is considering. Who gets it does not matter for what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// How much.
    pub amount: Sum,
    /// What the miner gets.
    pub fee: FeeChoice,
}

/// What a miner gets for a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeeChoice {
    /// Enough for one of the next 10 blocks.
    Economic,
    /// Enough for one of the next 3 blocks.
    Usual,
    /// Enough for the next block.
    Urgent,
    /// This much.
    Own(Amount),
}

/// What a payment would cost, in as many payments as it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// What the recipient would get.
    pub amount: Amount,
    /// What the miner would get.
    pub fee: Amount,
    /// What the fee follows from.
    pub terms: Fee,
    /// Whether it is so high that the user must type it.
    pub is_high: bool,
    /// How many payments it takes.
    pub payments: u32,
    /// Within how many blocks it should be mined: 1, 3 or 10; `None` if it takes longer or would not be
    /// taken.
    pub wait: Option<u32>,
}

impl Quote {
    /// What leaves the wallet: amount and fee.
    #[must_use]
    pub fn total(&self) -> Amount {
        self.amount.checked_add(self.fee).unwrap_or(Amount::MAX)
    }
}

/// A payment that the node has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// Its id.
    pub txid: TxId,
    /// What the recipient gets.
    pub amount: Amount,
}

/// Why nothing was sent, or nothing more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SendProblem {
    /// No key is selected.
    #[error("make or import a key first")]
    NoKey,
    /// What the user confirmed can no longer be paid like this: coins or fees have changed.
    #[error("coins or fees have changed since the quote")]
    QuoteChanged,
    /// The wallet is locked, or the passphrase is wrong.
    #[error(transparent)]
    Ring(#[from] KeyringError),
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
            Self::New { name } => write!(f, "New({name})"),
            Self::Import { name, .. } => write!(f, "Import({name}, ..)"),
            Self::Restore { .. } => f.write_str("Restore(..)"),
            Self::Rename { address, name } => write!(f, "Rename({address}, {name})"),
            Self::Remove { address } => write!(f, "Remove({address})"),
            Self::Select { address } => write!(f, "Select({address})"),
            Self::NoteBackup { address } => write!(f, "NoteBackup({address:?})"),
            Self::Protect { .. } => f.write_str("Protect(..)"),
            Self::Unlock { .. } => f.write_str("Unlock(..)"),
            Self::Lock => f.write_str("Lock"),
        }
    }
}
