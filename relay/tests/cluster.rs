//! A fleet: nodes that share through a NATS server and know no other peer.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, genesis_coin, mined, payment};
use common::keys;
use common::node::{Node, free_port};
use common::until;
use fedcoin_node::primitives::{Block, BlockId, Payment};
use fedcoin_node::units::Amount;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A real server of NATS, killed when dropped.
struct Nats {
    child: Child,
    port: u16,
}

impl Nats {
    fn start(port: u16) -> Self {
        let paths = std::env::var("PATH").unwrap_or_default();
        // Debian keeps it where an ordinary user does not look.
        let child = Command::new("nats-server")
            .env("PATH", format!("{paths}:/usr/sbin:/usr/local/sbin"))
            .args(["-a", "127.0.0.1", "-p", &port.to_string(), "-c"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nats.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("nats-server: {e}; `cargo xtask setup` installs it"));
        let nats = Self { child, port };
        until("nats-server answers", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        nats
    }

    /// Publishes what nobody asked for.
    fn publish(&self, subject: &str, payload: &[u8]) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "CONNECT {{\"verbose\":true}}\r\nPUB {subject} {}\r\n", payload.len()).unwrap();
        stream.write_all(payload).unwrap();
        stream.write_all(b"\r\nPING\r\n").unwrap();
        let mut answer = Vec::new();
        let mut buffer = [0; 1024];
        while !answer.windows(4).any(|w| w == b"PONG" || w == b"-ERR") {
            let n = stream.read(&mut buffer).unwrap();
            assert_ne!(n, 0, "{}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&buffer[..n]);
        }
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn member(dir: &Path, port: u16, nats: u16) -> Node {
    std::fs::create_dir_all(dir).unwrap();
    let url = format!("nats://127.0.0.1:{nats}");
    Node::start(dir, port, &["--network", "regtest", "--cluster", &url])
}

fn is_connected(node: &Node) -> bool {
    node.get("/status")["cluster"]["state"] == "connected"
}

fn submit(node: &Node, block: &Block) {
    let (status, body) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(block).unwrap());
    assert_eq!(status, 201, "{body}");
}

#[test]
fn members_share_blocks_and_payments_whoever_of_them_fails_and_returns() {
    let dir = tempfile::tempdir().unwrap();
    let nats_port = free_port();
    let mut nats = Some(Nats::start(nats_port));
    let ports = [free_port(), free_port(), free_port()];
    let start = |n: usize| member(&dir.path().join(n.to_string()), ports[n], nats_port);
    let mut nodes: Vec<Option<Node>> = (0..3).map(|n| Some(start(n))).collect();
    until("all take part", || nodes.iter().flatten().all(is_connected));
    let (params, network) = nodes[0].as_ref().unwrap().network();
    let mut tip = BlockId::from(network);
    let mut height = 0;
    let mut grow = |node: &Node| {
        height += 1;
        let block = mined(block(&params, height, tip, u64::from(height)));
        submit(node, &block);
        tip = block.id();
        height
    };
    let agree = |nodes: &[Option<Node>], height: u32| {
        until(&format!("all have block {height}"), || {
            nodes.iter().flatten().all(|node| node.height() == u64::from(height))
        });
    };
    let first = grow(nodes[0].as_ref().unwrap());
    agree(&nodes, first);
    assert_eq!(nodes[1].as_ref().unwrap().get("/status")["peers"], 0, "the bus is all they have");

    // The genesis coin is mature now.
    let out = vec![(params.genesis.amount, keys::address(keys::GENESIS))];
    let payment: Payment = payment(network, vec![genesis_coin(&params)], out);
    let (status, body) = nodes[2].as_ref().unwrap().submit(&payment);
    assert_eq!(status, 201, "{body}");
    until("all have the payment", || nodes.iter().flatten().all(|node| node.mempool() == 1));

    for fails in 0..3 {
        drop(nodes[fails].take());
        let there = nodes[(fails + 1) % 3].as_ref().unwrap();
        let next = grow(there);
        agree(&nodes, next);
        nodes[fails] = Some(start(fails));
        agree(&nodes, next);
    }

    drop(nats.take());
    until("all notice", || !nodes.iter().flatten().any(is_connected));
    let alone = grow(nodes[0].as_ref().unwrap());
    assert_eq!(nodes[0].as_ref().unwrap().height(), u64::from(alone), "the node runs on without the bus");
    let _nats = Nats::start(nats_port);
    agree(&nodes, alone);
}

#[test]
fn a_bus_that_lies_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let nats = Nats::start(free_port());
    let (honest, other) =
        (member(&dir.path().join("a"), free_port(), nats.port), member(&dir.path().join("b"), free_port(), nats.port));
    until("both take part", || is_connected(&honest) && is_connected(&other));
    let (params, network) = honest.network();
    let subject = |topic: &str| format!("fedcoin.{network}.{topic}");
    let good = mined(block(&params, 1, BlockId::from(network), 1));
    let mut rich = block(&params, 1, BlockId::from(network), 2);
    rich.coinbase.output.amount = Amount::from_fed(1_000_000);
    let rich = mined(rich);
    let frame = |block: &Block| fedcoin_node::wire::Message::Block(Box::new(block.clone())).encode();
    for topic in ["blocks", "payments", "addresses", "hellos"] {
        for lie in [&b""[..], b"rubbish", &[7; 100_000], &frame(&rich), &vec![255; 1_000_000]] {
            nats.publish(&subject(topic), lie);
        }
    }
    nats.publish("fedcoin.0000.blocks", &frame(&good));
    until("the lies are dropped", || honest.get("/status")["cluster"]["dropped"].as_u64().unwrap() > 5);
    assert_eq!((honest.height(), other.height()), (0, 0));
    submit(&honest, &good);
    until("the truth goes on", || other.height() == 1);
}

#[test]
fn a_bad_url_is_named_and_its_password_is_not() {
    let dir = tempfile::tempdir().unwrap();
    for url in ["http://a", "nats://", "nats://user:secret@host:x"] {
        let output = common::node::run(dir.path(), ["--cluster", url]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && error.contains("--cluster"), "{error}");
    }
}
