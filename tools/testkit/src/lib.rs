//! Code that tests share. [`ledger`] has keys, payments, and blocks on one chain without forks. [`driver`] has a node
//! with a driver in memory, and peers that serve it a chain.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "the names of test helpers say what they do")]
#![allow(clippy::unwrap_used, reason = "a test helper fails its test")]

pub mod driver;
pub mod ledger;
