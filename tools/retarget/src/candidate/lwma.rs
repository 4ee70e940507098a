use super::{Candidate, bounded, spacings};
use crate::{History, SPACING_MS};
use ethnum::U256;
use fedcoin_primitives::units::EasingTarget;

/// LWMA-1: the mean target, times the linearly weighted mean of solve times of at most six
/// spacings. A header's time counts as at least that of the one before.
#[derive(Clone, Copy, Debug)]
pub struct Lwma {
    /// Number of blocks in the window.
    pub window: usize,
}

impl Candidate for Lwma {
    fn name(&self) -> String {
        format!("LWMA-1 {}", self.window)
    }

    fn next_target(&self, history: &History) -> EasingTarget {
        let window = self.window as u64;
        let Some((first, blocks)) = history.last(self.window + 1).split_first() else {
            return EasingTarget::fixed(history.tip().target);
        };
        let (mut previous, mut sum, mut targets) = (first.time.0, 0, U256::ZERO);
        for (weight, block) in (1..).zip(blocks) {
            let time = block.time.0.max(previous + 1);
            sum += (time - previous).min(spacings(6) as u64) * weight;
            targets += block.value / U256::from(window);
            previous = time;
        }
        let (sum, weights) = (sum.max(window * window * SPACING_MS / 20), window * (window + 1) / 2);
        bounded(targets / U256::from(weights * SPACING_MS) * U256::from(sum))
    }
}
