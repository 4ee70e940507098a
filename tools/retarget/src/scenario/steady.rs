//! A steady hash rate: the effect of chance alone.

use super::{SPACING, warm};
use crate::{Candidate, Summary, THIRTY_TABS};

/// A run at a steady hash rate.
#[derive(Clone, Copy, Debug)]
pub struct Steady {
    /// Mean spacing, in spacings.
    pub spacing: f64,
    /// Standard deviation of the target's logarithm.
    pub noise: f64,
}

/// Mines this many blocks.
#[must_use]
pub fn run(rule: &dyn Candidate, blocks: usize) -> Steady {
    let mut chain = warm(rule, THIRTY_TABS, 1);
    let start = chain.seconds();
    let mut noise = Summary::default();
    for _ in 0..blocks {
        noise.add(chain.expected_spacings(THIRTY_TABS).ln());
        chain.step(THIRTY_TABS);
    }
    Steady { spacing: (chain.seconds() - start) / blocks as f64 / SPACING, noise: noise.deviation() }
}
