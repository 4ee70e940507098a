//! The two encodings: borsh for everything that is hashed, stored and sent; text for people and JSON.
//!
//! Borsh has one encoding per value (fixed-width integers, no trailing bytes), so ids are well defined (rule E1).

use borsh::{BorshDeserialize, BorshSerialize};

/// Encodes a value (rule E1).
#[must_use]
pub fn encode(value: &impl BorshSerialize) -> Vec<u8> {
    // Writing into a vector cannot fail, and no collection here comes near 2^32 items.
    borsh::to_vec(value).expect("encoding into memory does not fail")
}

/// Decodes a value. All of `bytes` must belong to it.
///
/// # Errors
/// [`DecodeError`]: the bytes end early, there are trailing bytes, or a value is out of range.
pub fn decode<T: BorshDeserialize>(bytes: &[u8]) -> Result<T, DecodeError> {
    borsh::from_slice(bytes).map_err(|e| DecodeError(e.to_string()))
}

/// Bytes are not an encoding of the requested type (rule E1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid encoding: {0}")]
pub struct DecodeError(pub String);

/// Serialises types as their `Display` text, and reads them with `FromStr`.
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
