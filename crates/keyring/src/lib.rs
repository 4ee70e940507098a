//! The keys of a wallet: names, encryption under a passphrase, backups.
//!
//! This crate has no I/O and no randomness of its own: the caller supplies random bytes and stores the [`Record`].
//! `Debug` never prints a secret, and memory that holds one is cleared when dropped. `docs/keys.md` describes the
//! format.

mod content;
mod key_name;
mod key_text;
mod keyring;
mod passphrase;
mod record;
mod sealed;
mod words;

pub use content::{MAX_KEYS, NamedKey};
pub use key_name::{KeyName, KeyNameError, MAX_NAME};
pub use key_text::{private_key, public_key, text_of};
pub use keyring::{Keyring, KeyringError, Protection};
pub use passphrase::{MAX_PASSPHRASE, MIN_PASSPHRASE, Passphrase, PassphraseError};
pub use record::{Record, StoredKey};
pub use sealed::{Cipher, FORMAT, Kdf, NONCE_BYTES, SALT_BYTES, SealError, Sealed, SealingKey, VERSION};
pub use words::{WORDS, WordList, WordsError, looks_like_words};

/// The text of the English word list of BIP-39. A page serves it as a file of its own, and does not carry it.
pub const ENGLISH_WORDS: &str = include_str!("words_english.txt");

/// Opens a backup with its passphrase.
///
/// # Errors
/// [`SealError`]: the passphrase is wrong, or the text is not a backup.
pub fn open_backup(backup: &Sealed, passphrase: &Passphrase) -> Result<Vec<NamedKey>, SealError> {
    let (_, text) = SealingKey::opening(passphrase, backup)?;
    content::read(&text)
}

/// Makes a backup of keys under a passphrase. Salt and nonce must be random and used only once.
///
/// # Errors
/// [`SealError`], which does not happen with the current [`Kdf`].
pub fn make_backup(
    keys: &[NamedKey],
    passphrase: &Passphrase,
    salt: [u8; SALT_BYTES],
    nonce: [u8; NONCE_BYTES],
) -> Result<Sealed, SealError> {
    SealingKey::derive(passphrase, &Kdf::in_use(salt))?.seal(&content::write(keys), nonce)
}
