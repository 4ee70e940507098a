//! The tab's private keys. They leave the worker only when the user exports one, and are never
//! logged.

mod database;

use crate::messages::{KeyStorage, MAX_KEYS, PrivateKeyText, WalletCommand, WalletProblem};
use database::KeyDatabase;
use fedcoin_node::primitives::{Address, PrivateKey};
use serde::{Deserialize, Serialize};

/// The keys of one slot, oldest first, and the one selected.
///
/// Every change is in the browser's database before it is made here, so that no key is ever shown
/// that a reload would lose. At most [`MAX_KEYS`] keys.
#[derive(Debug)]
pub struct Keyring {
    keys: Vec<PrivateKey>,
    selected: Option<Address>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    IndexedDb(KeyDatabase),
    Memory { reason: String },
}

/// What the database holds of a slot. The keys are in the teaching coin's hex.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    keys: Vec<String>,
    selected: Option<Address>,
}

impl Keyring {
    /// The keys of a slot of a network. Without a database they are kept in memory.
    pub async fn open(network: &str, slot: u32) -> Self {
        let opened = async {
            let database = KeyDatabase::open(network, slot).await?;
            let record = database.read().await?;
            Ok::<_, String>((database, record))
        };
        match opened.await {
            Ok((database, record)) => Self::read(record, Place::IndexedDb(database)),
            Err(reason) => Self::read(Record::default(), Place::Memory { reason }),
        }
    }

    /// A text that is no key is skipped here; the database keeps a copy of such a record.
    fn read(record: Record, place: Place) -> Self {
        let keys: Vec<PrivateKey> = record.keys.iter().filter_map(|hex| PrivateKey::from_hex(hex).ok()).collect();
        let mut keyring = Self { keys, selected: None, place };
        keyring.selected = record.selected.filter(|address| keyring.find(address).is_some()).or(keyring.newest());
        keyring
    }

    /// Where the keys are kept.
    #[must_use]
    pub fn storage(&self) -> KeyStorage {
        match &self.place {
            Place::IndexedDb(_) => KeyStorage::IndexedDb,
            Place::Memory { reason } => KeyStorage::Memory(reason.clone()),
        }
    }

    /// All keys, oldest first.
    pub fn keys(&self) -> impl Iterator<Item = &PrivateKey> {
        self.keys.iter()
    }

    /// The key that pays and gets mining rewards.
    #[must_use]
    pub fn selected(&self) -> Option<&PrivateKey> {
        self.selected.and_then(|address| self.find(&address))
    }

    /// Makes a change; returns the address it is about.
    ///
    /// # Errors
    /// [`WalletProblem`]; nothing has changed then.
    pub async fn change(&mut self, command: WalletCommand) -> Result<Address, WalletProblem> {
        match command {
            WalletCommand::New => self.add(draw_key()?).await,
            WalletCommand::Import { hex } => {
                let key = PrivateKey::from_hex(&hex).map_err(|e| WalletProblem::Key(e.to_string()))?;
                self.add(key).await
            }
            WalletCommand::Remove { address } => self.remove(address).await,
            WalletCommand::Select { address } => {
                self.find(&address).ok_or(WalletProblem::Unknown)?;
                self.commit(self.keys.clone(), Some(address)).await?;
                Ok(address)
            }
        }
    }

    /// Stores all keys again, after the browser lost its storage: they are still here. Where it takes none, they
    /// are kept in memory from now on.
    pub async fn store_again(&mut self) {
        if let Err(problem) = self.commit(self.keys.clone(), self.selected).await {
            self.place = Place::Memory { reason: problem.to_string() };
        }
    }

    /// A private key as text, for the user's eyes only.
    ///
    /// # Errors
    /// [`WalletProblem::Unknown`].
    pub fn export(&self, address: &Address) -> Result<PrivateKeyText, WalletProblem> {
        self.find(address).map(|key| PrivateKeyText(key.to_hex())).ok_or(WalletProblem::Unknown)
    }

    /// Adds a key and selects it; one that is here already is selected only.
    async fn add(&mut self, key: PrivateKey) -> Result<Address, WalletProblem> {
        let address = key.public_key().address();
        let mut keys = self.keys.clone();
        if self.find(&address).is_none() {
            if keys.len() >= MAX_KEYS {
                return Err(WalletProblem::Full);
            }
            keys.push(key);
        }
        self.commit(keys, Some(address)).await?;
        Ok(address)
    }

    async fn remove(&mut self, address: Address) -> Result<Address, WalletProblem> {
        self.find(&address).ok_or(WalletProblem::Unknown)?;
        let keys: Vec<PrivateKey> = self.keys.iter().filter(|k| k.public_key().address() != address).cloned().collect();
        let newest = keys.last().map(|key| key.public_key().address());
        let selected = self.selected.filter(|selected| *selected != address).or(newest);
        self.commit(keys, selected).await?;
        Ok(address)
    }

    /// Stores the new state, then makes it the present one.
    async fn commit(&mut self, keys: Vec<PrivateKey>, selected: Option<Address>) -> Result<(), WalletProblem> {
        if let Place::IndexedDb(database) = &mut self.place {
            let record = Record { keys: keys.iter().map(PrivateKey::to_hex).collect(), selected };
            database.write(&record).await.map_err(WalletProblem::Storage)?;
        }
        (self.keys, self.selected) = (keys, selected);
        Ok(())
    }

    fn find(&self, address: &Address) -> Option<&PrivateKey> {
        self.keys.iter().find(|key| key.public_key().address() == *address)
    }

    fn newest(&self) -> Option<Address> {
        self.keys.last().map(|key| key.public_key().address())
    }
}

/// A new key from the browser's randomness.
fn draw_key() -> Result<PrivateKey, WalletProblem> {
    loop {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|e| WalletProblem::Storage(format!("no randomness: {e}")))?;
        // One draw in 2^32 is no key.
        if let Some(key) = PrivateKey::from_random(&secret) {
            return Ok(key);
        }
    }
}
