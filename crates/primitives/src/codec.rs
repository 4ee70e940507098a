//! The two encodings: borsh for what is hashed, stored and sent; text for what people and JSON
//! see.
//!
//! Borsh has one encoding per value (fixed-width integers, no trailing bytes), which is what
//! makes ids well defined (rule E1).

use borsh::{BorshDeserialize, BorshSerialize};

/// The one encoding of a value (rule E1).
#[must_use]
pub fn encode(value: &impl BorshSerialize) -> Vec<u8> {
    // Writing into a vector cannot fail and no collection here nears 2^32 items.
    borsh::to_vec(value).expect("encoding into memory does not fail")
}

/// The value that `bytes` encode, all of them.
///
/// # Errors
/// What borsh found wrong: cut short, trailing bytes, or a value out of range.
pub fn decode<T: BorshDeserialize>(bytes: &[u8]) -> Result<T, DecodeError> {
    borsh::from_slice(bytes).map_err(|e| DecodeError(e.to_string()))
}

/// Bytes are no encoding of the type asked for (rule E1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid encoding: {0}")]
pub struct DecodeError(pub String);

/// Gives types the text of their `Display` and `FromStr` in serde formats.
#[macro_export]
macro_rules! serde_as_text {
    ($($name:ty),+) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
pub use serde_as_text;
