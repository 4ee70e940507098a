use super::UtxoDiff;
use crate::codec::encode;
use crate::collections::{HashMap, MapKey};
use crate::primitives::{Address, OutPoint, Output, TxId, sha256};
use crate::units::{Amount, Height};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An unspent output and where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Utxo {
    /// Amount and owner.
    pub output: Output,
    /// The height of the block that made it.
    pub height: Height,
    /// Whether a coinbase made it, which must mature (rule C4).
    pub coinbase: bool,
}

/// All unspent outputs at the primary chain's tip, with an index by owner.
///
/// Grows with the chain's payments only, each of which paid for its bytes in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UtxoSet {
    by_outpoint: HashMap<OutPoint, Utxo>,
    by_owner: BTreeSet<(Address, OutPoint)>,
    supply: Amount,
}

impl UtxoSet {
    /// A set without any.
    #[must_use]
    pub fn new(key: MapKey) -> Self {
        Self { by_outpoint: HashMap::with_hasher(key), by_owner: BTreeSet::new(), supply: Amount::ZERO }
    }

    /// The set that a snapshot holds.
    #[must_use]
    pub fn from_entries(entries: impl IntoIterator<Item = (OutPoint, Utxo)>, key: MapKey) -> Self {
        let mut set = Self::new(key);
        for (outpoint, utxo) in entries {
            set.insert(outpoint, utxo);
        }
        set
    }

    /// The output, if it exists and is unspent.
    #[must_use]
    pub fn get(&self, outpoint: &OutPoint) -> Option<Utxo> {
        self.by_outpoint.get(outpoint).copied()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_outpoint.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_outpoint.is_empty()
    }

    /// The sum of all: all money there is.
    #[must_use]
    pub const fn supply(&self) -> Amount {
        self.supply
    }

    /// What an address owns, in the order of the outpoints.
    pub fn of(&self, owner: &Address) -> impl Iterator<Item = (OutPoint, Utxo)> {
        let first = OutPoint { txid: TxId([0; 32]), index: 0 };
        let last = OutPoint { txid: TxId([0xff; 32]), index: u32::MAX };
        let owned = self.by_owner.range((*owner, first)..=(*owner, last));
        owned.filter_map(|(_, outpoint)| Some((*outpoint, self.get(outpoint)?)))
    }

    /// Carries a change out.
    pub fn apply(&mut self, diff: &UtxoDiff) {
        for outpoint in &diff.spent {
            self.remove(outpoint);
        }
        for (outpoint, utxo) in &diff.created {
            self.insert(*outpoint, *utxo);
        }
    }

    /// The SHA-256 over the number of outputs (u64) and each outpoint with its output, sorted: two
    /// nodes with the same hash agree on who owns what.
    #[must_use]
    pub fn state_hash(&self) -> [u8; 32] {
        let mut entries: Vec<(OutPoint, Utxo)> = self.by_outpoint.iter().map(|(o, u)| (*o, *u)).collect();
        entries.sort_unstable_by_key(|(outpoint, _)| *outpoint);
        let mut bytes = encode(&(entries.len() as u64));
        for entry in &entries {
            bytes.extend(encode(entry));
        }
        sha256(&[&bytes])
    }

    fn insert(&mut self, outpoint: OutPoint, utxo: Utxo) {
        self.remove(&outpoint);
        self.by_outpoint.insert(outpoint, utxo);
        self.by_owner.insert((utxo.output.recipient, outpoint));
        // All money there is stays below the maximum (see `ChainParams::check`).
        self.supply = self.supply.checked_add(utxo.output.amount).unwrap_or(Amount::MAX);
    }

    fn remove(&mut self, outpoint: &OutPoint) {
        if let Some(utxo) = self.by_outpoint.remove(outpoint) {
            self.by_owner.remove(&(utxo.output.recipient, *outpoint));
            self.supply = self.supply.saturating_sub(utxo.output.amount);
        }
    }
}
