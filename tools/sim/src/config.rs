use crate::churn::Churn;
use fedcoin_node::MiningPolicy;
use fedcoin_node::consensus::ChainParams;
use std::ops::RangeInclusive;
use std::time::Duration;

/// What is simulated.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// Decides every choice.
    pub seed: u64,
    /// The network's rules. The genesis coins go to the first node's wallet.
    pub params: ChainParams,
    /// How many nodes there are, each with a wallet.
    pub nodes: usize,
    /// So many of them, the last ones, accept no connections, as a browser tab.
    pub tabs: usize,
    /// Addresses each node is configured with: of nodes with lower numbers.
    pub configured_peers: usize,
    /// Connections each node opens in all, beside those to configured peers.
    pub target_outbound: usize,
    /// The same for hosts that accept none.
    pub tab_outbound: usize,
    /// This share of the hosts are byzantine: see the crate's documentation. Not the first one.
    pub byzantine: f64,
    /// Nodes that leave and return.
    pub churn: Option<Churn>,
    /// Mean time between two changes, in the whole network, of who mines.
    pub miner_changes_every: Option<Duration>,
    /// From when until when since the beginning there are few payments, and nobody mines but on
    /// demand.
    pub night: Option<(Duration, Duration)>,
    /// Nodes that are switched on later, and when.
    pub late: Vec<(usize, Duration)>,
    /// The wires.
    pub links: LinkConfig,
    /// Mean time between two blocks at the easiest target while all search at a rate of 1.
    pub spacing: Duration,
    /// The rate at which all search together. Where the target follows the rate, a block then
    /// costs so many times as many hashes as at the easiest target.
    pub hash_rate: f64,
    /// A result takes at most so long from the worker to its node.
    pub report_delay: Duration,
    /// So many nodes mine, the first ones; half of the work is the first quarter's.
    pub miners: usize,
    /// When they do.
    pub policy: MiningPolicy,
    /// Mean time between two payments in the whole network.
    pub payments_every: Option<Duration>,
    /// Each node's clock is wrong by up to so much, either way.
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
    /// The time a frame takes at least, drawn once for each pair of nodes.
    pub latency: RangeInclusive<Duration>,
    /// What is added at most, drawn for each frame; frames never overtake one another.
    pub jitter: Duration,
    /// Bytes a connection carries in each direction in a second, if that is limited.
    pub bytes_per_second: Option<u64>,
}

impl SimConfig {
    /// `nodes` nodes on good wires, a fifth of them tabs, all mining, nothing going wrong.
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
    /// 5 to 150 ms, up to 20 ms more, 2 MB a second.
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(5)..=Duration::from_millis(150),
            jitter: Duration::from_millis(20),
            bytes_per_second: Some(2_000_000),
        }
    }
}
