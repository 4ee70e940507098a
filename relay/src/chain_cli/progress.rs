use std::time::{Duration, Instant};

/// Interval between two progress lines.
const INTERVAL: Duration = Duration::from_secs(1);

/// Tells on standard error how far something is.
pub(super) struct Progress {
    what: &'static str,
    total: u32,
    done: u32,
    told: Instant,
}

impl Progress {
    /// Nothing of `total` blocks is done yet.
    pub(super) fn new(what: &'static str, total: u32) -> Self {
        Self { what, total, done: 0, told: Instant::now() }
    }

    /// One block more is done.
    pub(super) fn step(&mut self) {
        self.done += 1;
        if self.told.elapsed() >= INTERVAL {
            self.end();
        }
    }

    /// Says how far it is now.
    pub(super) fn end(&mut self) {
        self.told = Instant::now();
        eprintln!("{} {} of {} blocks", self.what, self.done, self.total);
    }
}
