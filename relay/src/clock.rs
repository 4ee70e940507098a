//! The machine's clocks.

use fedcoin_node::units::{Monotonic, Now, Timestamp};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The machine's two clocks, read together.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    origin: Duration,
}

impl Clock {
    /// A clock whose monotonic time starts at zero.
    #[must_use]
    pub fn start() -> Self {
        Self { origin: running() }
    }

    /// Reads both clocks.
    #[must_use]
    pub fn now(&self) -> Now {
        Now { wall: wall(), monotonic: Monotonic(millis(running().saturating_sub(self.origin))) }
    }
}

/// The wall clock; 1970 if it is set earlier.
#[must_use]
pub fn wall() -> Timestamp {
    Timestamp(millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()))
}

/// Monotonic time that includes suspension of the machine. Without it, the wall clock would seem to jump after each
/// suspension.
#[cfg(target_os = "linux")]
fn running() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or_default())
}

#[cfg(not(target_os = "linux"))]
fn running() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

fn millis(d: Duration) -> u64 {
    u64::try_from(d.as_millis()).unwrap_or(u64::MAX)
}
