//! Helpers for tests: `fedcoin` processes on free ports of this machine, and simulated peers.
//!
//! Nothing here depends on the machine's speed: conditions are polled, for up to [`PATIENCE`].
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses some of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

pub mod blocks;
pub mod chain_peer;
pub mod keys;
pub mod node;
pub mod peer;
pub mod streamed_peer;

use std::time::{Duration, Instant};

/// Maximum time for a condition to become true.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Polls until `attempt` returns a value.
pub fn eventually<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = attempt() {
            return value;
        }
        assert!(Instant::now() < end, "in {} seconds not: {what}", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// Polls until the condition is true.
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    eventually(what, || condition().then_some(()));
}
