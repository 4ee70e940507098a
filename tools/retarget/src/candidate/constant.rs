use super::Candidate;
use crate::History;
use fedcoin_primitives::units::EasingTarget;

/// The parent's target, which is perfect while the hash rate is steady. The remaining variation is chance.
#[derive(Clone, Copy, Debug)]
pub struct Constant;

impl Candidate for Constant {
    fn name(&self) -> String {
        "constant".into()
    }

    fn next_target(&self, history: &History) -> EasingTarget {
        EasingTarget::fixed(history.tip().target)
    }
}
