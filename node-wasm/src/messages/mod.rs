//! Messages between the page and the node worker.
//!
//! Every question carries a [`RequestId`](fedcoin_node::RequestId) chosen by the page, and gets exactly one answer, by
//! the corresponding variant of [`FromNode`]; [`crate::client::NodeClient`] pairs them.
#![allow(missing_docs, reason = "a field without a comment is what its name says")]

mod explorer;
mod from_node;
mod log_entry;
mod state;
mod storage;
mod to_node;
mod wallet;

pub use crate::mining::{Latency, MAX_THREADS, MinerHealth, MinerState, MiningOptions, MiningState, PageCircumstances};
pub use crate::socket::Carrier;
pub use explorer::{
    AddressDetails, BlockDetails, BlockState, BlockSummary, Found, HistoryPage, MAX_BLOCKS_SHOWN, MAX_COINS_SHOWN,
    MAX_HISTORY_PAGE, Nearest, PaymentSummary, Place, TransactionDetails,
};
pub use fedcoin_store::TxLocation;
pub use from_node::{Failure, FromNode, Ready, Update, VerifierKind};
pub use log_entry::{Happening, LogEntry};
pub use state::{
    ComingBlockSummary, ComingPayment, MAX_COMING_BLOCKS, MAX_COMING_PAYMENTS, MAX_PAYMENTS_SHOWN, MempoolState,
    RelayConnection, RelayState, State,
};
pub use storage::{MemoryReason, StorageKind, StorageState};
pub use to_node::{Holder, StartOptions, ToNode};
pub use wallet::{
    Draft, FeeChoice, HistoryEntry, HistoryKind, KeyState, KeyStorage, Paid, PrivateKeyText, Quote, SendProblem,
    WalletCommand, WalletProblem, WalletState,
};
