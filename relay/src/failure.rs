//! The errors of all commands.

use crate::archive::ArchiveError;
use crate::args::{ConfigError, SumError};
use crate::client::ClientError;
use crate::cluster::LoginConflict;
use crate::data_dir::DataDirError;
use crate::key_file::KeyFileError;
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

/// Why a command failed: one line for people, with a remedy if there is one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum Failure {
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Sum(#[from] SumError),
    #[error(transparent)]
    Login(#[from] LoginConflict),
    #[error(transparent)]
    Miner(#[from] MinerError),
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    #[error(transparent)]
    Panicked(#[from] ThreadPanic),
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error(transparent)]
    Network(#[from] NetworkError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The port cannot be listened on.
    #[error("cannot listen on {address}: {error}; {remedy}")]
    Listen { address: String, error: String, remedy: &'static str },
    /// Arguments that clap cannot check are invalid.
    #[error("{0}")]
    Usage(String),
    /// The stored state is damaged.
    #[error("{problem} (in {path}); `{remedy}` rebuilds it from its undamaged blocks")]
    Stored { path: String, problem: String, remedy: String },
    /// The stored state belongs to another program version or another network.
    #[error("{problem} (in {path})")]
    Foreign { path: String, problem: String },
    /// The disk failed while the node ran. Everything announced before is on disk.
    #[error("the chain can no longer be stored: {0}; free some space or check the disk, then start again")]
    Storage(String),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Wallet(#[from] WalletError),
    /// The node accepted some payments of an order, but not all.
    #[error("{payments} payments of {amount} FED in all were sent, the others were not: {rest}")]
    PaidInPart { payments: usize, amount: Amount, rest: Box<Failure> },
    /// A payment was submitted, and the answer was lost.
    #[error("the node may have accepted payment {txid}: check it before you pay again ({error})")]
    Unsure { txid: String, error: Box<Failure> },
    /// The operating system refused a request.
    #[error("{what}: {error}")]
    System { what: &'static str, error: String },
}

impl Failure {
    /// The process's exit code: 2 if the command line or a file it names must be changed, otherwise 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::KeyFile(_)
            | Self::Config(_)
            | Self::Network(_)
            | Self::Tls(_)
            | Self::Sum(_)
            | Self::Login(_)
            | Self::Miner(MinerError::FaultyKernel(_))
            | Self::Usage(_) => 2,
            _ => 1,
        }
    }

    /// The failure for a store error in this data directory.
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

    /// A failed request to the operating system; `what` is what failed.
    #[must_use]
    pub fn system(what: &'static str, error: &impl ToString) -> Self {
        Self::System { what, error: error.to_string() }
    }
}
