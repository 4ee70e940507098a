//! Nodes that mined apart for long, as processes over sockets: the chain with the most work wins, however deep the
//! fork is.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::branch_on;
use common::node::{Node, agree, free_port, run};
use common::until;
use fedcoin_node::codec::encode;
use fedcoin_node::consensus::ChainParams;
use std::fs;
use std::path::Path;

/// Imports a branch of `count` blocks on genesis into the chain in `dir`; each `spacing` makes another branch.
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
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    told
}

/// Two nodes that have mined so many blocks each, one more of them, meet; the shorter one is stopped half way.
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
    let told = short_node.log().iter().filter(|line| line.contains("blocks disconnected")).count();
    assert!(told <= 1, "one reorganisation, in however many moves: told {told} times");
}

#[test]
fn nodes_that_mined_apart_come_together_at_every_depth() {
    for depth in [256, 257, 1_000] {
        heals(depth);
    }
}

/// For a long look: takes as long as it takes to make the chains.
#[test]
#[ignore = "makes 12,000 blocks"]
fn nodes_that_mined_six_thousand_blocks_apart_come_together() {
    heals(6_000);
}

/// A node keeps 1,000 blocks of branches that lose where strangers bring them.
#[test]
fn a_chain_that_wins_with_its_last_block_is_imported() {
    let dir = tempfile::tempdir().unwrap();
    import(dir.path(), 1_200, 1_000);
    let told = import(dir.path(), 1_201, 2_000);
    assert!(told.contains("chain length 1202, before 1201"), "{told}");
    let told = import(dir.path(), 1_100, 3_000);
    assert!(told.contains("chain length 1202, before 1202"), "a branch of less work is kept beside it: {told}");
}
