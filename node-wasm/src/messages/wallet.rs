//! The keys, payments from them, and the outcomes.

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
    /// The key that pays and receives mining rewards.
    pub selected: Option<Address>,
    /// Whether a passphrase protects the keys.
    pub protection: Protection,
}

/// A key and its balance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyState {
    pub address: Address,
    /// The user's name for it; may be empty.
    pub name: KeyName,
    /// Whether the user has a copy.
    pub backed_up: bool,
    pub public_key: PublicKey,
    pub balance: Balance,
}

/// A change of the wallet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WalletCommand {
    /// Create a random key; it is selected only if it is the first.
    New {
        /// The key's name.
        name: KeyName,
    },
    /// Add a private key (PKCS#8 DER in hex) and select it.
    Import {
        /// The key's name.
        name: KeyName,
        /// The text as typed, or the content of a file.
        key: PrivateKeyText,
    },
    /// Add the keys of a backup and select the first.
    Restore {
        /// The encrypted backup.
        backup: Sealed,
        /// The backup's passphrase.
        passphrase: Passphrase,
    },
    /// Rename a key.
    Rename {
        /// The key's address.
        address: Address,
        /// The new name.
        name: KeyName,
    },
    /// Delete a key for good.
    Remove {
        /// The key's address.
        address: Address,
    },
    /// Select the key that pays and receives mining rewards.
    Select {
        /// The key's address.
        address: Address,
    },
    /// Record that the user has a copy.
    NoteBackup {
        /// The key's address; `None` means all keys.
        address: Option<Address>,
    },
    /// Set, change or remove the passphrase.
    Protect {
        /// The current passphrase, if there is one.
        current: Option<Passphrase>,
        /// The new passphrase, if any.
        new: Option<Passphrase>,
    },
    /// Unlock the wallet until [`Self::Lock`] or the end of the tab.
    Unlock {
        /// The current passphrase.
        passphrase: Passphrase,
    },
    /// Forget the private keys until the wallet is unlocked.
    Lock,
}

/// Why the wallet was not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum WalletProblem {
    /// The text is not a private key.
    #[error(transparent)]
    Key(KeyError),
    /// The keyring refused the change.
    #[error(transparent)]
    Ring(#[from] KeyringError),
    /// The browser did not store or delete the key; nothing has changed.
    #[error("the browser could not store the key: {0}")]
    Storage(String),
    /// No node is running.
    #[error("the node is not running")]
    NotRunning,
}

/// A private key as text. `Debug` does not show it; its memory is cleared on drop.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateKeyText(pub Zeroizing<String>);

/// A payment that the user is considering. The recipient does not affect the cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The amount to pay.
    pub amount: Sum,
    /// The choice of the fee.
    pub fee: FeeChoice,
}

/// The choice of a payment's fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeeChoice {
    /// Enough for one of the next 10 blocks.
    Economic,
    /// Enough for one of the next 3 blocks.
    Usual,
    /// Enough for the next block.
    Urgent,
    /// This fee.
    Own(Amount),
}

/// The cost of a payment, which may take several payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Amount for the recipient.
    pub amount: Amount,
    /// Total fee.
    pub fee: Amount,
    /// The terms that determine the fee.
    pub terms: Fee,
    /// Whether the fee is so high that the user must type it.
    pub is_high: bool,
    /// Number of payments.
    pub payments: u32,
    /// Expected number of blocks until it is mined: 1, 3 or 10; `None` if it takes longer or is not accepted.
    pub wait: Option<u32>,
}

impl Quote {
    /// What leaves the wallet: amount plus fee.
    #[must_use]
    pub fn total(&self) -> Amount {
        self.amount.checked_add(self.fee).unwrap_or(Amount::MAX)
    }
}

/// A payment that the node has accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    pub txid: TxId,
    /// Amount for the recipient.
    pub amount: Amount,
}

/// Why nothing was sent, or not everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SendProblem {
    /// No key is selected.
    #[error("create or import a key first")]
    NoKey,
    /// The confirmed quote no longer holds: coins or fees have changed.
    #[error("coins or fees have changed since the quote")]
    QuoteChanged,
    /// The wallet is locked, or the passphrase is wrong.
    #[error(transparent)]
    Ring(#[from] KeyringError),
    /// The payment cannot be made, for example because the coins do not suffice.
    #[error(transparent)]
    Wallet(WalletError),
    /// The node refused the payment.
    #[error(transparent)]
    Refused(PoolError),
    /// No node is running.
    #[error("the node is not running")]
    NotRunning,
    /// The worker ended before it answered: these payments may have been sent, or not.
    #[error("the node ended before it answered: the payment may have been sent")]
    Unknown(Vec<Paid>),
    /// It was not known whether it was sent, and the node that runs now does not know it.
    #[error("the payment was not sent")]
    NotFound,
}

/// Storage of the keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyStorage {
    /// In the browser's database, which survives a reload.
    IndexedDb,
    /// In memory, for this reason: the keys are lost on reload unless exported.
    Memory(String),
}

/// An entry of the history of some keys.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    pub txid: TxId,
    /// The block that contains it; `None` in the mempool.
    pub block: Option<(BlockId, Height)>,
    /// The block's time; `None` in the mempool.
    pub time: Option<Timestamp>,
    pub kind: HistoryKind,
    /// The key that paid, or the first that was paid.
    pub own: Address,
    /// Amount received, paid to others, or moved between own keys, without the fee.
    pub amount: Amount,
    /// The fee, if one's own key paid it.
    pub fee: Amount,
    /// Of a mining reward: the first block that may spend it (rule C4).
    pub spendable_from: Option<Height>,
    /// The other side; `None` for a mining reward.
    pub other: Option<Address>,
}

impl HistoryEntry {
    /// What it adds to the balance and what it takes from it. Over a whole history these add up to the balance.
    #[must_use]
    pub fn change(&self) -> (Amount, Amount) {
        match self.kind {
            HistoryKind::Mined | HistoryKind::Received => (self.amount, Amount::ZERO),
            HistoryKind::Paid => (Amount::ZERO, self.amount.saturating_add(self.fee)),
            HistoryKind::ToSelf => (Amount::ZERO, self.fee),
        }
    }
}

/// The kind of a history entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HistoryKind {
    /// A mining reward.
    Mined,
    /// A payment from others.
    Received,
    /// A payment to others.
    Paid,
    /// A payment between one's own keys.
    ToSelf,
}

impl core::fmt::Debug for PrivateKeyText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PrivateKeyText(..)")
    }
}

impl core::fmt::Debug for WalletCommand {
    /// Omits the private key.
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
