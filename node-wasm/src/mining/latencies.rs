//! Time until all miners have stopped for a pause or a change of job.

use super::state::Latency;
use std::collections::VecDeque;

/// Maximum number of measurements kept; the oldest are dropped first.
const MAX_SAMPLES: usize = 1_000;
/// Maximum number of assignments not confirmed by every miner; older ones are dropped.
const MAX_UNCONFIRMED: usize = 16;

/// Measures the time from an assignment's cause until the last miner has stopped.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    samples: VecDeque<f64>,
    unconfirmed: VecDeque<Unconfirmed>,
    count: u32,
}

/// An assignment that not every miner has confirmed.
#[derive(Clone, Copy, Debug)]
struct Unconfirmed {
    number: u64,
    /// Time of its cause.
    since: f64,
    /// Time at which the last miner so far stopped.
    stopped: f64,
}

impl Latencies {
    /// Records an assignment to miners that were searching; `since` is the time of its cause.
    pub fn assigned(&mut self, number: u64, since: f64) {
        self.unconfirmed.push_back(Unconfirmed { number, since, stopped: since });
        if self.unconfirmed.len() > MAX_UNCONFIRMED {
            self.unconfirmed.pop_front();
        }
    }

    /// Records that a miner has confirmed this assignment, and when it stopped searching for older ones. Returns the
    /// time since the assignment's cause, unless it is not being measured.
    pub fn stopped(&mut self, number: u64, at: f64) -> Option<f64> {
        let unconfirmed = self.unconfirmed.iter_mut().find(|unconfirmed| unconfirmed.number == number)?;
        unconfirmed.stopped = unconfirmed.stopped.max(at);
        Some((at - unconfirmed.since).max(0.0))
    }

    /// Records that all miners have confirmed this assignment, and so all before it.
    pub fn confirmed(&mut self, number: u64) {
        while let Some(unconfirmed) = self.unconfirmed.pop_front_if(|unconfirmed| unconfirmed.number <= number) {
            self.samples.push_back(unconfirmed.stopped - unconfirmed.since);
            self.count = self.count.saturating_add(1);
            if self.samples.len() > MAX_SAMPLES {
                self.samples.pop_front();
            }
        }
    }

    /// Drops unconfirmed assignments, whose times would be meaningless: the machine slept, or a miner died.
    pub fn forget_unconfirmed(&mut self) {
        self.unconfirmed.clear();
    }

    /// The distribution of the last measurements.
    #[must_use]
    pub fn summary(&self) -> Option<Latency> {
        let mut sorted: Vec<f64> = self.samples.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        // Nearest rank: the smallest value that this percentage of values does not exceed.
        let at = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Some(Latency { count: self.count, p50_ms: at(50)?, p99_ms: at(99)? })
    }
}
