//! What the node worker answers and tells.

use super::{
    AddressDetails, BlockDetails, BlockSummary, Found, HistoryPage, KeyStorage, LogEntry, Paid, PrivateKeyText, Quote,
    SendProblem, State, StorageState, TransactionDetails, WalletProblem,
};
use fedcoin_keyring::Sealed;
use fedcoin_node::RequestId;
use fedcoin_node::chain::ChainSample;
use serde::{Deserialize, Serialize};

/// From the node worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromNode {
    /// What nobody asked for.
    Update(Update),
    /// The answer to [`super::ToNode::Ping`].
    Pong,
    /// The answer to [`super::ToNode::Wallet`].
    Wallet {
        /// The question's.
        request: RequestId,
        /// The outcome.
        result: Result<(), WalletProblem>,
    },
    /// The answer to [`super::ToNode::ExportKey`]: PKCS#8 DER in hex, the teaching coin's form.
    PrivateKey {
        /// The question's.
        request: RequestId,
        /// The outcome.
        result: Result<PrivateKeyText, WalletProblem>,
    },
    /// The answer to [`super::ToNode::Backup`].
    Backup {
        /// The question's.
        request: RequestId,
        /// The outcome.
        result: Result<Sealed, WalletProblem>,
    },
    /// The answer to [`super::ToNode::Quote`] and [`super::ToNode::QuoteBump`].
    Quoted {
        /// The question's.
        request: RequestId,
        /// The outcome.
        result: Result<Quote, SendProblem>,
    },
    /// The answer to [`super::ToNode::Send`] and [`super::ToNode::Bump`].
    Sent {
        /// The question's.
        request: RequestId,
        /// The payments that are in the mempool and announced.
        paid: Vec<Paid>,
        /// Why there are no more, if there should be.
        problem: Option<SendProblem>,
    },
    /// The answer to [`super::ToNode::Blocks`].
    Blocks {
        /// The question's.
        request: RequestId,
        /// Highest first.
        blocks: Vec<BlockSummary>,
    },
    /// The answer to [`super::ToNode::Block`]: `None` when it is not stored here.
    Block {
        /// The question's.
        request: RequestId,
        /// The block.
        block: Option<Box<BlockDetails>>,
    },
    /// The answer to [`super::ToNode::Transaction`]: `None` when it is neither in the mempool nor on the primary chain.
    Transaction {
        /// The question's.
        request: RequestId,
        /// The transaction.
        transaction: Option<Box<TransactionDetails>>,
    },
    /// The answer to [`super::ToNode::Address`].
    Address {
        /// The question's.
        request: RequestId,
        /// What it holds.
        details: AddressDetails,
    },
    /// The answer to [`super::ToNode::AddressHistory`].
    AddressHistory {
        /// The question's.
        request: RequestId,
        /// A page.
        page: HistoryPage,
    },
    /// The answer to [`super::ToNode::Samples`].
    Samples {
        /// The question's.
        request: RequestId,
        /// Oldest first.
        samples: Vec<ChainSample>,
    },
    /// The answer to [`super::ToNode::Find`].
    Found {
        /// The question's.
        request: RequestId,
        /// What it is.
        found: Found,
    },
}

/// What the node worker reports unasked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Update {
    /// The worker is reading and checking the chain file. About twice a second until it is done.
    Opening {
        /// Bytes read so far.
        read: u64,
        /// The file's size in bytes.
        size: u64,
    },
    /// The node runs.
    Ready(Ready),
    /// The node did not start, or had to stop. Keys are safe and can still be exported; the page
    /// may start again with a new [`crate::client::NodeClient`].
    Failed(Failure),
    /// The answer to [`super::ToNode::Stop`].
    Stopped,
    /// Everything the dashboard shows: at most five times a second, twice while the node catches up, and at once when
    /// the tip changes after that.
    State(Box<State>),
    /// Something happened.
    Event(LogEntry),
}

/// The node runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// The slot, to be remembered by the page.
    pub slot: u32,
    /// Where the chain is kept.
    pub storage: StorageState,
    /// Where the keys are kept.
    pub keys: KeyStorage,
    /// What checks signatures.
    pub verifier: VerifierKind,
}

/// Why no node runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure {
    /// The network's rules contradict each other.
    #[error("the network's rules make no sense: {0}")]
    Params(String),
    /// The browser closed its storage, or the storage is full. The chain up to the last commit is safe.
    #[error("the browser's storage failed: {problem}")]
    Storage {
        /// It holds as much as the browser allows, or as there is room for.
        full: bool,
        /// What the browser says.
        problem: String,
    },
    /// What is stored contradicts itself. A reload starts afresh in a new file.
    #[error("the stored chain is damaged: {0}")]
    Corrupt(String),
    /// The worker has been silent for long, has died, or its file is missing.
    #[error("the node's worker does not answer")]
    NoAnswer,
    /// Something that should not happen.
    #[error("{0}")]
    Other(String),
}

/// What checks signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VerifierKind {
    /// The browser's own code.
    WebCrypto,
    /// Compiled into the node: slower; used where the page is not a secure context.
    Wasm,
}
