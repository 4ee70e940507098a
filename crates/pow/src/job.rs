use fedcoin_primitives::Header;
use fedcoin_primitives::units::{EasingTarget, Timestamp};
use serde::{Deserialize, Serialize};

/// A header to find a nonce for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Grows with each job. Results of older generations are dropped (rule M2).
    pub generation: u64,
    /// The header. Workers choose salt and nonce, and update time and target.
    pub header: Header,
    /// The target that a block must have, by its time (rule H4).
    pub target: EasingTarget,
    /// How many milliseconds the machine's clock is ahead of the peers' clocks, if blocks bear the peers' time (rule
    /// M11).
    pub clock_lead: u64,
}

impl Job {
    /// The header to search at this time of the machine's clock (rule M4). A block should bear the time at which it was
    /// found, not that of the job, so workers ask every second: an overdue block becomes easier with time. The job's own
    /// time, which may be ahead of the clock, is the earliest allowed (rule H5).
    #[must_use]
    pub fn header_at(&self, wall: Timestamp) -> Header {
        let clock = Timestamp(wall.0.saturating_sub(self.clock_lead));
        self.header_of(self.header.time.max(clock))
    }

    /// The header to search for a block of this time.
    #[must_use]
    pub fn header_of(&self, time: Timestamp) -> Header {
        Header { time, target: self.target.at(time), ..self.header }
    }
}
