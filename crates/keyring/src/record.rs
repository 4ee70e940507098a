use crate::{KeyName, Sealed};
use fedcoin_primitives::{Address, PrivateKey, PublicKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What a tab's database holds of its keys. Without a passphrase the private keys stand in it; with
/// one they are in `sealed` alone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The keys, oldest first.
    pub keys: Vec<StoredKey>,
    /// The one in use.
    pub selected: Option<Address>,
    /// The private keys under a passphrase, if there is one.
    #[serde(default)]
    pub sealed: Option<Sealed>,
}

/// One key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StoredKey {
    /// As the first version wrote it: a private key in hex, neither named nor backed up.
    Bare(Zeroizing<String>),
    /// A key that has a private part here or in the record's sealed text.
    Named {
        /// The name.
        name: KeyName,
        /// The public key, by which a locked wallet is paid and mines.
        public_key: PublicKey,
        /// PKCS#8 DER in hex; `None` where there is a passphrase.
        private_key: Option<Zeroizing<String>>,
        /// Whether the user has a copy.
        backed_up: bool,
    },
}

impl Record {
    /// Whether every key that stands here can be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.keys.iter().all(|stored| match stored {
            StoredKey::Bare(hex) => PrivateKey::from_hex(hex).is_ok(),
            StoredKey::Named { private_key: Some(hex), .. } => PrivateKey::from_hex(hex).is_ok(),
            StoredKey::Named { private_key: None, .. } => self.sealed.is_some(),
        })
    }
}
