use crate::{KeyName, SealError};
use core::fmt::Write;
use fedcoin_primitives::PrivateKey;
use zeroize::Zeroizing;

/// Maximum number of keys in a wallet or a backup.
pub const MAX_KEYS: usize = 100;

/// A private key and its name.
#[derive(Clone, Debug)]
pub struct NamedKey {
    /// The name.
    pub name: KeyName,
    /// The key.
    pub key: PrivateKey,
}

/// Bytes reserved for a key's line.
const LINE: usize = 500;

/// The text that is encrypted: one line per key, with its PKCS#8 DER in hex, a space, and its name.
pub(crate) fn write(keys: &[NamedKey]) -> Zeroizing<String> {
    // Reserved in one piece, because a growing text leaves copies in memory.
    let mut text = Zeroizing::new(String::with_capacity(keys.len() * LINE));
    for NamedKey { name, key } in keys {
        let hex = Zeroizing::new(key.to_hex());
        // Writing to a string cannot fail.
        let _ = writeln!(*text, "{} {name}", *hex);
    }
    text
}

/// Reads the keys from the decrypted text.
pub(crate) fn read(text: &str) -> Result<Vec<NamedKey>, SealError> {
    let line = |line: &str| {
        let (hex, name) = line.split_once(' ').unwrap_or((line, ""));
        let key = PrivateKey::from_hex(hex).ok()?;
        Some(NamedKey { name: name.parse().ok()?, key })
    };
    let keys: Option<Vec<_>> = text.lines().take(MAX_KEYS + 1).map(line).collect();
    keys.filter(|keys| keys.len() <= MAX_KEYS).ok_or(SealError::Content)
}
