//! The machine's clocks.

use fedcoin_node::units::{Monotonic, Now, Timestamp};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The machine's two clocks, read together.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    origin: Instant,
}

impl Clock {
    /// A clock whose monotonic reading begins at zero.
    #[must_use]
    pub fn start() -> Self {
        Self { origin: Instant::now() }
    }

    /// Both readings.
    #[must_use]
    pub fn now(&self) -> Now {
        Now { wall: wall(), monotonic: Monotonic(millis(self.origin.elapsed())) }
    }
}

/// The wall clock. Set before 1970 it reads 1970.
#[must_use]
pub fn wall() -> Timestamp {
    Timestamp(millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()))
}

fn millis(d: Duration) -> u64 {
    u64::try_from(d.as_millis()).unwrap_or(u64::MAX)
}
