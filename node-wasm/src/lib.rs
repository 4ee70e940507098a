//! The browser driver: runs a [`fedcoin_node::Node`] in a tab.
//!
//! Three kinds of threads exchange typed messages only:
//!
//! - the page, through [`client::NodeClient`];
//! - the *node worker* ([`reactor`]), which owns the node, its store, its keys and its sockets;
//! - one *miner* per mining thread ([`mining::miner`]), which only searches for nonces.
//!
//! [`messages`] defines the messages between page and node worker.
//!
//! The crate is empty on any target but wasm32.
#![cfg(target_arch = "wasm32")]

pub mod client;
pub mod clock;
pub mod codec;
mod driver;
pub mod exception;
pub mod keys;
pub mod messages;
pub mod mining;
pub mod reactor;
pub mod relays;
mod scope;
pub mod socket;
pub mod sockets;
pub mod storage;
mod thread;
pub mod verifier;
pub mod view;
mod way;
pub mod yielder;
