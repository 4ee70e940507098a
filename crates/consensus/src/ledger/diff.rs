use super::Utxo;
use fedcoin_primitives::OutPoint;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Outputs that a series of blocks spends and creates. To apply it, remove `spent`, then insert `created`.
///
/// No outpoint occurs twice in one list. An outpoint in both lists was replaced: a reorganisation moved its payment to
/// a block at another height.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UtxoDiff {
    /// New unspent outputs.
    pub created: Vec<(OutPoint, Utxo)>,
    /// Outputs that are no longer unspent.
    pub spent: Vec<OutPoint>,
}

impl UtxoDiff {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.spent.is_empty()
    }

    /// Merges a later change into this one. Outputs that this change creates and the later one spends are omitted.
    /// Costs one pass over `later`, plus one over this change if `later` spends anything.
    pub fn merge(&mut self, later: Self) {
        if !later.spent.is_empty() {
            let mut spent: BTreeSet<OutPoint> = later.spent.iter().copied().collect();
            // The rest of `spent` was not created here.
            self.created.retain(|(outpoint, _)| !spent.remove(outpoint));
            self.spent.extend(later.spent.into_iter().filter(|outpoint| spent.contains(outpoint)));
        }
        self.created.extend(later.created);
    }
}
