//! A FEDCoin full node as pure logic: no I/O, no clock, no threads, no ambient randomness.
//!
//! # The driving contract
//!
//! A *driver* (the relay, a browser tab, the simulator) owns a [`Node`] and repeats:
//!
//! 1. Give it one [`Input`] with the current time: [`Node::handle`].
//! 2. Take every effect from [`Node::poll_effect`] and carry it out, **in order**: begin an effect only when all
//!    effects before it have been carried out.
//! 3. Wait for the next input, or until [`Node::poll_timeout`], then give it [`Input::Tick`].
//!
//! An effect has been carried out when:
//!
//! - [`Effect::Store`]: it is committed as a whole, or not at all. With [`Durability::Immediate`] it must be on disk
//!   before the next effect begins, so that nothing is announced that a crash could undo. A driver that cannot store
//!   must drop the node and start again from the stored state.
//! - [`Effect::Load`], [`Effect::Verify`], [`Effect::Connect`]: it has begun. The answer arrives later as an input, in
//!   any order.
//! - [`Effect::Send`]: the frame is queued for the peer. A driver that cannot queue more disconnects the peer.
//! - [`Effect::Mine`] and [`Effect::PauseMining`]: every mining worker has been notified. A result of an older
//!   generation may still arrive; worker and node both drop it.
//!
//! Queries ([`Node::status`] and the other `&self` methods) may be called between inputs. Given the same
//! [`Snapshot`](chain::Snapshot), seed and list of `(Now, Input)`, a node produces the same effects.
//!
//! The parts of a node are crates of their own, re-exported here: [`primitives`], [`consensus`], [`wire`], [`pow`],
//! [`chain`], [`mempool`], [`wallet`]. The node's own state is split into machines with private fields, between which
//! [`Node`] routes: see `ARCHITECTURE.md` and `docs/adr/0018-sub-machines.md`. `tests/layers.rs` checks which part may
//! use which.
#![forbid(unsafe_code)]

pub use fedcoin_chain as chain;
pub use fedcoin_consensus::{self as consensus, ledger};
pub use fedcoin_mempool as mempool;
pub use fedcoin_pow as pow;
pub use fedcoin_primitives::{self as primitives, codec, collections, units};
pub use fedcoin_wallet as wallet;
pub use fedcoin_wire as wire;

pub mod peers;

mod batches;
mod block_template;
mod blocks;
mod command;
mod config;
mod connection_error;
mod context;
mod counters;
mod effect;
mod event;
mod headers;
mod input;
mod mining;
mod node;
mod outbox;
mod payments;
mod peer_id;
mod signatures;
mod status;

pub use block_template::BlockTemplate;
pub use chain::{Durability, LoadedBlock, TipInfo};
pub use command::{Command, MiningPolicy, MiningSettings, RequestId};
pub use config::{MAX_LOSING_BLOCKS, NodeConfig};
pub use connection_error::ConnectionError;
pub use consensus::SignatureCheck;
pub use counters::{Counters, PeerCounts};
pub use effect::{BatchId, Effect, LoadId};
pub use event::{Event, PaymentOrigin, SubmitError};
pub use input::{Input, Verdict};
pub use node::{Node, StartError};
pub use peer_id::{Direction, PeerId};
pub use status::{AbsentNeighbour, CLOCKS_AGREE, ClockComparison, MiningStatus, PeerInfo, Status, SyncStatus};
pub use wire::PeerAddress;
