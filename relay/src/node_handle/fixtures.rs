use super::NodeHandle;
use crate::inbox::{Inbox, InboxReceiver};
use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::{ChainParams, Commitments};
use fedcoin_node::ledger::Utxo;
use fedcoin_node::primitives::{BlockId, OutPoint};
use fedcoin_node::units::{Monotonic, Now, Timestamp};
use fedcoin_node::{Node, NodeConfig};
use fedcoin_store::{Store, StoreOptions};
use redb::backends::InMemoryBackend;
use std::path::PathBuf;

/// A node at genesis.
pub(crate) fn test_node(params: ChainParams) -> Node {
    started(params, Snapshot::default())
}

/// A node at genesis whose ledger has these outputs.
pub(crate) fn test_node_with(params: ChainParams, utxos: Vec<(OutPoint, Utxo)>) -> Node {
    let genesis = params.genesis_block().into();
    let (tip, commitments) = (Some(BlockId::from(params.network_id())), Some(Commitments::after(&genesis)));
    started(params, Snapshot { tip, commitments, utxos, ..Snapshot::default() })
}

/// A handle on a node without a driver, and the receiving end of its inbox.
pub(crate) fn handle_on(node: Node) -> (NodeHandle, InboxReceiver) {
    let (store, _) = Store::open_with(InMemoryBackend::new(), node.params(), StoreOptions::server()).unwrap();
    let (inbox, receiver) = Inbox::new();
    (NodeHandle::new(node, store, PathBuf::new(), inbox), receiver)
}

fn started(params: ChainParams, snapshot: Snapshot) -> Node {
    let start = Now { wall: Timestamp(0), monotonic: Monotonic(0) };
    Node::new(NodeConfig::alone(params, 0), snapshot, start).unwrap()
}
