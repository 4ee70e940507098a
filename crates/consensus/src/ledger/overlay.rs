use super::{Utxo, UtxoDiff, UtxoSet};
use fedcoin_primitives::OutPoint;
use std::collections::{BTreeMap, BTreeSet};

/// Changes laid over the set without touching it, for trying blocks out: a reorganisation keeps
/// one across inputs and gives the set the outcome in one piece.
///
/// `spent` names outputs of the set below only; bounded by the blocks tried.
#[derive(Clone, Debug, Default)]
pub struct UtxoOverlay {
    created: BTreeMap<OutPoint, Utxo>,
    spent: BTreeSet<OutPoint>,
}

impl UtxoOverlay {
    /// The output, if it is unspent with these changes.
    #[must_use]
    pub fn get(&self, base: &UtxoSet, outpoint: &OutPoint) -> Option<Utxo> {
        match self.created.get(outpoint) {
            Some(utxo) => Some(*utxo),
            None if self.spent.contains(outpoint) => None,
            None => base.get(outpoint),
        }
    }

    /// Takes an output away and returns it; `None` when there is no such unspent output.
    pub fn spend(&mut self, base: &UtxoSet, outpoint: &OutPoint) -> Option<Utxo> {
        if let Some(utxo) = self.created.remove(outpoint) {
            return Some(utxo);
        }
        let utxo = base.get(outpoint)?;
        self.spent.insert(*outpoint).then_some(utxo)
    }

    /// Adds an output. One that the set below holds just so is only no longer spent.
    pub fn create(&mut self, base: &UtxoSet, outpoint: OutPoint, utxo: Utxo) {
        if base.get(&outpoint) == Some(utxo) {
            self.created.remove(&outpoint);
            self.spent.remove(&outpoint);
        } else {
            self.created.insert(outpoint, utxo);
        }
    }

    /// The changes as one value, sorted.
    #[must_use]
    pub fn into_diff(self) -> UtxoDiff {
        UtxoDiff { created: self.created.into_iter().collect(), spent: self.spent.into_iter().collect() }
    }
}
