use super::{
    BlockId, Coinbase, Commitment, HEADER_BYTES, Header, Payment, PaymentHash, PaymentsRoot, StateRoots, merkle_root,
};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// Encoded size in bytes of a block without payments: header, roots, coinbase and the number of
/// payments.
pub const EMPTY_BLOCK_BYTES: usize = HEADER_BYTES + 64 + 32 + 4;

/// A block as it is stored and sent. Nothing about it has been checked: `SoundBlock` and `ConnectedBlock` of
/// `fedcoin-consensus` are checked blocks.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Block {
    /// The header, which proves the work.
    pub header: Header,
    /// The state before the block (rules B8 and B9).
    pub roots: StateRoots,
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

    /// What the header must contain (rule B3).
    #[must_use]
    pub fn commitment(&self) -> Commitment {
        self.roots.commitment(&self.payments_root(self.payments.iter().map(Payment::hash)))
    }

    /// The root over the coinbase's id and the payments' hashes, which cover signatures too (rule B3).
    #[must_use]
    pub fn payments_root(&self, hashes: impl Iterator<Item = PaymentHash>) -> PaymentsRoot {
        let leaves: Vec<[u8; 32]> = core::iter::once(self.coinbase.txid().0).chain(hashes.map(|hash| hash.0)).collect();
        PaymentsRoot(merkle_root(&leaves))
    }

    /// Encoded size in bytes (rule B1).
    #[must_use]
    pub fn size(&self) -> usize {
        EMPTY_BLOCK_BYTES + self.payments.iter().map(Payment::size).sum::<usize>()
    }
}
