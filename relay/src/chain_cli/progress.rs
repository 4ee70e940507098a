use std::time::{Duration, Instant};

/// Interval between two progress lines.
const INTERVAL: Duration = Duration::from_secs(1);

/// Reports progress on standard error.
pub(super) struct Progress {
    what: &'static str,
    total: u32,
    done: u32,
    printed: Instant,
}

impl Progress {
    /// Starts at zero of `total` blocks.
    pub(super) fn new(what: &'static str, total: u32) -> Self {
        Self { what, total, done: 0, printed: Instant::now() }
    }

    /// Counts one more block.
    pub(super) fn step(&mut self) {
        self.done += 1;
        if self.printed.elapsed() >= INTERVAL {
            self.end();
        }
    }

    /// Prints the final count.
    pub(super) fn end(&mut self) {
        self.printed = Instant::now();
        eprintln!("{} {} of {} blocks", self.what, self.done, self.total);
    }
}
