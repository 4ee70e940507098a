use crate::byzantine::Actor;
use crate::disk::Disk;
use crate::time::VirtualTime;
use fedcoin_node::pow::Job;
use fedcoin_node::units::{Monotonic, Now, Timestamp};
use fedcoin_node::{Node, PeerAddress};

/// When the simulation begins, by a clock that is right: some day in 2026.
const EPOCH_MS: u64 = 1_795_000_000_000;

/// A machine with a disk and clocks, and the node on it while it runs.
pub(crate) struct Host {
    pub(crate) node: Option<Node>,
    /// Counts its starts.
    pub(crate) run: u32,
    pub(crate) disk: Disk,
    /// What runs here instead of a node, on a byzantine host.
    pub(crate) actor: Option<Actor>,
    /// When its node was last started.
    pub(crate) started: VirtualTime,
    /// Where it can be reached, if it accepts connections.
    pub(crate) address: Option<PeerAddress>,
    /// The addresses it is configured with.
    pub(crate) peers: Vec<PeerAddress>,
    /// By how much its wall clock is ahead.
    pub(crate) clock_ahead_ms: i64,
    /// What its other clock showed when the simulation began: it may have any origin.
    pub(crate) monotonic_origin: u64,
    /// Its virtual hash rate, a part of 1; 0 does not mine.
    pub(crate) hash_rate: f64,
    /// Whether it mines if all may.
    pub(crate) mines: bool,
    /// What its workers search for.
    pub(crate) job: Option<Job>,
    /// When its next tick is due.
    pub(crate) tick: Option<VirtualTime>,
    /// Ticks in a row at one time.
    pub(crate) ticks_at_once: u32,
}

impl Host {
    /// What its clocks show.
    pub(crate) fn clocks(&self, now: VirtualTime) -> Now {
        Now {
            wall: Timestamp((EPOCH_MS + now.millis()).saturating_add_signed(self.clock_ahead_ms)),
            monotonic: Monotonic(self.monotonic_origin + now.millis()),
        }
    }

    /// When its other clock will show `at`.
    pub(crate) fn time_of(&self, at: Monotonic) -> VirtualTime {
        VirtualTime(at.0.saturating_sub(self.monotonic_origin).saturating_mul(1_000))
    }
}
