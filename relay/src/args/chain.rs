use super::Place;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `fedcoin chain`.
#[derive(Args, Debug)]
pub struct ChainArgs {
    /// What to do
    #[command(subcommand)]
    pub command: ChainCommand,
}

/// What can be done with a stored chain; all but `export` while no node uses it.
#[derive(Debug, Subcommand)]
pub enum ChainCommand {
    /// Write the primary chain into one file, as a backup or for another node. A node that uses the
    /// folder may go on meanwhile
    Export {
        /// The file to write, replaced as a whole when all is written; - is standard output
        file: PathBuf,
        /// Which chain
        #[command(flatten)]
        place: Place,
    },
    /// Take the blocks of such a file over, each checked like a block from a stranger. Blocks known
    /// already are skipped: what was interrupted can be started again
    Import {
        /// The file to read; - is standard input
        file: PathBuf,
        /// Which chain
        #[command(flatten)]
        place: Place,
    },
    /// Make a damaged chain file anew: from the blocks in it that are whole, with ledger and index built from them.
    /// A node fetches those that are lost from its peers when it runs next. The damaged file is kept beside it
    Repair {
        /// No other node has this chain: give up the lost blocks and all that stand on them, so that mining goes on
        #[arg(long)]
        alone: bool,
        /// Which chain
        #[command(flatten)]
        place: Place,
    },
    /// Check the stored chain once more from its first block on, with all signatures
    Verify {
        /// Which chain
        #[command(flatten)]
        place: Place,
    },
}
