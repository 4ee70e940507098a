use crate::Passphrase;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use core::fmt;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The format name in every sealed text.
pub const FORMAT: &str = "fedcoin-keys";
/// The version written and read.
pub const VERSION: u32 = 1;
/// Number of random bytes for a key derivation.
pub const SALT_BYTES: usize = 16;
/// Number of random bytes for an encryption.
pub const NONCE_BYTES: usize = 24;

/// The associated data, which are authenticated with the ciphertext.
const ASSOCIATED: &[u8] = b"fedcoin-keys 1";
const ARGON2ID: &str = "argon2id";
const XCHACHA: &str = "xchacha20-poly1305";
/// The costs for new passphrases: memory in KiB, passes, lanes.
const COST: [u32; 3] = [19_456, 2, 1];
/// The highest costs that a text from outside may request: memory in KiB, passes, lanes.
const MAX_COST: [u32; 3] = [262_144, 10, 4];

/// Keys encrypted under a passphrase, as they are stored and backed up. Without the passphrase nobody can read the text
/// or change it unnoticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// How the passphrase becomes a key.
    pub kdf: Kdf,
    /// How that key encrypts.
    pub cipher: Cipher,
    /// Ciphertext and tag in hex.
    pub sealed: String,
}

/// How a passphrase becomes a key: Argon2id (RFC 9106), version 1.3, 32 bytes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kdf {
    /// `argon2id`.
    pub name: String,
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// Random bytes in hex, new for each passphrase.
    pub salt: String,
}

/// How the key encrypts: `XChaCha20-Poly1305`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cipher {
    /// `xchacha20-poly1305`.
    pub name: String,
    /// Random bytes in hex, new each time.
    pub nonce: String,
}

/// Keys cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SealError {
    /// The passphrase is wrong, or the text was changed.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Not a sealed text, or one of a newer version.
    #[error("not a key backup that this version can read (format {FORMAT}, version {VERSION})")]
    Format,
    /// It requests more memory or time than an honest text needs.
    #[error("this key backup requires too much memory or time")]
    TooCostly,
    /// There is not as much memory as the text requests.
    #[error("there is no memory left to derive a key from the passphrase")]
    OutOfMemory,
    /// The decrypted text is not a list of keys.
    #[error("the backup does not contain a list of keys")]
    Content,
}

/// A key derived from a passphrase, and how it was derived. Its memory is cleared when it is dropped.
#[derive(Clone)]
pub struct SealingKey {
    kdf: Kdf,
    key: Zeroizing<[u8; 32]>,
}

impl Kdf {
    /// The costs for new passphrases: 19 MiB and 2 passes, the minimum in OWASP's password storage cheat sheet. A tab
    /// takes a twentieth of a second, on a busy machine up to five times as long (`docs/benchmarks.md`).
    #[must_use]
    pub fn in_use(salt: [u8; SALT_BYTES]) -> Self {
        let [memory_kib, passes, lanes] = COST;
        Self { name: ARGON2ID.into(), memory_kib, passes, lanes, salt: hex::encode(salt) }
    }

    /// Memory times passes, which is what a guess costs.
    fn work(&self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }
}

impl SealingKey {
    /// Derives the key from a passphrase's normal form. This is the slow part.
    ///
    /// # Errors
    /// [`SealError::Format`] or [`SealError::TooCostly`].
    pub fn derive(passphrase: &Passphrase, kdf: &Kdf) -> Result<Self, SealError> {
        passphrase.forms().next().ok_or(SealError::WrongPassphrase).and_then(|form| Self::of_form(form, kdf))
    }

    /// Finds the key that opens a sealed text and returns the content too. Tries the passphrase's normal form, then the
    /// text as typed.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn opening(passphrase: &Passphrase, sealed: &Sealed) -> Result<(Self, Zeroizing<String>), SealError> {
        let mut outcome = Err(SealError::WrongPassphrase);
        for form in passphrase.forms() {
            let key = Self::of_form(form, &sealed.kdf)?;
            outcome = key.open(sealed).map(|text| (key, text));
            if outcome.as_ref().err() != Some(&SealError::WrongPassphrase) {
                break;
            }
        }
        outcome
    }

    /// Whether a guess costs less than for a new passphrase.
    pub(crate) fn is_cheap(&self) -> bool {
        self.kdf.work() < Kdf::in_use([0; SALT_BYTES]).work()
    }

    fn of_form(passphrase: &[u8], kdf: &Kdf) -> Result<Self, SealError> {
        let cost = [kdf.memory_kib, kdf.passes, kdf.lanes];
        if kdf.name != ARGON2ID {
            return Err(SealError::Format);
        }
        if cost.iter().zip(MAX_COST).any(|(cost, max)| *cost > max) {
            return Err(SealError::TooCostly);
        }
        let mut salt = [0; SALT_BYTES];
        hex::decode_to_slice(&kdf.salt, &mut salt).map_err(|_| SealError::Format)?;
        let mut key = Zeroizing::new([0; 32]);
        let params = Params::new(cost[0], cost[1], cost[2], Some(key.len())).map_err(|_| SealError::Format)?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase, &salt, &mut *key)
            .map_err(|e| if e == argon2::Error::OutOfMemory { SealError::OutOfMemory } else { SealError::Format })?;
        Ok(Self { kdf: kdf.clone(), key })
    }

    /// Encrypts a text. The nonce must be random and never used again with this key.
    ///
    /// # Errors
    /// [`SealError::TooCostly`] for texts too long for the cipher, which keys are not.
    pub fn seal(&self, text: &str, nonce: [u8; NONCE_BYTES]) -> Result<Sealed, SealError> {
        let payload = Payload { msg: text.as_bytes(), aad: ASSOCIATED };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::TooCostly)?;
        Ok(Sealed {
            format: FORMAT.into(),
            version: VERSION,
            kdf: self.kdf.clone(),
            cipher: Cipher { name: XCHACHA.into(), nonce: hex::encode(nonce) },
            sealed: hex::encode(sealed),
        })
    }

    /// Decrypts a text that this key encrypted.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn open(&self, sealed: &Sealed) -> Result<Zeroizing<String>, SealError> {
        if sealed.format != FORMAT || sealed.version != VERSION || sealed.cipher.name != XCHACHA {
            return Err(SealError::Format);
        }
        let mut nonce = [0; NONCE_BYTES];
        hex::decode_to_slice(&sealed.cipher.nonce, &mut nonce).map_err(|_| SealError::Format)?;
        let bytes = hex::decode(&sealed.sealed).map_err(|_| SealError::Format)?;
        let payload = Payload { msg: &bytes, aad: ASSOCIATED };
        let text = self.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::WrongPassphrase)?;
        String::from_utf8(text).map(Zeroizing::new).map_err(|_| SealError::Content)
    }

    /// Checks that the key was derived from this passphrase.
    ///
    /// # Errors
    /// [`SealError::WrongPassphrase`].
    pub fn check(&self, passphrase: &Passphrase) -> Result<(), SealError> {
        for form in passphrase.forms() {
            if *Self::of_form(form, &self.kdf)?.key == *self.key {
                return Ok(());
            }
        }
        Err(SealError::WrongPassphrase)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(..)")
    }
}
