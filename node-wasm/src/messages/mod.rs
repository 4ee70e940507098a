//! What the page and the node worker tell each other.
//!
//! Every question carries a [`RequestId`](fedcoin_node::RequestId) of the page's choice and is answered exactly once, by
//! the variant of [`FromNode`] that belongs to it; [`crate::client::NodeClient`] pairs them up.

mod explorer;
mod from_node;
mod log_entry;
mod mining;
mod state;
mod storage;
mod to_node;
mod wallet;

pub use explorer::{
    AddressDetails, BlockDetails, BlockPlace, BlockSummary, Found, HistoryPage, HistoryPlace, MAX_BLOCKS_SHOWN,
    MAX_COINS_SHOWN, MAX_HISTORY_PAGE, PaymentDetails, PaymentSummary,
};
pub use from_node::{Failure, FromNode, Ready, Update, VerifierKind};
pub use log_entry::{Happening, LogEntry};
pub use mining::{Latency, MAX_THREADS, MinerHealth, MinerState, MiningOptions, MiningState, PageCircumstances};
pub use state::{
    ComingBlockSummary, ComingPayment, MAX_COMING_BLOCKS, MAX_COMING_PAYMENTS, MAX_PAYMENTS_SHOWN, MempoolState,
    RelayConnection, RelayState, State,
};
pub use storage::{MemoryReason, StorageKind, StorageState};
pub use to_node::{StartOptions, ToNode};
pub use wallet::{
    Draft, FeeChoice, HistoryEntry, HistoryKind, KeyState, KeyStorage, Paid, PrivateKeyText, Quote, SendProblem,
    WalletCommand, WalletProblem, WalletState,
};
