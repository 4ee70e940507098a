use super::Node;
use crate::units::Monotonic;
use crate::wire::Goodbye;
use core::time::Duration;

/// Interval of time-out checks. A time-out may be handled this much later than stated.
const HOUSEKEEPING: Duration = Duration::from_secs(5);
/// Interval for re-requesting overdue blocks and payments.
const IMPATIENCE: Duration = Duration::from_secs(2);

impl Node {
    /// The latest time at which the node needs [`crate::Input::Tick`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Monotonic> {
        let (dial, refresh) = (self.peers.dial_at(), self.mining.refresh_at());
        let announce = [self.payments.announce_at(), self.headers.announce_at()];
        let times = [Some(self.housekeeping_at), self.impatient_at, dial, refresh].into_iter().chain(announce);
        times.flatten().min()
    }

    pub(super) fn run_timers(&mut self) {
        let now = self.cx.now.monotonic;
        self.payments.announce_due(&mut self.cx);
        let current = self.is_current();
        self.headers.announce_due(&mut self.cx, current);
        if self.impatient_at.is_some_and(|at| at <= now) {
            self.impatient_at = None;
            self.blocks.hurry(&mut self.cx, |id| self.headers.tip_of(id), current);
            self.payments.ask_again(&mut self.cx, current);
        }
        if self.housekeeping_at > now {
            return;
        }
        self.housekeeping_at = now.after(HOUSEKEEPING);
        self.cx.chain.expire_orphans(now);
        self.payments.expire(&mut self.cx);
        for (peer, reason) in self.peers.overdue(now, |peer| self.headers.overdue(peer, now)) {
            self.disconnect(peer, reason);
        }
        self.peers.ping(&mut self.cx);
        for peer in self.blocks.overdue(&self.cx) {
            self.disconnect(peer, Goodbye::Stalled);
        }
        self.peers.compare_clocks();
        self.peers.report_clock(&mut self.cx);
        self.check_laggards();
        self.headers.ask_early(&mut self.cx);
        self.peers.ask_addresses_again(&mut self.cx);
    }

    /// Schedules the next re-request, if blocks or payments are due.
    pub(super) fn plan_impatience(&mut self) {
        if !self.blocks.are_due() && !self.payments.are_due() {
            self.impatient_at = None;
        } else {
            self.impatient_at.get_or_insert(self.cx.now.monotonic.after(IMPATIENCE));
        }
    }
}
