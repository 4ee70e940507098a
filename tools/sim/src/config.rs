use fedcoin_node::MiningPolicy;
use fedcoin_node::consensus::ChainParams;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The configuration of a simulation.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// Seed of all random choices.
    pub seed: u64,
    /// The network's rules. The genesis coins go to the first node's wallet.
    pub params: ChainParams,
    /// Number of nodes, each with a wallet.
    pub nodes: usize,
    /// How many of them, the last ones, accept no connections, like browser tabs.
    pub tabs: usize,
    /// Number of addresses each node is configured with. They belong to nodes with lower numbers.
    pub configured_peers: usize,
    /// Total number of connections that each node opens, besides those to configured peers.
    pub target_outbound: usize,
    /// The same for hosts that accept none.
    pub tab_outbound: usize,
    /// Share of byzantine hosts; see the crate's documentation. The first host is honest.
    pub byzantine: f64,
    /// Nodes that leave and return.
    pub churn: Option<Churn>,
    /// Mean time between two changes, in the whole network, of who mines.
    pub miner_changes_every: Option<Duration>,
    /// The period since the beginning with few payments and mining only on demand.
    pub night: Option<(Duration, Duration)>,
    /// Nodes that are switched on later, and when.
    pub late: Vec<(usize, Duration)>,
    /// The wires.
    pub links: LinkConfig,
    /// Mean time between two blocks at the easiest target while all search at a rate of 1.
    pub spacing: Duration,
    /// The hash rate of the whole network. If the target follows the hash rate, a block costs this many times the
    /// hashes at the easiest target.
    pub hash_rate: f64,
    /// Maximum time that a result takes from the worker to its node.
    pub report_delay: Duration,
    /// Number of nodes that mine, counted from the first. The first quarter does half of the work.
    pub miners: usize,
    /// When they mine.
    pub policy: MiningPolicy,
    /// Mean time between two payments in the whole network.
    pub payments_every: Option<Duration>,
    /// Maximum error of each node's clock, in either direction.
    pub clock_error: Duration,
    /// The chance of a crash before or after each effect.
    pub crash_chance: f64,
    /// Mean time between two losses of a connection in the whole network.
    pub losses_every: Option<Duration>,
    /// The chance that a signature check fails for the driver's own reasons.
    pub unknown_verdict_chance: f64,
}

/// The wires between nodes.
#[derive(Clone, Debug)]
pub struct LinkConfig {
    /// Minimum time that a frame takes, drawn once for each pair of nodes.
    pub latency: RangeInclusive<Duration>,
    /// Maximum added time, drawn for each frame. Frames never overtake one another.
    pub jitter: Duration,
    /// Bytes per second in each direction of a connection, if limited.
    pub bytes_per_second: Option<u64>,
}

/// Nodes that leave and return.
#[derive(Clone, Debug)]
pub struct Churn {
    /// Mean time between two departures in the whole network.
    pub every: Duration,
    /// Mean time that a node is away.
    pub away: Duration,
    /// The chance that a node returns with an empty disk.
    pub fresh: f64,
}

impl SimConfig {
    /// `nodes` nodes with good connections, a fifth of them tabs, all mining, without faults.
    #[must_use]
    pub fn new(seed: u64, params: ChainParams, nodes: usize) -> Self {
        Self {
            seed,
            params,
            nodes,
            tabs: nodes / 5,
            configured_peers: 2,
            target_outbound: 4,
            tab_outbound: 4,
            byzantine: 0.0,
            churn: None,
            miner_changes_every: None,
            night: None,
            late: Vec::new(),
            links: LinkConfig::default(),
            spacing: Duration::from_secs(30),
            hash_rate: 1.0,
            report_delay: Duration::from_millis(500),
            miners: nodes,
            policy: MiningPolicy::Always,
            payments_every: Some(Duration::from_secs(20)),
            clock_error: Duration::from_secs(5),
            crash_chance: 0.0,
            losses_every: None,
            unknown_verdict_chance: 0.0,
        }
    }
}

impl Default for LinkConfig {
    /// 5 to 150 ms plus up to 20 ms, 2 MB per second.
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(5)..=Duration::from_millis(150),
            jitter: Duration::from_millis(20),
            bytes_per_second: Some(2_000_000),
        }
    }
}
