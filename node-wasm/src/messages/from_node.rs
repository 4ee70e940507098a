//! Answers and updates of the node worker.

use super::{
    AddressDetails, BlockDetails, BlockSummary, Found, HistoryPage, KeyStorage, LogEntry, Paid, PrivateKeyText, Quote,
    SendProblem, State, StorageState, TransactionDetails, WalletProblem,
};
use fedcoin_keyring::{Protection, Sealed};
use fedcoin_node::RequestId;
use fedcoin_node::chain::ChainSample;
use serde::{Deserialize, Serialize};

/// From the node worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromNode {
    /// An unsolicited report.
    Update(Update),
    /// The answer to [`super::ToNode::Ping`].
    Pong,
    /// The answer to [`super::ToNode::Wallet`].
    Wallet { request: RequestId, result: Result<(), WalletProblem> },
    /// The answer to [`super::ToNode::ExportKey`]: PKCS#8 DER in hex, the teaching coin's form.
    PrivateKey { request: RequestId, result: Result<PrivateKeyText, WalletProblem> },
    /// The answer to [`super::ToNode::Backup`].
    Backup { request: RequestId, result: Result<Sealed, WalletProblem> },
    /// The answer to [`super::ToNode::Quote`] and [`super::ToNode::QuoteBump`].
    Quoted { request: RequestId, result: Result<Quote, SendProblem> },
    /// For [`super::ToNode::Send`] and [`super::ToNode::Bump`], before a payment is submitted: if the worker ends now,
    /// the page knows what may have been sent.
    Sending { request: RequestId, payment: Paid },
    /// The answer to [`super::ToNode::Send`] and [`super::ToNode::Bump`].
    Sent {
        request: RequestId,
        /// The accepted payments, now in the mempool and announced.
        paid: Vec<Paid>,
        /// The reason, if not all parts were accepted.
        problem: Option<SendProblem>,
    },
    /// The answer to [`super::ToNode::Blocks`].
    Blocks {
        request: RequestId,
        /// Highest first.
        blocks: Vec<BlockSummary>,
    },
    /// The answer to [`super::ToNode::Block`]: `None` if the block is not stored.
    Block { request: RequestId, block: Option<Box<BlockDetails>> },
    /// The answer to [`super::ToNode::Transaction`]: `None` if it is not in the mempool or on the primary chain.
    Transaction { request: RequestId, transaction: Option<Box<TransactionDetails>> },
    /// The answer to [`super::ToNode::Address`].
    Address { request: RequestId, details: AddressDetails },
    /// The answer to [`super::ToNode::AddressHistory`].
    AddressHistory { request: RequestId, page: HistoryPage },
    /// The answer to [`super::ToNode::Samples`].
    Samples {
        request: RequestId,
        /// Oldest first.
        samples: Vec<ChainSample>,
    },
    /// The answer to [`super::ToNode::Find`].
    Found { request: RequestId, found: Found },
}

/// Unsolicited reports of the node worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Update {
    /// The worker is reading and checking the chain file. Sent about twice a second until it is done.
    Opening {
        /// Bytes read so far.
        read: u64,
        /// The file's size in bytes.
        size: u64,
    },
    /// The node runs.
    Ready(Ready),
    /// The node did not start, or had to stop. The keys are safe and can still be exported; the page may start again
    /// with a new [`crate::client::NodeClient`].
    Failed(Failure),
    /// The answer to [`super::ToNode::Stop`].
    Stopped,
    /// The complete state of the dashboard: at most five times a second, twice during a sync, and at once when the tip
    /// changes after a sync.
    State(Box<State>),
    /// An event for the log.
    Event(LogEntry),
    /// After the node has failed: whether a passphrase guards the keys now.
    Protection(Protection),
}

/// Reported when the node runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// The slot, for the page to remember.
    pub slot: u32,
    /// Storage of the chain.
    pub storage: StorageState,
    /// Storage of the keys.
    pub keys: KeyStorage,
    /// The number of stored keys that cannot be read.
    pub unreadable_keys: u32,
    /// The implementation of signature checks.
    pub verifier: VerifierKind,
}

/// Why no node is running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure {
    /// The network's rules are invalid.
    #[error("the network's rules are invalid: {0}")]
    Params(String),
    /// The browser closed its storage, or the storage is full. The chain up to the last commit is safe.
    #[error("the browser's storage failed: {problem}")]
    Storage {
        /// Whether the browser's quota or the disk is exhausted.
        full: bool,
        /// The browser's error message.
        problem: String,
    },
    /// The stored data is inconsistent. A reload starts with a new file.
    #[error("the stored chain is damaged: {0}")]
    Corrupt(String),
    /// The worker has been silent for long.
    #[error("the node's worker does not respond")]
    NoAnswer,
    /// The worker's program could not be loaded: a relay with another build does not have its files.
    #[error("the node's program could not be loaded")]
    NotLoaded,
    /// The browser gave the worker no more memory.
    #[error("the browser has no memory left for the node")]
    OutOfMemory,
    /// The worker ended with an error.
    #[error("the node's worker ended: {0}")]
    Crashed(String),
    /// An unexpected error.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    /// What the error means that a worker ended with; `None`: its script did not load.
    #[must_use]
    pub fn of_error(message: Option<String>) -> Self {
        let Some(message) = message else { return Self::NotLoaded };
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if says(&["was not loaded"]) {
            Self::NotLoaded
        } else if says(&["memory", "allocation"]) {
            Self::OutOfMemory
        } else {
            Self::Crashed(message)
        }
    }

    /// What the browser or the program said, in its own words.
    #[must_use]
    pub fn raw(&self) -> Option<&str> {
        match self {
            Self::Params(said) | Self::Corrupt(said) | Self::Crashed(said) | Self::Other(said) => Some(said),
            Self::Storage { problem, .. } => Some(problem),
            Self::NoAnswer | Self::NotLoaded | Self::OutOfMemory => None,
        }
    }

    /// Whether the worker is gone, or as good as gone: it answers nothing any more.
    #[must_use]
    pub const fn ended_worker(&self) -> bool {
        matches!(self, Self::NoAnswer | Self::NotLoaded | Self::OutOfMemory | Self::Crashed(_))
    }
}

/// The implementation of signature checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VerifierKind {
    /// The node's own code, made for speed in wasm; used if there is no WebCrypto, as over plain http, or it fails.
    Fast,
    /// The browser's WebCrypto.
    WebCrypto,
    /// The reference, which is several times slower, if the fast code fails its self-test.
    Reference,
}
