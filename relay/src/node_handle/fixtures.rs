use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::units::{Monotonic, Now, Timestamp};
use fedcoin_node::{Node, NodeConfig};

/// A node at genesis.
pub(crate) fn test_node(params: ChainParams) -> Node {
    let start = Now { wall: Timestamp(0), monotonic: Monotonic(0) };
    Node::new(NodeConfig::alone(params, 0), Snapshot::default(), start).unwrap()
}
