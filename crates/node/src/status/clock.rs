use crate::consensus::MAX_FUTURE_TIME;
use core::time::Duration;
use serde::{Deserialize, Serialize};

/// Clocks that differ by no more agree (rule M10): half of what rule H6 allows.
pub const CLOCKS_AGREE: Duration = MAX_FUTURE_TIME.checked_div(2).expect("2 is not 0");

/// What the peers' clocks say of this machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockComparison {
    /// How far this machine's wall clock is ahead of the peers' in milliseconds; below zero where it is behind.
    pub ahead_ms: i64,
    /// The votes that were counted.
    pub votes: u32,
    /// Whether mining goes by them (rule M10). Else they are worth a warning.
    pub counts: bool,
}

impl ClockComparison {
    /// Whether the clocks differ by more than [`CLOCKS_AGREE`].
    #[must_use]
    pub fn differs(&self) -> bool {
        Duration::from_millis(self.ahead_ms.unsigned_abs()) > CLOCKS_AGREE
    }
}
