//! The native driver of `fedcoin-node`, and the command line around it.
//!
//! `fedcoin run` is one process: [`driver`] owns the node and carries its effects out with
//! [`verify`], [`miner`], [`sockets`] and the store; [`http`] serves the page, `/ws` and
//! `/api/v1` on one port. `fedcoin wallet`, `traffic` and `keys` are clients of such a node;
//! `fedcoin bench` measures the miner.

// First: its macros are for all that follow.
#[macro_use]
pub mod output;

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
pub mod failure;
pub mod feed;
pub mod http;
pub mod key_file;
pub mod keys_cli;
pub mod log;
pub mod metrics;
pub mod miner;
pub mod narrator;
pub mod network;
pub mod open_files;
pub mod page;
pub mod random;
pub mod run;
pub mod sockets;
pub mod threads;
pub mod tls;
pub mod traffic;
pub mod verify;
pub mod wallet_cli;
