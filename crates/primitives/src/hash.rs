use crate::codec::serde_as_text;
use borsh::{BorshDeserialize, BorshSerialize};
use core::{cmp::Ordering, fmt, str::FromStr};
use sha2::{Digest, Sha256};

/// The SHA-256 of the concatenated parts.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// A text is not a 32-byte id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id: write 64 hex digits")]
pub struct ParseHashError(pub String);

fn parse(text: &str) -> Result<[u8; 32], ParseHashError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| ParseHashError(text.chars().take(80).collect()))?;
    Ok(bytes)
}

/// Declares a 32-byte hash type; `$order` turns its bytes into those of its text and back.
macro_rules! hash_type {
    ($(#[$doc:meta])* $name:ident, $order:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
        pub struct $name(pub [u8; 32]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let order: fn([u8; 32]) -> [u8; 32] = $order;
                f.write_str(&hex::encode(order(self.0)))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = ParseHashError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let order: fn([u8; 32]) -> [u8; 32] = $order;
                parse(text).map(|bytes| Self(order(bytes)))
            }
        }

        impl Ord for $name {
            /// Sorts like the texts.
            fn cmp(&self, other: &Self) -> Ordering {
                let order: fn([u8; 32]) -> [u8; 32] = $order;
                order(self.0).cmp(&order(other.0))
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        serde_as_text!($name);
    };
}

fn as_is(bytes: [u8; 32]) -> [u8; 32] {
    bytes
}

fn reversed(mut bytes: [u8; 32]) -> [u8; 32] {
    bytes.reverse();
    bytes
}

hash_type! {
    /// A block's id: the SHA-256 of its header, read as a little-endian number (rule E3). The text shows that number in
    /// hex, so it begins with zeros.
    BlockId, reversed
}
hash_type! {
    /// A network's id: the id of its genesis block (rule N1).
    NetworkId, reversed
}
hash_type! {
    /// A transaction's id: the SHA-256 of its encoding without the signature (rule E4).
    TxId, as_is
}
hash_type! {
    /// The SHA-256 of a whole payment with its signature: the leaf that a block commits to.
    PaymentHash, as_is
}
hash_type! {
    /// What a header commits to: the hash of the three roots below (rule B3).
    Commitment, as_is
}
hash_type! {
    /// The root of the merkle tree over a block's transactions (rule B3).
    PaymentsRoot, as_is
}
hash_type! {
    /// The root over all headers before a block and their work (rule B8).
    HistoryRoot, as_is
}
hash_type! {
    /// The root over the unspent outputs at a checkpoint (rule B9).
    LedgerRoot, as_is
}

impl BlockId {
    /// The first eight digits after the zeros from proof of work, for people.
    #[must_use]
    pub fn short(&self) -> String {
        let text = self.to_string();
        let zeros = text.len() - text.trim_start_matches('0').len();
        text[zeros.min(56)..].chars().take(8).collect()
    }
}

impl From<NetworkId> for BlockId {
    fn from(id: NetworkId) -> Self {
        Self(id.0)
    }
}

impl From<BlockId> for NetworkId {
    fn from(id: BlockId) -> Self {
        Self(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_ids_are_numbers() {
        let mut low = [0xff; 32];
        low[31] = 0;
        let low = BlockId(low);
        let high = BlockId([1; 32]);
        assert!(low < high);
        assert!(low.to_string().starts_with("00ff"));
        assert_eq!(low.to_string().parse(), Ok(low));
        assert_eq!(low.short(), "ffffffff");
        assert_eq!(BlockId::default().short(), "00000000");
    }

    #[test]
    fn bad_ids_are_refused() {
        assert!("00".parse::<TxId>().is_err());
        assert!("zz".repeat(32).parse::<TxId>().is_err());
        assert!("ä".repeat(64).parse::<BlockId>().is_err());
    }
}
