use fedcoin_node::units::Timestamp;

/// Limits how often something happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    every_ms: u64,
    last: Timestamp,
}

impl Pace {
    /// At most once in this many milliseconds.
    pub(crate) const fn new(every_ms: u64) -> Self {
        Self { every_ms, last: Timestamp(0) }
    }

    /// Whether the interval has passed; if so, a new one begins. A clock set back does not block it.
    pub(crate) const fn is_due(&mut self, now: Timestamp) -> bool {
        let due = now.0.abs_diff(self.last.0) >= self.every_ms;
        if due {
            self.last = now;
        }
        due
    }
}
