use fedcoin_node::units::Timestamp;
use std::collections::VecDeque;

/// Length of the observed window in milliseconds.
const WINDOW_MS: u64 = 10_000;
/// Minimum time for an estimate in milliseconds.
const MIN_MS: u64 = 1_500;
/// Maximum number of samples.
const MAX_NOTES: usize = 64;

/// Estimates when a growing number reaches another.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProgressPace {
    notes: VecDeque<(Timestamp, u32)>,
}

impl ProgressPace {
    /// Records the number at a time, and returns the expected number of seconds until `target`.
    pub(crate) fn seconds_remaining(&mut self, now: Timestamp, number: u32, target: u32) -> Option<u64> {
        // The number went back: start again.
        if self.notes.back().is_some_and(|(time, last)| *last > number || now < *time) {
            self.notes.clear();
        }
        // Keep samples apart, so that they cover the window.
        if self.notes.back().is_none_or(|(time, _)| now.0 - time.0 >= WINDOW_MS / MAX_NOTES as u64) {
            self.notes.push_back((now, number));
        }
        while self.notes.len() > 2 && self.notes.front().is_some_and(|(time, _)| now.0 - time.0 > WINDOW_MS) {
            self.notes.pop_front();
        }
        let (since, first) = *self.notes.front()?;
        let (took_ms, done) = (now.0 - since.0, u64::from(number - first));
        if took_ms < MIN_MS || done == 0 {
            return None;
        }
        Some((u64::from(target.saturating_sub(number)) * took_ms).div_ceil(done * 1_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_remaining_time_follows_the_pace() {
        let mut pace = ProgressPace::default();
        assert_eq!(pace.seconds_remaining(Timestamp(0), 100, 3_000), None);
        let mut remaining = None;
        for n in 1..=200 {
            remaining = pace.seconds_remaining(Timestamp(n * 100), 100 + 10 * n as u32, 3_000);
        }
        // 100 blocks per second, 900 remaining.
        assert_eq!(remaining, Some(9));
        assert!(pace.notes.len() <= MAX_NOTES + 2);
        // It slows down: only the last seconds count.
        for n in 201..=400 {
            remaining = pace.seconds_remaining(Timestamp(n * 100), 2_100 + (n as u32 - 200), 3_000);
        }
        assert!(remaining.is_some_and(|remaining| (69..=71).contains(&remaining)), "{remaining:?}");
        assert_eq!(pace.seconds_remaining(Timestamp(50_000), 5, 3_000), None, "begun anew");
    }
}
