//! Nodes learn each other's addresses, keep them, and reconnect.

use crate::common::blocks::{genesis_coin, payment};
use crate::common::keys;
use crate::common::node::{Node, free_port};
use crate::common::peer::{Peer, hello};
use crate::common::until;
use fedcoin_node::units::Amount;
use fedcoin_node::wire::{Goodbye, Hello, MAX_ADDRESSES, Message};
use serde_json::json;

struct Relay {
    dir: tempfile::TempDir,
    port: u16,
    node: Node,
}

impl Relay {
    fn start(neighbour: Option<&Self>) -> Self {
        let (dir, port) = (tempfile::tempdir().unwrap(), free_port());
        let node = Self::node(&dir, port, neighbour);
        Self { dir, port, node }
    }

    fn node(dir: &tempfile::TempDir, port: u16, neighbour: Option<&Self>) -> Node {
        let address = neighbour.map(|relay| relay.node.address());
        let neighbours = address.iter().flat_map(|address| ["-n", address]);
        Node::start(dir.path(), port, &neighbours.collect::<Vec<_>>())
    }

    fn restart(self, neighbour: Option<&Self>) -> Self {
        let Self { dir, port, node } = self;
        node.terminate();
        let node = Self::node(&dir, port, neighbour);
        Self { dir, port, node }
    }

    fn peers(&self) -> usize {
        self.node.get("/peers")["peers"].as_array().unwrap().len()
    }
}

fn all_connected(relays: &[&Relay]) {
    until("each is connected to all others", || relays.iter().all(|relay| relay.peers() == relays.len() - 1));
}

#[test]
fn nodes_in_a_line_find_each_other_and_survive_the_loss_of_one() {
    let middle = Relay::start(None);
    let left = Relay::start(Some(&middle));
    until("two are connected", || left.peers() == 1);
    let right = Relay::start(Some(&middle));
    all_connected(&[&left, &middle, &right]);

    drop(middle);
    let (params, network) = left.node.network();
    let outputs = vec![(Amount::from_fed(50), keys::address(keys::A))];
    let payment = payment(network, vec![genesis_coin(&params)], outputs);
    assert_eq!(left.node.submit(&payment).0, 201);
    until("the payment still arrives", || right.node.mempool() == 1);

    // Addresses survive a restart: started alone, the node finds the other one. Only one of the two has dialled, and
    // only a node that has reached an address knows that it is valid.
    let left = left.restart(None);
    let right = right.restart(None);
    all_connected(&[&left, &right]);
}

#[test]
fn the_first_node_learns_of_later_ones() {
    let first = Relay::start(None);
    let second = Relay::start(Some(&first));
    let third = Relay::start(None);
    let fourth = Relay::start(None);
    until("two are connected", || second.peers() == 1);
    // The first node learns of the others only through its neighbour, and nobody advertises it.
    let body = |relay: &Relay| json!({ "address": relay.node.address() }).to_string();
    assert!(first.node.request("POST", "/api/v1/peers", &body(&third)).0 < 300);
    until("three are connected", || first.peers() == 2);
    assert!(third.node.request("POST", "/api/v1/peers", &body(&fourth)).0 < 300);
    all_connected(&[&first, &second, &third, &fourth]);
}

#[test]
fn a_peer_with_a_relay_s_number_does_not_isolate_that_relay() {
    let (left, right) = (Relay::start(None), Relay::start(None));
    let (params, network) = left.node.network();
    for (at, of) in [(&left, &right), (&right, &left)] {
        let nonce = Peer::connect(of.port).hello().nonce;
        let own_address = format!("ws://127.0.0.1:{}/ws", free_port()).parse().ok();
        let mut liar = Peer::greet_as(at.port, Hello { nonce, listen: own_address, ..hello(network) });
        assert!(liar.is_alive());
        // The peer stays connected and answers.
        std::thread::spawn(move || {
            while let Some(message) = liar.receive() {
                if let Message::Ping(nonce) = message {
                    liar.try_send(&Message::Pong(nonce));
                }
            }
        });
    }
    let body = json!({ "address": right.node.address() }).to_string();
    assert!(left.node.request("POST", "/api/v1/peers", &body).0 < 300);
    let outputs = vec![(Amount::from_fed(50), keys::address(keys::A))];
    let payment = payment(network, vec![genesis_coin(&params)], outputs);
    assert_eq!(left.node.submit(&payment).0, 201);
    until("the payment arrives", || right.node.mempool() == 1);
}

#[test]
fn only_addresses_of_reached_nodes_are_passed_on() {
    let relay = Relay::start(None);
    let network = relay.node.network().1;
    let other = Relay::start(Some(&relay));
    let found = format!("ws://{}/ws", other.node.address());
    let nobody = format!("ws://127.0.0.1:{}/ws", free_port());
    let liars = [nobody.as_str(), "ws://9.9.9.9:80/ws", "ws://10.0.0.1:80/ws"].map(|listen| {
        let listen = Some(listen.parse().unwrap());
        Peer::greet_as(relay.port, Hello { listen, ..hello(network) })
    });
    until("only the reached address is sent", || {
        let mut asker = Peer::greet(relay.port, network);
        asker.send(&Message::GetAddresses);
        let told = asker.wait_for("addresses", |message| match message {
            Message::Addresses(addresses) => Some(addresses),
            _ => None,
        });
        assert!(told.iter().all(|address| address.as_str() == found), "{told:?}");
        !told.is_empty()
    });
    drop(liars);
}

#[test]
fn too_many_or_unrequested_addresses_end_the_connection() {
    let relay = Relay::start(None);
    let network = relay.node.network().1;
    let url = |n: usize| format!("ws://192.0.2.1:{}/ws", n + 1).parse().unwrap();
    let many = Message::Addresses((0..=MAX_ADDRESSES).map(url).collect()).encode();
    let long = [&[10, 1, 0, 0, 0][..], &300_u32.to_le_bytes(), "ws://a:1/".as_bytes(), &[b'x'; 291]].concat();
    let unasked = |addresses| Message::Addresses(addresses).encode();
    for (frame, reason) in [
        (unasked(vec![]), Goodbye::UnexpectedMessage),
        (unasked(vec![url(1)]), Goodbye::UnexpectedMessage),
        (many, Goodbye::BadMessage),
        (long, Goodbye::BadMessage),
    ] {
        let mut peer = Peer::greet(relay.port, network);
        peer.send_bytes(frame);
        assert_eq!(peer.goodbye(), reason);
    }
}
