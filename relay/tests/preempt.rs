//! A better tip from outside stops the native miners; a header without work does not.
//!
//! The network's target needs about 2^30 hashes and the miners are slow, so that they are at work whenever the test
//! looks. The two blocks that the test submits were mined beforehand: see [`found_beforehand`].

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::block;
use common::keys::{self, PUBLIC_GENESIS};
use common::node::{Node, free_port};
use common::peer::Peer;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::pow::{Task, kernels};
use fedcoin_node::primitives::{Block, BlockId};
use fedcoin_node::units::CompactTarget;
use fedcoin_node::wire::{Goodbye, Message};
use fedcoin_testkit::lineage;

/// Salt and nonce of the blocks at heights 1 and 2.
const FOUND: [(u32, u32); 2] = [(126, 2_985_345), (58, 1_011_324)];

fn params() -> ChainParams {
    ChainParams {
        name: "preempt".to_owned(),
        target: CompactTarget(0x1d03_ffff),
        min_block_payments: 0,
        ..ChainParams::classroom()
    }
}

/// The block at `height`, before proof of work.
fn draft(height: u32, previous: BlockId) -> Block {
    block(&params(), height, previous, height.into())
}

fn found_beforehand() -> [Block; 2] {
    let mut previous = BlockId::from(params().network_id());
    [1, 2].map(|height| {
        let mut block = draft(height, previous);
        (block.header.salt, block.header.nonce) = FOUND[height as usize - 1];
        lineage::remember(&block);
        previous = block.id();
        let met = params().target.expand().unwrap().is_met_by(&previous.0);
        assert!(met, "the encoding has changed: search again with `--ignored`, and update FOUND");
        block
    })
}

/// Mines the blocks, which takes a minute or two; for when the encoding of blocks has changed.
#[test]
#[ignore = "a tool, not a test"]
fn search() {
    let kernel = *kernels().last().unwrap();
    let mut previous = BlockId::from(params().network_id());
    for height in [1, 2] {
        let mut block = draft(height, previous);
        let task = Task::new(&block.header, block.header.target.expand().unwrap(), 0);
        let found = kernel.search(&task, 0..1 << 32).found.unwrap();
        (block.header.salt, block.header.nonce) = (found.salt, found.nonce);
        println!("{height}: ({}, {})", found.salt, found.nonce);
        lineage::remember(&block);
        previous = block.id();
    }
}

/// Waits until each miner has stopped after line `from`, and started again.
fn preempted(node: &Node, from: usize) {
    for miner in [0, 1] {
        let stopped = node.wait_for_log_after(from, &format!("miner {miner} stops generation"));
        node.wait_for_log_after(stopped, &format!("miner {miner} begins generation"));
    }
}

#[test]
fn a_better_tip_stops_the_miners_and_a_worthless_header_does_not() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "public_key.txt", PUBLIC_GENESIS);
    keys::file(dir.path(), "hard.toml", &toml::to_string(&params()).unwrap());
    let args =
        ["--chain", "hard.toml", "--mine", "always", "--mine-threads", "2", "--kernel", "scalar", "--log", "debug"];
    let node = Node::start(dir.path(), free_port(), &args);
    let [first, second] = found_beforehand();
    node.wait_for_log("Start mining block 1 ");
    for miner in [0, 1] {
        node.wait_for_log(&format!("miner {miner} begins generation"));
    }

    // A header that claims a better chain without work stops no miner.
    let network = params().network_id();
    let mut liar = Peer::greet(node.port, network);
    let mut worthless = first.header;
    worthless.nonce ^= 1;
    liar.send(&Message::Headers(vec![worthless]));
    assert_eq!(liar.goodbye(), Goodbye::InvalidHeader);
    assert!(!node.log().iter().any(|line| line.contains("mining paused")), "{:?}", node.log());

    // A whole block: the miners continue at the next height.
    let from = node.log().len();
    let (status, body) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(&first).unwrap());
    assert_eq!(status, 201, "{body}");
    let changed = node.wait_for_log_after(from, "Primary chain changed, mining paused");
    node.wait_for_log_after(changed, "Start mining block 2 ");
    preempted(&node, from);

    // A header with work: they stop before the block arrives, and continue when it has.
    let mut peer = Peer::greet(node.port, network);
    let from = node.log().len();
    peer.send(&Message::Headers(vec![second.header]));
    let paused = node.wait_for_log_after(from, "Primary chain changed, mining paused (checking block");
    for miner in [0, 1] {
        node.wait_for_log_after(from, &format!("miner {miner} stops generation"));
    }
    peer.wait_for("a request for the block", |m| matches!(m, Message::GetBlocks(_)).then_some(()));
    assert_eq!(node.height(), 1);
    peer.send(&Message::Block(Box::new(second.clone())));
    node.wait_for_log_after(paused, "Start mining block 3 ");
    preempted(&node, from);
    assert_eq!(node.get("/status")["tip"]["id"], second.id().to_string());
    assert!(!node.log().iter().any(|line| line.contains("Successfully mined")), "{:?}", node.log());
}
