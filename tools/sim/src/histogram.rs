use std::time::Duration;

/// Counts of each number of milliseconds. Bound: `MAX_MS` counters.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    /// Longer times count as this: ten minutes.
    const MAX_MS: usize = 600_000;

    pub(crate) fn add(&mut self, ms: u64) {
        let at = usize::try_from(ms).unwrap_or(Self::MAX_MS).min(Self::MAX_MS);
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
        self.total += 1;
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.total
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The value that this many percent do not exceed, or zero without values.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Duration {
        let (wanted, mut seen) = ((self.total * percent).div_ceil(100).max(1), 0);
        let reaches = |count: &u64| {
            seen += count;
            seen >= wanted
        };
        let ms = self.counts.iter().position(reaches).unwrap_or_default();
        Duration::from_millis(ms as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_by_nearest_rank() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.percentile(50), Duration::ZERO);
        (1..=100).rev().for_each(|ms| histogram.add(ms));
        let ms = |percent| histogram.percentile(percent).as_millis();
        assert_eq!([ms(0), ms(1), ms(50), ms(99), ms(100)], [1, 1, 50, 99, 100]);
        histogram.add(u64::MAX);
        assert_eq!(histogram.percentile(100), Duration::from_secs(600));
    }
}
