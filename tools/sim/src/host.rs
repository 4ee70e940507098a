use crate::byzantine::{Actor, behaviour};
use crate::config::SimConfig;
use crate::disk::Disk;
use crate::time::VirtualTime;
use fastrand::Rng;
use fedcoin_node::pow::Job;
use fedcoin_node::units::{Monotonic, Now, Timestamp};
use fedcoin_node::{Node, PeerAddress};

/// The wall-clock time at which simulations start.
const EPOCH_MS: u64 = 1_795_000_000_000;

/// A machine with a disk and clocks, and the node on it while it runs.
pub(crate) struct Host {
    pub(crate) node: Option<Node>,
    /// Number of starts of the node.
    pub(crate) run: u32,
    pub(crate) disk: Disk,
    /// The program that runs instead of a node, on a byzantine host.
    pub(crate) actor: Option<Actor>,
    /// Time of the node's last start.
    pub(crate) started: VirtualTime,
    /// The listening address, if the host accepts connections.
    pub(crate) address: Option<PeerAddress>,
    /// The configured addresses.
    pub(crate) peers: Vec<PeerAddress>,
    /// Error of the wall clock; positive if it is ahead.
    pub(crate) clock_ahead_ms: i64,
    /// Reading of the monotonic clock at the start of the simulation; its origin is arbitrary.
    pub(crate) monotonic_origin: u64,
    /// Share of the whole virtual hash rate; 0 if the host does not mine.
    pub(crate) hash_rate: f64,
    /// Whether the host mines while mining is allowed at all.
    pub(crate) mines: bool,
    /// The miner's current job.
    pub(crate) job: Option<Job>,
    /// Time of the next tick.
    pub(crate) tick: Option<VirtualTime>,
    /// Number of consecutive ticks at the same time; many mean that the node does not make progress.
    pub(crate) ticks_at_once: u32,
}

impl Host {
    /// A machine that has never been switched on.
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

    /// The readings of the host's clocks.
    pub(crate) fn clocks(&self, now: VirtualTime) -> Now {
        Now {
            wall: Timestamp((EPOCH_MS + now.millis()).saturating_add_signed(self.clock_ahead_ms)),
            monotonic: Monotonic(self.monotonic_origin + now.millis()),
        }
    }

    /// The virtual time at which the host's monotonic clock shows `at`.
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
