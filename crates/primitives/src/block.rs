use super::{BlockId, Coinbase, HEADER_BYTES, Header, MerkleRoot, Payment, merkle_root};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// Size of a block without payments: header, coinbase and the number of payments.
pub const EMPTY_BLOCK_BYTES: usize = HEADER_BYTES + 32 + 4;

/// A block as it is stored and sent. Nothing about it has been checked: see
/// `SoundBlock` and `ConnectedBlock` of `fedcoin-consensus` for what has.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Block {
    /// The header, which carries the work.
    pub header: Header,
    /// Pays the miner.
    pub coinbase: Coinbase,
    /// In order: a payment may spend outputs of those before it.
    pub payments: Vec<Payment>,
}

impl Block {
    /// The block's id.
    #[must_use]
    pub fn id(&self) -> BlockId {
        self.header.id()
    }

    /// The root that the header must carry (rule B3): over the coinbase's id, then each payment's
    /// hash, so that signatures are committed to as well.
    #[must_use]
    pub fn merkle_root(&self) -> MerkleRoot {
        let leaves: Vec<[u8; 32]> =
            core::iter::once(self.coinbase.txid().0).chain(self.payments.iter().map(|p| p.hash().0)).collect();
        merkle_root(&leaves)
    }

    /// Size of the encoding in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        EMPTY_BLOCK_BYTES + self.payments.iter().map(Payment::size).sum::<usize>()
    }
}
