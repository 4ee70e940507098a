//! Connections: handshakes, limits, addresses, pings (rules W1 to W9).
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use super::{driver, headers, regtest};
use crate::harness::*;
use fedcoin_node::primitives::{NetworkId, TxId};
use fedcoin_node::units::Timestamp;
use fedcoin_node::wire::{Goodbye, Hello, Message};
use fedcoin_node::{Command, ConnectionError, Direction, Event, Input, PeerAddress, PeerId};

#[test]
fn each_bad_hello_gets_its_goodbye() {
    let other_network: fn(&mut Hello) = |h| h.network = NetworkId([9; 32]);
    let other_version: fn(&mut Hello) = |h| h.version += 1;
    let cases = [(other_network, Goodbye::WrongNetwork), (other_version, Goodbye::WrongVersion)];
    for (change, reason) in cases {
        let (mut d, ..) = driver();
        let peer = d.connect(1, Direction::Inbound);
        let mut hello = d.hello();
        change(&mut hello);
        d.receive(peer, &Message::Hello(hello));
        assert_eq!(d.disconnects, [(peer, reason)]);
        assert_eq!(d.sent.last(), Some(&(peer, Message::Goodbye(reason))));
        assert!(d.node.status().peers.is_empty());
    }
}

#[test]
fn a_wrong_clock_is_detected_by_comparison_with_peers() {
    let (mut d, ..) = driver();
    let ahead = |d: &Driver| d.node.clock().map(|clock| clock.ahead_ms);
    assert_eq!(ahead(&d), None);
    // The clock of one of the three peers is wrong by itself.
    for (peer, ahead) in [(1, 300_000), (2, 300_000), (3, 9_000_000)] {
        let id = d.connect(peer, Direction::Inbound);
        let time = Timestamp(d.now.wall.0 + ahead);
        d.receive(id, &Message::Hello(Hello { nonce: 1000 + peer, time, ..d.hello() }));
    }
    d.pass(5_000);
    assert_eq!(ahead(&d), Some(-300_000));
    d.pass(60_000);
    assert_eq!(ahead(&d), Some(-300_000), "both clocks advance equally");
    // The user sets the clock.
    d.now.wall.0 += 300_000;
    d.pass(1);
    assert_eq!(ahead(&d), Some(0));
}

#[test]
fn a_node_detects_that_it_dialled_itself() {
    let params = regtest();
    let mut d = Driver::start(config(params, vec![peer_address(2)]), Disk::default());
    assert_eq!(d.dials, [peer_address(2)]);
    let peer = d.connect(1, Direction::Outbound);
    let Message::Hello(own) = d.sent_to(peer)[0].clone() else { panic!("no hello") };
    d.receive(peer, &Message::Hello(own));
    assert_eq!(d.disconnects, [(peer, Goodbye::SelfConnection)]);
    d.pass(3_600_000);
    assert_eq!(d.dials.len(), 1);
}

#[test]
fn two_nodes_keep_the_same_one_of_two_connections() {
    for lower in [true, false] {
        let (mut d, ..) = driver();
        let inbound = d.connect(1, Direction::Inbound);
        let outbound = d.connect(2, Direction::Outbound);
        // The node's own number is large; 0 and MAX are on either side of it.
        let nonce = if lower { 0 } else { u64::MAX };
        let hello = Hello { nonce, listen: Some(peer_address(3)), ..d.hello() };
        d.receive(inbound, &Message::Hello(hello.clone()));
        d.receive(outbound, &Message::Hello(hello));
        let kept = if lower { inbound } else { outbound };
        if lower {
            assert_eq!(d.disconnects, [], "the other side closes what this one opened");
            d.receive(outbound, &Message::Goodbye(Goodbye::Duplicate));
            assert!(d.sent_to(inbound).contains(&&Message::GetAddresses), "a dial has reached it");
        }
        assert_eq!(d.node.status().peers.iter().map(|p| p.peer).collect::<Vec<_>>(), [kept]);
        assert!(d.disconnects.iter().all(|(p, r)| *p != kept && *r == Goodbye::Duplicate));
    }
}

