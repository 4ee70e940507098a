use crate::content::{self, MAX_KEYS, NamedKey};
use crate::{Kdf, KeyName, NONCE_BYTES, Passphrase, Record, SALT_BYTES, SealError, Sealed, SealingKey, StoredKey};
use fedcoin_primitives::{Address, PrivateKey, PublicKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The keys of a wallet, oldest first, and which one is in use. At most [`MAX_KEYS`].
///
/// While it is locked, no private key is in memory. It can still receive payments and mining rewards, and keys can be
/// renamed and selected. Everything else needs the passphrase.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    entries: Vec<Entry>,
    selected: Option<Address>,
    lock: Lock,
}

/// A key. `private` is `None` while the wallet is locked.
#[derive(Clone, Debug)]
struct Entry {
    name: KeyName,
    public: PublicKey,
    private: Option<PrivateKey>,
    backed_up: bool,
}

#[derive(Clone, Debug, Default)]
enum Lock {
    #[default]
    None,
    Locked(Sealed),
    Unlocked(SealingKey),
}

/// Whether a passphrase guards the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protection {
    /// No passphrase: anyone who can read the browser's files has the keys.
    #[default]
    None,
    /// There is a passphrase, and the user has not typed it yet.
    Locked,
    /// There is a passphrase, and the user has typed it.
    Unlocked,
}

