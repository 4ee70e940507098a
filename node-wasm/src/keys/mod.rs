//! The tab's private keys. They leave the worker only when the user exports or backs them up, and are never logged.

mod database;

use crate::messages::{KeyStorage, PrivateKeyText, WalletCommand, WalletProblem};
use crate::storage::slots::Slot;
use database::{KeyDatabase, Stored, Written};
use fedcoin_keyring::{Keyring, KeyringError, NamedKey, Passphrase, Record, Sealed, open_backup, private_key};
use fedcoin_node::primitives::{Address, PrivateKey};
use std::rc::Rc;

/// How often a change is made again because another tab has stored one in between.
const TRIES: u32 = 20;

/// The keys of one slot, and their storage.
///
/// Every change is in the browser's database before it is made here, so that no key is ever shown that a reload would
/// lose. Two tabs may have one slot, where the browser cannot tell them apart: then a change follows those that the
/// other tab has stored, and none is lost.
#[derive(Debug)]
pub struct KeyStore {
    ring: Keyring,
    /// The record that this tab last read or wrote: it says whether another has written since.
    seen: Seen,
    unreadable: usize,
    backend: Backend,
    /// Held for as long as anything may be written.
    slot: Rc<Slot>,
}

/// A record, which may hold private keys, so `Debug` leaves it out.
#[derive(Default)]
struct Seen(Record);

#[derive(Debug)]
enum Backend {
    IndexedDb(KeyDatabase),
    Memory { reason: String },
}

impl KeyStore {
    /// The keys of a slot of a network. Without a database they are kept in memory.
    pub async fn open(network: &str, slot: Rc<Slot>) -> Self {
        let opened = async {
            let database = KeyDatabase::open(network, slot.number()).await?;
            let stored = database.read().await?;
            Ok::<_, String>((database, stored))
        };
        let (stored, backend) = match opened.await {
            Ok((database, stored)) => (stored, Backend::IndexedDb(database)),
            Err(reason) => (None, Backend::Memory { reason }),
        };
        let mut keys = Self { ring: Keyring::default(), seen: Seen::default(), unreadable: 0, backend, slot };
        stored.into_iter().for_each(|stored| keys.follow(stored));
        keys
    }

    /// The slot whose keys these are.
    #[must_use]
    pub const fn slot(&self) -> &Rc<Slot> {
        &self.slot
    }

    /// The number of stored keys that cannot be read. They are left out; the database keeps them.
    #[must_use]
    pub const fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// Where the keys are stored.
    #[must_use]
    pub fn storage(&self) -> KeyStorage {
        match &self.backend {
            Backend::IndexedDb(_) => KeyStorage::IndexedDb,
            Backend::Memory { reason } => KeyStorage::Memory(reason.clone()),
        }
    }

    /// The keys.
    #[must_use]
    pub const fn ring(&self) -> &Keyring {
        &self.ring
    }

    /// Changes the wallet.
    ///
    /// # Errors
    /// [`WalletProblem`]; nothing has changed then.
    pub async fn change(&mut self, command: WalletCommand) -> Result<(), WalletProblem> {
        for _ in 0..TRIES {
            let mut ring = self.ring.clone();
            match apply(&mut ring, &command) {
                Ok(true) if self.store(&ring).await? => {
                    self.ring = ring;
                    return Ok(());
                }
                Ok(true) => {}
                Ok(false) => {
                    self.ring = ring;
                    self.raise_costs(&command).await;
                    return Ok(());
                }
                // It may be right for what another tab has stored.
                Err(problem) if !self.catch_up().await => return Err(problem),
                Err(_) => {}
            }
        }
        Err(WalletProblem::Storage("another tab keeps changing the keys".into()))
    }

    /// After the wallet is unlocked: the costs of its passphrase may be those of an earlier version. If the browser
    /// does not store it now, they rise another time.
    async fn raise_costs(&mut self, command: &WalletCommand) {
        let WalletCommand::Unlock { passphrase } = command else { return };
        let mut ring = self.ring.clone();
        if random().is_ok_and(|salt| ring.raise_costs(passphrase, salt) == Ok(true))
            && self.store(&ring).await == Ok(true)
        {
            self.ring = ring;
        }
    }

    /// Uses a private key. The passphrase opens a locked wallet for this call.
    ///
    /// # Errors
    /// [`KeyringError`].
    pub fn with_key<T>(
        &self,
        address: &Address,
        passphrase: Option<&Passphrase>,
        then: impl FnOnce(&PrivateKey) -> T,
    ) -> Result<T, KeyringError> {
        match (self.ring.private_key(address), passphrase) {
            (Ok(key), _) => Ok(then(key)),
            (Err(KeyringError::Locked), Some(passphrase)) => {
                let mut open = self.ring.clone();
                open.unlock(passphrase)?;
                open.private_key(address).map(then)
            }
            (Err(problem), _) => Err(problem),
        }
    }

