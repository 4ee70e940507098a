//! The native driver of `fedcoin-node`, and its command line.
//!
//! `fedcoin run` is one process: [`driver`] owns the node and carries out its effects with [`verify`], [`miner`],
//! [`sockets`] and the store; [`http`] serves the page, `/ws` and `/api/v1` on one port. `fedcoin wallet`, `traffic`,
//! `keys` and `chain` use such a node or its files; `fedcoin bench` measures the miner.
//!
//! Imports between modules go one way: `crates/node/tests/layers.rs` checks their order.

// First, because all other modules use its macros.
#[macro_use]
pub mod output;

pub mod access;
pub mod api;
mod archive;
pub mod args;
pub mod bench;
pub mod chain_cli;
pub mod client;
pub mod clock;
pub mod cluster;
pub mod data_dir;
pub mod driver;
pub mod event_log;
pub mod failure;
pub mod feed;
pub mod http;
pub mod inbox;
pub mod key_file;
pub mod keys_cli;
pub mod log;
pub mod metrics;
pub mod miner;
pub mod network;
pub mod node_address;
pub mod node_handle;
pub mod open_files;
pub mod page;
pub mod problem;
pub mod random;
pub mod run;
mod schema;
pub mod signals;
mod small_file;
pub mod sockets;
pub mod threads;
pub mod tls;
mod token_bucket;
pub mod traffic_cli;
pub mod verify;
pub mod wallet_cli;
