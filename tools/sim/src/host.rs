use crate::byzantine::Actor;
use crate::disk::Disk;
use crate::time::VirtualTime;
use fedcoin_node::pow::Job;
use fedcoin_node::units::{Monotonic, Now, Timestamp};
use fedcoin_node::{Node, PeerAddress};

/// The start of the simulation by a correct clock: a day in 2026.
const EPOCH_MS: u64 = 1_795_000_000_000;

/// A machine with a disk and clocks, and the node on it while it runs.
pub(crate) struct Host {
    pub(crate) node: Option<Node>,
    /// Number of its starts.
    pub(crate) run: u32,
    pub(crate) disk: Disk,
    /// The program that runs instead of a node, on a byzantine host.
    pub(crate) actor: Option<Actor>,
    /// When its node was last started.
    pub(crate) started: VirtualTime,
    /// Its address, if it accepts connections.
    pub(crate) address: Option<PeerAddress>,
    /// The addresses it is configured with.
    pub(crate) peers: Vec<PeerAddress>,
    /// How far its wall clock is ahead.
    pub(crate) clock_ahead_ms: i64,
    /// Its monotonic clock at the start of the simulation. It may have any origin.
    pub(crate) monotonic_origin: u64,
    /// Its virtual hash rate as a part of 1, or 0 if it does not mine.
    pub(crate) hash_rate: f64,
    /// Whether it mines when all may mine.
    pub(crate) mines: bool,
    /// Its workers' job.
    pub(crate) job: Option<Job>,
    /// When its next tick is due.
    pub(crate) tick: Option<VirtualTime>,
    /// Number of consecutive ticks at one time.
    pub(crate) ticks_at_once: u32,
}

impl Host {
    /// The time on its clocks.
    pub(crate) fn clocks(&self, now: VirtualTime) -> Now {
        Now {
            wall: Timestamp((EPOCH_MS + now.millis()).saturating_add_signed(self.clock_ahead_ms)),
            monotonic: Monotonic(self.monotonic_origin + now.millis()),
        }
    }

    /// The time at which its monotonic clock will show `at`.
    pub(crate) fn time_of(&self, at: Monotonic) -> VirtualTime {
        VirtualTime(at.0.saturating_sub(self.monotonic_origin).saturating_mul(1_000))
    }
}
