use crate::consensus::ChainParams;
use crate::mempool::PoolPolicy;
use crate::wire::PeerAddress;

/// The configuration of a node.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// The network's rules.
    pub params: ChainParams,
    /// Limits and policy of the mempool.
    pub pool: PoolPolicy,
    /// Secret randomness for this run. The same seed and inputs produce the same effects.
    pub seed: u64,
    /// Program and version announced to peers, at most [`crate::wire::MAX_USER_AGENT_BYTES`] long.
    pub user_agent: String,
    /// The address where others can reach this node, if any.
    pub listen: Option<PeerAddress>,
    /// Addresses to stay connected to. If none of them, and no other peer, is connected, the node does not mine,
    /// because it would mine alone (rule M1).
    pub peers: Vec<PeerAddress>,
    /// Number of outbound connections to keep. Those in `peers` count, and are opened even beyond this number.
    pub target_outbound: usize,
    /// Maximum number of inbound connections.
    pub max_inbound: usize,
    /// Whether to dial only `wss://` addresses from other nodes: a page loaded over https cannot dial others.
    pub secure_only: bool,
    /// Maximum number of stored blocks on branches with less work than the primary chain, for blocks that no peer sent:
    /// from users, the node's own miners, and orphans whose parents have arrived. Beyond it only headers are kept, and
    /// the blocks are requested when their branch has the most work.
    pub max_losing_blocks: usize,
}

impl NodeConfig {
    /// A server's node without neighbours that accepts no connections.
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

/// Default of `max_losing_blocks` for a node that accepts blocks from anyone.
pub const MAX_LOSING_BLOCKS: usize = 1_000;
