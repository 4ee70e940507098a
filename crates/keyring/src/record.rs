use crate::content::MAX_KEYS;
use crate::{KeyName, Sealed};
use fedcoin_primitives::{Address, PrivateKey, PublicKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A tab's keys as stored in its database. Without a passphrase it contains the private keys. With one, they are only
/// in `sealed`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The keys, oldest first.
    pub keys: Vec<StoredKey>,
    /// The key in use.
    pub selected: Option<Address>,
    /// The private keys under a passphrase, if there is one.
    #[serde(default)]
    pub sealed: Option<Sealed>,
}

/// A stored key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StoredKey {
    /// The first version's form: a private key in hex, without a name and without a backup.
    Bare(Zeroizing<String>),
    /// A key whose private part is here or in the record's encrypted text.
    Named {
        /// The name.
        name: KeyName,
        /// The public key, with which a locked wallet receives payments and mines.
        public_key: PublicKey,
        /// PKCS#8 DER in hex, or `None` if there is a passphrase.
        private_key: Option<Zeroizing<String>>,
        /// Whether the user has a copy.
        backed_up: bool,
    },
}

impl Record {
    /// The number of stored keys that cannot be read, or are more than a wallet holds.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        let readable = |stored: &StoredKey| match stored {
            StoredKey::Bare(hex) | StoredKey::Named { private_key: Some(hex), .. } => PrivateKey::from_hex(hex).is_ok(),
            StoredKey::Named { private_key: None, .. } => self.sealed.is_some(),
        };
        self.keys.len() - self.keys.iter().take(MAX_KEYS).filter(|stored| readable(stored)).count()
    }
}
