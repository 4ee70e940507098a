//! Wrong clocks: the node's clock compared with its peers', the reports of a difference, and stored chains from the
//! future.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, chain_on, mined};
use common::keys::{self, PUBLIC_A};
use common::node::{Node, free_port, run};
use common::peer::{Peer, hello};
use common::until;
use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, Header};
use fedcoin_node::units::{Height, Monotonic, Now, Timestamp};
use fedcoin_node::wire::{Hello, Message};
use fedcoin_node::{Command, Effect, Input, NodeConfig, RequestId, Verdict};
use fedcoin_relay::clock::wall;
use fedcoin_store::{Store, StoreOptions};
use std::net::TcpListener;
use std::path::Path;

const HOUR: u64 = 3_600_000;

/// A node whose only peer is the test, with a clock `ahead` of this machine's, in milliseconds.
fn beside_a_clock(dir: &Path, ahead: i64) -> (Node, Peer) {
    keys::file(dir, "public_key.txt", PUBLIC_A);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let args = ["--network", "regtest", "--mine", "always", "--peer", &address];
    let peer = std::thread::spawn(move || {
        let time = Timestamp(wall().0.saturating_add_signed(ahead));
        Peer::dialled(&listener, Hello { time, ..hello(ChainParams::regtest().network_id()) })
    });
    (Node::start(dir, free_port(), &args), peer.join().unwrap())
}

