use super::Driver;
use crate::messages::{Failure, Happening};
use crate::socket::SocketEvent;
use fedcoin_node::units::Now;
use fedcoin_node::{Command, ConnectionError, Input};

/// A timer sends an input at least every second. After a longer gap than this many milliseconds, the machine slept or
/// the browser froze the tab (rule M8). The limit is shorter than the silence allowed to miners, which are not to blame
/// for a freeze.
const ASLEEP_MS: u64 = 4_000;
/// For this many milliseconds after waking, the relays have just been dialled: the page notices the same sleep.
const AWAKE_MS: u64 = 3_000;

/// Detects a suspension by both clocks, because one of them may stop while the machine sleeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct SleepWatch {
    last: Now,
    woke: Option<Now>,
}

impl SleepWatch {
    pub(super) const fn new(now: Now) -> Self {
        Self { last: now, woke: None }
    }

    /// Call this at every input. Returns the time asleep in milliseconds, if any.
    fn slept(&mut self, now: Now) -> Option<u64> {
        let passed = passed(self.last, now);
        self.last = now;
        let slept = passed > ASLEEP_MS;
        if slept {
            self.woke = Some(now);
        }
        slept.then_some(passed)
    }

    /// Whether the tab has just woken.
    fn is_waking(&self, now: Now) -> bool {
        self.woke.is_some_and(|woke| passed(woke, now) <= AWAKE_MS)
    }
}

/// Elapsed milliseconds by the clock that advanced further; a clock set back does not count.
fn passed(from: Now, to: Now) -> u64 {
    let wall = to.wall.0.saturating_sub(from.wall.0);
    wall.max(to.monotonic.0.saturating_sub(from.monotonic.0))
}

impl Driver {
    /// After a sleep the tip is old, and connections that seem open may be dead. Closes them, so that the node stops
    /// its miners, and mines again when a relay has sent its chain.
    pub(super) fn wake_if_slept(&mut self, since: f64) -> Result<(), Failure> {
        let Some(asleep_ms) = self.sleep.slept(self.clock.now()) else { return Ok(()) };
        self.log(Happening::WokeUp { asleep_ms });
        self.dial_anew(since)
    }

    /// Dials the relays for the page, unless that has just happened.
    pub(super) fn reconnect(&mut self, since: f64) -> Result<(), Failure> {
        if self.sleep.is_waking(self.clock.now()) { Ok(()) } else { self.dial_anew(since) }
    }

    /// Checks the miners.
    pub(super) fn every_second(&mut self, since: f64) -> Result<(), Failure> {
        for worker in self.miners.replace_silent() {
            self.log(Happening::MinerReplaced { worker });
        }
        self.mind_circumstances(since)?;
        let before = self.growth.miners();
        self.growth.observe(self.miners.full_rate());
        if self.growth.miners() == before { Ok(()) } else { self.apply_mining(since) }
    }

    /// Closes every connection and dials the relays at once. The miners' last reports may be old.
    fn dial_anew(&mut self, since: f64) -> Result<(), Failure> {
        for peer in self.sockets.peers() {
            self.socket_event(peer, SocketEvent::Closed(ConnectionError::Renewed), since)?;
        }
        self.miners.excuse();
        self.give(Input::Command(Command::Reconnect), since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::units::{Monotonic, Timestamp};
    use wasm_bindgen_test::wasm_bindgen_test;

    const fn at(wall: u64, monotonic: u64) -> Now {
        Now { wall: Timestamp(wall), monotonic: Monotonic(monotonic) }
    }

    #[wasm_bindgen_test]
    fn either_clock_shows_a_sleep() {
        let mut watch = SleepWatch::new(at(1_000_000, 0));
        assert_eq!(watch.slept(at(1_001_000, 1_000)), None);
        assert_eq!(watch.slept(at(1_001_000 + ASLEEP_MS, 1_000)), None, "a busy second or two");
        assert_eq!(
            watch.slept(at(1_035_000, 1_100)),
            Some(1_035_000 - 1_001_000 - ASLEEP_MS),
            "asleep with a clock that stops"
        );
        assert_eq!(watch.slept(at(1_000_000, 2_100)), None, "the user put the clock back");
        assert_eq!(watch.slept(at(1_000_100, 12_100)), Some(10_000), "frozen");
        assert_eq!(watch.slept(at(1_000_200, 12_200)), None, "told once");
    }

    #[wasm_bindgen_test]
    fn a_sleep_is_handled_once() {
        let mut watch = SleepWatch::new(at(0, 0));
        assert!(!watch.is_waking(at(0, 0)), "nothing slept");
        assert!(watch.slept(at(60_000, 60_000)).is_some());
        assert!(watch.is_waking(at(60_000 + AWAKE_MS, 60_000)));
        assert!(!watch.is_waking(at(60_001 + AWAKE_MS, 60_000)));
    }
}
