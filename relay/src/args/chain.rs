use super::ChainLocation;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `fedcoin chain`.
#[derive(Args, Debug)]
pub struct ChainArgs {
    /// The subcommand
    #[command(subcommand)]
    pub command: ChainCommand,
}

/// Commands on a stored chain. All but `export` need a folder that no node is using.
#[derive(Debug, Subcommand)]
pub enum ChainCommand {
    /// Write the primary chain to a file, as a backup or for another node. A running node may be using the folder
    Export {
        /// The file to write, or - for standard output. An existing file is replaced only when the new one is complete
        file: PathBuf,
        /// The chain
        #[command(flatten)]
        location: ChainLocation,
    },
    /// Import the blocks of an exported chain. Each is checked like a block from a peer. Known blocks are skipped, so
    /// an interrupted import can be started again
    Import {
        /// The file to read, or - for standard input
        file: PathBuf,
        /// The chain
        #[command(flatten)]
        location: ChainLocation,
    },
    /// Rebuild a damaged chain file, with ledger and index, from its undamaged blocks. The node downloads lost blocks
    /// from its peers at its next start. The damaged file is kept beside the new one
    Repair {
        /// Give up the lost blocks and all their descendants, so that mining continues. For a chain that no other node
        /// has
        #[arg(long)]
        alone: bool,
        /// The chain
        #[command(flatten)]
        location: ChainLocation,
    },
    /// Check the whole stored chain again from its first block, with all signatures
    Verify {
        /// The chain
        #[command(flatten)]
        location: ChainLocation,
    },
}
