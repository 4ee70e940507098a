//! Limits of the program `fedcoin` over real sockets: at the limit, one above, and ten times above. `docs/bounds.md`
//! lists all limits.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::chain_on;
use common::node::{Node, free_port};
use common::peer::Peer;
use fedcoin_node::wire::Message;
use std::io::{Read, Write};
use std::net::TcpStream;

#[test]
fn lists_are_limited() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &["--network", "regtest"]);
    let owner = node.network().0.genesis.recipient;
    for (path, most) in [
        ("blocks".to_owned(), 100),
        ("mempool".to_owned(), 10_000),
        (format!("addresses/{owner}/transactions"), 100),
        (format!("addresses/{owner}/utxos"), 1_000),
    ] {
        let status = |limit: u32| node.request("GET", &format!("/api/v1/{path}?limit={limit}"), "").0;
        assert_eq!([most, most + 1, 10 * most].map(status), [200, 400, 400], "{path}");
    }
}

#[test]
fn request_headers_are_limited() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &["--network", "regtest"]);
    for (bytes, expected) in [(15_000, "HTTP/1.1 200"), (17_000, "HTTP/1.1 431"), (170_000, "HTTP/1.1 431")] {
        let mut raw = TcpStream::connect(node.address()).unwrap();
        raw.set_read_timeout(Some(common::PATIENCE)).unwrap();
        let head = "GET /healthz HTTP/1.1\r\nhost: node\r\nconnection: close\r\nx-long: ";
        // A client that still sends when it is disconnected may not get to read the answer.
        let sent = write!(raw, "{head}{}\r\n\r\n", "x".repeat(bytes));
        let mut answer = [0; 12];
        let read = sent.and_then(|()| raw.read_exact(&mut answer));
        assert!(read.is_err() && bytes > 100_000 || answer == *expected.as_bytes(), "{bytes}: {answer:?}");
    }
    assert_eq!(node.request("GET", "/healthz", "").0, 200);
}

#[test]
fn a_fast_download_of_the_chain_is_not_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let (port, args) = (free_port(), ["--network", "regtest"]);
    let node = Node::start(dir.path(), port, &args);
    let (params, network) = node.network();
    let blocks = chain_on(&params, &params.genesis_block(), 16);
    let mut miner = Peer::greet(port, network);
    miner.send(&Message::Headers(blocks.iter().map(|block| block.header).collect()));
    blocks.iter().for_each(|block| miner.send(&Message::Block(Box::new(block.clone()))));
    node.wait_for_height(16);
    node.terminate();

    // The node has no block in memory now. Rule W3 allows a burst of 1,000 requests, and 500 per second.
    let node = Node::start(dir.path(), port, &args);
    let mut peer = Peer::greet(port, network);
    for round in 0..3_000 {
        let wanted = &blocks[round % 16];
        peer.send(&Message::GetBlocks(vec![wanted.id()]));
        let got = peer.wait_for("a block", |message| match message {
            Message::Block(block) => Some(block),
            Message::Goodbye(reason) => panic!("cut off after {round} requests: {reason}"),
            _ => None,
        });
        assert_eq!(*got, *wanted);
    }
    assert!(peer.is_alive());
    assert_eq!(node.height(), 16);
}
