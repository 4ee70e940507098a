//! A node that mines alone is stopped by better chains only, not by words about them; and it says why it is alone.

use crate::common::keys;
use crate::common::node::{Node, free_port};
use crate::common::peer::{Peer, hello};
use crate::common::until;
use fedcoin_node::wire::{Hello, Message};
use serde_json::{Value, json};
use std::net::TcpListener;

/// Blocks that a miner finds within a moment.
const SOME: u64 = 20;
/// The first byte of `work` in a `Hello`'s frame.
const WORK_AT: usize = 1 + 2 + 32 + 8 + 32 + 4;

/// A node that mines, a little at a time, with these further arguments.
fn miner(port: u16, args: &[&str]) -> (tempfile::TempDir, Node) {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "public_key.txt", keys::PUBLIC_A);
    let mining = ["--network", "regtest", "--mine", "always", "--mine-share", "5"];
    let node = Node::start(dir.path(), port, &[&mining, args].concat());
    (dir, node)
}

fn mines_on(node: &Node) {
    node.wait_for_height(node.height() + SOME);
}

/// The neighbours at whose addresses nobody is connected.
fn absent(node: &Node) -> Vec<Value> {
    node.get("/peers")["absent"].as_array().unwrap().clone()
}

#[test]
fn claims_of_work_stop_no_miner() {
    let (_dir, node) = miner(free_port(), &[]);
    mines_on(&node);
    let mut liars: Vec<Peer> = (0..4).map(|_| boast(&node)).collect();
    for liar in &mut liars {
        liar.wait_for("a question", |m| matches!(m, Message::GetHeaders { .. }).then_some(()));
    }
    mines_on(&node);
    assert!(liars.iter_mut().all(Peer::is_alive), "they are still waited for");
}

/// A peer that claims all the work there can be, and tells no header.
fn boast(node: &Node) -> Peer {
    let greeting = hello(node.network().1);
    let mut tip = greeting.tip;
    tip.0[0] ^= 1;
    let mut frame = Message::Hello(Hello { tip, ..greeting }).encode();
    frame[WORK_AT..WORK_AT + 32].fill(0xff);
    let mut peer = Peer::connect(node.port);
    peer.send_bytes(frame);
    peer
}

#[test]
fn a_neighbour_that_never_answers_stops_no_miner_and_can_be_given_up() {
    let (_dir, node) = miner(free_port(), &[]);
    let nobody = format!("127.0.0.1:{}", free_port());
    let body = json!({ "address": nobody }).to_string();
    assert_eq!(node.request("POST", "/api/v1/peers", &body).0, 202);
    until("the dial fails", || absent(&node).iter().any(|peer| peer["problem"].is_string()));
    let failing = absent(&node);
    assert_eq!(failing[0]["address"], format!("ws://{nobody}/ws"));
    assert!(failing[0]["problem"].as_str().unwrap().contains("refused"), "{failing:?}");
    assert!(failing[0]["failures"].as_u64().unwrap() > 0);
    mines_on(&node);

    let path = format!("/api/v1/peers?address={nobody}");
    assert_eq!(node.request("DELETE", &path, "").0, 202);
    until("it is given up", || absent(&node).is_empty());
    assert_eq!(node.request("DELETE", &path, "").0, 404);
    assert_eq!(node.request("DELETE", "/api/v1/peers?address=nowhere", "").0, 400);
}

#[test]
fn a_neighbour_given_at_the_start_is_waited_for_until_it_is_given_up() {
    let nobody = format!("127.0.0.1:{}", free_port());
    let (_dir, node) = miner(free_port(), &["-n", &nobody]);
    until("the dial fails", || absent(&node).iter().any(|peer| peer["problem"].is_string()));
    assert_eq!(node.get("/status")["sync"]["state"], "waiting_for_peers");
    assert_eq!(node.height(), 0);
    assert_eq!(node.request("DELETE", &format!("/api/v1/peers?address={nobody}"), "").0, 202);
    mines_on(&node);
}

#[test]
fn a_node_given_itself_as_its_only_neighbour_says_so_and_has_none() {
    let port = free_port();
    let own = format!("127.0.0.1:{port}");
    let (_dir, node) = miner(port, &["-n", &own]);
    node.wait_for_log("is this node itself");
    let told = absent(&node);
    assert_eq!(
        (&told[0]["address"], &told[0]["problem"]),
        (&json!(format!("ws://{own}/ws")), &json!("it is this node itself"))
    );
    mines_on(&node);
}

#[test]
fn who_takes_connections_and_says_nothing_is_given_up_and_dialled_again() {
    // The system takes the connections; nobody greets.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let (_dir, node) = miner(free_port(), &["-n", &address]);
    until("the dial fails", || absent(&node).iter().any(|peer| peer["problem"] == "no answer within 10 seconds"));
    let _dials = [silent.accept().unwrap(), silent.accept().unwrap()];
}
