//! Why a command ends without success.

use crate::args::ConfigError;
use crate::chain_cli::ArchiveError;
use crate::client::ClientError;
use crate::data_dir::DataDirError;
use crate::key_file::KeyFileError;
use crate::network::NetworkError;
use crate::tls::TlsError;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::WalletError;

/// Why a command ends without success: one line for people, with a remedy where there is one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A key file cannot be used.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The configuration file cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The network's rules cannot be used.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A certificate or a key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A file of blocks cannot be used.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The port cannot be listened on.
    #[error("cannot listen on {address}: {error}; {remedy}")]
    Listen {
        /// Address and port asked for.
        address: String,
        /// What the system says.
        error: String,
        /// What to do.
        remedy: &'static str,
    },
    /// An argument makes no sense where clap could not see it.
    #[error("{0}")]
    Usage(String),
    /// The node's stored state cannot be used.
    #[error("the stored chain in {path} cannot be used: {problem}; move the folder away to start afresh")]
    Stored {
        /// The data directory.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The disk failed while the node ran. What was announced before is on disk.
    #[error("the chain can no longer be stored: {0}; free some space or check the disk, then start again")]
    Storage(String),
    /// A node could not be asked, or refused.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// No payment can be made.
    #[error(transparent)]
    Wallet(#[from] WalletError),
    /// Some payments of an order were taken, and then no more.
    #[error("{payments} payments of {amount} FED in all were sent, the rest was not: {rest}")]
    PaidInPart {
        /// How many were taken.
        payments: usize,
        /// What their recipient gets.
        amount: Amount,
        /// Why the next was not.
        rest: Box<Failure>,
    },
    /// A payment was submitted, and the answer got lost.
    #[error("whether the node took payment {txid} is not known, look for it before you pay again: {error}")]
    Unsure {
        /// The payment's id.
        txid: String,
        /// What happened.
        error: Box<Failure>,
    },
    /// The operating system refused something.
    #[error("{what}: {error}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system says.
        error: String,
    },
}

impl Failure {
    /// The process's exit code: 2 when the command line or a file it names must be changed, else 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::KeyFile(_) | Self::Config(_) | Self::Network(_) | Self::Tls(_) | Self::Usage(_) => 2,
            _ => 1,
        }
    }

    /// A failure of the operating system.
    #[must_use]
    pub fn system(what: &'static str, error: &impl ToString) -> Self {
        Self::System { what, error: error.to_string() }
    }
}
