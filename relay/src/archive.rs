//! The file format of an exported chain.

use fedcoin_node::codec;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, NetworkId};
use fedcoin_node::wire::MAX_FRAME_BYTES;
use std::io::{ErrorKind, Read, Write};

/// First bytes of the file.
const MAGIC: [u8; 8] = *b"FEDCHAIN";
/// Version of the format described at [`Header`].
const VERSION: u16 = 1;

/// An exported chain cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum ArchiveError {
    /// Reading or writing failed.
    #[error("{file}: {error}")]
    Io { file: String, error: String },
    /// The file does not start with the magic bytes.
    #[error("{file} was not written by `fedcoin chain export`")]
    NoArchive { file: String },
    /// A newer program wrote the file.
    #[error("the file has format {0}, this program knows format {VERSION}: use a newer program")]
    Newer(u16),
    /// The chain belongs to another network.
    #[error("the file holds a chain of network {found}, not of {expected}: choose it by --network or --chain")]
    OtherNetwork { expected: String, found: NetworkId },
    /// The file is truncated.
    #[error(
        "the file ends within block {height} of {blocks}: the copy is incomplete; the blocks before it were imported"
    )]
    Truncated { height: u32, blocks: u32 },
    /// The bytes are not a block.
    #[error("block {height} of the file is damaged: {problem}; the blocks before it were imported")]
    Damaged { height: u32, problem: String },
    /// A block is invalid.
    #[error("block {height} of the file is refused: {problem}; the blocks before it were imported")]
    Refused { height: u32, problem: String },
    /// A block is too early by this machine's clock.
    #[error(
        "block {height} of the file is dated {ahead} ahead of this machine's clock (rule H6): set the clock, or wait, \
         and import the file again; the blocks before it were imported"
    )]
    Early { height: u32, ahead: String },
    /// The file continues after the last block.
    #[error("the file continues after its {blocks} blocks, which were imported: it is damaged")]
    TooLong { blocks: u32 },
}

/// The file's header: magic bytes, version, network id, and number of blocks; numbers are little-endian. The blocks of
/// the primary chain follow from height 1, each as its length in four bytes and its encoding.
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
            ErrorKind::UnexpectedEof => ArchiveError::NoArchive { file: file.to_owned() },
            _ => ArchiveError::Io { file: file.to_owned(), error: e.to_string() },
        };
        let (mut magic, mut version, mut network, mut blocks) = ([0; 8], [0; 2], [0; 32], [0; 4]);
        input.read_exact(&mut magic).map_err(failed)?;
        if magic != MAGIC {
            return Err(ArchiveError::NoArchive { file: file.to_owned() });
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

    /// Checks that the chain belongs to this network.
    pub(crate) fn check_network(self, params: &ChainParams) -> Result<(), ArchiveError> {
        if self.network == params.network_id() {
            return Ok(());
        }
        let expected = format!("{} ({})", params.name, params.network_id());
        Err(ArchiveError::OtherNetwork { expected, found: self.network })
    }

    /// Reads the next block, which has this number.
    pub(crate) fn read_block(self, input: &mut impl Read, height: u32, file: &str) -> Result<Block, ArchiveError> {
        let failed = |e: std::io::Error| match e.kind() {
            ErrorKind::UnexpectedEof => ArchiveError::Truncated { height, blocks: self.blocks },
            _ => ArchiveError::Io { file: file.to_owned(), error: e.to_string() },
        };
        let mut length = [0; 4];
        input.read_exact(&mut length).map_err(failed)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > MAX_FRAME_BYTES {
            return Err(ArchiveError::Damaged {
                height,
                problem: format!("{length} bytes exceed the maximum size of a block"),
            });
        }
        let mut bytes = vec![0; length];
        input.read_exact(&mut bytes).map_err(failed)?;
        codec::decode(&bytes).map_err(|e| ArchiveError::Damaged { height, problem: e.to_string() })
    }

    /// Checks that nothing follows the last block.
    pub(crate) fn read_end(self, input: &mut impl Read, file: &str) -> Result<(), ArchiveError> {
        match input.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(ArchiveError::TooLong { blocks: self.blocks }),
            Err(e) => Err(ArchiveError::Io { file: file.to_owned(), error: e.to_string() }),
        }
    }
}

/// Writes one encoded block.
pub(crate) fn write_block(bytes: &[u8], out: &mut impl Write) -> std::io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(std::io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}
