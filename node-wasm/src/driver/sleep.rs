use super::Driver;
use crate::messages::{Failure, Happening};
use crate::socket::{CloseCause, SocketEvent};
use fedcoin_node::units::Timestamp;
use fedcoin_node::{Command, Input};

/// A second that took longer than this means that the machine slept or the tab was frozen.
const ASLEEP_MS: u64 = 15_000;

/// Notices that the machine slept: connections that seem open may be dead for long.
#[derive(Clone, Copy, Debug)]
pub(super) struct SleepWatch {
    last: Timestamp,
}

impl SleepWatch {
    pub(super) const fn new(now: Timestamp) -> Self {
        Self { last: now }
    }

    /// To be asked every second; the time asleep in milliseconds, if there was any.
    fn slept(&mut self, now: Timestamp) -> Option<u64> {
        let passed = now.0.saturating_sub(self.last.0);
        self.last = now;
        (passed > ASLEEP_MS).then_some(passed)
    }
}

impl Driver {
    /// Looks after the miners, and after a sleep dials the relays.
    pub(super) fn every_second(&mut self, since: f64) -> Result<(), Failure> {
        if let Some(asleep_ms) = self.sleep.slept(self.clock.now().wall) {
            self.miners.excuse();
            self.log(Happening::WokeUp { asleep_ms });
            self.dial_anew(since)?;
        }
        for worker in self.miners.replace_silent() {
            self.log(Happening::MinerReplaced { worker });
        }
        Ok(())
    }

    /// Closes every connection and dials the relays at once.
    pub(super) fn dial_anew(&mut self, since: f64) -> Result<(), Failure> {
        for peer in self.sockets.peers() {
            self.socket_event(peer, SocketEvent::Closed(CloseCause::Renewed), since)?;
        }
        self.give(Input::Command(Command::Reconnect), since)
    }
}