#[test]
fn each_bad_frame_ends_the_connection() {
    let (d, ..) = driver();
    let hello = Message::Hello(d.hello()).encode();
    let mut long = hello.clone();
    long.push(0);
    for frame in [vec![], vec![99], hello[..40].to_vec(), long, vec![7; 1_200_000]] {
        let (mut d, ..) = driver();
        let peer = d.ready_peer(1);
        d.give(Input::Received { peer, bytes: frame.into() });
        assert_eq!(d.disconnects, [(peer, Goodbye::BadMessage)]);
    }
}

#[test]
fn messages_out_of_place_end_the_connection() {
    let (mut d, ..) = driver();
    let early = d.connect(1, Direction::Inbound);
    d.receive(early, &Message::Ping(1));
    let twice = d.ready_peer(2);
    d.receive(twice, &Message::Hello(d.hello()));
    assert_eq!(d.disconnects, [(early, Goodbye::UnexpectedMessage), (twice, Goodbye::UnexpectedMessage)]);
}

#[test]
fn floods_silence_and_slow_handshakes_end_the_connection() {
    let (mut d, ..) = driver();
    let flood = d.ready_peer(1);
    for n in 0..30 {
        d.receive(flood, &Message::Ping(n));
    }
    assert_eq!(d.disconnects, [(flood, Goodbye::TooManyMessages)]);
    let mute = d.connect(2, Direction::Inbound);
    let silent = d.ready_peer(3);
    d.pass(16_000);
    assert_eq!(d.disconnects[1], (mute, Goodbye::HandshakeTimeout));
    d.pass(100_000);
    assert!(d.sent_to(silent).iter().any(|m| matches!(m, Message::Ping(_))));
    assert_eq!(d.disconnects[2], (silent, Goodbye::Unresponsive));
}

#[test]
fn peers_that_have_said_goodbye_get_no_messages() {
    let (mut d, params, genesis) = driver();
    d.slow_to_close = true;
    let payments: Vec<_> = (1..=2).map(|n| pay(&params, genesis_outpoint(&params), &[(address(n), 50)])).collect();
    let announcement = Message::Inv(payments.iter().map(|p| p.txid()).collect());
    let block = block_on(&params, &genesis, 0, vec![]);
    let [first, leaving, removed] = [1, 2, 3].map(|n| d.ready_peer(n));
    for peer in [first, leaving, removed] {
        d.receive(peer, &announcement);
        d.receive(peer, &headers(std::slice::from_ref(&block)));
    }
    let before = [leaving, removed].map(|peer| d.sent_to(peer).len());
    d.receive(leaving, &Message::Goodbye(Goodbye::ShuttingDown));
    d.receive(removed, &Message::Hello(d.hello()));
    // Their further messages are ignored.
    d.receive(leaving, &Message::Ping(1));
    d.receive(removed, &Message::Ping(1));
    // The peer that was asked lacks the payment, and is late with the block.
    d.receive(first, &Message::NotFound { blocks: vec![], payments: vec![payments[0].txid()] });
    d.pass(300_000);
    let after = [leaving, removed].map(|peer| d.sent_to(peer).len());
    assert_eq!([after[0] - before[0], after[1] - before[1]], [0, 1], "one goodbye");
    assert!(d.node.status().peers.iter().all(|p| p.peer != leaving && p.peer != removed));
    assert_eq!(d.node.peer_counts().in_passing, 3, "the first peer has been silent for long");
    for peer in [leaving, removed, first] {
        d.give(Input::Disconnected { peer });
    }
    let gone = |e: &Event| if let Event::PeerGone { peer, reason } = e { Some((*peer, *reason)) } else { None };
    let gone: Vec<_> = d.events.iter().filter_map(gone).collect();
    let stalled = (first, Some(Goodbye::Stalled));
    assert_eq!(gone, [(leaving, Some(Goodbye::ShuttingDown)), (removed, Some(Goodbye::UnexpectedMessage)), stalled]);
    assert_eq!(d.node.peer_counts().in_passing, 0);
}

#[test]
fn slots_are_limited() {
    let (mut d, ..) = driver();
    for peer in 0..11 {
        d.ready_peer(peer);
    }
    assert_eq!(d.disconnects.iter().map(|(_, r)| *r).collect::<Vec<_>>(), [Goodbye::TooManyPeers]);
    assert_eq!(d.node.status().peers.len(), 10);
}

