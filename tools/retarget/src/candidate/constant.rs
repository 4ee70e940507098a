use super::Candidate;
use crate::History;
use fedcoin_primitives::units::CompactTarget;

/// The parent's target: perfect while the hash rate is steady. What is left is pure chance.
#[derive(Clone, Copy, Debug)]
pub struct Constant;

impl Candidate for Constant {
    fn name(&self) -> String {
        "constant".into()
    }

    fn next_target(&self, history: &History) -> CompactTarget {
        history.tip().target
    }
}
