use fedcoin_primitives::Header;
use fedcoin_primitives::units::Timestamp;
use serde::{Deserialize, Serialize};

/// A header to find a nonce for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Grows with each job; results of older ones do not count.
    pub generation: u64,
    /// The header; workers choose salt and nonce, and bring the time up to date.
    pub header: Header,
    /// How far the machine's clock is ahead of the peers', in milliseconds, where blocks bear their time (rule M11).
    pub clock_lead: u64,
}

impl Job {
    /// The header to search when the machine's clock says so (rule M4): a block should bear the time at which it was found, not
    /// that of the job, so a worker asks every second. The job's own time, which may be ahead of the clock, is the
    /// earliest that the block may have (rule H5).
    #[must_use]
    pub fn header_at(&self, wall: Timestamp) -> Header {
        let clock = Timestamp(wall.0.saturating_sub(self.clock_lead));
        Header { time: self.header.time.max(clock), ..self.header }
    }
}
