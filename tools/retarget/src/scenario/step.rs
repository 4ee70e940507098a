//! The hash rate changes suddenly and stays changed.

use super::warm;
use crate::{Candidate, THIRTY_TABS, percentile};

/// Number of blocks that each run is observed after the change.
pub const WATCHED: usize = 100;

/// Many runs of one change.
#[derive(Clone, Debug)]
pub struct Step {
    /// For each run, the number of blocks until the expected spacing was between half and twice the intended one.
    /// Infinite if that took longer than the observation.
    pub blocks: Vec<f64>,
    /// For each run, the minutes that this took.
    pub minutes: Vec<f64>,
    /// For each number of blocks after the change, the median expected spacing, in spacings.
    pub path: Vec<f64>,
}

impl Step {
    /// Number of blocks within which this share of the runs (0 to 1) recovered.
    #[must_use]
    pub fn back_within(&self, share: f64) -> f64 {
        percentile(&self.blocks, share)
    }
}

/// The hash rate is multiplied by `factor`.
#[must_use]
pub fn run(rule: &dyn Candidate, factor: f64, runs: usize) -> Step {
    let mut steady = warm(rule, THIRTY_TABS, 2);
    let mut spacings = vec![Vec::new(); WATCHED + 1];
    let (mut blocks, mut minutes) = (Vec::with_capacity(runs), Vec::with_capacity(runs));
    for _ in 0..runs {
        for _ in 0..20 {
            steady.step(THIRTY_TABS);
        }
        let mut chain = steady.branch();
        let (start, mut back, mut end) = (chain.seconds(), f64::INFINITY, f64::INFINITY);
        for (n, seen) in spacings.iter_mut().enumerate() {
            let spacing = chain.expected_spacings(THIRTY_TABS * factor);
            seen.push(spacing);
            if back.is_infinite() && (0.5..=2.0).contains(&spacing) {
                (back, end) = (n as f64, chain.seconds());
            }
            chain.step(THIRTY_TABS * factor);
        }
        blocks.push(back);
        minutes.push((end - start) / 60.0);
    }
    Step { blocks, minutes, path: spacings.iter().map(|seen| percentile(seen, 0.5)).collect() }
}