#[test]
fn addresses_from_peers_are_dialled() {
    let (mut d, ..) = driver();
    let peer = d.ready_outbound(1);
    assert!(d.sent_to(peer).contains(&&Message::GetAddresses));
    d.receive(peer, &Message::Addresses(vec![peer_address(4000), peer_address(4001)]));
    d.dials.sort();
    assert_eq!(d.dials, [peer_address(4000), peer_address(4001)]);
    d.give(Input::ConnectFailed { address: peer_address(4000), error: ConnectionError::System("refused".into()) });
    assert!(d.events.iter().any(|e| matches!(e, Event::DialFailed { .. })));
    d.pass(2_000);
    assert_eq!(d.dials.len(), 3);
    d.receive(peer, &Message::Addresses(vec![peer_address(4002)]));
    assert_eq!(d.disconnects, [(peer, Goodbye::UnexpectedMessage)], "unrequested addresses");
}

#[test]
fn a_page_over_https_ignores_addresses_it_cannot_dial() {
    let secure = fedcoin_node::NodeConfig { secure_only: true, ..config(regtest(), vec![]) };
    let mut d = Driver::start(secure, Disk::default());
    let peer = d.ready_outbound(1);
    let relay: fedcoin_node::PeerAddress = "wss://relay.example/ws".parse().unwrap();
    d.receive(peer, &Message::Addresses(vec![peer_address(4000), relay.clone(), peer_address(4001)]));
    assert_eq!(d.dials, [relay]);
}

#[test]
fn an_inbound_node_is_not_dialled_as_well() {
    let mut d = Driver::start(config(regtest(), vec![peer_address(3)]), Disk::default());
    assert_eq!(d.dials, [peer_address(3)]);
    let inbound = d.ready_peer(1);
    // The same node answers at the dialled address.
    let outbound = d.connect(2, Direction::Outbound);
    d.receive(outbound, &Message::Hello(Hello { nonce: 1001, ..d.hello() }));
    // It has the lower number, so it decides which connection stays.
    d.receive(outbound, &Message::Goodbye(Goodbye::Duplicate));
    let kept = inbound;
    assert_eq!(d.node.status().peers.iter().map(|p| p.peer).collect::<Vec<_>>(), [kept]);
    for n in 0..20 {
        d.pass(30_000);
        d.receive(kept, &Message::Inv(vec![TxId([n; 32])]));
    }
    assert_eq!(d.dials.len(), 1, "one connection to a node is enough");
    d.give(Input::Disconnected { peer: kept });
    d.pass(3_000);
    assert_eq!(d.dials, [peer_address(3), peer_address(3)]);
}

#[test]
fn a_peer_with_another_s_number_keeps_nobody_out() {
    for nonce in [0, u64::MAX] {
        for listen in [None, Some(peer_address(2)), Some(peer_address(3))] {
            let (mut d, ..) = driver();
            let hello = |listen| Message::Hello(Hello { nonce, listen, ..d.hello() });
            let (liars, honest) = (hello(listen), hello(Some(peer_address(5))));
            // They connect and are dialled, before and after the honest peer.
            let peers = [
                (1, Direction::Inbound, &liars),
                (2, Direction::Outbound, &liars),
                (3, Direction::Inbound, &honest),
                (4, Direction::Outbound, &honest),
                (6, Direction::Inbound, &liars),
                (7, Direction::Outbound, &liars),
            ];
            for (id, direction, hello) in peers {
                let peer = d.connect(id, direction);
                d.receive(peer, hello);
            }
            let here = |id| d.node.status().peers.iter().any(|p| p.peer == PeerId(id));
            assert!(here(4), "reached at the address where it listens");
            // The node with the lower number may close one of its two connections.
            assert_eq!(here(3), nonce == 0);
            d.give(Input::Disconnected { peer: PeerId(4) });
            let again = d.connect(8, Direction::Inbound);
            d.receive(again, &honest);
            assert!(d.node.status().peers.iter().any(|p| p.peer == again), "it may connect itself");
        }
    }
}

