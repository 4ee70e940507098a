use std::time::Duration;

/// Virtual time in microseconds since the simulation began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VirtualTime(pub(crate) u64);

impl VirtualTime {
    /// The time `d` later.
    pub(crate) fn after(self, d: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(d.as_micros()).unwrap_or(u64::MAX)))
    }

    /// Time since `earlier`.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    /// The time in whole milliseconds, as on the nodes' clocks.
    pub(crate) fn millis(self) -> u64 {
        self.0 / 1_000
    }
}
