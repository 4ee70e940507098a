//! Mining workers: the node worker's side ([`pool`]) and their own ([`miner`]).

pub mod flag;
pub mod hash_rate;
pub mod latencies;
pub mod measurement;
pub mod miner;
pub mod pool;
pub mod rules;
mod simd128;
mod state;

use fedcoin_node::pow::{Job, Kernel};
use fedcoin_node::units::Timestamp;
use serde::{Deserialize, Serialize};
pub use state::{Latency, MAX_THREADS, MinerHealth, MinerState, MiningOptions, MiningState, PageCircumstances};

/// The kernels that run in this browser, the portable one first, the fastest last.
#[must_use]
pub fn kernels() -> Vec<Kernel> {
    core::iter::once(Kernel::SCALAR).chain(simd128::kernel()).collect()
}

/// From the node worker to a miner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Grows with each order; confirmed by [`Report::Obeyed`].
    pub number: u64,
    /// What to search; `None` is a pause. Replaces any earlier search.
    pub search: Option<SearchOrder>,
}

/// What a miner is to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchOrder {
    /// The job.
    pub job: Job,
    /// The first of the salts tried at once; after all their nonces come those of the next group.
    pub salt: u32,
    /// From one group of salts to the next (wrapping): a group for each miner, so that no two try the same.
    pub salt_step: u32,
    /// The share of its core to use, in percent, 1 to 100.
    pub share: u8,
    /// Longest time between two looks at the event loop, in milliseconds; `None` leaves it to the miner, which looks
    /// at the flag instead where there is one.
    pub slice_ms: Option<u32>,
    /// For measurements: the place of the kernel to use in [`Report::Ready`]'s list. `None` is the fastest, the last.
    pub kernel: Option<u8>,
}

/// From a miner to the node worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// It runs and takes orders.
    Ready {
        /// The names of the kernels that run in it and compute rightly, the slowest first.
        kernels: Vec<String>,
    },
    /// It does not search anything older than this order any more.
    Obeyed {
        /// The order's number.
        number: u64,
        /// When it had last hashed for an older one, on the scale of [`crate::clock::Clock::shared`].
        stopped: f64,
    },
    /// A header hash is low enough. The miner rests until the next order.
    Found {
        /// The job's generation.
        generation: u64,
        /// The salt used.
        salt: u32,
        /// The header's time used.
        time: Timestamp,
        /// The nonce.
        nonce: u32,
    },
    /// Hashes computed since the last such report.
    Progress {
        /// How many.
        hashes: u64,
    },
}
