use super::Driver;
use crate::messages::{Failure, Happening};
use fedcoin_node::units::Timestamp;
use fedcoin_node::{Command, Input};

/// A second that took longer than this means that the machine slept or the tab was frozen.
const ASLEEP_MS: u64 = 10_000;

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
            self.give(Input::Command(Command::Reconnect), since)?;
        }
        for worker in self.miners.replace_silent() {
            self.log(Happening::MinerReplaced { worker });
        }
        Ok(())
    }
}
