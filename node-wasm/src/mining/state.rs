//! Mining options and state of the tab.

use super::rules::{MiningRules, Rest};
use fedcoin_node::MiningPolicy;
use serde::{Deserialize, Serialize};

/// Maximum number of mining workers.
pub const MAX_THREADS: u32 = 64;

/// The mining options of the tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiningOptions {
    /// Whether to mine. Rewards go to the selected key; without a key nothing is mined.
    pub on: bool,
    /// When to mine.
    pub policy: MiningPolicy,
    /// Number of mining workers, 1 to [`MAX_THREADS`].
    pub threads: u32,
    /// The share of its core that each worker uses, in percent, 1 to 100.
    pub share: u8,
    /// When to rest.
    pub rules: MiningRules,
    /// For benchmarks: hash for this many milliseconds between two returns to the event loop, without the shared flag.
    pub slice_ms: Option<u32>,
}

/// Circumstances of mining that only the page can see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCircumstances {
    /// Whether the device runs on its battery; `None` if the browser does not tell.
    pub on_battery: Option<bool>,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// Whether the page is measuring the machine's speed.
    pub measuring: bool,
}

/// State of the mining workers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MiningState {
    /// The user's choices.
    pub options: MiningOptions,
    /// Why the tab rests, if the circumstances require it.
    pub rest: Option<Rest>,
    /// One state per worker.
    pub workers: Vec<MinerState>,
    /// The number of workers beyond which more bring nothing on this device, if the user wants more.
    pub enough: Option<u32>,
    /// Completed hashes per second, all workers together.
    pub hash_rate: f64,
    /// Hashes since the start.
    pub hashes: u64,
    /// Estimated number of these after a better tip or a request to pause.
    pub stale_hashes: u64,
    /// Whether assignments reach the miners through shared memory rather than messages.
    pub shared_flag: bool,
    /// Number of found blocks that became the tip, since the start.
    pub blocks_found: u32,
    /// Time from the assignment to pause or change until the last worker has confirmed it.
    pub preemption: Option<Latency>,
}

/// State of one mining worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MinerState {
    /// Completed hashes per second over the last seconds.
    pub hash_rate: f64,
    /// Whether it responds.
    pub health: MinerHealth,
    /// Number of restarts.
    pub restarts: u32,
    /// The name of its kernel; `None` before its first report.
    pub kernel: Option<String>,
}

/// Health of a mining worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MinerHealth {
    /// Started, without a first report yet.
    Starting,
    /// Waiting for a job.
    Idle,
    /// Searching.
    Searching,
    /// Silent for seconds although it should search; it is being replaced.
    Silent,
    /// Its program does not load, again and again: something blocks it.
    Blocked,
}

/// A distribution of times in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Number of measurements.
    pub count: u32,
    /// Median.
    pub p50_ms: f64,
    /// 99th percentile.
    pub p99_ms: f64,
}

impl Default for MiningOptions {
    /// Off; one worker with its whole core when switched on.
    fn default() -> Self {
        Self {
            on: false,
            policy: MiningPolicy::default(),
            threads: 1,
            share: 100,
            rules: MiningRules::default(),
            slice_ms: None,
        }
    }
}
