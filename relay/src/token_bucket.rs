//! A token bucket: it allows a burst, then a steady rate.

use std::time::Instant;

/// Holds at most `capacity` tokens and gains `per_second`. It starts full.
#[derive(Clone, Debug)]
pub(crate) struct TokenBucket {
    capacity: f64,
    per_second: f64,
    tokens: f64,
    updated: Instant,
}

impl TokenBucket {
    pub(crate) fn new(capacity: f64, per_second: f64, now: Instant) -> Self {
        Self { capacity, per_second, tokens: capacity, updated: now }
    }

    /// Takes `cost` tokens; if the bucket holds fewer, takes none and returns false.
    pub(crate) fn try_take(&mut self, cost: f64, now: Instant) -> bool {
        self.tokens = self.tokens_at(now);
        self.updated = self.updated.max(now);
        let enough = self.tokens >= cost;
        if enough {
            self.tokens -= cost;
        }
        enough
    }

    /// Whether the bucket is full by now, so that it is no different from a new one.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        self.tokens_at(now) >= self.capacity
    }

    fn tokens_at(&self, now: Instant) -> f64 {
        let gained = now.saturating_duration_since(self.updated).as_secs_f64() * self.per_second;
        (self.tokens + gained).min(self.capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_then_the_rate() {
        let start = Instant::now();
        let mut bucket = TokenBucket::new(5.0, 64.0, start);
        let mut taken = |after: Duration| (0..100).filter(|_| bucket.try_take(1.0, start + after)).count();
        let tokens = |n: u32| Duration::from_secs(1) / 64 * n;
        assert_eq!(taken(Duration::ZERO), 5);
        assert_eq!(taken(tokens(1) / 2), 0);
        assert_eq!((taken(tokens(3)), taken(tokens(1_000))), (3, 5));
        assert!(bucket.is_full(start + tokens(2_000)) && !bucket.is_full(start + tokens(1_001)));
        assert!(!bucket.try_take(6.0, start + tokens(9_000)), "more than it holds");
    }
}
