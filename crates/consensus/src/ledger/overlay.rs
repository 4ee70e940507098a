use super::{Utxo, UtxoDiff, UtxoSet};
use fedcoin_primitives::OutPoint;
use std::collections::{BTreeMap, BTreeSet};

/// Changes on top of the set, which stays untouched, to try blocks out. A reorganisation keeps one overlay across
/// inputs and applies the result to the set as a whole.
///
/// `spent` contains only outputs of the set below. The number of tried blocks bounds the overlay.
#[derive(Clone, Debug, Default)]
pub struct UtxoOverlay {
    created: BTreeMap<OutPoint, Utxo>,
    spent: BTreeSet<OutPoint>,
}

impl UtxoOverlay {
    /// The output, if it is unspent after these changes.
    #[must_use]
    pub fn get(&self, base: &UtxoSet, outpoint: &OutPoint) -> Option<Utxo> {
        match self.created.get(outpoint) {
            Some(utxo) => Some(*utxo),
            None if self.spent.contains(outpoint) => None,
            None => base.get(outpoint),
        }
    }

    /// Removes an output and returns it, or `None` if there is no such unspent output.
    pub fn spend(&mut self, base: &UtxoSet, outpoint: &OutPoint) -> Option<Utxo> {
        if let Some(utxo) = self.created.remove(outpoint) {
            return Some(utxo);
        }
        let utxo = base.get(outpoint)?;
        self.spent.insert(*outpoint).then_some(utxo)
    }

    /// Adds an output. If the set below has the same output, this only marks it as unspent again.
    pub fn create(&mut self, base: &UtxoSet, outpoint: OutPoint, utxo: Utxo) {
        if base.get(&outpoint) == Some(utxo) {
            self.created.remove(&outpoint);
            self.spent.remove(&outpoint);
        } else {
            self.created.insert(outpoint, utxo);
        }
    }

    /// All outputs that are unspent after these changes.
    pub fn outputs<'a>(&'a self, base: &'a UtxoSet) -> impl Iterator<Item = (OutPoint, Utxo)> + use<'a> {
        let changed = |outpoint: &OutPoint| self.spent.contains(outpoint) || self.created.contains_key(outpoint);
        let kept = base.iter().filter(move |(outpoint, _)| !changed(outpoint));
        kept.chain(self.created.iter().map(|(outpoint, utxo)| (*outpoint, *utxo)))
    }

    /// The changes as one value, sorted.
    #[must_use]
    pub fn into_diff(self) -> UtxoDiff {
        UtxoDiff { created: self.created.into_iter().collect(), spent: self.spent.into_iter().collect() }
    }
}
