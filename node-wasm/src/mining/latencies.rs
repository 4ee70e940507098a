//! How long pauses and changes of job take to stop every miner.

use crate::messages::Latency;
use std::collections::VecDeque;

/// Measurements kept; the oldest leave first.
const MAX_SAMPLES: usize = 1_000;
/// Orders that not every miner has confirmed; older ones are given up.
const MAX_PENDING: usize = 16;

/// Measures the time from an order's cause until the last miner has stopped.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    samples: VecDeque<f64>,
    pending: VecDeque<Pending>,
    count: u32,
}

/// An order that not every miner has confirmed.
#[derive(Clone, Copy, Debug)]
struct Pending {
    number: u64,
    /// When its cause came.
    since: f64,
    /// When the last miner so far stopped.
    stopped: f64,
}

impl Latencies {
    /// An order has been given to miners that were searching; `since` is when its cause came.
    pub fn ordered(&mut self, number: u64, since: f64) {
        self.pending.push_back(Pending { number, since, stopped: since });
        if self.pending.len() > MAX_PENDING {
            self.pending.pop_front();
        }
    }

    /// A miner confirms this order: it stopped searching for older ones at this time. Returns for how long it searched
    /// on after the order's cause, unless nothing was to be measured.
    pub fn stopped(&mut self, number: u64, at: f64) -> Option<f64> {
        let pending = self.pending.iter_mut().find(|pending| pending.number == number)?;
        pending.stopped = pending.stopped.max(at);
        Some((at - pending.since).max(0.0))
    }

    /// All miners have confirmed this order, and with it all before it.
    pub fn obeyed(&mut self, number: u64) {
        while let Some(pending) = self.pending.pop_front_if(|pending| pending.number <= number) {
            self.samples.push_back(pending.stopped - pending.since);
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
