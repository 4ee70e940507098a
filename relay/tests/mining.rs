//! Work for miners outside of the node: templates, and blocks made of them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, genesis_coin, mined, payment};
use common::keys;
use common::node::{Node, free_port};
use common::until;
use fedcoin_node::primitives::{Block, Header};
use fedcoin_node::units::Amount;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn start(network: &str) -> (tempfile::TempDir, Node) {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &["--network", network]);
    (dir, node)
}

/// What a payment of the genesis coin leaves after a fee of 0.0001 FED.
fn almost_all() -> Amount {
    Amount::from_units(4_999_990_000).unwrap()
}

fn path(after: Option<&str>) -> String {
    let after = after.map(|id| format!("&after={id}")).unwrap_or_default();
    format!("/mining/template?recipient={}{after}", keys::address(keys::A))
}

fn template(node: &Node, after: Option<&str>) -> Value {
    node.get(&path(after))
}

/// Submits a block; returns the status.
fn submit(node: &Node, block: &Block) -> u16 {
    node.request("POST", "/api/v1/blocks", &serde_json::to_string(block).unwrap()).0
}

#[test]
fn a_template_is_mined_by_its_header_alone() {
    let (_dir, node) = start("regtest");
    let (params, network) = node.network();
    // The genesis coin can be spent at height 2.
    let first: Block = serde_json::from_value(template(&node, None)["block"].clone()).unwrap();
    assert_eq!(submit(&node, &mined(first)), 201);
    let outputs = vec![(almost_all(), keys::address(keys::GENESIS))];
    assert_eq!(node.submit(&payment(network, vec![genesis_coin(&params)], outputs)).0, 201);
    let template = template(&node, None);
    assert_eq!((&template["height"], &template["reward"]), (&json!(2), &json!("50.0001")));
    assert_eq!(template["target_changes"], json!([]), "regtest's target is fixed");
    let mut block: Block = serde_json::from_value(template["block"].clone()).unwrap();
    let bytes: [u8; 88] = hex::decode(template["header"].as_str().unwrap()).unwrap().try_into().unwrap();
    assert_eq!(Header::from_bytes(&bytes), block.header);
    assert_eq!(node.get("/status")["next_target"], template["block"]["header"]["target"]);
    // Any time within the stated range will do.
    block.header.time.0 = template["latest_time"].as_u64().unwrap() - 5_000;
    assert_eq!(submit(&node, &mined(block)), 201);
    assert_eq!((node.height(), node.mempool()), (2, 0));
    assert_eq!(node.balance(keys::address(keys::A), "confirmed"), 100.0001);
    // The chain's time is ahead now, and the next block's with it.
    let next = self::template(&node, None);
    let earliest = next["earliest_time"].as_u64().unwrap();
    assert!(next["block"]["header"]["time"].as_u64().unwrap() >= earliest);
    let mut early: Block = serde_json::from_value(next["block"].clone()).unwrap();
    early.header.time.0 = earliest - 1;
    assert_eq!(submit(&node, &mined(early)), 422, "rule H5");
}

#[test]
fn the_target_of_main_eases_by_the_stated_times() {
    let (_dir, node) = start("main");
    let template = template(&node, None);
    let changes = template["target_changes"].as_array().unwrap();
    assert!(changes.len() <= 32);
    let times: Vec<u64> = changes.iter().map(|change| change["time"].as_u64().unwrap()).collect();
    assert!(
        times.is_sorted_by(|a, b| a < b)
            && times.iter().all(|t| *t > template["block"]["header"]["time"].as_u64().unwrap())
    );
}

#[test]
fn a_template_waits_for_another_tip() {
    let (_dir, node) = start("regtest");
    let (params, network) = node.network();
    let genesis = params.genesis_block();
    let first = template(&node, None);
    let waiting_for = |id: &Value, act: &dyn Fn()| {
        std::thread::scope(|threads| {
            let waiting = threads.spawn(|| template(&node, id.as_str()));
            std::thread::sleep(Duration::from_millis(500));
            assert!(!waiting.is_finished());
            act();
            let acted = Instant::now();
            (waiting.join().unwrap(), acted.elapsed())
        })
    };
    let (second, took) = waiting_for(&first["id"], &|| {
        let next = mined(block(&params, 1, genesis.id(), genesis.header.time.0 + 1_000));
        assert_eq!(submit(&node, &next), 201);
    });
    assert_eq!(second["height"], 2);
    assert!(took < Duration::from_secs(4), "it took {took:?}");

    // A payment alone makes another template too, but not at once.
    let (third, took) = waiting_for(&second["id"], &|| {
        let outputs = vec![(almost_all(), keys::address(keys::GENESIS))];
        assert_eq!(node.submit(&payment(network, vec![genesis_coin(&params)], outputs)).0, 201);
    });
    assert_eq!((&third["height"], third["block"]["payments"].as_array().unwrap().len()), (&json!(2), 1));
    assert!(took >= Duration::from_secs(4), "it took {took:?}");

    // Nothing happens: the same again, after twenty seconds.
    let (same, took) = waiting_for(&third["id"], &|| ());
    assert_eq!(same["id"], third["id"]);
    assert!(took >= Duration::from_secs(19), "it took {took:?}");
}

#[test]
fn waiting_requests_are_limited() {
    const MAX: usize = 100;
    let (_dir, node) = start("regtest");
    let id = template(&node, None)["id"].as_str().unwrap().to_owned();
    let ask = || {
        let mut socket = TcpStream::connect(node.address()).unwrap();
        let path = path(Some(&id));
        write!(socket, "GET /api/v1{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", node.address()).unwrap();
        socket
    };
    let mut sockets: Vec<TcpStream> = (0..MAX).map(|_| ask()).collect();
    until("all places are taken", || node.request("GET", &format!("/api/v1{}", path(Some(&id))), "").0 == 503);
    // More of them do no harm: who does not wait is served.
    let more: Vec<TcpStream> = (0..50).map(|_| ask()).collect();
    for mut refused in more {
        let mut answer = String::new();
        refused.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("100 requests wait"), "{answer}");
    }
    assert_eq!(template(&node, None)["id"], json!(id));
    // Whoever leaves makes room.
    sockets.truncate(MAX / 2);
    let started = Instant::now();
    until("there is room", || node.request("GET", &format!("/api/v1{}", path(Some(&id))), "").0 == 200);
    assert!(started.elapsed() >= Duration::from_secs(15), "it waited");
}

#[test]
fn mistakes_are_named() {
    let (_dir, node) = start("classroom");
    let detail = |path: &str| {
        let (status, body) = node.request("GET", &format!("/api/v1/mining/template{path}"), "");
        (status, serde_json::from_str::<Value>(&body).unwrap()["detail"].as_str().unwrap().to_owned())
    };
    let address = keys::address(keys::A);
    assert_eq!(detail("").0, 400);
    assert_eq!(detail("?recipient=fed1nobody").0, 400);
    assert_eq!(
        detail(&format!("?recipient={address}&after=12")),
        (400, "`after` must be the id of a template: 64 hex digits".to_owned())
    );
    let none = "the network's blocks need 1 or more payments, and too few wait";
    assert_eq!(detail(&format!("?recipient={address}")), (503, none.to_owned()));
}
