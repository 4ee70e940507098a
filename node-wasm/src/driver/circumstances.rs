use super::Driver;
use crate::messages::{Failure, PageCircumstances};
use crate::mining::rules::{Circumstances, Rest};
use std::time::Duration;

/// What the page reported, and since when the tab has been hidden by [`crate::clock::Clock::millis`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    page: PageCircumstances,
    hidden_since: Option<f64>,
}

impl Driver {
    /// Records new circumstances from the page.
    pub(super) fn circumstances_changed(&mut self, page: PageCircumstances, since: f64) -> Result<(), Failure> {
        let hidden_since = page.hidden.then(|| self.seen.hidden_since.unwrap_or(since));
        self.seen = Seen { page, hidden_since };
        self.apply_mining(since)
    }

    /// Call this every second: the tab may have been hidden for long enough.
    pub(super) fn mind_circumstances(&mut self, now: f64) -> Result<(), Failure> {
        if self.reason_to_rest(now) == self.rest { Ok(()) } else { self.apply_mining(now) }
    }

    /// Why not to mine now, although the user may want to.
    pub(super) fn reason_to_rest(&self, now: f64) -> Option<Rest> {
        let Seen { page, hidden_since } = self.seen;
        let hidden_for = |since: f64| Duration::try_from_secs_f64((now - since) / 1_000.0).unwrap_or_default();
        self.mining.rules.rest(&Circumstances {
            on_battery: page.on_battery,
            hidden_for: hidden_since.map(hidden_for),
            measuring: page.measuring,
        })
    }
}
