use borsh::{BorshDeserialize, BorshSerialize};
use fedcoin_primitives::{Block, Coinbase, Header, PaymentHash, StateRoots, sha256};
use siphasher::sip::SipHasher24;

/// Represents one payment in one compact block (rule W10): the six low bytes of the SipHash-2-4 of the payment's hash,
/// as in BIP 152.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct ShortId([u8; 6]);

/// Computes the short ids of one compact block. Header and salt choose the key, so nobody can make two payments that
/// collide in all compact blocks.
#[derive(Clone, Copy, Debug)]
pub struct ShortIds(SipHasher24);

/// A block without the payments that its receiver is likely to have (rule W10).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CompactBlock {
    /// The block's header.
    pub header: Header,
    /// The roots that the block commits to.
    pub roots: StateRoots,
    /// The block's coinbase, which no receiver has yet.
    pub coinbase: Coinbase,
    /// Chosen by the sender.
    pub salt: u64,
    /// Short ids of the payments, in order.
    pub short_ids: Vec<ShortId>,
}

impl ShortIds {
    /// The short ids' key for a block with this header.
    #[must_use]
    pub fn of(header: &Header, salt: u64) -> Self {
        let digest = sha256(&[&header.to_bytes(), &salt.to_le_bytes()]);
        let (mut first, mut second) = ([0; 8], [0; 8]);
        first.copy_from_slice(&digest[..8]);
        second.copy_from_slice(&digest[8..16]);
        Self(SipHasher24::new_with_keys(u64::from_le_bytes(first), u64::from_le_bytes(second)))
    }

    /// A payment's short id.
    #[must_use]
    pub fn id(&self, payment: &PaymentHash) -> ShortId {
        let [a, b, c, d, e, f, ..] = self.0.hash(&payment.0).to_le_bytes();
        ShortId([a, b, c, d, e, f])
    }
}

impl CompactBlock {
    /// Makes the compact form of a block.
    #[must_use]
    pub fn of(block: &Block, salt: u64) -> Self {
        let short = ShortIds::of(&block.header, salt);
        let short_ids = block.payments.iter().map(|payment| short.id(&payment.hash())).collect();
        Self { header: block.header, roots: block.roots, coinbase: block.coinbase.clone(), salt, short_ids }
    }
}
