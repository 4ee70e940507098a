//! Peers without a WebSocket: they do what others do, within the same bounds, and cost only themselves.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, mined};
use common::node::{Node, free_port};
use common::peer::Peer;
use common::streamed_peer::{StreamedPeer, framed, post, request, status};
use common::until;
use fedcoin_node::primitives::BlockId;
use fedcoin_node::wire::{Goodbye, MAX_FRAME_BYTES, Message, frame_head};
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

fn node(dir: &tempfile::TempDir, args: &[&str]) -> Node {
    Node::start(dir.path(), free_port(), &[&["--network", "regtest"], args].concat())
}

fn peers(node: &Node) -> u64 {
    node.get("/status")["peers"].as_u64().unwrap()
}

#[test]
fn a_streamed_peer_is_a_peer_like_any_other() {
    let dir = tempfile::tempdir().unwrap();
    let node = node(&dir, &[]);
    let (params, network) = node.network();
    let mut peer = StreamedPeer::greet(node.port, network);
    assert!(peer.is_alive());
    assert_eq!(peers(&node), 1);
    let mined = mined(block(&params, 1, BlockId::from(network), 1));
    let (status, body) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(&mined).unwrap());
    assert_eq!(status, 201, "{body}");
    peer.wait_for("the new tip", |message| matches!(message, Message::Headers(_)).then_some(()));
    // Several frames in one post, and their answers in order.
    let frames = framed(&[Message::GetBlocks(vec![mined.id()]).encode(), Message::Ping(5).encode()]);
    assert_eq!(peer.post(peer.next, &frames), 204);
    let got = peer.wait_for("the block", |message| if let Message::Block(b) = message { Some(b) } else { None });
    assert_eq!(got.id(), mined.id());
    peer.wait_for("a pong", |message| (message == Message::Pong(5)).then_some(()));
}

#[test]
fn an_abandoned_stream_ends_its_peer() {
    let dir = tempfile::tempdir().unwrap();
    let node = node(&dir, &[]);
    let peer = StreamedPeer::greet(node.port, node.network().1);
    let (id, next) = (peer.id.clone(), peer.next);
    assert_eq!(peers(&node), 1);
    drop(peer);
    until("the peer is gone", || peers(&node) == 0);
    assert_eq!(post(node.port, &id, next, &framed(&[Message::Ping(1).encode()])), 404);
}

#[test]
fn posts_are_taken_once_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let node = node(&dir, &[]);
    let mut peer = StreamedPeer::greet(node.port, node.network().1);
    let ping = |n: u64| framed(&[Message::Ping(n).encode()]);
    assert_eq!(peer.post(peer.next + 1, &ping(1)), 400, "a gap");
    assert_eq!(peer.post(u64::MAX, &ping(1)), 400);
    assert_eq!(peer.post(peer.next, &ping(2)), 204);
    assert_eq!(peer.post(peer.next, &ping(2)), 204, "the same again, as if its answer were lost");
    peer.next += 1;
    assert_eq!(peer.post(0, &ping(9)), 400, "long ago");
    peer.send(&Message::Ping(3));
    let mut pongs = Vec::new();
    peer.wait_for("the last pong", |message| {
        if let Message::Pong(n) = message {
            pongs.push(n);
        }
        (pongs.last() == Some(&3)).then_some(())
    });
    assert_eq!(pongs, [2, 3]);
    // While one post is being read no other is.
    let mut slow = half_a_post(&peer, 100);
    assert_eq!(peer.post(peer.next, &ping(4)), 400);
    slow.write_all(&[0; 50]).unwrap();
    drop(slow);
    until("the one that broke off may be sent again", || peer.post(peer.next, &ping(5)) == 204);
    peer.wait_for("its pong", |message| (message == Message::Pong(5)).then_some(()));
}

/// Starts the peer's next post of `bytes` bytes: sends the head and half of the body.
fn half_a_post(peer: &StreamedPeer, bytes: usize) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", peer.port)).unwrap();
    let line = format!("POST /frames/{}/{} HTTP/1.1\r\nhost: localhost\r\n", peer.id, peer.next);
    write!(stream, "{line}content-length: {}\r\n\r\n", bytes + 4).unwrap();
    stream.write_all(&frame_head(bytes)).unwrap();
    stream.write_all(&vec![0; bytes / 2]).unwrap();
    // The relay reads what has come before it reads another connection's first bytes.
    thread::sleep(Duration::from_millis(300));
    stream
}

