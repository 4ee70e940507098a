use crate::byzantine::{Actor, behaviour};
use crate::config::SimConfig;
use crate::disk::Disk;
use crate::time::VirtualTime;
use fastrand::Rng;
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
    /// A machine that has never been on.
    pub(crate) fn new(host: usize, config: &SimConfig, rng: &mut Rng) -> Self {
        const PORT: u64 = 5_000;
        let servers = config.nodes.saturating_sub(config.tabs);
        let known = host.min(servers);
        let peers = rng.choose_multiple(0..known, config.configured_peers);
        let error = i64::try_from(config.clock_error.as_millis()).unwrap_or(0);
        let strong = config.miners.div_ceil(4);
        let hash_rate = match host {
            h if h >= config.miners => 0.0,
            h if strong == config.miners || h >= strong => 0.5 / (config.miners - strong).max(1) as f64,
            _ => 0.5 / strong as f64,
        };
        Self {
            node: None,
            run: 0,
            disk: Disk::default(),
            actor: byzantine(host, config).map(|n| Actor::new(behaviour(n))),
            started: VirtualTime::default(),
            address: (host < servers).then(|| address_of(host, PORT)),
            peers: peers.into_iter().map(|peer| address_of(peer, PORT)).collect(),
            clock_ahead_ms: rng.i64(-error..=error),
            monotonic_origin: rng.u64(0..1_000_000_000),
            hash_rate,
            mines: true,
            job: None,
            tick: None,
            ticks_at_once: 0,
        }
    }

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

/// The number of a byzantine host among all byzantine hosts. They are spread evenly, and the first host is honest.
fn byzantine(host: usize, config: &SimConfig) -> Option<usize> {
    let so_far = |hosts: usize| (hosts as f64 * config.byzantine) as usize;
    let before = so_far(host);
    (host > 0 && so_far(host + 1) > before).then_some(before)
}

/// The address of a host's port.
pub(crate) fn address_of(host: usize, port: u64) -> PeerAddress {
    let text = format!("10.0.{}.{}:{port}", host / 250, host % 250 + 1);
    text.parse().expect("a host and a port make an address")
}
