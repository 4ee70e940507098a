use crate::consensus::ChainParams;
use crate::mempool::PoolPolicy;
use crate::wire::PeerAddress;

/// How a node is set up.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// The network's rules.
    pub params: ChainParams,
    /// What the mempool holds and takes.
    pub pool: PoolPolicy,
    /// Secret randomness for this run; the same seed and inputs make the same effects.
    pub seed: u64,
    /// Software and version told to peers, at most [`crate::wire::MAX_USER_AGENT_BYTES`] long.
    pub user_agent: String,
    /// Where others can reach this node, if they can.
    pub listen: Option<PeerAddress>,
    /// Addresses to stay connected to. While none of them, nor anybody else, is connected, the
    /// node does not mine: it would mine alone (rule M1).
    pub peers: Vec<PeerAddress>,
    /// Connections to open in all. Those in `peers` count, and are opened however many they are.
    pub target_outbound: usize,
    /// Connections to accept.
    pub max_inbound: usize,
    /// Whether addresses heard of count only where they are `wss://`: a page that came over https can
    /// dial no others.
    pub secure_only: bool,
    /// Blocks of branches with less work than the primary chain that are kept where no peer brings them: users do,
    /// the node's own miners, and orphans whose parents have come. Beyond that their headers are, and the blocks are
    /// taken when their branch leads.
    pub max_losing_blocks: usize,
}

impl NodeConfig {
    /// A server's node that has no neighbours and lets nobody in.
    #[must_use]
    pub fn alone(params: ChainParams, seed: u64) -> Self {
        Self {
            pool: PoolPolicy::server(&params),
            params,
            seed,
            user_agent: String::new(),
            listen: None,
            peers: Vec::new(),
            target_outbound: 0,
            max_inbound: 0,
            secure_only: false,
            max_losing_blocks: MAX_LOSING_BLOCKS,
        }
    }
}

/// What a node that strangers may give blocks keeps of those that lose.
pub const MAX_LOSING_BLOCKS: usize = 1_000;
