use super::UtxoDiff;
use borsh::{BorshDeserialize, BorshSerialize};
use core::ops::Bound;
use fedcoin_primitives::codec::encode;
use fedcoin_primitives::collections::{HashMap, MapKey};
use fedcoin_primitives::units::{Amount, Height};
use fedcoin_primitives::{Address, OutPoint, Output, sha256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An unspent output and its origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Utxo {
    /// Amount and owner.
    pub output: Output,
    /// The height of the block that created it.
    pub height: Height,
    /// Whether a coinbase created it, so that it must mature (rule C4).
    pub coinbase: bool,
}

/// All unspent outputs at the primary chain's tip, with an index by owner.
///
/// It grows only with the chain's payments, each of which paid for its bytes in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UtxoSet {
    by_outpoint: HashMap<OutPoint, Utxo>,
    by_owner: BTreeSet<(Address, OutPoint)>,
    supply: Amount,
}

impl UtxoSet {
    /// Makes an empty set.
    #[must_use]
    pub fn new(key: MapKey) -> Self {
        Self { by_outpoint: HashMap::with_hasher(key), by_owner: BTreeSet::new(), supply: Amount::ZERO }
    }

    /// Makes the set from a snapshot.
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

    /// Number of unspent outputs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_outpoint.len()
    }

    /// Whether there are no unspent outputs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_outpoint.is_empty()
    }

    /// The sum of all outputs: the money supply.
    #[must_use]
    pub const fn supply(&self) -> Amount {
        self.supply
    }

    /// All outputs, in any order.
    pub fn iter(&self) -> impl Iterator<Item = (OutPoint, Utxo)> {
        self.by_outpoint.iter().map(|(outpoint, utxo)| (*outpoint, *utxo))
    }

    /// The outputs of an address, in order of outpoint.
    pub fn of<'a>(&'a self, owner: &Address) -> impl Iterator<Item = (OutPoint, Utxo)> + use<'a> {
        let owner = *owner;
        self.starting_at(Bound::Included((owner, OutPoint::FIRST)))
            .take_while(move |(_, u)| u.output.recipient == owner)
    }

    /// The outputs from this position on, in order of owner and outpoint. Allows reading all outputs piece by piece.
    pub fn starting_at(&self, place: Bound<(Address, OutPoint)>) -> impl Iterator<Item = (OutPoint, Utxo)> {
        let places = self.by_owner.range((place, Bound::Unbounded));
        places.filter_map(|(_, outpoint)| Some((*outpoint, self.get(outpoint)?)))
    }

    /// Applies a change.
    pub fn apply(&mut self, diff: &UtxoDiff) {
        for outpoint in &diff.spent {
            self.remove(outpoint);
        }
        for (outpoint, utxo) in &diff.created {
            self.insert(*outpoint, *utxo);
        }
    }

    /// The [`state_hash`] of all outputs.
    #[must_use]
    pub fn state_hash(&self) -> [u8; 32] {
        state_hash(self.iter().collect())
    }

    fn insert(&mut self, outpoint: OutPoint, utxo: Utxo) {
        self.remove(&outpoint);
        self.by_outpoint.insert(outpoint, utxo);
        self.by_owner.insert((utxo.output.recipient, outpoint));
        // The money supply stays below the maximum (see `ChainParams::check`).
        self.supply = self.supply.checked_add(utxo.output.amount).unwrap_or(Amount::MAX);
    }

    fn remove(&mut self, outpoint: &OutPoint) {
        if let Some(utxo) = self.by_outpoint.remove(outpoint) {
            self.by_owner.remove(&(utxo.output.recipient, *outpoint));
            self.supply = self.supply.saturating_sub(utxo.output.amount);
        }
    }
}

/// The SHA-256 over the number of outputs (u64) and each outpoint with its output, sorted. Two nodes with the same hash
/// have the same ledger.
#[must_use]
pub fn state_hash(mut all: Vec<(OutPoint, Utxo)>) -> [u8; 32] {
    all.sort_unstable_by_key(|(outpoint, _)| *outpoint);
    let mut bytes = encode(&(all.len() as u64));
    for entry in &all {
        bytes.extend(encode(entry));
    }
    sha256(&[&bytes])
}
