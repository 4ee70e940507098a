use core::time::Duration;

/// A worker rests when it owes at least this many seconds. Timers do not keep shorter rests, which cost more than they
/// give.
const LEAST_REST: f64 = 0.005;
/// Maximum rest owed or credited, in seconds. A machine that slept meanwhile did not hash.
const MOST_OWED: f64 = 1.0;

/// Limits a worker to its share of a core (rule M6). The caller reports how long the worker hashed and rested, and asks
/// whether it owes a rest. If a timer fires late, the next rest comes later.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// Seconds of rest per second of work.
    rest_of_work: f64,
    /// Rest owed, in seconds. Negative after a rest that was longer than needed.
    owed: f64,
}

impl Quota {
    /// Starts without debt. `share` is the share of the core in percent, 1 to 100.
    #[must_use]
    pub fn new(share: u8) -> Self {
        Self { rest_of_work: rest_of_work(share), owed: 0.0 }
    }

    /// Sets another share of the core, in percent, 1 to 100.
    pub fn set_share(&mut self, share: u8) {
        self.rest_of_work = rest_of_work(share);
    }

    /// Records how long the worker hashed.
    pub fn worked(&mut self, time: Duration) {
        self.owed = (self.owed + time.as_secs_f64() * self.rest_of_work).min(MOST_OWED);
    }

    /// Records how long the worker rested.
    pub fn rested(&mut self, time: Duration) {
        self.owed = (self.owed - time.as_secs_f64()).max(-MOST_OWED * self.rest_of_work.min(1.0));
    }

    /// How long to rest now, or `None`.
    #[must_use]
    pub fn rest(&self) -> Option<Duration> {
        (self.owed >= LEAST_REST).then(|| Duration::from_secs_f64(self.owed))
    }
}

fn rest_of_work(share: u8) -> f64 {
    let share = f64::from(share.clamp(1, 100));
    (100.0 - share) / share
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLICE: Duration = Duration::from_millis(5);

    /// The share of time spent working if each rest is `longer` than requested.
    fn share_kept(share: u8, longer: Duration) -> f64 {
        let mut quota = Quota::new(share);
        let (mut worked, mut rested) = (Duration::ZERO, Duration::ZERO);
        while worked + rested < Duration::from_secs(60) {
            if let Some(rest) = quota.rest() {
                quota.rested(rest + longer);
                rested += rest + longer;
            } else {
                quota.worked(SLICE);
                worked += SLICE;
            }
        }
        100.0 * worked.as_secs_f64() / (worked + rested).as_secs_f64()
    }

    #[test]
    fn late_timers_do_not_change_the_share() {
        for share in [1, 10, 25, 50, 75, 99, 100] {
            for late_ms in [0, 4, 15] {
                let kept = share_kept(share, Duration::from_millis(late_ms));
                assert!((kept - f64::from(share)).abs() < 1.0, "{share} %: {kept} with timers {late_ms} ms late");
            }
        }
    }

    #[test]
    fn suspension_counts_as_neither_work_nor_rest() {
        let mut quota = Quota::new(10);
        quota.worked(Duration::from_secs(1_000));
        assert_eq!(quota.rest(), Some(Duration::from_secs(1)));
        quota.rested(Duration::from_secs(1_000));
        quota.worked(Duration::from_millis(200));
        assert!(quota.rest().is_some(), "an hour of suspension does not allow minutes of work");
    }

    #[test]
    fn a_new_share_applies_at_once() {
        let mut quota = Quota::new(100);
        quota.worked(SLICE);
        assert_eq!(quota.rest(), None);
        quota.set_share(50);
        quota.worked(SLICE);
        assert_eq!(quota.rest(), Some(SLICE));
    }
}
