use super::attacker::Connection;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Number of connections of one attack.
pub(super) const HELD: usize = 200;

/// Repeats an action at this rate, if possible.
pub(super) fn every(pause: Duration, stop: &AtomicBool, mut step: impl FnMut(u64)) {
    let (started, mut number) = (Instant::now(), 0);
    while !stop.load(Ordering::Relaxed) {
        step(number);
        number += 1;
        let due = started + pause.saturating_mul(u32::try_from(number).unwrap_or(u32::MAX));
        sleep(due.saturating_duration_since(Instant::now()));
    }
}

/// Keeps `count` connections open, and replaces closed ones. `use_one` returns false for a closed one.
pub(super) fn hold(
    count: usize,
    stop: &AtomicBool,
    pause: Duration,
    mut open: impl FnMut() -> Option<Connection>,
    mut use_one: impl FnMut(&mut Connection, u64) -> bool,
) {
    let mut connections: Vec<Connection> = Vec::new();
    every(pause, stop, |round| {
        connections.retain_mut(|connection| use_one(connection, round));
        // A few each time, because a refused address needs a while.
        for _ in 0..20.min(count - connections.len()) {
            connections.extend(open());
        }
    });
}
