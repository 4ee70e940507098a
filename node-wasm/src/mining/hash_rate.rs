//! Completed hashes per second over the last seconds.

use std::collections::VecDeque;

/// The window in milliseconds.
const WINDOW_MS: f64 = 5_000.0;
/// Maximum number of reports kept. A miner sends about twenty per window, and one for each job.
const MAX_REPORTS: usize = 2_048;

/// A sliding window over reports of completed hashes. Rests count as time, so that short rests between two jobs do not
/// make the rate jump; after a long rest the window starts again.
#[derive(Clone, Debug, Default)]
pub struct HashRate {
    /// Time and hashes of each report.
    reports: VecDeque<(f64, u64)>,
    /// When searching began after the last long rest.
    started: Option<f64>,
    /// The last time that searching began or was reported.
    active: f64,
}

impl HashRate {
    /// Records that searching begins or continues.
    pub fn begin(&mut self, now: f64) {
        if self.started.is_none() || now - self.active > WINDOW_MS {
            self.reports.clear();
            self.started = Some(now);
        }
        self.active = now;
    }

    /// Records completed hashes.
    pub fn add(&mut self, now: f64, hashes: u64) {
        self.active = now;
        self.reports.push_back((now, hashes));
        while self.reports.len() > MAX_REPORTS || self.reports.front().is_some_and(|(at, _)| now - at > WINDOW_MS) {
            self.reports.pop_front();
        }
    }

    /// Hashes per second; falls to zero within the window when searching stops.
    #[must_use]
    pub fn per_second(&self, now: f64) -> f64 {
        let Some(started) = self.started else { return 0.0 };
        let recent = self.reports.iter().filter(|(at, _)| now - at <= WINDOW_MS);
        let hashes: u64 = recent.map(|(_, hashes)| hashes).sum();
        // The first quarter of a second is too short for a rate, and avoids a division by almost zero.
        let seconds = (now - started).clamp(250.0, WINDOW_MS) / 1_000.0;
        hashes as f64 / seconds
    }
}