/// Why a wallet was not changed, or did not return a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum KeyringError {
    /// The wallet has no such key.
    #[error("the wallet has no key for this address")]
    Unknown,
    /// The wallet already has [`MAX_KEYS`] keys.
    #[error("a wallet has at most {MAX_KEYS} keys")]
    Full,
    /// The wallet is locked.
    #[error("the wallet is locked: enter the passphrase")]
    Locked,
    /// The passphrase is wrong, or the encrypted text is damaged.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl Keyring {
    /// Makes a keyring from a record. Keys that cannot be read are left out, so keep a copy of a record that has
    /// [`Record::unreadable`] keys.
    #[must_use]
    pub fn of(record: Record) -> Self {
        let lock = record.sealed.map_or(Lock::None, Lock::Locked);
        let guarded = matches!(lock, Lock::Locked(_));
        let entry = |stored| match stored {
            StoredKey::Bare(hex) => {
                let private = PrivateKey::from_hex(&hex).ok()?;
                Some(Entry::new(NamedKey { name: KeyName::default(), key: private }))
            }
            StoredKey::Named { name, public_key, private_key, backed_up } => {
                let private = private_key.and_then(|hex| PrivateKey::from_hex(&hex).ok());
                (guarded || private.is_some()).then_some(Entry { name, public: public_key, private, backed_up })
            }
        };
        let entries: Vec<Entry> = record.keys.into_iter().take(MAX_KEYS).filter_map(entry).collect();
        let mut ring = Self { entries, selected: record.selected, lock };
        ring.select_some();
        ring
    }

    /// Takes over what another holder of the same wallet has stored. The wallet stays unlocked if its passphrase is
    /// still the same.
    pub fn follow(&mut self, record: Record) {
        let before = std::mem::replace(self, Self::of(record));
        if let (Lock::Unlocked(key), Lock::Locked(sealed)) = (before.lock, &self.lock)
            && let Ok(text) = key.open(sealed)
            && let Ok(opened) = content::read(&text)
        {
            self.open(key, opened);
        }
    }

    /// Adds the keys of another wallet that are missing here, as far as neither is locked and there is room.
    pub fn absorb(&mut self, other: Self) {
        if self.check_open().is_err() {
            return;
        }
        for entry in other.entries {
            if entry.private.is_some() && self.find(&entry.address()).is_err() && self.entries.len() < MAX_KEYS {
                self.entries.push(entry);
            }
        }
        self.select_some();
    }

    /// The record to store. The nonce must be random and used only once.
    ///
    /// # Errors
    /// [`SealError`], which does not happen for keys.
    pub fn record(&self, nonce: [u8; NONCE_BYTES]) -> Result<Record, SealError> {
        let sealed = match &self.lock {
            Lock::None => None,
            Lock::Locked(sealed) => Some(sealed.clone()),
            Lock::Unlocked(key) => Some(key.seal(&content::write(&self.named_keys()), nonce)?),
        };
        let bare = sealed.is_none();
        let stored = |entry: &Entry| StoredKey::Named {
            name: entry.name.clone(),
            public_key: entry.public,
            private_key: entry.private.as_ref().filter(|_| bare).map(|key| Zeroizing::new(key.to_hex())),
            backed_up: entry.backed_up,
        };
        Ok(Record { keys: self.entries.iter().map(stored).collect(), selected: self.selected, sealed })
    }

    /// Whether a passphrase guards the keys.
    #[must_use]
    pub const fn protection(&self) -> Protection {
        match self.lock {
            Lock::None => Protection::None,
            Lock::Locked(_) => Protection::Locked,
            Lock::Unlocked(_) => Protection::Unlocked,
        }
    }

    /// Name, public key and whether the user has a copy, for all keys, oldest first.
    pub fn keys(&self) -> impl Iterator<Item = (&KeyName, &PublicKey, bool)> {
        self.entries.iter().map(|entry| (&entry.name, &entry.public, entry.backed_up))
    }

    /// The index of the key that pays and receives mining rewards.
    #[must_use]
    pub const fn selected(&self) -> Option<Address> {
        self.selected
    }

    /// The public key in use.
    #[must_use]
    pub fn selected_key(&self) -> Option<PublicKey> {
        self.selected.and_then(|address| self.find(&address).ok()).map(|entry| entry.public)
    }

    /// Returns a private key.
    ///
    /// # Errors
    /// [`KeyringError::Unknown`] or [`KeyringError::Locked`].
    pub fn private_key(&self, address: &Address) -> Result<&PrivateKey, KeyringError> {
        self.find(address)?.private.as_ref().ok_or(KeyringError::Locked)
    }

    /// Adds keys and selects the first. If a key is already known, only its name is taken over, unless it already has
    /// one.
    ///
    /// # Errors
    /// [`KeyringError::Full`] or [`KeyringError::Locked`].
    pub fn add(&mut self, keys: Vec<NamedKey>) -> Result<Vec<Address>, KeyringError> {
        self.check_open()?;
        let mut addresses = Vec::new();
        for key in keys {
            let new = Entry::new(key);
            addresses.push(new.address());
            match self.entries.iter_mut().find(|entry| entry.public == new.public) {
                Some(entry) if entry.name == KeyName::default() => entry.name = new.name,
                Some(_) => {}
                None => self.entries.push(new),
            }
        }
        if self.entries.len() > MAX_KEYS {
            return Err(KeyringError::Full);
        }
        self.selected = addresses.first().copied().or(self.selected);
        Ok(addresses)
    }

    /// Deletes a key.
    ///
    /// # Errors
    /// [`KeyringError::Unknown`] or [`KeyringError::Locked`].
    pub fn remove(&mut self, address: &Address) -> Result<(), KeyringError> {
        self.check_open()?;
        self.find(address)?;
        self.entries.retain(|entry| entry.address() != *address);
        self.select_some();
        Ok(())
    }

    /// Selects the key that pays and receives mining rewards.
    ///
    /// # Errors
    /// [`KeyringError::Unknown`].
    pub fn select(&mut self, address: &Address) -> Result<(), KeyringError> {
        self.find(address)?;
        self.selected = Some(*address);
        Ok(())
    }

    /// Renames a key.
    ///
    /// # Errors
    /// [`KeyringError::Unknown`].
    pub fn rename(&mut self, address: &Address, name: KeyName) -> Result<(), KeyringError> {
        let entry = self.entries.iter_mut().find(|entry| entry.address() == *address);
        entry.ok_or(KeyringError::Unknown)?.name = name;
        Ok(())
    }

    /// Records that the user has a copy of a key, or of all keys.
    pub fn note_backup(&mut self, of: Option<&Address>) {
        for entry in &mut self.entries {
            entry.backed_up |= of.is_none_or(|address| entry.address() == *address);
        }
    }

    /// Sets, changes or removes the passphrase. If there is one, the current passphrase is needed again.
    ///
    /// # Errors
    /// [`SealError::WrongPassphrase`]: `current` is not the current passphrase. [`KeyringError::Locked`]: it is
    /// missing.
    pub fn protect(
        &mut self,
        current: Option<&Passphrase>,
        new: Option<&Passphrase>,
        salt: [u8; SALT_BYTES],
    ) -> Result<(), KeyringError> {
        match &self.lock {
            Lock::None => {}
            Lock::Locked(_) => self.unlock(current.ok_or(KeyringError::Locked)?)?,
            Lock::Unlocked(key) => key.check(current.ok_or(KeyringError::Locked)?)?,
        }
        self.lock = match new {
            Some(passphrase) => Lock::Unlocked(SealingKey::derive(passphrase, &Kdf::in_use(salt))?),
            None => Lock::None,
        };
        Ok(())
    }

    /// Removes all private keys from memory until the passphrase is given again. The nonce is as in
    /// [`Keyring::record`]. Without a passphrase this does nothing.
    ///
    /// # Errors
    /// [`SealError`], which does not happen for keys.
    pub fn lock(&mut self, nonce: [u8; NONCE_BYTES]) -> Result<(), SealError> {
        let Lock::Unlocked(key) = &self.lock else { return Ok(()) };
        self.lock = Lock::Locked(key.seal(&content::write(&self.named_keys()), nonce)?);
        self.entries.iter_mut().for_each(|entry| entry.private = None);
        Ok(())
    }

    /// Unlocks a wallet. The encrypted text decides which keys exist; names and other data stay as they are now.
    ///
    /// # Errors
    /// [`SealError::WrongPassphrase`], or another error if the stored text is damaged.
    pub fn unlock(&mut self, passphrase: &Passphrase) -> Result<(), SealError> {
        let Lock::Locked(sealed) = &self.lock else { return Ok(()) };
        let (key, text) = SealingKey::opening(passphrase, sealed)?;
        let opened = content::read(&text)?;
        self.open(key, opened);
        Ok(())
    }

    fn open(&mut self, key: SealingKey, opened: Vec<NamedKey>) {
        let known = std::mem::take(&mut self.entries);
        for named in opened {
            let mut entry = Entry::new(named);
            if let Some(now) = known.iter().find(|now| now.public == entry.public) {
                entry.name.clone_from(&now.name);
                entry.backed_up = now.backed_up;
            }
            self.entries.push(entry);
        }
        self.lock = Lock::Unlocked(key);
        self.select_some();
    }

    /// Derives an unlocked wallet's key again if that was done at lower costs than today's; `passphrase` is the one in
    /// force. Returns whether it was: then the record must be stored again.
    ///
    /// # Errors
    /// [`SealError`], which does not happen with the current [`Kdf`].
    pub fn raise_costs(&mut self, passphrase: &Passphrase, salt: [u8; SALT_BYTES]) -> Result<bool, SealError> {
        match &mut self.lock {
            Lock::Unlocked(key) if key.is_cheap() => {
                *key = SealingKey::derive(passphrase, &Kdf::in_use(salt))?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// All keys as a backup, under the given passphrase or under the wallet's own.
    ///
    /// # Errors
    /// [`KeyringError::Locked`] if a locked wallet gets another passphrase, or if no passphrase is given and the wallet
    /// has none.
    pub fn backup(
        &self,
        passphrase: Option<&Passphrase>,
        salt: [u8; SALT_BYTES],
        nonce: [u8; NONCE_BYTES],
    ) -> Result<Sealed, KeyringError> {
        match (passphrase, &self.lock) {
            (None, Lock::Locked(sealed)) => Ok(sealed.clone()),
            (None, Lock::Unlocked(key)) => Ok(key.seal(&content::write(&self.named_keys()), nonce)?),
            (Some(passphrase), Lock::None | Lock::Unlocked(_)) => {
                Ok(crate::make_backup(&self.named_keys(), passphrase, salt, nonce)?)
            }
            (None, Lock::None) | (Some(_), Lock::Locked(_)) => Err(KeyringError::Locked),
        }
    }

    fn named_keys(&self) -> Vec<NamedKey> {
        let named = |entry: &Entry| Some(NamedKey { name: entry.name.clone(), key: entry.private.clone()? });
        self.entries.iter().filter_map(named).collect()
    }

    fn check_open(&self) -> Result<(), KeyringError> {
        if self.protection() == Protection::Locked { Err(KeyringError::Locked) } else { Ok(()) }
    }

    fn find(&self, address: &Address) -> Result<&Entry, KeyringError> {
        self.entries.iter().find(|entry| entry.address() == *address).ok_or(KeyringError::Unknown)
    }

    /// Makes sure that the key in use exists; otherwise selects the newest.
    fn select_some(&mut self) {
        let known = self.selected.filter(|address| self.find(address).is_ok());
        self.selected = known.or(self.entries.last().map(Entry::address));
    }
}

impl Entry {
    fn new(NamedKey { name, key }: NamedKey) -> Self {
        Self { name, public: key.public_key(), private: Some(key), backed_up: false }
    }

    fn address(&self) -> Address {
        self.public.address()
    }
}
