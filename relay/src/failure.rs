//! Why a command ends without success.

use crate::archive::ArchiveError;
use crate::args::{ConfigError, SumError};
use crate::client::ClientError;
use crate::cluster::LoginConflict;
use crate::data_dir::DataDirError;
use crate::key_file::KeyFileError;
use crate::log::LogFilterError;
use crate::miner::MinerError;
use crate::network::NetworkError;
use crate::output::quoted;
use crate::random::RandomError;
use crate::threads::{SpawnError, ThreadPanic};
use crate::tls::TlsError;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::WalletError;
use fedcoin_store::StoreError;
use std::path::Path;

/// Why a command ends without success: one line for people, with a remedy where there is one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A key file cannot be used.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The configuration file cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The command line does not say how much to pay.
    #[error(transparent)]
    Sum(#[from] SumError),
    /// The log filter cannot be used.
    #[error(transparent)]
    LogFilter(#[from] LogFilterError),
    /// The servers of the cluster take different logins.
    #[error(transparent)]
    Login(#[from] LoginConflict),
    /// The miner cannot start.
    #[error(transparent)]
    Miner(#[from] MinerError),
    /// The system starts no more threads.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// A thread of the node panicked: a mistake in the program.
    #[error(transparent)]
    Panicked(#[from] ThreadPanic),
    /// The system gives no random numbers.
    #[error(transparent)]
    Random(#[from] RandomError),
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
        /// The requested address and port.
        address: String,
        /// What the system says.
        error: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Arguments that clap cannot check are wrong.
    #[error("{0}")]
    Usage(String),
    /// The node's stored state cannot be used.
    #[error("{problem} (in {path}); `{remedy}` rebuilds it from its undamaged blocks")]
    Stored {
        /// The data directory.
        path: String,
        /// What is wrong.
        problem: String,
        /// The command that mends it.
        remedy: String,
    },
    /// The stored state belongs to another program version or another network.
    #[error("{problem} (in {path})")]
    Foreign {
        /// The data directory.
        path: String,
        /// What is wrong, and what to do.
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
            Self::KeyFile(_)
            | Self::Config(_)
            | Self::Network(_)
            | Self::Tls(_)
            | Self::Sum(_)
            | Self::LogFilter(_)
            | Self::Login(_)
            | Self::Miner(MinerError::FaultyKernel(_))
            | Self::Usage(_) => 2,
            _ => 1,
        }
    }

    /// The failure for an error of the store in this data directory.
    #[must_use]
    pub fn of_store(error: StoreError, params: &ChainParams, path: &Path) -> Self {
        match error {
            StoreError::Io { problem, .. } => Self::Storage(problem),
            StoreError::InUse | StoreError::NoIndex => Self::Storage(error.to_string()),
            StoreError::Newer { .. } | StoreError::OtherNetwork { .. } => {
                Self::Foreign { path: path.display().to_string(), problem: error.to_string() }
            }
            StoreError::Older { .. } | StoreError::Corrupt { .. } => Self::unusable(error.to_string(), params, path),
        }
    }

    /// The failure for a damaged chain in this data directory.
    #[must_use]
    pub fn damaged(problem: &impl ToString, params: &ChainParams, path: &Path) -> Self {
        Self::of_store(StoreError::Corrupt { problem: problem.to_string() }, params, path)
    }

    fn unusable(problem: String, params: &ChainParams, path: &Path) -> Self {
        let built_in = ChainParams::built_in(&params.name).as_ref() == Ok(params);
        let network = if built_in { format!("--network {}", params.name) } else { "--chain FILE".to_owned() };
        let remedy = format!("fedcoin chain repair {network} --data-dir {}", quoted(path));
        Self::Stored { remedy, path: path.display().to_string(), problem }
    }

    /// A failure of the operating system.
    #[must_use]
    pub fn system(what: &'static str, error: &impl ToString) -> Self {
        Self::System { what, error: error.to_string() }
    }
}
