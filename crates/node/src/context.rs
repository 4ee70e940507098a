use crate::chain::Chain;
use crate::config::NodeConfig;
use crate::counters::Counters;
use crate::mempool::Mempool;
use crate::outbox::Outbox;
use crate::signatures::Signatures;
use crate::units::Now;

/// What all parts of a node share. Each is given it with what it is to do.
pub(crate) struct Context {
    pub(crate) config: NodeConfig,
    /// Of the input under way.
    pub(crate) now: Now,
    /// Told in each handshake, so that the node knows itself.
    pub(crate) nonce: u64,
    pub(crate) rng: fastrand::Rng,
    pub(crate) chain: Chain,
    pub(crate) mempool: Mempool,
    pub(crate) signatures: Signatures,
    pub(crate) outbox: Outbox,
    pub(crate) counters: Counters,
}
