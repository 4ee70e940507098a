use super::Address;
use borsh::{BorshDeserialize, BorshSerialize};
use core::{fmt, str::FromStr};
use p256::SecretKey;
use p256::ecdsa::{
    Signature as EcdsaSignature, SigningKey, VerifyingKey,
    signature::{Signer, Verifier},
};
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};

/// A P-256 public key as 33 bytes of compressed SEC1. The bytes may come from a peer: only a signature check shows
/// whether they are a point of the curve (rule T9).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct PublicKey([u8; 33]);

/// An ECDSA signature: `r` and `s`, 32 bytes each, big-endian.
#[derive(Clone, Copy, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub struct Signature([u8; 64]);

/// A P-256 private key. `Debug` never prints it, and its memory is cleared when it is dropped.
#[derive(Clone)]
pub struct PrivateKey(SigningKey);

/// A text is not a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum KeyError {
    /// Not pairs of hex digits.
    #[error("the key is not hex: only the digits 0-9 and a-f, in pairs")]
    NotHex,
    /// Not a private key in PKCS#8 DER.
    #[error("this is not a P-256 private key in PKCS#8 DER; such a key begins with 3081870201003013")]
    NotAPrivateKey,
    /// Not a public key in SPKI DER.
    #[error("this is not a P-256 public key in SPKI DER; such a key begins with 3059301306072a8648ce3d0201")]
    NotAPublicKey,
    /// A private key instead of a public one.
    #[error("this is a private key, but a public key is expected; keep the private key secret")]
    PrivateInsteadOfPublic,
    /// A public key instead of a private one.
    #[error("this is a public key, but the private key is expected")]
    PublicInsteadOfPrivate,
    /// PEM encrypted with a passphrase.
    #[error("this key is encrypted: decrypt it first, such as with `openssl pkey -in FILE`")]
    Encrypted,
    /// PEM that contains something else.
    #[error("this is PEM of `{0}`, not a P-256 key")]
    OtherKind(String),
    /// PEM whose text is not base64.
    #[error("this key in PEM form is damaged or incomplete")]
    DamagedPem,
}

/// Half of the curve's order, rounded down: the largest `s` of a low-s signature (rule T8).
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d,
    0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
];

/// Decodes hex digits with white space and line breaks between them, as in key files.
fn decode_hex(text: &str) -> Result<Vec<u8>, KeyError> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    hex::decode(digits).map_err(|_| KeyError::NotHex)
}

/// Decodes a private key from any of its binary forms.
fn signing_key(bytes: &[u8]) -> Option<SigningKey> {
    let pkcs8 = SigningKey::from_pkcs8_der(bytes).ok();
    let sec1 = || SecretKey::from_sec1_der(bytes).ok().map(SigningKey::from);
    let bare = || SigningKey::from_slice(bytes).ok().filter(|_| bytes.len() == SECRET_BYTES);
    pkcs8.or_else(sec1).or_else(bare)
}

/// Size of a private key in bytes.
const SECRET_BYTES: usize = 32;

impl PublicKey {
    /// All zeros, which is not a valid key.
    const ZERO: Self = Self([0; 33]);

    /// Makes a key from its 33 bytes without checking them.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 33]) -> Self {
        Self(bytes)
    }

    /// The key's 33 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 33] {
        &self.0
    }

    /// Reads SPKI DER in hex, the teaching coin's form. White space and line breaks are ignored.
    ///
    /// # Errors
    /// [`KeyError`] if it is not hex or not a P-256 public key.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let der = decode_hex(text)?;
        let key = VerifyingKey::from_public_key_der(&der).map_err(|_| {
            if SigningKey::from_pkcs8_der(&der).is_ok() {
                KeyError::PrivateInsteadOfPublic
            } else {
                KeyError::NotAPublicKey
            }
        })?;
        Ok(Self::from(&key))
    }

    /// Reads SPKI DER, or a point of the curve in SEC1.
    ///
    /// # Errors
    /// [`KeyError::PrivateInsteadOfPublic`] or [`KeyError::NotAPublicKey`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_public_key_der(bytes).ok().or_else(|| VerifyingKey::from_sec1_bytes(bytes).ok());
        let key = key.ok_or_else(|| match signing_key(bytes) {
            Some(_) => KeyError::PrivateInsteadOfPublic,
            None => KeyError::NotAPublicKey,
        })?;
        Ok(Self::from(&key))
    }

    /// SPKI DER in hex, the teaching coin's form.
    ///
    /// # Errors
    /// [`KeyError::NotAPublicKey`] if the bytes are not a point of the curve.
    pub fn to_hex(&self) -> Result<String, KeyError> {
        let key = VerifyingKey::from_sec1_bytes(&self.0).map_err(|_| KeyError::NotAPublicKey)?;
        let der = key.to_public_key_der().map_err(|_| KeyError::NotAPublicKey)?;
        Ok(hex::encode(der.as_bytes()))
    }

    /// The key as 65 bytes of uncompressed SEC1, or `None` if it is not a point of the curve.
    #[must_use]
    pub fn to_uncompressed(&self) -> Option<[u8; 65]> {
        let key = VerifyingKey::from_sec1_bytes(&self.0).ok()?;
        key.to_sec1_point(false).as_bytes().try_into().ok()
    }

    /// The address of this key (rule E5).
    #[must_use]
    pub fn address(&self) -> Address {
        Address::of(self)
    }

    /// The reference signature check (rule T9): ECDSA with SHA-256 over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        let Ok(key) = VerifyingKey::from_sec1_bytes(&self.0) else { return false };
        let Ok(signature) = EcdsaSignature::from_slice(&signature.0) else { return false };
        key.verify(message, &signature).is_ok()
    }
}

