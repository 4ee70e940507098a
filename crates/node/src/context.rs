use crate::chain::Chain;
use crate::config::NodeConfig;
use crate::counters::Counters;
use crate::mempool::Mempool;
use crate::outbox::Outbox;
use crate::signatures::Signatures;
use crate::units::Now;

/// State that all machines of a node share. Methods take it as `cx`.
pub(crate) struct Context {
    pub(crate) config: NodeConfig,
    /// The time of the current input.
    pub(crate) now: Now,
    /// Sent in each handshake, so that the node recognises connections to itself.
    pub(crate) nonce: u64,
    pub(crate) rng: fastrand::Rng,
    pub(crate) chain: Chain,
    pub(crate) mempool: Mempool,
    pub(crate) signatures: Signatures,
    /// All effects leave through it.
    pub(crate) outbox: Outbox,
    pub(crate) counters: Counters,
}
