//! When all inbound slots are taken, the largest network group makes room for newcomers from elsewhere, and useful
//! peers stay.

use super::fixture::Fixture;
use crate::common::blocks::chain_on;
use crate::common::peer::Peer;
use crate::common::until;
use fedcoin_node::wire::{Goodbye, Message};
use std::net::Ipv4Addr;

/// The node's inbound slots.
const PLACES: usize = 60;

/// The `n`th host of a network group.
fn host(group: u8, n: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, group, (n / 250) as u8, (1 + n % 250) as u8)
}

#[test]
fn a_newcomer_from_elsewhere_replaces_a_peer_of_the_largest_group() {
    let fixture = Fixture::with(&["--max-peers", &PLACES.to_string()]);
    let (port, network) = (fixture.node.port, fixture.network);
    let peers = || fixture.node.get("/peers")["peers"].as_array().unwrap().len();
    let mut early = Peer::greet_from(host(1, 0), port, network);
    let crowd: Vec<Peer> = (0..PLACES - 3).map(|n| Peer::greet_from(host(2, n), port, network)).collect();
    // The last two come from elsewhere; one sends a block.
    let mut useful = Peer::greet_from(host(3, 0), port, network);
    let block = chain_on(&fixture.params, &fixture.genesis(), 1).remove(0);
    useful.send(&Message::Block(Box::new(block)));
    fixture.node.wait_for_height(1);
    let mut late = Peer::greet_from(host(4, 0), port, network);
    until("all slots are taken", || peers() == PLACES);

    // One more of the same group is refused, and evicts nobody.
    let mut neighbour = Peer::connect_from(host(2, PLACES), port);
    assert_eq!(neighbour.goodbye(), Goodbye::TooManyPeers);
    assert_eq!(peers(), PLACES);
    // Newcomers from other groups get a slot each.
    let mut strangers: Vec<Peer> = (5..15).map(|group| Peer::greet_from(host(group, 0), port, network)).collect();
    for peer in strangers.iter_mut().chain([&mut early, &mut useful, &mut late]) {
        assert!(peer.is_alive());
    }
    until("the largest group has made room", || peers() == PLACES);
    drop(crowd);
    until("slots are released", || peers() == 13);
}
