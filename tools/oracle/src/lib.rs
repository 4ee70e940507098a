//! A second, naive implementation of the rules, and tests that compare the node with it.
//!
//! - [`NaiveLedger`] and [`NaiveChain`] answer every question from the genesis block on, with one map of everything.
//!   They share no code with the node's `chain`, `ledger`, `consensus` and `mempool`, except plain types and the
//!   numbers of `ChainParams`.
//! - [`Driver`] is a node with a disk that can crash.
//! - [`target`] contains the bodies of the fuzz targets. Each turns bytes into a run and panics if something is wrong.
//!   Fuzzers (`fuzz/`), property tests and the replay of the stored corpora (`tests/`) all call them.
//!
//! - `signatures` (a feature) contains signature checks with known results, for all code that checks signatures.
//!
//! This crate reports by panicking. No part of it runs in a node.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a panic is how a test, or a fuzzer, learns of a fault")]

mod bytes;
mod chain;
mod driver;
mod fixtures;
mod ledger;
mod raw_check;
mod retarget;
mod roots;
#[cfg(feature = "signatures")]
pub mod signatures;
pub mod target;

pub use bytes::Bytes;
pub use chain::NaiveChain;
pub use driver::Driver;
pub use fixtures::{Defect, block_on, key, params, pay, solve};
pub use ledger::{Coin, NaiveLedger};
pub use raw_check::RawCheck;
pub use retarget::naive_target;
pub use roots::roots_after;
