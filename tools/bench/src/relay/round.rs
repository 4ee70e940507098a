use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Messages from one sender to many receivers, and their times.
#[derive(Debug, Default)]
pub(super) struct Round {
    sent: Vec<Instant>,
    latencies: Vec<u32>,
    expected: usize,
}

impl Round {
    /// Records that one more message is sent now to this many receivers. Returns its number.
    pub(super) fn sent(&mut self, readers: usize) -> usize {
        self.sent.push(Instant::now());
        self.expected += readers;
        self.sent.len() - 1
    }

    /// Records that a receiver has got it.
    pub(super) fn delivered(&mut self, number: usize) {
        if let Some(sent) = self.sent.get(number) {
            self.latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
    }

    /// Whether all receivers have got everything.
    pub(super) fn is_complete(&self) -> bool {
        self.latencies.len() >= self.expected
    }

    /// Deliveries so far.
    pub(super) fn deliveries(&self) -> usize {
        self.latencies.len()
    }

    /// Adds another round's figures.
    pub(super) fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.expected += other.expected;
    }

    /// The time within which this many of 1,000 deliveries happened.
    fn within(&self, sorted: &[u32], per_mille: usize) -> f64 {
        let place = (sorted.len().saturating_sub(1)) * per_mille / 1_000;
        sorted.get(place).map_or(f64::NAN, |micros| f64::from(*micros) / 1e3)
    }

    /// All figures, for the server's processor time and the time that the round took.
    pub(super) fn figures(&self, cpu: Duration, time: Duration) -> Value {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let million = self.deliveries() as f64 / 1e6;
        json!({
            "deliveries": self.deliveries(),
            "missing": self.expected.saturating_sub(self.deliveries()),
            "p50_ms": self.within(&sorted, 500),
            "p99_ms": self.within(&sorted, 990),
            "max_ms": self.within(&sorted, 1_000),
            "cpu_s_per_million": cpu.as_secs_f64() / million,
            "deliveries_per_s": self.deliveries() as f64 / time.as_secs_f64(),
        })
    }
}
