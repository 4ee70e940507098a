//! How long pauses and changes of job take to reach every miner.

use crate::messages::Latency;
use std::collections::VecDeque;

/// Measurements kept; the oldest leave first.
const MAX_SAMPLES: usize = 1_000;
/// Orders that not every miner has confirmed; older ones are given up.
const MAX_PENDING: usize = 16;

/// Measures the time from an order's cause to its last confirmation.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    samples: VecDeque<f64>,
    pending: VecDeque<(u64, f64)>,
    count: u32,
}

impl Latencies {
    /// An order has been given to miners that were searching; `since` is when its cause came.
    pub fn ordered(&mut self, number: u64, since: f64) {
        self.pending.push_back((number, since));
        if self.pending.len() > MAX_PENDING {
            self.pending.pop_front();
        }
    }

    /// All miners have confirmed this order, and with it all before it.
    pub fn obeyed(&mut self, number: u64, now: f64) {
        while let Some((_, since)) = self.pending.pop_front_if(|(pending, _)| *pending <= number) {
            self.samples.push_back(now - since);
            self.count = self.count.saturating_add(1);
            if self.samples.len() > MAX_SAMPLES {
                self.samples.pop_front();
            }
        }
    }

    /// Whatever is not confirmed yet would say nothing: the machine slept, or a miner died.
    pub fn forget_pending(&mut self) {
        self.pending.clear();
    }

    /// The distribution of the last measurements.
    #[must_use]
    pub fn summary(&self) -> Option<Latency> {
        let mut sorted: Vec<f64> = self.samples.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        // Nearest rank: the smallest value that so many in a hundred do not exceed.
        let at = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Some(Latency { count: self.count, p50_ms: at(50)?, p99_ms: at(99)? })
    }
}
