//! Mining workers: the node worker's side ([`pool`]) and the workers' own ([`miner`]).

pub mod flag;
pub mod growth;
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

/// An assignment of the node worker to a miner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Increases with each assignment; confirmed by [`Report::Confirmed`].
    pub number: u64,
    /// The search; `None` is a pause. Replaces any earlier search.
    pub search: Option<SearchPlan>,
}

/// A search for a miner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPlan {
    /// The job.
    pub job: Job,
    /// The first of the salts that are tried at once; the next group of salts follows after all their nonces.
    pub salt: u32,
    /// Distance between two groups of salts (wrapping). Each miner has its own groups, so that no two try the same
    /// salt.
    pub salt_step: u32,
    /// The share of its core to use, in percent, 1 to 100.
    pub share: u8,
    /// Maximum time between two returns to the event loop in milliseconds; `None` leaves it to the miner, which checks
    /// the flag instead if there is one.
    pub slice_ms: Option<u32>,
    /// For measurements: the index of the kernel in [`Report::Ready`]'s list. `None` is the fastest, the last.
    pub kernel: Option<u8>,
}

/// A report of a miner to the node worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// The miner runs and accepts assignments.
    Ready {
        /// The names of the kernels that run and compute correctly in it, slowest first.
        kernels: Vec<String>,
    },
    /// The miner no longer searches for anything older than this assignment.
    Confirmed {
        /// The assignment's number.
        number: u64,
        /// When it last hashed for an older assignment, on the scale of [`crate::clock::Clock::shared`].
        stopped: f64,
    },
    /// A header hash meets the target. The miner rests until the next assignment.
    Found {
        /// The job's generation.
        generation: u64,
        /// The salt in the header.
        salt: u32,
        /// The time in the header.
        time: Timestamp,
        /// The nonce.
        nonce: u32,
    },
    /// Hashes computed since the last such report.
    Progress {
        /// Number of hashes.
        hashes: u64,
    },
}
