//! How the tab mines, and how that goes.

use super::rules::{MiningRules, Rest};
use fedcoin_node::MiningPolicy;
use serde::{Deserialize, Serialize};

/// Most mining workers.
pub const MAX_THREADS: u32 = 64;

/// How the tab mines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiningOptions {
    /// Whether at all. Rewards go to the selected key; without a key nothing is mined.
    pub on: bool,
    /// When.
    pub policy: MiningPolicy,
    /// Mining workers, 1 to [`MAX_THREADS`].
    pub threads: u32,
    /// The share of its core that each worker uses, in percent, 1 to 100.
    pub share: u8,
    /// When to rest all the same.
    pub rules: MiningRules,
    /// For benchmarks: hash this many milliseconds between two looks at the event loop, without the shared flag.
    pub slice_ms: Option<u32>,
}

/// What mining depends on and only the page sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCircumstances {
    /// Whether the device runs on its battery; `None` if the browser does not say.
    pub on_battery: Option<bool>,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// Whether the page measures the machine's speed.
    pub measuring: bool,
}

/// The mining workers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MiningState {
    /// What the user chose.
    pub options: MiningOptions,
    /// Why the tab does not mine although the user wants it to, if circumstances forbid it.
    pub rest: Option<Rest>,
    /// One per thread.
    pub workers: Vec<MinerState>,
    /// Completed hashes per second, all workers together.
    pub hash_rate: f64,
    /// Hashes since the start.
    pub hashes: u64,
    /// Estimate of how many of them came after a better tip or a request to pause.
    pub stale_hashes: u64,
    /// Whether orders reach the miners through shared memory rather than messages.
    pub shared_flag: bool,
    /// Blocks found since the start that became the tip.
    pub blocks_found: u32,
    /// Time from the order to pause or to change until the last worker has confirmed it.
    pub preemption: Option<Latency>,
}

/// One mining worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MinerState {
    /// Completed hashes per second over the last seconds.
    pub hash_rate: f64,
    /// How it does.
    pub health: MinerHealth,
    /// How often it had to be started again.
    pub restarts: u32,
    /// The name of the kernel that it computes with; `None` before it has answered.
    pub kernel: Option<String>,
}

/// How a mining worker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MinerHealth {
    /// It has been started and has not answered yet.
    Starting,
    /// It waits for a job.
    Idle,
    /// It searches.
    Searching,
    /// It said nothing for seconds although it should search; it is being replaced.
    Silent,
}

/// A distribution of times in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// How many were measured.
    pub count: u32,
    /// Half were at most this.
    pub p50_ms: f64,
    /// 99 of 100 were at most this.
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
