use super::Incoming;
use fedcoin_node::units::Monotonic;
use gloo_timers::callback::{Interval, Timeout};
use std::rc::Rc;

/// The kind of an expired timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// The node's deadline.
    Tick,
    /// A second has passed.
    Second,
    /// An update of the page is due.
    Show,
}

/// The driver's timers, at most one of each kind.
pub(super) struct Timers {
    put: Rc<dyn Fn(Incoming)>,
    tick: Option<(Monotonic, Timeout)>,
    show: Option<Timeout>,
    _second: Interval,
}

/// Maximum delay of a browser's timer.
const MAX_WAIT_MS: u64 = i32::MAX as u64;

impl Timers {
    pub(super) fn new(put: impl Fn(Incoming) + 'static) -> Self {
        let put: Rc<dyn Fn(Incoming)> = Rc::new(put);
        let second = Rc::clone(&put);
        let second = Interval::new(1_000, move || second(Incoming::Timer(Timer::Second)));
        Self { put, tick: None, show: None, _second: second }
    }

    /// Sets the node's next deadline.
    pub(super) fn tick_at(&mut self, deadline: Option<Monotonic>, now: Monotonic) {
        let Some(deadline) = deadline else {
            self.tick = None;
            return;
        };
        if self.tick.as_ref().is_some_and(|(set, _)| *set == deadline) {
            return;
        }
        let wait = deadline.0.saturating_sub(now.0).min(MAX_WAIT_MS) as u32;
        self.tick = Some((deadline, self.timeout(wait, Timer::Tick)));
    }

    /// Records that the node's timer fired; the next one may be for the same time.
    pub(super) fn tick_fired(&mut self) {
        self.tick = None;
    }

    /// Fires [`Timer::Show`] after this many milliseconds.
    pub(super) fn show_in(&mut self, wait: f64) {
        self.show = Some(self.timeout(wait.clamp(0.0, 1_000.0).ceil() as u32, Timer::Show));
    }

    fn timeout(&self, wait_ms: u32, timer: Timer) -> Timeout {
        let put = Rc::clone(&self.put);
        Timeout::new(wait_ms, move || put(Incoming::Timer(timer)))
    }
}
