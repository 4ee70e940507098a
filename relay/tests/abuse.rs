//! Attackers: each costs little, and other users notice nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::node::{Node, free_port};
use common::peer::{Peer, dial_from, hello};
use common::{PATIENCE, until};
use fedcoin_node::wire::{Goodbye, Message};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite;

fn regtest(dir: &std::path::Path, args: &[&str]) -> Node {
    Node::start(dir, free_port(), &[&["--network", "regtest"], args].concat())
}

fn tcp(node: &Node) -> TcpStream {
    let stream = TcpStream::connect(node.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Everything received until the other side closes.
fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("{error}"),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn connections_of_an_address_are_limited() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &["--max-per-address", "20"]);
    let mut held: Vec<TcpStream> = Vec::new();
    let refused = loop {
        let mut stream = tcp(&node);
        // An admitted connection gets no answer before its request is complete.
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => break rest(stream),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => held.push(stream),
            other => panic!("{other:?}"),
        }
        assert!(held.len() <= 20);
    };
    assert!(refused.contains("429") && refused.contains("problem+json"), "{refused}");
    assert!(refused.contains("20 connections from this address") || refused.contains("too fast"), "{refused}");
    drop(held);
    until("slots are released", || node.request("GET", "/healthz", "").0 == 200);
}

#[test]
fn silent_and_slow_clients_are_disconnected() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &[]);
    let (_, network) = node.network();
    let mut honest = Peer::greet(node.port, network);
    let silent: Vec<TcpStream> = (0..100).map(|_| tcp(&node)).collect();
    let mut slow = tcp(&node);
    let mut mute = Peer::connect(node.port);
    let started = Instant::now();
    // A byte of the request now and then.
    for byte in b"GET /api/v1/status HTTP/1.1\r\nhost: a\r\n".iter().cycle() {
        if slow.write_all(&[*byte]).is_err() || started.elapsed() > PATIENCE {
            break;
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(started.elapsed() < PATIENCE, "the node does not wait for a slow request");
    silent.into_iter().for_each(|stream| assert!(!rest(stream).contains("200 OK")));
    assert_eq!(mute.goodbye(), Goodbye::HandshakeTimeout);
    assert!(honest.is_alive());
}

#[test]
fn a_flood_ends_its_connection() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &[]);
    let (_, network) = node.network();
    let mut honest = Peer::greet(node.port, network);

    let mut pinging = Peer::greet(node.port, network);
    pinging.flood(&tungstenite::Message::Binary(Message::Ping(7).encode().into()));
    pinging.cut_off_for(Goodbye::TooManyMessages);
    assert!(honest.is_alive());

    let mut websocket_pings = Peer::greet(node.port, network);
    websocket_pings.flood(&tungstenite::Message::Ping("x".into()));
    websocket_pings.cut_off_for(Goodbye::BadMessage);
    assert!(honest.is_alive());

    let mut greeting = Peer::greet(node.port, network);
    greeting.send(&Message::Hello(hello(network)));
    assert_eq!(greeting.goodbye(), Goodbye::UnexpectedMessage);
    assert!(honest.is_alive());
}

#[test]
fn a_burst_of_connections_does_not_disturb_connected_peers() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &["--max-per-address", "20"]);
    let (_, network) = node.network();
    let mut honest = Peer::greet(node.port, network);
    for _ in 0..3 {
        // All at once: many more than one address may hold, however long it takes to open them.
        let storm: Vec<TcpStream> = (0..200).map(|_| tcp(&node)).collect();
        assert!(honest.is_alive());
        let refused = storm.into_iter().map(rest).filter(|answer| answer.contains("429")).count();
        assert!(refused > 0, "part of the burst is refused");
        assert!(honest.is_alive());
    }
    until("the burst is over", || node.request("GET", "/healthz", "").0 == 200);
    assert!(honest.is_alive());
}

/// An idle connection from another address of this machine, after one answer.
fn idle(address: Ipv4Addr, node: &Node) -> TcpStream {
    let mut stream = dial_from(address, node.port).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    stream
}

