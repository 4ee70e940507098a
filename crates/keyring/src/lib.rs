//! The keys of a wallet: named, sealed under a passphrase, backed up.
//!
//! No I/O and no randomness of its own: whoever uses it brings random bytes and keeps the
//! [`Record`]. Nothing here shows a secret by `Debug`, and what holds one clears its memory when
//! dropped. The format is described in `docs/keys.md`.

mod content;
mod key_name;
mod key_text;
mod keyring;
mod passphrase;
mod record;
mod sealed;

pub use content::{MAX_KEYS, NamedKey};
pub use key_name::{KeyName, KeyNameError, MAX_NAME};
pub use key_text::{private_key, public_key, text_of};
pub use keyring::{Keyring, KeyringError, Protection};
pub use passphrase::{MAX_PASSPHRASE, MIN_PASSPHRASE, Passphrase, PassphraseError};
pub use record::{Record, StoredKey};
pub use sealed::{Cipher, FORMAT, Kdf, NONCE_BYTES, SALT_BYTES, SealError, Sealed, SealingKey, VERSION};

/// Keys of a backup, opened by its passphrase.
///
/// # Errors
/// [`SealError`]: a wrong passphrase, or no backup.
pub fn open_backup(backup: &Sealed, passphrase: &Passphrase) -> Result<Vec<NamedKey>, SealError> {
    let (_, text) = SealingKey::opening(passphrase, backup)?;
    content::read(&text)
}

/// A backup of keys under a passphrase; salt and nonce are random and used once.
///
/// # Errors
/// [`SealError`]; not with the [`Kdf`] in use.
pub fn make_backup(
    keys: &[NamedKey],
    passphrase: &Passphrase,
    salt: [u8; SALT_BYTES],
    nonce: [u8; NONCE_BYTES],
) -> Result<Sealed, SealError> {
    SealingKey::derive(passphrase, &Kdf::in_use(salt))?.seal(&content::write(keys), nonce)
}
