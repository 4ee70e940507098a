use super::ChainLocation;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `fedcoin chain`.
#[derive(Args, Debug)]
pub struct ChainArgs {
    /// What to do
    #[command(subcommand)]
    pub command: ChainCommand,
}

/// Commands on a stored chain. All but `export` need a folder that no node is using.
#[derive(Debug, Subcommand)]
pub enum ChainCommand {
    /// Write the primary chain to one file, as a backup or for another node. A node may be using the folder
    /// meanwhile
    Export {
        /// The file to write, replaced only when everything is written; - is standard output
        file: PathBuf,
        /// The chain
        #[command(flatten)]
        location: ChainLocation,
    },
    /// Add the blocks of such a file, each checked like a block from a stranger. Known blocks are skipped, so an
    /// interrupted import can be started again
    Import {
        /// The file to read; - is standard input
        file: PathBuf,
        /// The chain
        #[command(flatten)]
        location: ChainLocation,
    },
    /// Rebuild a damaged chain file, with ledger and index, from the blocks in it that are whole. The node downloads
    /// lost blocks from its peers at its next start. The damaged file is kept beside the new one
    Repair {
        /// Give up the lost blocks and all blocks built on them, so that mining continues. For a chain that no other
        /// node has
        #[arg(long)]
        alone: bool,
        /// The chain
        #[command(flatten)]
        location: ChainLocation,
    },
    /// Check the stored chain again from its first block on, with all signatures
    Verify {
        /// The chain
        #[command(flatten)]
        location: ChainLocation,
    },
}
