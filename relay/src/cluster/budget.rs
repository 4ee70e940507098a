use std::time::{Duration, Instant};

/// How much may come: a burst, then a rate.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    burst: u64,
    per_second: u64,
    left: u64,
    updated: Instant,
}

impl Budget {
    pub(super) fn new(burst: u64, per_second: u64) -> Self {
        Self { burst, per_second, left: burst, updated: Instant::now() }
    }

    /// Pays; false when too little is left.
    pub(super) fn pay(&mut self, cost: u64, now: Instant) -> bool {
        let passed = u64::try_from(now.saturating_duration_since(self.updated).as_micros()).unwrap_or(u64::MAX);
        let gained = passed.saturating_mul(self.per_second) / 1_000_000;
        if gained > 0 {
            self.left = self.left.saturating_add(gained).min(self.burst);
            self.updated = now;
        }
        let paid = self.left.checked_sub(cost);
        self.left = paid.unwrap_or(self.left);
        paid.is_some()
    }

    /// Pays as soon as enough is left; a cost above the burst counts as the burst.
    pub(super) async fn pay_in_time(&mut self, cost: u64) {
        while !self.pay(cost.min(self.burst), Instant::now()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let mut budget = Budget::new(5, 100);
        let now = budget.updated;
        let mut paid = |after| (0..100).filter(|_| budget.pay(1, now + Duration::from_millis(after))).count();
        assert_eq!((paid(0), paid(9), paid(30), paid(10_000)), (5, 0, 3, 5));
        assert!(!budget.pay(6, now + Duration::from_secs(100)));
    }
}
