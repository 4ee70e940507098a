use super::{PublicKey, sha256};
use crate::codec::serde_as_text;
use bech32::{Bech32m, Hrp, primitives::decode::CheckedHrpstring};
use borsh::{BorshDeserialize, BorshSerialize};
use core::{fmt, str::FromStr};

/// The owner of an output: the first 20 bytes of the SHA-256 of a compressed public key (rule E5). Its text is bech32m
/// (BIP 350) with the prefix `fed`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct Address(pub [u8; 20]);

/// A text is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not bech32m, or a typing error detected by the checksum.
    #[error("`{0}` is not an address: it is misspelt or incomplete")]
    Misspelt(String),
    /// Another prefix: an address of another coin.
    #[error("this address begins with `{got}1`, an address of this network begins with `fed1`")]
    WrongPrefix {
        /// The prefix in the text.
        got: String,
    },
    /// Valid bech32m of another length.
    #[error("an address has 20 bytes, this text has {got}")]
    WrongLength {
        /// Number of bytes in the text.
        got: usize,
    },
}

const PREFIX: Hrp = Hrp::parse_unchecked("fed");

impl Address {
    /// The address of a public key.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        let hash = sha256(&[key.as_bytes()]);
        let mut bytes = [0; 20];
        bytes.copy_from_slice(&hash[..20]);
        Self(bytes)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32m, _>(f, PREFIX, &self.0).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let parsed = CheckedHrpstring::new::<Bech32m>(text)
            .map_err(|_| AddressError::Misspelt(text.chars().take(100).collect()))?;
        if parsed.hrp() != PREFIX {
            return Err(AddressError::WrongPrefix { got: parsed.hrp().to_lowercase() });
        }
        let bytes: Vec<u8> = parsed.byte_iter().collect();
        let got = bytes.len();
        bytes.try_into().map(Self).map_err(|_| AddressError::WrongLength { got })
    }
}

serde_as_text!(Address);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_agree() {
        let address = Address([7; 20]);
        let text = address.to_string();
        assert!(text.starts_with("fed1"), "{text}");
        assert_eq!(text.parse(), Ok(address));
        assert_eq!(text.to_uppercase().parse(), Ok(address));
    }

    #[test]
    fn each_bad_text_gets_its_error() {
        let mut typo = Address([7; 20]).to_string();
        typo.replace_range(10..11, if &typo[10..11] == "q" { "p" } else { "q" });
        assert!(matches!(typo.parse::<Address>(), Err(AddressError::Misspelt(_))));
        assert!(matches!("".parse::<Address>(), Err(AddressError::Misspelt(_))));
        let other = bech32::encode::<Bech32m>(Hrp::parse_unchecked("bc"), &[7; 20]).unwrap();
        assert_eq!(other.parse::<Address>(), Err(AddressError::WrongPrefix { got: "bc".into() }));
        let long = bech32::encode::<Bech32m>(PREFIX, &[7; 21]).unwrap();
        assert_eq!(long.parse::<Address>(), Err(AddressError::WrongLength { got: 21 }));
    }
}
