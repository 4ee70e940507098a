//! Requests for headers (rule W4).

use super::fixture::Fixture;
use crate::common::blocks::{branch_on, chain_on};
use crate::common::peer::Peer;
use fedcoin_node::primitives::{Block, BlockId};
use fedcoin_node::wire::{Goodbye, MAX_LOCATOR, Message};

/// The heights of the headers in the answer to a locator.
fn answer(peer: &mut Peer, chain: &[Block], locator: Vec<BlockId>) -> Vec<usize> {
    peer.send(&Message::GetHeaders { locator });
    let headers = peer.wait_for("headers", |message| match message {
        Message::Headers(headers) => Some(headers),
        _ => None,
    });
    headers.iter().map(|header| 1 + chain.iter().position(|block| block.header == *header).unwrap()).collect()
}

#[test]
fn each_locator_is_answered_from_its_first_known_id() {
    let fixture = Fixture::new();
    let side = branch_on(&fixture.params, &fixture.genesis(), 2, 700);
    let chain = chain_on(&fixture.params, &fixture.genesis(), 6);
    fixture.submit(&chain);
    fixture.submit(&side);
    let (genesis, id) = (fixture.genesis().id(), |height: usize| chain[height - 1].id());
    let unknown = |n: u8| BlockId([n; 32]);
    let cases = [
        (vec![id(4), id(2), genesis], vec![5, 6]),
        (vec![id(6)], vec![]),
        (vec![genesis], vec![1, 2, 3, 4, 5, 6]),
        // In the wrong order, the first known id still counts.
        (vec![id(2), id(5), genesis], vec![3, 4, 5, 6]),
        (vec![genesis, id(6)], vec![1, 2, 3, 4, 5, 6]),
        // Ids of another branch, and unknown ids, are skipped.
        (vec![side[1].id(), side[0].id(), id(5)], vec![6]),
        (vec![unknown(1), id(3), unknown(2)], vec![4, 5, 6]),
        // Without a known id, from genesis.
        (vec![], vec![1, 2, 3, 4, 5, 6]),
        (vec![side[1].id()], vec![1, 2, 3, 4, 5, 6]),
        ((0..64).map(unknown).collect(), vec![1, 2, 3, 4, 5, 6]),
        (vec![id(5); 64], vec![6]),
    ];
    let mut peer = fixture.peer();
    for (locator, heights) in cases {
        assert_eq!(answer(&mut peer, &chain, locator.clone()), heights, "{locator:?}");
    }
}

#[test]
fn a_locator_too_long_ends_the_connection() {
    let fixture = Fixture::new();
    let mut witness = fixture.peer();
    let mut peer = fixture.peer();
    peer.send(&Message::GetHeaders { locator: vec![fixture.genesis().id(); MAX_LOCATOR] });
    assert!(peer.is_alive());
    peer.send(&Message::GetHeaders { locator: vec![fixture.genesis().id(); MAX_LOCATOR + 1] });
    assert_eq!(peer.goodbye(), Goodbye::BadMessage);
    assert!(witness.is_alive());
}

#[test]
fn headers_with_a_gap_only_lead_to_a_request() {
    let fixture = Fixture::new();
    let chain = chain_on(&fixture.params, &fixture.genesis(), 5);
    let mut peer = fixture.peer();
    // As from a node at genesis, from which no answer is due.
    peer.send(&Message::Headers(vec![chain[0].header, chain[2].header, chain[3].header]));
    let locator = peer.wait_for("a request for the gap", |message| match message {
        Message::GetHeaders { locator } => Some(locator),
        _ => None,
    });
    assert_eq!(locator, [chain[0].id(), fixture.genesis().id()], "headers before the gap are kept");
    peer.send(&Message::Headers(vec![]));
    assert!(peer.is_alive());
}
