use core::time::Duration;

/// Nonces of the first slice, each with all salts of a task: little on any machine.
const FIRST: u64 = 8;
/// Fewest and most nonces of a slice.
const RANGE: (u64, u64) = (1, 1 << 20);

/// How many nonces a worker tries between two looks at its orders (rule M5): as many as take about a time wanted, which it
/// learns from those before.
#[derive(Clone, Copy, Debug)]
pub struct SliceSize {
    time: f64,
    nonces: u64,
}

impl SliceSize {
    /// Slices that shall take about this time.
    #[must_use]
    pub fn new(time: Duration) -> Self {
        Self { time: time.as_secs_f64(), nonces: FIRST }
    }

    /// From now on slices of about this time.
    pub fn set_time(&mut self, time: Duration) {
        self.time = time.as_secs_f64();
    }

    /// Nonces of the next slice.
    #[must_use]
    pub fn nonces(&self) -> u64 {
        self.nonces
    }

    /// So many nonces took so long. Moves towards the time wanted, at most by half or double: a slice during which the
    /// worker had to share its core says little. A slice that ended early says nothing.
    pub fn learn(&mut self, nonces: u64, took: Duration) {
        if nonces < self.nonces {
            return;
        }
        let factor = (self.time / took.as_secs_f64().max(f64::MIN_POSITIVE)).clamp(0.5, 2.0);
        // Far within the range of either type.
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
    fn one_odd_slice_changes_little() {
        let mut size = SliceSize::new(Duration::from_millis(5));
        size.learn(FIRST, Duration::from_secs(60));
        assert_eq!(size.nonces(), FIRST / 2);
        size.learn(FIRST / 2, Duration::ZERO);
        assert_eq!(size.nonces(), FIRST);
        size.learn(FIRST - 1, Duration::ZERO);
        assert_eq!(size.nonces(), FIRST, "a slice that ended early says nothing");
    }
}