/// A metric's value, if it exists.
fn metric(node: &Node, name: &str) -> Option<f64> {
    let text = node.ask("GET", "/metrics", &[("authorization", &node.authorization())], "").unwrap().into_body();
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

/// The headers of the next tip that the node announces.
fn next_tip(peer: &mut Peer) -> Header {
    loop {
        match peer.receive().expect("the node stays connected") {
            Message::Headers(headers) if !headers.is_empty() => return *headers.last().unwrap(),
            Message::GetHeaders { .. } => peer.send(&Message::Headers(vec![])),
            Message::Ping(nonce) => peer.send(&Message::Pong(nonce)),
            _ => {}
        }
    }
}

#[test]
fn a_node_an_hour_behind_its_peers_reports_it_and_is_not_in_sync() {
    let dir = tempfile::tempdir().unwrap();
    let (node, mut peer) = beside_a_clock(dir.path(), HOUR as i64);
    let (params, _) = node.network();
    let early = mined(block(&params, 1, params.genesis_block().id(), wall().0 + HOUR));
    peer.send(&Message::Headers(vec![early.header]));
    until("the state of syncing", || node.get("/status")["sync"]["state"] == "early_headers");
    let status = node.get("/status");
    assert_eq!((&status["mining"]["state"], &status["clock"]["counts"]), (&"clock_behind".into(), &true.into()));
    let ahead = status["clock"]["ahead_ms"].as_i64().unwrap();
    // The greeting took a moment to arrive.
    assert!((-4_000_000..=-3_000_000).contains(&ahead), "{ahead}");
    assert_eq!(metric(&node, "fedcoin_sync_state{state=\"early_headers\"}"), Some(1.0));
    assert_eq!(metric(&node, "fedcoin_mining_state{state=\"clock_behind\"}"), Some(1.0));
    assert!(metric(&node, "fedcoin_clock_ahead_seconds").is_some_and(|seconds| seconds < -3_000.0));
    node.wait_for_log("behind the neighbour's: set it");
    node.wait_for_log("not up to date");
    node.wait_for_log("mining paused: this machine's clock is behind");
    let length = node.height();
    assert!(peer.is_alive());
    assert_eq!(node.height(), length, "nothing is mined");
}

#[test]
fn a_node_an_hour_ahead_mines_blocks_that_its_peers_accept() {
    let dir = tempfile::tempdir().unwrap();
    let (node, mut peer) = beside_a_clock(dir.path(), -(HOUR as i64));
    for _ in 0..20 {
        let header = next_tip(&mut peer);
        // Ten seconds for the clock's steps, two minutes for rule H6.
        let theirs = wall().0 - HOUR;
        assert!(header.time.0 <= theirs + 130_000, "{} is ahead of {theirs}", header.time);
    }
    node.wait_for_log("ahead of the neighbour's: set it");
    assert_eq!(node.get("/status")["mining"]["state"], "mining");
}

/// Stores these blocks in `dir/data`, as by a node whose clock was right when they arrived.
fn store(dir: &Path, params: &ChainParams, blocks: &[Block]) {
    let data = dir.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let (store, snapshot) =
        Store::open_file(&fedcoin_relay::data_dir::DataDir::chain_file_in(&data), params, StoreOptions::server())
            .unwrap();
    assert_eq!(snapshot, Snapshot::default());
    let now = Now { wall: blocks.last().unwrap().header.time, monotonic: Monotonic(0) };
    let mut node = fedcoin_node::Node::new(NodeConfig::alone(params.clone(), 0), snapshot, now).unwrap();
    for block in blocks {
        let command = Command::SubmitBlock { request: RequestId(0), block: Box::new(block.clone()) };
        let mut inputs = vec![Input::Command(command)];
        while let Some(input) = inputs.pop() {
            node.handle(input, now);
            while let Some(effect) = node.poll_effect() {
                match effect {
                    Effect::Store { changes, durability } => store.apply(&changes, durability).unwrap(),
                    Effect::Verify { batch, checks } => {
                        let verdicts = checks.iter().map(|_| Verdict::Valid).collect();
                        inputs.push(Input::Verified { batch, verdicts });
                    }
                    _ => {}
                }
            }
        }
    }
    assert_eq!(node.chain().tip().height, Height(blocks.len() as u32));
    store.flush().unwrap();
}

fn chain(dir: &Path, args: &[&str]) -> (bool, String) {
    let output = run(dir, [&["chain"], args, &["--network", "regtest", "--data-dir", "data"]].concat());
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[test]
fn a_clock_that_is_behind_does_not_make_a_stored_chain_invalid() {
    let params = ChainParams::regtest();
    let mut blocks = chain_on(&params, &params.genesis_block(), 3);
    for ahead in [HOUR, 2 * HOUR] {
        let parent = blocks.last().unwrap();
        let height = parent.coinbase.height.next().0;
        blocks.push(mined(block(&params, height, parent.id(), wall().0 + ahead)));
    }
    let dir = tempfile::tempdir().unwrap();
    store(dir.path(), &params, &blocks);
    let (ok, text) = chain(dir.path(), &["verify"]);
    assert!(ok && text.contains("ok: 6 blocks"), "{text}");
    let (ok, text) = chain(dir.path(), &["export", "chain.fed"]);
    assert!(ok, "{text}");
    // In an imported file, either the file or the clock may be wrong: the message names both, and the blocks before
    // stay.
    let other = tempfile::tempdir().unwrap();
    std::fs::copy(dir.path().join("chain.fed"), other.path().join("chain.fed")).unwrap();
    let (ok, text) = chain(other.path(), &["import", "chain.fed"]);
    assert!(!ok && text.contains("block 4 of the file is dated") && text.contains("set the clock"), "{text}");
    assert!(!text.contains("move the folder"), "{text}");
    let (ok, text) = chain(other.path(), &["verify"]);
    assert!(ok && text.contains("ok: 4 blocks"), "{text}");
    // On a chain from the future, the node reports when it will mine again.
    keys::file(dir.path(), "public_key.txt", PUBLIC_A);
    let node = Node::start(dir.path(), free_port(), &["--network", "regtest", "--mine", "always"]);
    node.wait_for_log("mining paused for 11");
    let mining = &node.get("/status")["mining"];
    assert_eq!(mining["state"], "chain_ahead");
    assert!(mining["until"].as_u64().unwrap() > wall().0 + HOUR, "{mining}");
    assert_eq!(node.height(), 5);
}

#[test]
fn new_blocks_of_short_lived_peers_are_not_logged_as_a_sync() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "public_key.txt", PUBLIC_A);
    let node = Node::start(dir.path(), free_port(), &["--network", "regtest"]);
    let (params, network) = node.network();
    let blocks = chain_on(&params, &params.genesis_block(), 4);
    for (at, block) in blocks.iter().enumerate() {
        let tip = block.header.id();
        let work = block.header.target.expand().unwrap().work() * (at as u32 + 1);
        let mut peer = Peer::greet_as(node.port, Hello { tip, height: Height(at as u32 + 1), work, ..hello(network) });
        loop {
            match peer.receive().expect("the node stays connected") {
                Message::GetHeaders { .. } => peer.send(&Message::Headers(vec![block.header])),
                Message::GetBlocks(_) | Message::GetCompactBlock(_) => break,
                _ => {}
            }
        }
        peer.send(&Message::Block(Box::new(block.clone())));
        node.wait_for_height(at as u64 + 1);
        drop(peer);
        until("the peer is gone", || node.get("/status")["peers"] == 0);
    }
    node.wait_for_log("primary chain length 5, tip");
    let reports = node.log().iter().filter(|line| line.contains("initialised") || line.contains("caught up")).count();
    assert!(reports <= 1, "{:?}", node.log());
}
