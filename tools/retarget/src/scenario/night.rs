//! Mining rests for eight hours, then thirty tabs start at once.

use super::{SPACING, warm};
use crate::{Candidate, THIRTY_TABS, percentile};

/// Many mornings.
#[derive(Clone, Debug)]
pub struct Night {
    /// Blocks within one spacing of the start of mining.
    pub from_start: Vec<f64>,
    /// Blocks within one spacing of the first block, itself included.
    pub from_first: Vec<f64>,
}

/// Blocks are counted up to this number.
const MOST: f64 = 200.0;

impl Night {
    /// Share of mornings with more than three blocks, by the first count.
    #[must_use]
    pub fn crowded(&self) -> f64 {
        share_above(&self.from_start)
    }

    /// The same by the second count.
    #[must_use]
    pub fn crowded_from_first(&self) -> f64 {
        share_above(&self.from_first)
    }

    /// Number of blocks that 99 of 100 mornings did not exceed, by the first count.
    #[must_use]
    pub fn most(&self) -> f64 {
        percentile(&self.from_start, 0.99)
    }
}

fn share_above(counts: &[f64]) -> f64 {
    counts.iter().filter(|n| **n > 3.0).count() as f64 / counts.len() as f64
}

/// `evening`: hashes per second before the rest, which lasts this many hours.
#[must_use]
pub fn run(rule: &dyn Candidate, evening: f64, hours: f64, nights: usize) -> Night {
    let mut days = warm(rule, evening, 4);
    let mut night = Night { from_start: Vec::with_capacity(nights), from_first: Vec::with_capacity(nights) };
    for _ in 0..nights {
        for _ in 0..15 {
            days.step(evening);
        }
        let mut chain = days.branch();
        chain.wait(hours * 3_600.0);
        let (start, mut first) = (chain.seconds(), None);
        let (mut from_start, mut from_first) = (0.0, 0.0);
        while from_start < MOST {
            chain.step(THIRTY_TABS);
            let now = chain.seconds();
            let in_start = now - start <= SPACING;
            let in_first = now - *first.get_or_insert(now) <= SPACING;
            from_start += f64::from(in_start);
            from_first += f64::from(in_first);
            if !in_start && !in_first {
                break;
            }
        }
        night.from_start.push(from_start);
        night.from_first.push(from_first);
    }
    night
}
