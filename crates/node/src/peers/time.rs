use super::clock::{ClockVoter, ClockVotes};
use super::{CLOCKS_AGREE, ClockComparison, Direction, Peer, Peers};
use crate::consensus::MAX_FUTURE_TIME;
use crate::context::Context;
use crate::event::Event;
use crate::units::{Now, Timestamp};
use core::time::Duration;

/// Blocks follow the peers' clocks in steps of this size, so that a drifting clock does not cause a new job each time.
const STEP: Duration = Duration::from_secs(10);

impl Peers {
    /// This machine's clock compared with the peers' clocks (rule M10); `None` without peers. At most a few seconds
    /// old.
    pub(crate) fn clock(&self, now: Now) -> Option<ClockComparison> {
        self.time.map(|time| time.compare(now))
    }

    /// Counts the peers' votes on the time (rule M10).
    pub(crate) fn compare_clocks(&mut self) {
        let mut votes = ClockVotes::default();
        for peer in self.ready() {
            if let Some(hello) = &peer.hello {
                votes.add(self.voter(peer), hello.time, peer.handshake_at);
            }
        }
        self.time = votes.count();
    }

    fn voter(&self, peer: &Peer) -> ClockVoter {
        match peer.direction {
            Direction::Outbound if self.dialer.is_configured(&peer.address) => ClockVoter::Chosen,
            Direction::Outbound => ClockVoter::Dialled(peer.group.clone()),
            Direction::Inbound => ClockVoter::Inbound(peer.group.clone()),
        }
    }

    /// Reports when the difference between this machine's clock and the peers' clocks appears, changes or ends.
    pub(crate) fn report_clock(&mut self, cx: &mut Context) {
        let Some(clock) = self.clock(cx.now) else { return };
        let moved = clock.ahead_ms.saturating_sub(self.reported_clock.unwrap_or(0)).unsigned_abs();
        let news = match (clock.differs(), self.reported_clock) {
            (true, Some(_)) => Duration::from_millis(moved) > CLOCKS_AGREE,
            (differs, reported) => differs != reported.is_some(),
        };
        if news {
            self.reported_clock = clock.differs().then_some(clock.ahead_ms);
            cx.outbox.emit(Event::ClockCompared(clock));
        }
    }

    /// The latest header time that is not too early (rule H6) by the peers' clocks, if this machine's clock is behind
    /// them (rule M12).
    pub(crate) fn latest_header_time(&self, now: Now) -> Option<Timestamp> {
        let time = self.time?;
        let clock = time.compare(now);
        (clock.differs() && clock.ahead_ms < 0).then(|| time.at(now).after(MAX_FUTURE_TIME))
    }

    /// How far this machine's clock is ahead of the peers' clocks in milliseconds, if blocks are dated by theirs (rule
    /// M11); otherwise 0.
    ///
    /// Peers by whose clocks the tip itself is too early are ignored: the tip is backed by work, a clock is not.
    pub(crate) fn clock_lead(&self, cx: &Context) -> u64 {
        let Some(time) = self.time else { return 0 };
        let clock = time.compare(cx.now);
        let plausible = cx.chain.tip().time <= time.at(cx.now).after(MAX_FUTURE_TIME);
        if !clock.counts || !clock.differs() || !plausible {
            return 0;
        }
        let step = STEP.as_millis() as u64;
        u64::try_from(clock.ahead_ms).map_or(0, |ahead| ahead / step * step)
    }
}