    /// Stores all keys again after the browser lost its storage: they are still in memory. If the browser refuses, they
    /// stay in memory only.
    pub async fn store_again(&mut self) {
        let mut ring = self.ring.clone();
        for _ in 0..TRIES {
            match self.store(&ring).await {
                Ok(true) => break,
                // Another tab came first, and perhaps with fewer keys.
                Ok(false) => {
                    let own = std::mem::replace(&mut ring, self.ring.clone());
                    ring.absorb(own);
                }
                Err(problem) => {
                    self.backend = Backend::Memory { reason: problem.to_string() };
                    break;
                }
            }
        }
        self.ring = ring;
    }

    /// Stores all keys again if the browser has deleted them. Otherwise the loss would only show at a reload, when the
    /// keys would be gone. Returns whether they are now in memory only.
    pub async fn outlive_deletion(&mut self) -> bool {
        let deleted = matches!(&self.backend, Backend::IndexedDb(database) if database.is_closed());
        if deleted {
            self.store_again().await;
        }
        deleted && matches!(self.backend, Backend::Memory { .. })
    }

    /// Stores the keys, unless another tab has stored others since; those are taken over then. Returns whether it has.
    async fn store(&mut self, ring: &Keyring) -> Result<bool, WalletProblem> {
        let Backend::IndexedDb(database) = &mut self.backend else { return Ok(true) };
        let record = ring.record(random()?).map_err(KeyringError::Seal)?;
        match database.replace(&self.seen.0, &record).await.map_err(WalletProblem::Storage)? {
            Written::Done => {
                self.seen = Seen(record);
                Ok(true)
            }
            Written::Overtaken(stored) => {
                self.follow(stored);
                Ok(false)
            }
        }
    }

    /// Takes over what another tab has stored; returns whether there was something.
    async fn catch_up(&mut self) -> bool {
        let Backend::IndexedDb(database) = &self.backend else { return false };
        match database.read().await {
            Ok(Some(stored)) if stored.record != self.seen.0 => {
                self.follow(stored);
                true
            }
            _ => false,
        }
    }

    fn follow(&mut self, stored: Stored) {
        self.ring.follow(stored.record.clone());
        (self.seen, self.unreadable) = (Seen(stored.record), stored.unreadable);
    }

    /// A private key as text, to be shown to the user only.
    ///
    /// # Errors
    /// [`WalletProblem::Ring`].
    pub fn export(&self, address: &Address, passphrase: Option<&Passphrase>) -> Result<PrivateKeyText, WalletProblem> {
        Ok(self.with_key(address, passphrase, |key| PrivateKeyText(key.to_hex().into()))?)
    }

    /// All keys, encrypted with the given passphrase or the wallet's own.
    ///
    /// # Errors
    /// [`WalletProblem::Ring`].
    pub fn backup(&self, passphrase: Option<&Passphrase>) -> Result<Sealed, WalletProblem> {
        Ok(self.ring.backup(passphrase, random()?, random()?)?)
    }
}

/// Changes the keys in memory; returns whether what is stored changes too.
fn apply(ring: &mut Keyring, command: &WalletCommand) -> Result<bool, WalletProblem> {
    match command {
        WalletCommand::New { name } => {
            let in_use = ring.selected();
            ring.add(vec![NamedKey { name: name.clone(), key: draw_key()? }])?;
            // Selected, an empty key would seem to empty the wallet.
            in_use.map_or(Ok(()), |address| ring.select(&address))?;
        }
        WalletCommand::Import { name, key } => {
            let key = private_key(&key.0).map_err(WalletProblem::Key)?;
            ring.add(vec![NamedKey { name: name.clone(), key }])?;
        }
        WalletCommand::Restore { backup, passphrase } => {
            let keys = open_backup(backup, passphrase).map_err(KeyringError::Seal)?;
            let addresses = ring.add(keys)?;
            addresses.iter().for_each(|address| ring.note_backup(Some(address)));
        }
        WalletCommand::Rename { address, name } => ring.rename(address, name.clone())?,
        WalletCommand::Remove { address } => ring.remove(address)?,
        WalletCommand::Select { address } => ring.select(address)?,
        WalletCommand::NoteBackup { address } => ring.note_backup(address.as_ref()),
        WalletCommand::Protect { current, new } => ring.protect(current.as_ref(), new.as_ref(), random()?)?,
        WalletCommand::Unlock { passphrase } => {
            ring.unlock(passphrase).map_err(KeyringError::Seal)?;
            return Ok(false);
        }
        WalletCommand::Lock => {
            ring.lock(random()?).map_err(KeyringError::Seal)?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// A new key from the browser's random numbers.
fn draw_key() -> Result<PrivateKey, WalletProblem> {
    loop {
        // One draw in 2^32 is not a valid key.
        if let Some(key) = PrivateKey::from_random(&random()?) {
            return Ok(key);
        }
    }
}

fn random<const N: usize>() -> Result<[u8; N], WalletProblem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| WalletProblem::Storage(format!("no randomness: {e}")))?;
    Ok(bytes)
}

impl core::fmt::Debug for Seen {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Seen(..)")
    }
}
