use crate::consensus::MAX_FUTURE_TIME;
use core::time::Duration;
use serde::{Deserialize, Serialize};

/// Clocks with a smaller difference agree (rule M10): half of what rule H6 allows.
pub const CLOCKS_AGREE: Duration = MAX_FUTURE_TIME.checked_div(2).expect("2 is not 0");

/// This machine's clock compared with the peers' clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockComparison {
    /// How far this machine's wall clock is ahead of the peers' clocks in milliseconds; negative if it is behind.
    pub ahead_ms: i64,
    /// Number of counted votes.
    pub votes: u32,
    /// Whether mining follows the peers' clocks (rule M10); otherwise a difference only causes a warning.
    pub counts: bool,
}

impl ClockComparison {
    /// Whether the clocks differ by more than [`CLOCKS_AGREE`].
    #[must_use]
    pub fn differs(&self) -> bool {
        Duration::from_millis(self.ahead_ms.unsigned_abs()) > CLOCKS_AGREE
    }
}
