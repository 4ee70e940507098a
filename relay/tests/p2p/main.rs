//! Misbehaving peers over real sockets, case by case. `docs/p2p-tests.md` maps the cases of Bitcoin Core's p2p tests to
//! these.
//!
//! One program for all topics: while one test waits for a time-out, others run.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod alone;
mod blocks;
mod compact;
mod connection_limits;
mod crash;
mod exchange;
mod fixture;
mod header_tree;
mod locators;
mod orphans;
mod payments;
mod stalling;
mod timeouts;