#[test]
fn what_is_no_frame_ends_the_connection_as_on_a_websocket() {
    let dir = tempfile::tempdir().unwrap();
    let node = node(&dir, &[]);
    let (_, network) = node.network();
    let mut witness = Peer::greet(node.port, network);
    let cases: [(&str, Vec<u8>, u16); 5] = [
        ("a giant post", vec![0xff; 3 * MAX_FRAME_BYTES], 413),
        ("a frame that claims to be larger than any", frame_head(MAX_FRAME_BYTES + 1).to_vec(), 413),
        ("half a frame", frame_head(9).to_vec(), 413),
        ("an empty frame", frame_head(0).to_vec(), 204),
        ("an unknown message", framed(&[vec![250]]), 204),
    ];
    for (what, body, answer) in cases {
        let mut peer = StreamedPeer::greet(node.port, network);
        assert_eq!(peer.post(peer.next, &body), answer, "{what}");
        assert_eq!(peer.goodbye(), Goodbye::BadMessage, "{what}");
        until("it is forgotten", || peer.post(peer.next, &framed(&[Message::Ping(1).encode()])) == 404);
    }
    // Posts without a frame count as pings.
    let mut peer = StreamedPeer::greet(node.port, network);
    while peer.post(peer.next, b"") == 204 {
        peer.next += 1;
    }
    assert!(peer.next > 10, "some are allowed");
    assert_eq!(peer.goodbye(), Goodbye::BadMessage);
    assert!(witness.is_alive());
}

#[test]
fn the_largest_frame_arrives() {
    let dir = tempfile::tempdir().unwrap();
    let node = node(&dir, &[]);
    let mut peer = StreamedPeer::greet(node.port, node.network().1);
    let mut largest = vec![0; MAX_FRAME_BYTES];
    largest[0] = 5;
    assert_eq!(peer.post(peer.next, &framed(&[largest])), 204);
    assert_eq!(peer.goodbye(), Goodbye::BadMessage, "read whole, and no payment");
}

#[test]
fn half_sent_posts_cost_bounded_memory() {
    let dir = tempfile::tempdir().unwrap();
    let node = node(&dir, &[]);
    let (_, network) = node.network();
    let mut witness = Peer::greet(node.port, network);
    let peers: Vec<StreamedPeer> = (0..80).map(|_| StreamedPeer::greet(node.port, network)).collect();
    let posts: Vec<TcpStream> = peers.iter().map(half_a_large_post).collect();
    node.wait_for_log("leaves a large message unfinished");
    assert!(witness.is_alive());
    drop((posts, peers));
}

fn half_a_large_post(peer: &StreamedPeer) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", peer.port)).unwrap();
    let line = format!("POST /frames/{}/{} HTTP/1.1\r\nhost: localhost\r\n", peer.id, peer.next);
    write!(stream, "{line}content-length: {}\r\n\r\n", MAX_FRAME_BYTES + 4).unwrap();
    stream.write_all(&frame_head(MAX_FRAME_BYTES)).unwrap();
    // Fails where this one was cut to make room.
    let _ = stream.write_all(&vec![0; MAX_FRAME_BYTES / 2]);
    stream
}

#[test]
fn streams_have_the_limits_of_websockets() {
    let dir = tempfile::tempdir().unwrap();
    let node = node(&dir, &["--max-per-address", "12", "--origin", "https://class.example"]);
    // A connection too many may be reset before its answer is read.
    let open = |headers: &[&str]| {
        let stream = request(node.port, "POST /frames", headers, b"").ok()?;
        status(&mut BufReader::new(stream))
    };
    assert_eq!(open(&["origin: https://evil.example"]), Some(403));
    assert_eq!(open(&["host: evil.example"]), Some(400), "two hosts");
    for line in ["GET /frames", "PUT /frames", "GET /frames/x/1"] {
        let mut answer = String::new();
        let mut stream = request(node.port, line, &["connection: close"], b"").unwrap();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 405"), "{line}: {answer}");
    }
    let streams: Vec<_> = (0..5).map(|_| StreamedPeer::connect(node.port)).collect();
    let others: Vec<_> = (0..10).map(|_| open(&[])).collect();
    assert!(others.iter().any(|status| *status != Some(200)), "an address holds a limited number: {others:?}");
    drop(streams);
}
