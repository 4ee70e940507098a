//! Nodes that mined separate chains for a long time, as processes over sockets: the chain with the most work wins at
//! any depth of the fork.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::branch_on;
use common::node::{Node, agree, free_port, run};
use common::until;
use fedcoin_node::codec::encode;
use fedcoin_node::consensus::ChainParams;
use std::fs;
use std::path::Path;

/// Imports a branch of `count` blocks on genesis into the chain in `dir`. Each `spacing` gives a different branch.
fn import(dir: &Path, count: usize, spacing: u64) -> String {
    let params = ChainParams::regtest();
    let mut file = b"FEDCHAIN\x01\x00".to_vec();
    file.extend(params.network_id().0);
    file.extend((count as u32).to_le_bytes());
    for block in branch_on(&params, &params.genesis_block(), count, spacing) {
        let block = encode(&block);
        file.extend((block.len() as u32).to_le_bytes());
        file.extend(block);
    }
    fs::write(dir.join("chain.fed"), file).unwrap();
    let output = run(dir, ["chain", "import", "chain.fed", "--network", "regtest", "--data-dir", "data"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}");
    text
}

/// Connects two nodes with separate chains of `depth` blocks, one of them a block longer. The node with the shorter
/// chain is killed half way.
fn heals(depth: usize) {
    let (short, long) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    import(short.path(), depth, 1_000);
    import(long.path(), depth + 1, 2_000);
    let long_node = Node::start(long.path(), free_port(), &["--network", "regtest"]);
    let peer = long_node.address();
    let args = ["--network", "regtest", "-n", &peer];
    let short_node = Node::start(short.path(), free_port(), &args);
    until("a header of the other branch", || {
        let status = short_node.get("/status");
        status["tip"]["id"] == long_node.get("/status")["tip"]["id"] || status["sync"]["state"] != "waiting_for_peers"
    });
    short_node.kill();
    let short_node = Node::start(short.path(), free_port(), &args);
    until("one chain", || agree(&[&short_node, &long_node]));
    assert_eq!(short_node.height(), depth as u64 + 1);
    let reports = short_node.log().iter().filter(|line| line.contains("blocks disconnected")).count();
    assert!(reports <= 1, "one reorganisation in several moves is reported at most once, not {reports} times");
}

#[test]
fn nodes_agree_after_a_fork_of_any_depth() {
    for depth in [256, 257, 1_000] {
        heals(depth);
    }
}

/// Not part of the suite, because making the chains takes long.
#[test]
#[ignore = "makes 12,000 blocks"]
fn nodes_agree_after_a_fork_of_six_thousand_blocks() {
    heals(6_000);
}

/// From peers, a node stores at most 1,000 blocks of losing branches; an import has no such limit.
#[test]
fn a_chain_that_wins_with_its_last_block_is_imported() {
    let dir = tempfile::tempdir().unwrap();
    import(dir.path(), 1_200, 1_000);
    let text = import(dir.path(), 1_201, 2_000);
    assert!(text.contains("chain length 1202, before 1201"), "{text}");
    let text = import(dir.path(), 1_100, 3_000);
    assert!(text.contains("chain length 1202, before 1202"), "a branch of less work is kept beside it: {text}");
}
