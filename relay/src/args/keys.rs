use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `fedcoin keys`.
#[derive(Args, Debug)]
pub struct KeysArgs {
    /// What to do
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// Commands on key files. None of them prints a private key.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Show the kind, the address and the public key of a key file
    Show {
        /// A file with a private or a public key in hex
        file: PathBuf,
    },
    /// Write the public key of a key file, for `-pk`
    Public {
        /// A file with a private or a public key in hex
        file: PathBuf,
        /// The file to write. Default: print the key
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}
