use super::{Candidate, bounded, solve_time, spacings};
use crate::History;
use ethnum::U256;
use fedcoin_primitives::units::EasingTarget;

/// WTEMA, an exponential moving average: each block moves the target by a fraction of its excess time.
#[derive(Clone, Copy, Debug)]
pub struct Wtema {
    /// The divisor of the fraction.
    pub blocks: i64,
    /// Minimum time that a block counts as having taken, in spacings.
    pub least: i64,
    /// Maximum.
    pub most: i64,
}

impl Candidate for Wtema {
    fn name(&self) -> String {
        format!("WTEMA {} [{}, {}]", self.blocks, self.least, self.most)
    }

    fn next_target(&self, history: &History) -> EasingTarget {
        let [parent, tip] = history.last(2) else { return EasingTarget::fixed(history.tip().target) };
        let took = solve_time(parent, tip).clamp(spacings(self.least), spacings(self.most));
        let numerator = (spacings(self.blocks - 1) + took).max(1) as u64;
        bounded(tip.value / U256::from(spacings(self.blocks) as u64) * U256::from(numerator))
    }
}
