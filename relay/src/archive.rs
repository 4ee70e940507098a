//! The file that a chain is exported to.

use fedcoin_node::codec;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, NetworkId};
use fedcoin_node::wire::MAX_FRAME_BYTES;
use std::io::{ErrorKind, Read, Write};

/// The first bytes of a file of blocks.
const MAGIC: [u8; 8] = *b"FEDCHAIN";
/// The form described at [`Header`].
const VERSION: u16 = 1;

/// A file of blocks cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// Reading or writing failed.
    #[error("{file}: {error}")]
    Io {
        /// The file.
        file: String,
        /// What the system says.
        error: String,
    },
    /// It begins otherwise.
    #[error("this is no file that `fedcoin chain export` wrote")]
    NoArchive,
    /// Written by a newer program.
    #[error("the file has form {0}, this program knows form {VERSION}: use a newer program")]
    Newer(u16),
    /// Of other rules.
    #[error("the file holds a chain of network {found}, not of {expected}: choose it by --network or --chain")]
    OtherNetwork {
        /// The expected network: name and id.
        expected: String,
        /// The file's.
        found: NetworkId,
    },
    /// It ends too early.
    #[error(
        "the file ends within block {height} of {blocks}: it was not copied whole; the blocks before are taken over"
    )]
    Truncated {
        /// The block's number.
        height: u32,
        /// How many there should be.
        blocks: u32,
    },
    /// Not a block's bytes.
    #[error("block {height} of the file is damaged: {problem}; the blocks before are taken over")]
    Damaged {
        /// The block's number.
        height: u32,
        /// What is wrong.
        problem: String,
    },
    /// A block is invalid.
    #[error("block {height} of the file is refused: {problem}; the blocks before are taken over")]
    Refused {
        /// The block's number.
        height: u32,
        /// Which rule, and why.
        problem: String,
    },
    /// A block comes too early by this machine's clock.
    #[error(
        "block {height} of the file is dated {ahead} ahead of this machine's clock (rule H6): set the clock, or wait, \
         and import the file again; the blocks before are taken over"
    )]
    Early {
        /// The block's number.
        height: u32,
        /// How far.
        ahead: String,
    },
    /// Something follows the last block.
    #[error("after {blocks} blocks, all of which are taken over, the file goes on: it is damaged")]
    TooLong {
        /// How many there should be.
        blocks: u32,
    },
}

/// How a file of blocks begins: the magic bytes, the version, the network, and how many blocks
/// follow; numbers little-endian. Each block is its length, four bytes, and its encoding: all blocks
/// of a primary chain from height 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) network: NetworkId,
    pub(crate) blocks: u32,
}

impl Header {
    pub(crate) fn write(self, out: &mut impl Write) -> std::io::Result<()> {
        out.write_all(&MAGIC)?;
        out.write_all(&VERSION.to_le_bytes())?;
        out.write_all(&self.network.0)?;
        out.write_all(&self.blocks.to_le_bytes())
    }

    pub(crate) fn read(input: &mut impl Read, file: &str) -> Result<Self, ArchiveError> {
        let failed = |e: std::io::Error| match e.kind() {
            ErrorKind::UnexpectedEof => ArchiveError::NoArchive,
            _ => ArchiveError::Io { file: file.to_owned(), error: e.to_string() },
        };
        let (mut magic, mut version, mut network, mut blocks) = ([0; 8], [0; 2], [0; 32], [0; 4]);
        input.read_exact(&mut magic).map_err(failed)?;
        if magic != MAGIC {
            return Err(ArchiveError::NoArchive);
        }
        input.read_exact(&mut version).map_err(failed)?;
        match u16::from_le_bytes(version) {
            VERSION => {}
            other => return Err(ArchiveError::Newer(other)),
        }
        input.read_exact(&mut network).map_err(failed)?;
        input.read_exact(&mut blocks).map_err(failed)?;
        Ok(Self { network: NetworkId(network), blocks: u32::from_le_bytes(blocks) })
    }

    /// The chain must be of this network.
    pub(crate) fn check_network(self, params: &ChainParams) -> Result<(), ArchiveError> {
        if self.network == params.network_id() {
            return Ok(());
        }
        let expected = format!("{} ({})", params.name, params.network_id());
        Err(ArchiveError::OtherNetwork { expected, found: self.network })
    }

    /// The block of this number, which comes next.
    pub(crate) fn read_block(self, input: &mut impl Read, height: u32, file: &str) -> Result<Block, ArchiveError> {
        let failed = |e: std::io::Error| match e.kind() {
            ErrorKind::UnexpectedEof => ArchiveError::Truncated { height, blocks: self.blocks },
            _ => ArchiveError::Io { file: file.to_owned(), error: e.to_string() },
        };
        let mut length = [0; 4];
        input.read_exact(&mut length).map_err(failed)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > MAX_FRAME_BYTES {
            return Err(ArchiveError::Damaged { height, problem: format!("{length} bytes are more than a block has") });
        }
        let mut bytes = vec![0; length];
        input.read_exact(&mut bytes).map_err(failed)?;
        codec::decode(&bytes).map_err(|e| ArchiveError::Damaged { height, problem: e.to_string() })
    }

    /// Nothing may follow the last block.
    pub(crate) fn read_end(self, input: &mut impl Read, file: &str) -> Result<(), ArchiveError> {
        match input.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(ArchiveError::TooLong { blocks: self.blocks }),
            Err(e) => Err(ArchiveError::Io { file: file.to_owned(), error: e.to_string() }),
        }
    }
}

/// Writes one block as encoded.
pub(crate) fn write_block(bytes: &[u8], out: &mut impl Write) -> std::io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(std::io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}
