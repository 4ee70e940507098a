//! A node that mines alone stops only for better chains, not for claims about them; and it reports why it is alone.

use crate::common::keys;
use crate::common::node::{Node, free_port};
use crate::common::peer::{Peer, hello};
use crate::common::until;
use fedcoin_node::wire::{Hello, Message};
use serde_json::{Value, json};
use std::net::TcpListener;

/// Blocks that a miner finds within a moment.
const SOME: u64 = 20;
/// Offset of `work` in the frame of a `Hello`.
const WORK_AT: usize = 1 + 2 + 32 + 8 + 32 + 4;

/// A node that mines slowly, with these further arguments.
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

/// The neighbours that are not connected.
fn absent(node: &Node) -> Vec<Value> {
    node.get("/peers")["absent"].as_array().unwrap().clone()
}

#[test]
fn unproven_claims_of_work_do_not_stop_mining() {
    let (_dir, node) = miner(free_port(), &[]);
    mines_on(&node);
    let mut liars: Vec<Peer> = (0..4).map(|_| boast(&node)).collect();
    for liar in &mut liars {
        liar.wait_for("a question", |m| matches!(m, Message::GetHeaders { .. }).then_some(()));
    }
    mines_on(&node);
    assert!(liars.iter_mut().all(Peer::is_alive), "the node still waits for them");
}

/// A peer that claims the maximum work and sends no header.
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
fn an_unreachable_neighbour_added_later_does_not_stop_mining() {
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
    until("the neighbour is removed", || absent(&node).is_empty());
    assert_eq!(node.request("DELETE", &path, "").0, 404);
    assert_eq!(node.request("DELETE", "/api/v1/peers?address=nowhere", "").0, 400);
}

#[test]
fn a_node_waits_for_its_configured_neighbour_until_it_is_removed() {
    let nobody = format!("127.0.0.1:{}", free_port());
    let (_dir, node) = miner(free_port(), &["-n", &nobody]);
    until("the dial fails", || absent(&node).iter().any(|peer| peer["problem"].is_string()));
    assert_eq!(node.get("/status")["sync"]["state"], "waiting_for_peers");
    assert_eq!(node.height(), 0);
    assert_eq!(node.request("DELETE", &format!("/api/v1/peers?address={nobody}"), "").0, 202);
    mines_on(&node);
}

#[test]
fn a_node_whose_only_neighbour_is_itself_reports_it() {
    let port = free_port();
    let own = format!("127.0.0.1:{port}");
    let (_dir, node) = miner(port, &["-n", &own]);
    node.wait_for_log("is this node's own address");
    let told = absent(&node);
    assert_eq!(
        (&told[0]["address"], &told[0]["problem"]),
        (&json!(format!("ws://{own}/ws")), &json!("this is the node's own address"))
    );
    mines_on(&node);
}

#[test]
fn a_silent_neighbour_is_disconnected_and_dialled_again() {
    // The system accepts the connections, but nobody greets.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let (_dir, node) = miner(free_port(), &["-n", &address]);
    until("the dial fails", || absent(&node).iter().any(|peer| peer["problem"] == "no answer within 10 seconds"));
    let _dials = [silent.accept().unwrap(), silent.accept().unwrap()];
}
