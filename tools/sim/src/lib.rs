//! A network of nodes in virtual time.
//!
//! The simulator is a driver like any other: it gives [`Node`](fedcoin_node::Node)s their inputs and carries out their
//! effects by the contract in `fedcoin_node`'s documentation. Only its clock, wires and disks are virtual. Events wait
//! in a queue ordered by time and cause, and one seed determines every choice. The same [`SimConfig`] and the same
//! calls make the same run, as [`Simulation::trace`] shows.
//!
//! Hash rates are virtual (the time to find a block is drawn). Nonces and signatures are real.
//!
//! A share of the hosts may be byzantine. They run no node and break the protocol, in turn by these behaviours: invalid
//! blocks; announced headers with withheld blocks; answers that never come, or find nothing; spam of addresses, payment
//! ids and pings; bodies that do not match their headers. They know the best tip at once, and reconnect when they are
//! disconnected.
//!
//! While it runs, the simulator records violations in [`Simulation::violations`]. A node must never
//!
//! - announce a block that a crash could still remove from its store;
//! - let workers search on another block than the tip, or use a result of an old job;
//! - fail to start from its stored state;
//! - store unspent outputs that do not match its chain, or find its stored data corrupt;
//! - accept an invalid block, or ban an honest node;
//! - keep more than its bounds allow;
//! - request to be called again at once, endlessly.

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
mod mischief;
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

pub use config::{Churn, LinkConfig, SimConfig};
pub use fault::Fault;
pub use histogram::Histogram;
pub use simulation::Simulation;
pub use statistics::{Statistics, Traffic};
pub use wallet::PaymentRecord;
