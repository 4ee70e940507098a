use core::time::Duration;

/// Nonces in the first slice, each with all salts of a task: a short slice on any machine.
const FIRST: u64 = 8;
/// Minimum and maximum number of nonces in a slice.
const RANGE: (u64, u64) = (1, 1 << 20);

/// How many nonces a worker tries between two checks of its assignment (rule M5): as many as fit into the target time,
/// estimated from previous slices.
#[derive(Clone, Copy, Debug)]
pub struct SliceSize {
    time: f64,
    nonces: u64,
}

impl SliceSize {
    /// Starts with slices that should take about this time.
    #[must_use]
    pub fn new(time: Duration) -> Self {
        Self { time: time.as_secs_f64(), nonces: FIRST }
    }

    /// Sets the target time of a slice.
    pub fn set_time(&mut self, time: Duration) {
        self.time = time.as_secs_f64();
    }

    /// Number of nonces in the next slice.
    #[must_use]
    pub fn nonces(&self) -> u64 {
        self.nonces
    }

    /// Records how long this many nonces took. The size moves towards the target time, at most by half or double,
    /// because a slice in which the worker shared its core says little. A slice that ended early is not recorded.
    pub fn learn(&mut self, nonces: u64, took: Duration) {
        if nonces < self.nonces {
            return;
        }
        let factor = (self.time / took.as_secs_f64().max(f64::MIN_POSITIVE)).clamp(0.5, 2.0);
        // Well within the range of both types.
        self.nonces = ((self.nonces as f64 * factor) as u64).clamp(RANGE.0, RANGE.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_follow_the_machine_s_speed() {
        for (per_second, wanted) in [(1_000_000.0, 5_000), (25_000_000.0, 125_000), (10.0, 1), (1e13, 1 << 20)] {
            let mut size = SliceSize::new(Duration::from_millis(5));
            for _ in 0..40 {
                size.learn(size.nonces(), Duration::from_secs_f64(size.nonces() as f64 / per_second));
            }
            assert!(size.nonces().abs_diff(wanted) <= 1 + wanted / 100, "{per_second}: {}", size.nonces());
        }
    }

    #[test]
    fn one_unusual_slice_changes_little() {
        let mut size = SliceSize::new(Duration::from_millis(5));
        size.learn(FIRST, Duration::from_secs(60));
        assert_eq!(size.nonces(), FIRST / 2);
        size.learn(FIRST / 2, Duration::ZERO);
        assert_eq!(size.nonces(), FIRST);
        size.learn(FIRST - 1, Duration::ZERO);
        assert_eq!(size.nonces(), FIRST, "a slice that ended early does not count");
    }
}
