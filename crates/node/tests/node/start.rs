//! How configuration and store determine a node's start.
#![allow(clippy::panic, reason = "a test fails by it")]

use super::regtest;
use crate::harness::config;
use fedcoin_node::chain::{BlockStatus, ChainError, Snapshot, StoredHeader};
use fedcoin_node::primitives::{BlockId, Header};
use fedcoin_node::units::{Monotonic, Now, Timestamp};
use fedcoin_node::{Node, NodeConfig, StartError};
use std::collections::BTreeSet;

#[test]
fn hash_maps_are_keyed_by_the_seed_alone() {
    // Of headers without parents, the node names the first one in a hash map.
    let genesis = regtest().genesis_block().header;
    let loose = |n| Header { previous: BlockId([n; 32]), ..genesis };
    let headers: Vec<_> =
        (1..50).map(|n| StoredHeader { header: loose(n).into(), status: BlockStatus::HeaderOnly }).collect();
    let named = |seed: u64| {
        let config = NodeConfig { seed, ..config(regtest(), vec![]) };
        let snapshot = Snapshot { headers: headers.clone(), ..Snapshot::default() };
        match Node::new(config, snapshot, Now { wall: Timestamp(0), monotonic: Monotonic(0) }) {
            Err(StartError::Chain(ChainError::LooseHeader(id))) => id,
            _ => panic!("a chain of loose headers"),
        }
    };
    let all: Vec<BlockId> = (0..20).map(named).collect();
    assert!(all.iter().collect::<BTreeSet<_>>().len() > 1, "each seed has its own order");
    assert_eq!((0..20).map(named).collect::<Vec<_>>(), all, "the order is reproducible");
}
