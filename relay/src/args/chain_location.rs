use super::number;
use clap::Args;
use std::path::PathBuf;

/// The network, and where its chain is stored.
#[derive(Args, Clone, Debug)]
pub struct ChainLocation {
    /// TOML file with settings. Its keys are the long flags, such as port = 5000; see `fedcoin config`
    #[arg(long, value_name = "FILE", env = "FEDCOIN_CONFIG")]
    pub config: Option<PathBuf>,

    /// Port for the page, the API and other nodes; 0 takes any free port
    #[arg(short, long, default_value_t = 5000, value_name = "PORT", value_parser = number::within::<u16>(0..=65_535), env = "FEDCOIN_PORT")]
    pub port: u16,

    /// Built-in network: main, classroom (the course's rules) or regtest (for tests)
    #[arg(long, default_value = "main", value_name = "NAME", env = "FEDCOIN_NETWORK", conflicts_with = "chain")]
    pub network: String,

    /// TOML file with the rules of another network
    #[arg(long, value_name = "FILE", env = "FEDCOIN_CHAIN")]
    pub chain: Option<PathBuf>,

    /// Folder for the chain. Default: a folder in the user's data directory, named after network and port
    #[arg(long, value_name = "DIR", env = "FEDCOIN_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
}