#[test]
fn of_two_addresses_of_one_node_its_own_is_kept() {
    let (mut d, ..) = driver();
    let hello = |d: &Driver| Message::Hello(Hello { listen: Some(peer_address(8)), ..d.hello() });
    let alias = d.connect(1, Direction::Outbound);
    d.receive(alias, &hello(&d));
    let second_alias = d.connect(2, Direction::Outbound);
    d.receive(second_alias, &hello(&d));
    assert_eq!(d.disconnects, [], "one of the two may be using the other's number");
    let itself = d.connect(7, Direction::Outbound);
    d.receive(itself, &hello(&d));
    assert_eq!(d.disconnects, [(alias, Goodbye::Duplicate), (second_alias, Goodbye::Duplicate)]);
    let third_alias = d.connect(3, Direction::Outbound);
    d.receive(third_alias, &hello(&d));
    assert_eq!(d.disconnects[2..], [(third_alias, Goodbye::Duplicate)]);
    // When announced again, none of them is dialled while that connection is open.
    let dialled = d.dials.len();
    d.pass(20_000);
    assert_eq!(d.dials.len(), dialled);
    // A configured address stays.
    let mut d = Driver::start(config(regtest(), vec![peer_address(2)]), Disk::default());
    for id in [7, 1] {
        let peer = d.connect(id, Direction::Outbound);
        d.receive(peer, &hello(&d));
    }
    assert_eq!(d.disconnects, []);
}

/// A peer that connects from one address and says that it listens at another.
fn listens(d: &mut Driver, id: u64, from: &str, listen: &str) -> PeerId {
    let (peer, address) = (PeerId(id), from.parse().unwrap());
    d.give(Input::Connected { peer, direction: Direction::Inbound, address });
    let hello = Hello { nonce: 1000 + id, listen: Some(listen.parse().unwrap()), ..d.hello() };
    d.receive(peer, &Message::Hello(hello));
    peer
}

/// Connects to an address that the node has dialled, and completes the handshake.
fn answer_dial(d: &mut Driver, id: u64, address: &str) -> PeerId {
    let (peer, address) = (PeerId(id), address.parse().unwrap());
    d.give(Input::Connected { peer, direction: Direction::Outbound, address });
    let hello = Hello { nonce: 1000 + id, ..d.hello() };
    d.receive(peer, &Message::Hello(hello));
    peer
}

fn urls(addresses: &[PeerAddress]) -> Vec<&str> {
    addresses.iter().map(PeerAddress::as_str).collect()
}

#[test]
fn addresses_claimed_from_elsewhere_are_not_dialled() {
    let (mut d, ..) = driver();
    for (id, from, listen) in [
        (1, "8.8.8.8:1234", "9.9.9.9:80"),
        (2, "8.8.8.8:1234", "127.0.0.1:80"),
        (3, "8.8.8.8:1234", "victim.example:80"),
        (4, "10.0.0.7:1234", "10.0.0.8:80"),
        (5, "127.0.0.1:1234", "localhost:80"),
    ] {
        listens(&mut d, id, from, listen);
    }
    assert_eq!(d.dials, []);
    listens(&mut d, 6, "8.8.8.8:1234", "8.8.8.8:5000");
    listens(&mut d, 7, "[::ffff:10.0.0.7]:1234", "10.0.0.7:5000");
    d.dials.sort();
    assert_eq!(urls(&d.dials), ["ws://10.0.0.7:5000/ws", "ws://8.8.8.8:5000/ws"]);
}