impl From<&VerifyingKey> for PublicKey {
    fn from(key: &VerifyingKey) -> Self {
        let point = key.to_sec1_point(true);
        let mut bytes = [0; 33];
        bytes.copy_from_slice(point.as_bytes());
        Self(bytes)
    }
}

impl Signature {
    /// All zeros, which is never valid: a placeholder.
    pub const ZERO: Self = Self([0; 64]);

    /// Makes a signature from its 64 bytes without checking them.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The signature's 64 bytes: `r`, then `s`.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }

    /// Whether `s` is in the lower half of its range (rule T8). Then only the signer can make another valid signature
    /// of the same message.
    #[must_use]
    pub fn is_low_s(&self) -> bool {
        self.0[32..] <= HALF_ORDER[..]
    }
}

impl PrivateKey {
    /// Makes a key from 32 secret random bytes. Returns `None` for the few values that are not a key: draw again.
    #[must_use]
    pub fn from_random(secret: &[u8; 32]) -> Option<Self> {
        SigningKey::from_slice(secret).ok().map(Self)
    }

    /// Reads PKCS#8 DER in hex, the teaching coin's form. White space and line breaks are ignored.
    ///
    /// # Errors
    /// [`KeyError`] if it is not hex or not a P-256 private key.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let der = decode_hex(text)?;
        SigningKey::from_pkcs8_der(&der).map(Self).map_err(|_| KeyError::NotAPrivateKey)
    }

    /// Reads PKCS#8 DER, SEC1 DER, or the bare 32 bytes.
    ///
    /// # Errors
    /// [`KeyError::PublicInsteadOfPrivate`] or [`KeyError::NotAPrivateKey`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, KeyError> {
        signing_key(bytes).map(Self).ok_or_else(|| match PublicKey::from_der(bytes) {
            Ok(_) => KeyError::PublicInsteadOfPrivate,
            Err(_) => KeyError::NotAPrivateKey,
        })
    }

    /// PKCS#8 DER in hex, the teaching coin's form.
    #[must_use]
    pub fn to_hex(&self) -> String {
        let der = self.0.to_pkcs8_der().expect("every P-256 key has a DER form");
        hex::encode(der.as_bytes())
    }

    /// The key itself, as [`Self::from_random`] takes it. The caller clears its memory.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// The public key, which verifies this key's signatures.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey::from(self.0.verifying_key())
    }

    /// Signs `message` by ECDSA with SHA-256 and a low `s` (rules E6 and T8). The nonce is derived from key and message
    /// (RFC 6979), so no randomness is needed.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        let signature: EcdsaSignature = self.0.sign(message);
        let bytes = signature.normalize_s().to_bytes();
        let mut out = [0; 64];
        out.copy_from_slice(&bytes);
        Signature(out)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey(of {})", self.public_key().address())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", hex::encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", hex::encode(self.0))
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_hex(text)
    }
}

/// Serialises fixed-size byte types as hex digits. A key from a peer may have no DER form.
macro_rules! serde_as_hex {
    ($($name:ty),+) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&hex::encode(self.0))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(d)?;
                let mut value = Self::ZERO;
                hex::decode_to_slice(text, &mut value.0).map_err(|_| {
                    serde::de::Error::custom(format_args!("write {} hex digits", 2 * value.0.len()))
                })?;
                Ok(value)
            }
        }
    )+};
}

serde_as_hex!(PublicKey, Signature);

#[cfg(test)]
mod tests {
    use super::*;

    const PRIVATE: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042012bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0a144034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";
    const PUBLIC: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";

    #[test]
    fn the_original_encodings_are_read_and_written() {
        let private = PrivateKey::from_hex(PRIVATE).unwrap();
        assert_eq!(private.to_hex(), PRIVATE);
        assert_eq!(private.public_key().to_hex().unwrap(), PUBLIC);
        let broken: String = PUBLIC.as_bytes().chunks(40).flat_map(|c| [c, b"\r\n"].concat()).map(char::from).collect();
        assert_eq!(PublicKey::from_hex(&broken), Ok(private.public_key()));
    }

    #[test]
    fn signatures_are_low_s_and_verify() {
        let key = PrivateKey::from_hex(PRIVATE).unwrap();
        for message in [b"one".as_slice(), b"two", b"three", b""] {
            let signature = key.sign(message);
            assert!(signature.is_low_s());
            assert!(key.public_key().verifies(message, &signature));
            assert!(!key.public_key().verifies(b"other", &signature));
        }
    }

    #[test]
    fn each_bad_key_gets_its_error() {
        assert_eq!(PublicKey::from_hex("xyz"), Err(KeyError::NotHex));
        assert_eq!(PublicKey::from_hex(""), Err(KeyError::NotAPublicKey));
        assert_eq!(PublicKey::from_hex(PRIVATE), Err(KeyError::PrivateInsteadOfPublic));
        assert_eq!(PrivateKey::from_hex(PUBLIC).unwrap_err(), KeyError::NotAPrivateKey);
        let off_curve = PUBLIC.replace("3f3bd6d1", "3f3bd6d2");
        assert_eq!(PublicKey::from_hex(&off_curve), Err(KeyError::NotAPublicKey));
        let garbage = PublicKey::from_bytes([9; 33]);
        assert!(!garbage.verifies(b"", &Signature::from_bytes([1; 64])));
        assert_eq!(garbage.to_hex(), Err(KeyError::NotAPublicKey));
        assert_eq!(garbage.to_uncompressed(), None);
    }

    #[test]
    fn private_keys_are_not_shown() {
        let key = PrivateKey::from_hex(PRIVATE).unwrap();
        assert!(!format!("{key:?}").contains("12bbcc17"));
    }
}
