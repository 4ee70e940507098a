//! Strangers who mean no good: each costs little, and nobody else notices.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::node::{Node, free_port};
use common::peer::{Peer, hello};
use common::{PATIENCE, until};
use fedcoin_node::wire::{Goodbye, Message};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
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

/// What comes until the other side closes.
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
fn an_address_holds_so_many_connections_and_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &["--max-per-address", "20"]);
    let mut held: Vec<TcpStream> = Vec::new();
    let refused = loop {
        let mut stream = tcp(&node);
        // Who is let in is not answered before the request is whole.
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
    until("places are given back", || node.request("GET", "/healthz", "").0 == 200);
}

#[test]
fn who_says_nothing_or_very_slowly_is_hung_up_on() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &[]);
    let (_, network) = node.network();
    let mut honest = Peer::greet(node.port, network);
    let silent: Vec<TcpStream> = (0..100).map(|_| tcp(&node)).collect();
    let mut slow = tcp(&node);
    let mut mute = Peer::connect(node.port);
    let begun = Instant::now();
    // A byte of the request now and then.
    for byte in b"GET /api/v1/status HTTP/1.1\r\nhost: a\r\n".iter().cycle() {
        if slow.write_all(&[*byte]).is_err() || begun.elapsed() > PATIENCE {
            break;
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(begun.elapsed() < PATIENCE, "a slow request is not waited for");
    silent.into_iter().for_each(|stream| assert!(!rest(stream).contains("200 OK")));
    assert_eq!(mute.goodbye(), Goodbye::HandshakeTimeout);
    assert!(honest.is_alive());
}

#[test]
fn floods_end_the_connection_that_they_come_on() {
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
fn a_storm_of_connections_does_not_disturb_those_who_are_here() {
    let dir = tempfile::tempdir().unwrap();
    let node = regtest(dir.path(), &["--max-per-address", "20"]);
    let (_, network) = node.network();
    let mut honest = Peer::greet(node.port, network);
    for _ in 0..3 {
        // All at once: many more than one address may hold, however long it takes to open them.
        let storm: Vec<TcpStream> = (0..200).map(|_| tcp(&node)).collect();
        assert!(honest.is_alive());
        let refused = storm.into_iter().map(rest).filter(|answer| answer.contains("429")).count();
        assert!(refused > 0, "a storm is turned away");
        assert!(honest.is_alive());
    }
    until("the storm is over", || node.request("GET", "/healthz", "").0 == 200);
    assert!(honest.is_alive());
}