#[test]
fn only_reached_addresses_are_passed_on_to_peers_that_can_reach_them() {
    let (mut d, ..) = driver();
    // None of these can be reached at the address that it announces.
    listens(&mut d, 1, "8.8.8.8:1234", "8.8.8.8:5000");
    listens(&mut d, 2, "8.8.4.4:1234", "9.9.9.9:5000");
    for (id, found) in [(3, "127.0.0.1:5000"), (4, "10.0.0.7:5000"), (5, "8.8.0.1:5000"), (6, "relay.example:80")] {
        d.give(Input::Command(Command::AddPeer { address: found.parse().unwrap() }));
        answer_dial(&mut d, id, found);
    }
    let addresses = |d: &mut Driver, id: u64, from: &str| {
        let peer = listens(d, id, from, from);
        d.receive(peer, &Message::GetAddresses);
        let sent = d.sent_to(peer).into_iter().find_map(|m| match m {
            Message::Addresses(addresses) => Some(addresses.clone()),
            _ => None,
        });
        let mut sent = sent.unwrap();
        sent.sort();
        sent.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let (world, lan, machine) =
        (["ws://8.8.0.1:5000/ws", "ws://relay.example:80/ws"], "ws://10.0.0.7:5000/ws", "ws://127.0.0.1:5000/ws");
    assert_eq!(addresses(&mut d, 10, "1.1.1.1:999"), world);
    assert_eq!(addresses(&mut d, 11, "192.168.3.4:999"), [lan, world[0], world[1]]);
    assert_eq!(addresses(&mut d, 12, "127.0.0.1:999"), [lan, machine, world[0], world[1]]);
}

#[test]
fn distant_peers_cannot_introduce_local_addresses() {
    for (sender, dialled) in [
        ("8.8.0.1:5000", &["ws://8.8.8.8:80/ws", "wss://relay.example/ws"][..]),
        ("relay.example:5000", &["ws://8.8.8.8:80/ws", "wss://relay.example/ws"]),
        ("10.0.0.7:5000", &["ws://10.0.0.8:80/ws", "ws://8.8.8.8:80/ws", "wss://relay.example/ws"]),
    ] {
        let mut d = Driver::start(config(regtest(), vec![sender.parse().unwrap()]), Disk::default());
        d.dials.clear();
        let peer = answer_dial(&mut d, 1, sender);
        let addresses = ["8.8.8.8:80", "10.0.0.8:80", "127.0.0.1:80", "localhost:80", "224.0.0.1:80", "0.0.0.0:80"];
        let addresses =
            addresses.into_iter().chain(["wss://relay.example/ws", "[::1]:80", "[fe80::1]:80", "[ff02::1]:80"]);
        d.receive(peer, &Message::Addresses(addresses.map(|text| text.parse().unwrap()).collect()));
        d.dials.sort();
        assert_eq!(urls(&d.dials), dialled, "{sender}");
    }
    // An address in a non-canonical form is not accepted.
    for url in ["ws://127.1:80/ws", "ws://2130706433:80/ws", "ws://[::ffff:127.0.0.1]:80/ws", "ws://8.8.8.8:80/admin"] {
        let (mut d, ..) = driver();
        let peer = d.ready_outbound(1);
        let length = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
        let frame = [&[10][..], &length(1), &length(url.len()), url.as_bytes()].concat();
        d.give(Input::Received { peer, bytes: frame.into() });
        assert_eq!((&d.dials[..], &d.disconnects[..]), (&[][..], &[(peer, Goodbye::BadMessage)][..]), "{url}");
    }
}

#[test]
fn only_silent_peers_are_pinged_often() {
    let (mut d, ..) = driver();
    let (busy, quiet) = (d.ready_peer(1), d.ready_peer(2));
    let pings = |d: &Driver, peer| {
        let nonce = |m: &&Message| if let Message::Ping(nonce) = m { Some(*nonce) } else { None };
        d.sent_to(peer).iter().filter_map(nonce).collect::<Vec<u64>>()
    };
    let mut answered = 0;
    for n in 0..10 {
        d.pass(20_000);
        d.receive(busy, &Message::Inv(vec![TxId([n; 32])]));
        for nonce in pings(&d, quiet).split_off(answered) {
            answered += 1;
            d.receive(quiet, &Message::Pong(nonce));
        }
    }
    assert_eq!(pings(&d, busy), []);
    assert!(answered >= 4, "{answered}");
    // A pong with a wrong number, or without a ping, does not count.
    let ping_ms = |d: &Driver, peer| d.node.status().peers.iter().find(|p| p.peer == peer).unwrap().ping_ms;
    let before = ping_ms(&d, quiet);
    assert!(before.is_some());
    d.pass(31_000);
    let ping = *pings(&d, quiet).last().unwrap();
    d.receive(busy, &Message::Pong(0));
    d.receive(quiet, &Message::Pong(ping ^ 1));
    assert_eq!((ping_ms(&d, busy), ping_ms(&d, quiet)), (None, before));
    d.receive(quiet, &Message::Pong(ping));
    assert_ne!(ping_ms(&d, quiet), before);
}

#[test]
fn a_peer_that_refuses_the_node_is_not_dialled_for_a_while() {
    let mut d = Driver::start(config(regtest(), vec![peer_address(2)]), Disk::default());
    let peer = d.connect(1, Direction::Outbound);
    d.receive(peer, &Message::Goodbye(Goodbye::WrongNetwork));
    d.pass(500_000);
    assert_eq!(d.dials.len(), 1);
    d.pass(200_000);
    assert_eq!(d.dials.len(), 2);
}
