//! A fleet: nodes that are peers of each other through a NATS server, and know no other peer.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, genesis_coin, mined, payment};
use common::keys;
use common::node::{Node, free_port};
use common::{PATIENCE, until};
use fedcoin_node::primitives::{Block, BlockId, Payment};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::Message;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
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

/// The messages of a subject.
struct Listener(BufReader<TcpStream>);

impl Listener {
    fn of(nats: &Nats, subject: &str) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", nats.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "CONNECT {{\"verbose\":false}}\r\nSUB {subject} 1\r\nPING\r\n").unwrap();
        let mut listener = Self(BufReader::new(stream));
        while listener.line() != "PONG" {}
        listener
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the connection ended");
        line.trim_end().to_owned()
    }

    fn next(&mut self) -> Vec<u8> {
        loop {
            let line = self.line();
            if line == "PING" {
                self.0.get_mut().write_all(b"PONG\r\n").unwrap();
            } else if line.starts_with("MSG ") {
                let length: usize = line.rsplit(' ').next().unwrap().parse().unwrap();
                let mut payload = vec![0; length + 2];
                self.0.read_exact(&mut payload).unwrap();
                payload.truncate(length);
                return payload;
            }
        }
    }
}

/// What looks like a NATS server to one member, which gets from it what a test wants.
struct FalseNats {
    stream: BufReader<TcpStream>,
    /// The member's subscriptions: subject and number.
    subscriptions: Vec<(String, String)>,
}

impl FalseNats {
    /// Greets the member that connects, and hears to what it listens.
    fn greet(listener: &TcpListener) -> Self {
        let stream = listener.accept().unwrap().0;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut nats = Self { stream: BufReader::new(stream), subscriptions: Vec::new() };
        nats.write(b"INFO {\"server_id\":\"false\",\"max_payload\":8000000}\r\n");
        while nats.subscriptions.len() < 2 {
            let mut line = String::new();
            nats.stream.read_line(&mut line).unwrap();
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["PING"] => nats.write(b"PONG\r\n"),
                ["SUB", subject, number] => nats.subscriptions.push((subject.to_owned(), number.to_owned())),
                ["PUB", .., length] => {
                    let mut payload = vec![0; length.parse::<usize>().unwrap() + 2];
                    nats.stream.read_exact(&mut payload).unwrap();
                }
                _ => {}
            }
        }
        nats
    }

    fn write(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).unwrap();
    }

    /// Sends a member's hello.
    fn hello(&mut self, from: u64) {
        self.tell("members", from, &from.to_be_bytes());
    }

    /// Sends a frame of a member's first connection.
    fn frame(&mut self, from: u64, number: u64, bytes: &[u8]) {
        self.tell("*", from, &member_frame(number, bytes));
    }

    fn tell(&mut self, topic: &str, from: u64, payload: &[u8]) {
        let (subject, number) = self.subscriptions.iter().find(|(subject, _)| subject.ends_with(topic)).unwrap();
        let subject = subject.replace('*', &format!("{from:016x}"));
        let head = format!("MSG {subject} {number} {}\r\n", payload.len());
        self.write(&[head.as_bytes(), payload, b"\r\n"].concat());
    }
}

/// A frame as it crosses the bus.
fn member_frame(number: u64, bytes: &[u8]) -> Vec<u8> {
    [&1_u64.to_be_bytes()[..], &number.to_be_bytes(), bytes].concat()
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

fn frame(block: &Block) -> Vec<u8> {
    Message::Block(Box::new(block.clone())).encode()
}

fn submit(node: &Node, block: &Block) {
    let (status, body) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(block).unwrap());
    assert_eq!(status, 201, "{body}");
}

#[test]
fn members_share_blocks_and_payments_across_failures() {
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
    until("members are peers", || {
        let peers = nodes[1].as_ref().unwrap().get("/peers");
        let addresses = peers["peers"].as_array().unwrap().iter().map(|peer| peer["address"].as_str().unwrap());
        addresses.filter(|address| address.ends_with(".cluster:1/ws")).count() == 2
    });

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
    let members = format!("fedcoin.{network}.members");
    let mut hellos = Listener::of(&nats, &members);
    let id = u64::from_be_bytes(hellos.next().try_into().unwrap());
    let frames = format!("fedcoin.{network}.to.{id:016x}.{:016x}", 42);
    let good = mined(block(&params, 1, BlockId::from(network), 1));
    let mut rich = block(&params, 1, BlockId::from(network), 2);
    rich.coinbase.output.amount = Amount::from_fed(1_000_000);
    let rich = mined(rich);
    for subject in [&members, &frames] {
        for lie in [&b""[..], b"rubbish", &[7; 100_000], &frame(&rich), &vec![255; 1_000_000]] {
            nats.publish(subject, lie);
        }
    }
    nats.publish(&members, &42_u64.to_be_bytes());
    for lie in [member_frame(0, &frame(&rich)), member_frame(1, b"rubbish"), member_frame(7, b""), vec![0; 1_500_000]] {
        nats.publish(&frames, &lie);
    }
    until("the lies are dropped", || honest.get("/status")["cluster"]["dropped"].as_u64().unwrap() >= 5);
    assert_eq!((honest.height(), other.height()), (0, 0));
    submit(&honest, &good);
    until("the truth goes on", || other.height() == 1);
}

#[test]
fn a_flood_on_the_bus_harms_no_node() {
    let dir = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let node = member(dir.path(), free_port(), port);
    let mut bus = FalseNats::greet(&listener);
    until("it takes part", || is_connected(&node));
    let (params, network) = node.network();
    // Far more than a member takes: hellos, frames of no connection, and more bytes than may wait for the node.
    (0..10_000).for_each(|from| bus.hello(from));
    (0..100_000).for_each(|number| bus.frame(1 << 40, 1 + number, &[5; 300]));
    let large = [&[7][..], &vec![0; 1_000_000]].concat();
    (0..200).for_each(|number| bus.frame(1 << 41, number, &large));
    assert_eq!(node.height(), 0, "it answers");
    until("the flood is dropped", || node.get("/status")["cluster"]["dropped"].as_u64().unwrap() > 1_000);
    submit(&node, &mined(block(&params, 1, BlockId::from(network), 1)));
    assert_eq!(node.height(), 1);
    assert!(is_connected(&node));
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
