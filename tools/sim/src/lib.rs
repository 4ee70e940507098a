//! A network of nodes in virtual time.
//!
//! The simulator is a driver like any other: it gives [`Node`](fedcoin_node::Node)s their inputs
//! and carries out their effects by the contract in `fedcoin_node`'s documentation. Only its
//! clock, wires and disks are made up: events wait in a queue ordered by time and by the order in
//! which they were caused, and every choice is drawn from one seed. The same [`SimConfig`] and
//! the same calls make the same run, as [`Simulation::trace`] shows.
//!
//! Hash rates are virtual (the time to find a block is drawn), nonces and signatures are real.
//!
//! A share of the hosts may be byzantine. No node runs there: they speak the protocol badly, in
//! turn by these behaviours: invalid blocks; headers told of and blocks withheld;
//! answers that never come, or find nothing; spam of addresses, payment ids and pings; bodies that
//! are not their headers'. They know the best tip at once, and who is cut off comes back.
//!
//! While it runs, the simulator watches what no node may ever do, and keeps it in
//! [`Simulation::violations`]:
//!
//! - tell a peer of a block that a crash could still take from its store;
//! - have workers search on another block than the tip, or use a result of an old job;
//! - fail to start from what its store kept;
//! - store other unspent outputs than those of its chain, or find its stored data corrupt;
//! - accept an invalid block, or ban an honest node;
//! - keep more than its bounds allow;
//! - ask to be called again at once, for ever.

mod archive;
mod byzantine;
mod churn;
mod config;
mod conversation;
mod disk;
mod fault;
mod histogram;
mod host;
mod life;
mod mining;
mod network;
mod payments;
mod queue;
mod recovery;
mod simulation;
mod statistics;
mod time;
mod trace;
mod verifier;
mod wallet;

pub use churn::Churn;
pub use config::{LinkConfig, SimConfig};
pub use fault::Fault;
pub use histogram::Histogram;
pub use simulation::Simulation;
pub use statistics::{Statistics, Traffic};
pub use wallet::PaymentRecord;
