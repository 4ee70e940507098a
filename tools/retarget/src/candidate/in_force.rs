use super::{Candidate, EASIEST};
use crate::{History, SPACING_MS};
use fedcoin_consensus::{ChainParams, Retarget};
use fedcoin_primitives::units::EasingTarget;

/// The current rule: the node's own code with the parameters of `main`.
#[derive(Clone, Debug)]
pub struct InForce(ChainParams);

impl Default for InForce {
    fn default() -> Self {
        Self(ChainParams { spacing_ms: SPACING_MS, target: EASIEST, ..ChainParams::main() })
    }
}

impl Candidate for InForce {
    fn name(&self) -> String {
        "in force".into()
    }

    fn next_target(&self, history: &History) -> EasingTarget {
        let before = history.last(History::KEPT).iter().rev();
        Retarget::EachBlock.next_target(&self.0, before.map(|link| (link.time, link.target)))
    }
}
