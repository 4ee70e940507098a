use super::{BlockId, Coinbase, HEADER_BYTES, Header, MerkleRoot, Payment, merkle_root};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// Encoded size in bytes of a block without payments: header, coinbase and the number of payments.
pub const EMPTY_BLOCK_BYTES: usize = HEADER_BYTES + 32 + 4;

/// A block as it is stored and sent. Nothing about it has been checked: `SoundBlock` and `ConnectedBlock` of
/// `fedcoin-consensus` are checked blocks.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Block {
    /// The header, which proves the work.
    pub header: Header,
    /// Pays the miner (rules B5 to B7).
    pub coinbase: Coinbase,
    /// In order: a payment may spend outputs of earlier ones.
    pub payments: Vec<Payment>,
}

impl Block {
    /// The block's id.
    #[must_use]
    pub fn id(&self) -> BlockId {
        self.header.id()
    }

    /// The root that the header must contain (rule B3), over the coinbase's id and each payment's hash, so that it
    /// commits to signatures too.
    #[must_use]
    pub fn merkle_root(&self) -> MerkleRoot {
        let leaves: Vec<[u8; 32]> =
            core::iter::once(self.coinbase.txid().0).chain(self.payments.iter().map(|p| p.hash().0)).collect();
        merkle_root(&leaves)
    }

    /// Encoded size in bytes (rule B1).
    #[must_use]
    pub fn size(&self) -> usize {
        EMPTY_BLOCK_BYTES + self.payments.iter().map(Payment::size).sum::<usize>()
    }
}
