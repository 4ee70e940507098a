//! Completed hashes per second over the last seconds.

use std::collections::VecDeque;

/// The window in milliseconds.
const WINDOW_MS: f64 = 5_000.0;
/// Most reports kept; a miner makes about twenty in a window.
const MAX_REPORTS: usize = 256;

/// A sliding window over reports of completed hashes.
#[derive(Clone, Debug, Default)]
pub struct HashRate {
    /// Time and number of each report.
    reports: VecDeque<(f64, u64)>,
    /// When searching began, or began again after a pause.
    begun: Option<f64>,
}

impl HashRate {
    /// Searching begins (again); what came before a pause counts no more.
    pub fn begin(&mut self, now: f64) {
        if self.begun.is_none() {
            self.reports.clear();
            self.begun = Some(now);
        }
    }

    /// Searching ends.
    pub fn end(&mut self) {
        self.begun = None;
    }

    /// So many hashes were completed.
    pub fn add(&mut self, now: f64, hashes: u64) {
        self.reports.push_back((now, hashes));
        while self.reports.len() > MAX_REPORTS || self.reports.front().is_some_and(|(at, _)| now - at > WINDOW_MS) {
            self.reports.pop_front();
        }
    }

    /// Hashes per second; zero while nothing is searched.
    #[must_use]
    pub fn per_second(&self, now: f64) -> f64 {
        let Some(begun) = self.begun else { return 0.0 };
        let recent = self.reports.iter().filter(|(at, _)| now - at <= WINDOW_MS);
        let hashes: u64 = recent.map(|(_, hashes)| hashes).sum();
        // The first quarter of a second says little; do not divide by almost nothing.
        let seconds = (now - begun).clamp(250.0, WINDOW_MS) / 1_000.0;
        hashes as f64 / seconds
    }
}
