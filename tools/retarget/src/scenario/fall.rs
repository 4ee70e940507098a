//! The hash rate falls to one tab's, as when a large miner leaves.

use super::{SPACING, warm};
use crate::{Candidate, ONE_TAB, percentile};

/// Falls that are tested: how many times the hash rate was one tab's.
pub const FACTORS: [f64; 4] = [30.0, 170.0, 1_000.0, 10_000.0];
/// The fall is over when this many blocks in a row ...
const BLOCKS: usize = 10;
/// ... took at most this many spacings each, on average.
const SLOW: f64 = 3.0;
/// Seconds that a run is observed.
const WATCHED: f64 = 400.0 * 3_600.0;

/// Many falls.
#[derive(Clone, Debug)]
pub struct Fall {
    /// For each run, the minutes from the fall to the end of the first ten blocks that come nearly in time. Infinite if
    /// that took longer than the observation.
    pub minutes: Vec<f64>,
    /// For each run, the minutes until the first block.
    pub first: Vec<f64>,
}

impl Fall {
    /// Minutes within which this share of the runs (0 to 1) recovered.
    #[must_use]
    pub fn back_within(&self, share: f64) -> f64 {
        percentile(&self.minutes, share)
    }
}

/// The hash rate falls to one tab's, after it was this many times as much.
#[must_use]
pub fn run(rule: &dyn Candidate, factor: f64, runs: usize) -> Fall {
    let mut steady = warm(rule, factor * ONE_TAB, 9);
    let mut fall = Fall { minutes: Vec::with_capacity(runs), first: Vec::with_capacity(runs) };
    for _ in 0..runs {
        for _ in 0..20 {
            steady.step(factor * ONE_TAB);
        }
        let mut chain = steady.branch();
        let mut times = vec![chain.seconds()];
        let end = loop {
            chain.step(ONE_TAB);
            let now = chain.seconds();
            times.push(now);
            if now - times[0] > WATCHED {
                break f64::INFINITY;
            }
            if times.len() > BLOCKS && now - times[times.len() - 1 - BLOCKS] <= SLOW * SPACING * BLOCKS as f64 {
                break now;
            }
        };
        fall.minutes.push((end - times[0]) / 60.0);
        fall.first.push((times[1] - times[0]) / 60.0);
    }
    fall
}
