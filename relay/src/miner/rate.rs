use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Number of readings kept; with one per second, the rate covers ten seconds.
const READINGS: usize = 11;

/// Hashes per second over a window.
#[derive(Debug, Default)]
pub struct HashRate {
    readings: Mutex<VecDeque<(Instant, u64)>>,
}

impl HashRate {
    /// How often to call [`HashRate::record`].
    pub const INTERVAL: Duration = Duration::from_secs(1);

    /// Records the number of hashes completed until `at`.
    pub fn record(&self, at: Instant, hashes: u64) {
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        if readings.len() == READINGS {
            readings.pop_front();
        }
        readings.push_back((at, hashes));
    }

    /// Hashes per second; 0 before the second reading.
    #[must_use]
    pub fn per_second(&self) -> u64 {
        let readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some((first, before)), Some((last, after))) = (readings.front(), readings.back()) else { return 0 };
        let seconds = last.duration_since(*first).as_secs_f64();
        if seconds > 0.0 { ((after - before) as f64 / seconds).round() as u64 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_covers_the_window() {
        let (rate, start) = (HashRate::default(), Instant::now());
        assert_eq!(rate.per_second(), 0);
        let mut hashes = 0;
        for second in 0..30 {
            hashes += if second < 15 { 1_000 } else { 100 };
            rate.record(start + Duration::from_secs(second), hashes);
        }
        assert_eq!(rate.per_second(), 100);
    }
}
