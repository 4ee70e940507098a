//! Compares rules that set each block's target, by simulated mining.
//!
//! Nothing is hashed: hash rate and target determine an exponential distribution, from which the time to find a block
//! is drawn. Everything else is as on the network `main`: integer arithmetic, targets rounded to their compact form,
//! the rules on header times (H5, H6). Each seed makes one run.
//!
//! A [`Candidate`] is a rule. Each module of [`scenario`] tests it in one situation and returns figures. [`Report`]
//! contains them all, and [`table`] and [`plot`] show them. The current rule is [`candidate::InForce`], which calls the
//! node's own function.

pub mod candidate;
mod chain;
mod history;
pub mod plot;
mod report;
pub mod scenario;
mod statistics;
pub mod table;

pub use candidate::Candidate;
pub use chain::Chain;
pub use history::{History, Link};
pub use report::{Effort, RAMP_SHARES, Report, SHARES};
pub use statistics::{Summary, percentile};

/// Intended time between blocks in milliseconds, as on `main`.
pub const SPACING_MS: u64 = 10_000;
/// Thirty browser tabs of five million hashes a second.
pub const THIRTY_TABS: f64 = 150e6;
/// One of them.
pub const ONE_TAB: f64 = THIRTY_TABS / 30.0;
