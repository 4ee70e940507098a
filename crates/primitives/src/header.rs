use super::{BlockId, Commitment, sha256};
use crate::units::{CompactTarget, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize, io};
use serde::{Deserialize, Serialize};

/// Size of an encoded header in bytes (rule E2).
pub const HEADER_BYTES: usize = 88;

/// A block's header (rule E2): 88 bytes, integers big-endian.
///
/// The free `salt` is in the first 64 bytes, and the nonce is one whole word, the last before SHA-256's padding. So a
/// search keeps the state after the first 64 bytes (the midstate) and pays one compression per attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Format version (rule H1).
    pub version: u32,
    /// Free for the miner, so that workers search disjoint spaces.
    pub salt: u32,
    /// The parent's id.
    pub previous: BlockId,
    /// Commits to the block's transactions, the chain before it and the ledger (rule B3).
    pub commitment: Commitment,
    /// When the block was mined, by the miner's clock (rules H5 and H6).
    pub time: Timestamp,
    /// The largest number that the hash may be (rules H2 to H4).
    pub target: CompactTarget,
    /// Varied by the miner until the hash is low enough.
    pub nonce: u32,
}

impl Header {
    /// The 88 bytes that are hashed, stored and sent (rule E2).
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0..4].copy_from_slice(&self.version.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.salt.to_be_bytes());
        bytes[8..40].copy_from_slice(&self.previous.0);
        bytes[40..72].copy_from_slice(&self.commitment.0);
        bytes[72..80].copy_from_slice(&self.time.0.to_be_bytes());
        bytes[80..84].copy_from_slice(&self.target.0.to_be_bytes());
        bytes[84..88].copy_from_slice(&self.nonce.to_be_bytes());
        bytes
    }

    /// Decodes what [`Header::to_bytes`] encodes. Any 88 bytes are a header.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; HEADER_BYTES]) -> Self {
        Self {
            version: u32::from_be_bytes(array(bytes, 0)),
            salt: u32::from_be_bytes(array(bytes, 4)),
            previous: BlockId(array(bytes, 8)),
            commitment: Commitment(array(bytes, 40)),
            time: Timestamp(u64::from_be_bytes(array(bytes, 72))),
            target: CompactTarget(u32::from_be_bytes(array(bytes, 80))),
            nonce: u32::from_be_bytes(array(bytes, 84)),
        }
    }

    /// The block's id: one SHA-256 of the encoding (rule E3).
    #[must_use]
    pub fn id(&self) -> BlockId {
        BlockId(sha256(&[&self.to_bytes()]))
    }
}

/// Reads `N` bytes at a constant offset.
fn array<const N: usize>(bytes: &[u8; HEADER_BYTES], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

impl BorshSerialize for Header {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(&self.to_bytes())
    }
}

impl BorshDeserialize for Header {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        <[u8; HEADER_BYTES]>::deserialize_reader(reader).map(|bytes| Self::from_bytes(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_fields_agree() {
        let header = Header {
            version: 1,
            salt: 2,
            previous: BlockId([3; 32]),
            commitment: Commitment([4; 32]),
            time: Timestamp(5),
            target: CompactTarget(6),
            nonce: 7,
        };
        let bytes = header.to_bytes();
        assert_eq!(Header::from_bytes(&bytes), header);
        assert_eq!(borsh::to_vec(&header).unwrap(), bytes);
        assert_eq!(bytes[84..], [0, 0, 0, 7]);
    }
}
