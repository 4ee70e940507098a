//! The tab's private keys. They leave the worker only when the user exports or backs them up, and are never logged.

mod database;

use crate::messages::{KeyStorage, PrivateKeyText, WalletCommand, WalletProblem};
use database::KeyDatabase;
use fedcoin_keyring::{Keyring, KeyringError, NamedKey, Passphrase, Record, Sealed, open_backup, private_key};
use fedcoin_node::primitives::{Address, PrivateKey};

/// The keys of one slot, and their storage.
///
/// Every change is committed to the browser's database before it takes effect here, so a shown key is never lost at a
/// reload.
#[derive(Debug)]
pub struct KeyStore {
    ring: Keyring,
    backend: Backend,
}

#[derive(Debug)]
enum Backend {
    IndexedDb(KeyDatabase),
    Memory { reason: String },
}

impl KeyStore {
    /// Opens the keys of a slot of a network. Without a database they are kept in memory.
    pub async fn open(network: &str, slot: u32) -> Self {
        let opened = async {
            let database = KeyDatabase::open(network, slot).await?;
            let record = database.read().await?;
            Ok::<_, String>((database, record))
        };
        let (record, backend) = match opened.await {
            Ok((database, record)) => (record, Backend::IndexedDb(database)),
            Err(reason) => (Record::default(), Backend::Memory { reason }),
        };
        // Unreadable keys are left out; the database keeps a copy of such a record.
        Self { ring: Keyring::of(record), backend }
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
        let mut ring = self.ring.clone();
        let written = apply(&mut ring, command)?;
        if written {
            self.store(&ring).await?;
        }
        self.ring = ring;
        Ok(())
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
        let ring = self.ring.clone();
        if let Err(problem) = self.store(&ring).await {
            self.backend = Backend::Memory { reason: problem.to_string() };
        }
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

    async fn store(&mut self, ring: &Keyring) -> Result<(), WalletProblem> {
        let Backend::IndexedDb(database) = &mut self.backend else { return Ok(()) };
        let record = ring.record(random()?).map_err(KeyringError::Seal)?;
        database.write(&record).await.map_err(WalletProblem::Storage)
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

/// Changes the keys in memory; returns whether the stored record changes, too.
fn apply(ring: &mut Keyring, command: WalletCommand) -> Result<bool, WalletProblem> {
    match command {
        WalletCommand::New { name } => drop(ring.add(vec![NamedKey { name, key: draw_key()? }])?),
        WalletCommand::Import { name, key } => {
            let key = private_key(&key.0).map_err(WalletProblem::Key)?;
            ring.add(vec![NamedKey { name, key }])?;
        }
        WalletCommand::Restore { backup, passphrase } => {
            let keys = open_backup(&backup, &passphrase).map_err(KeyringError::Seal)?;
            let addresses = ring.add(keys)?;
            addresses.iter().for_each(|address| ring.note_backup(Some(address)));
        }
        WalletCommand::Rename { address, name } => ring.rename(&address, name)?,
        WalletCommand::Remove { address } => ring.remove(&address)?,
        WalletCommand::Select { address } => ring.select(&address)?,
        WalletCommand::NoteBackup { address } => ring.note_backup(address.as_ref()),
        WalletCommand::Protect { current, new } => ring.protect(current.as_ref(), new.as_ref(), random()?)?,
        WalletCommand::Unlock { passphrase } => {
            ring.unlock(&passphrase).map_err(KeyringError::Seal)?;
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
