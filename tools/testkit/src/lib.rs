//! Code that tests share. [`keys`] has the lesson's keys, [`blocks`] makes blocks and payments, [`ledger`] has a chain
//! without forks, [`lineage`] what blocks must commit to, and [`driver`] a node with a driver in memory, and peers that
//! serve it a chain.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "the names of test helpers say what they do")]
#![allow(clippy::unwrap_used, reason = "a test helper fails its test")]

pub mod blocks;
pub mod driver;
pub mod keys;
pub mod ledger;
pub mod lineage;
