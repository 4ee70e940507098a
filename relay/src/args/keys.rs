use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `fedcoin keys`.
#[derive(Args, Debug)]
pub struct KeysArgs {
    /// What to do
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// What can be done with key files. None of it prints a private key.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Show the kind of key a file holds, its address and its public key
    Show {
        /// A file with a private or a public key in hex
        file: PathBuf,
    },
    /// Write the public key that belongs to a key, for `-pk`
    Public {
        /// A file with a private or a public key in hex
        file: PathBuf,
        /// The file to write; without it the key is printed
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}