#[test]
fn idle_connections_of_a_few_addresses_keep_nobody_out() {
    let dir = tempfile::tempdir().unwrap();
    // Room for 100 connections that carry requests.
    let node = Node::start_limited("-n 500", dir.path(), free_port(), &["--network", "regtest"]);
    let (_, network) = node.network();
    let mut honest = Peer::greet(node.port, network);
    let mut held: Vec<TcpStream> = Vec::new();
    for _ in 0..16 {
        held.extend((2..10).map(|n| idle(Ipv4Addr::new(127, 0, 0, n), &node)));
    }
    for _ in 0..20 {
        assert_eq!(node.request("GET", "/healthz", "").0, 200);
    }
    node.wait_for_log("all slots for requests are taken: closed a connection of 127.0.0.");
    let lines = node.log().iter().filter(|line| line.contains("all slots for requests")).count();
    assert!(lines < 20, "{lines} lines for 48 connections");
    assert!(honest.is_alive() && Peer::greet(node.port, network).is_alive(), "peers have their own slots");
}

#[test]
fn a_node_with_few_files_still_answers() {
    let dir = tempfile::tempdir().unwrap();
    // The node itself has about 14 files open.
    let node = Node::start_limited("-n 24", dir.path(), free_port(), &["--network", "regtest"]);
    let held: Vec<TcpStream> = (0..100).map(|_| tcp(&node)).collect();
    node.wait_for_log("all slots for requests are taken");
    assert_eq!(node.request("GET", "/healthz", "").0, 200, "idle connections make room");
    drop(held);
    assert_eq!(node.request("GET", "/healthz", "").0, 200);
}

#[test]
fn clients_that_do_not_read_are_disconnected() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("page");
    std::fs::create_dir(&page).unwrap();
    std::fs::write(page.join("index.html"), "<p>page</p>").unwrap();
    // More than the system buffers for a client.
    std::fs::write(page.join("large.bin"), vec![1; 9_000_000]).unwrap();
    let node = regtest(dir.path(), &["--page", "page", "--log", "debug"]);
    let mut idle = tcp(&node);
    idle.write_all(b"GET /large.bin HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    assert_eq!(node.request("GET", "/large.bin", "").1.len(), 9_000_000, "a client that reads gets everything");
    node.wait_for_log(&format!("connection from {}: ", idle.local_addr().unwrap()));
    let mut got = Vec::new();
    let _ = idle.read_to_end(&mut got);
    assert!(got.len() < 9_000_000, "the client was disconnected");
}

#[test]
fn tabs_do_not_keep_others_in_their_network_from_the_page() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &["--max-per-address", "6"]);
    let (_, network) = node.network();
    let open = || common::eventually("a place", || std::panic::catch_unwind(|| Peer::greet(node.port, network)).ok());
    let mut tabs: Vec<Peer> = (0..6).map(|_| open()).collect();
    until("the page", || node.request("GET", "/", "").0 == 200);
    assert!(tabs.iter_mut().all(Peer::is_alive));
    let begin = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    let refused = common::eventually("an answer about the seventh peer", || {
        node.ask("GET", "/ws", &begin, "").filter(|answer| answer.body().contains("6 connections"))
    });
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "5");
    node.wait_for_log("refused a connection from 127.0.0.1");
}

#[test]
fn empty_frames_end_the_connection() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &[]);
    let (_, network) = node.network();
    let mut honest = Peer::greet(node.port, network);
    let mut stranger = Peer::greet(node.port, network);
    // The first frame of a binary message, then endless continuations; each masked, and empty.
    let first = [0x02, 0x80, 1, 2, 3, 4];
    let more: Vec<u8> = [0x00, 0x80, 1, 2, 3, 4].repeat(10_000);
    stranger.send_unframed(&first).unwrap();
    until("the node disconnects", || stranger.send_unframed(&more).is_err());
    stranger.cut_off_for(Goodbye::BadMessage);
    assert!(honest.is_alive());
}

#[test]
fn unfinished_messages_cost_bounded_memory() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &[]);
    let (_, network) = node.network();
    let mut honest = Peer::greet(node.port, network);
    // A frame of a million bytes without its end: 40 of them exceed the limit for unfinished messages.
    let half = [&[0x82, 0xff][..], &1_000_000_u64.to_be_bytes(), &[0; 4 + 900_000]].concat();
    let mut strangers: Vec<Peer> = (0..40).map(|_| Peer::greet(node.port, network)).collect();
    for stranger in &mut strangers {
        // The node may disconnect meanwhile.
        let _ = stranger.send_unframed(&half);
    }
    node.wait_for_log("leaves a large message unfinished");
    until("the others stay connected", || (30..=36).contains(&node.get("/status")["peers"].as_u64().unwrap()));
    assert!(honest.is_alive());
}
