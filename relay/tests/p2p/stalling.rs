//! Blocks are downloaded from several peers at once, and no peer holds up the others.

use super::fixture::Fixture;
use crate::common::blocks::chain_on;
use crate::common::chain_peer::{ChainPeer, TestChain};
use crate::common::until;
use fedcoin_node::wire::{Goodbye, Message};

/// More blocks than the window of blocks downloaded ahead.
const LONG: usize = 600;

fn withholds(message: &Message) -> bool {
    matches!(message, Message::GetBlocks(_) | Message::GetCompactBlock(_))
}

#[test]
fn a_peer_that_delivers_nothing_is_disconnected_and_replaced() {
    let fixture = Fixture::new();
    let held = TestChain::new(&fixture.params, &chain_on(&fixture.params, &fixture.genesis(), LONG));
    let port = fixture.node.port;
    // It gets requests for the lowest blocks, for which all others wait.
    let staller = ChainPeer::start(port, &held, |held, m| if withholds(m) { vec![] } else { held.answer(m) });
    until("the staller is asked", || !staller.requests().blocks.is_empty());
    let honest = [ChainPeer::honest(port, &held), ChainPeer::honest(port, &held)];
    fixture.node.wait_for_height(LONG as u64);
    assert_eq!(fixture.tip(), held.tip().id().to_string());
    until("the staller is disconnected", || staller.requests().goodbye == Some(Goodbye::Stalled));
    let lowest = held.block(1).id();
    assert!(staller.requests().blocks.contains(&lowest));
    assert!(honest.iter().any(|peer| peer.requests().blocks.contains(&lowest)));
    assert!(honest.iter().all(|peer| peer.requests().blocks.len() > LONG / 10), "work is divided");
    assert!(honest.iter().all(|peer| peer.requests().goodbye.is_none()));
}

#[test]
fn a_peer_that_sends_other_blocks_stalls_too() {
    let fixture = Fixture::new();
    let held = TestChain::new(&fixture.params, &chain_on(&fixture.params, &fixture.genesis(), LONG));
    let port = fixture.node.port;
    let staller = ChainPeer::start(port, &held, |held, message| match message {
        Message::GetHeaders { .. } => held.answer(message),
        // Sends one of the requested blocks a hundred times, and none of the others.
        Message::GetBlocks(ids) => held.answer(&Message::GetBlocks(vec![ids[1]; 100])),
        _ => vec![],
    });
    until("the staller is asked", || !staller.requests().blocks.is_empty());
    let _honest = ChainPeer::honest(port, &held);
    fixture.node.wait_for_height(LONG as u64);
}

#[test]
fn blocks_of_peers_that_leave_or_lack_them_are_reassigned() {
    let fixture = Fixture::new();
    let held = TestChain::new(&fixture.params, &chain_on(&fixture.params, &fixture.genesis(), LONG));
    let port = fixture.node.port;
    let lacking = ChainPeer::start(port, &held, |held, message| match message {
        Message::GetBlocks(ids) => vec![Message::NotFound { blocks: ids.clone(), payments: vec![] }],
        _ => held.answer(message),
    });
    until("a request to the peer", || !lacking.requests().blocks.is_empty());
    let leaving = ChainPeer::start(port, &held, |held, message| match message {
        Message::GetBlocks(_) => vec![Message::Goodbye(Goodbye::ShuttingDown)],
        _ => held.answer(message),
    });
    until("a request to the other peer", || !leaving.requests().blocks.is_empty());
    // In reverse order, which is not a violation.
    let _honest = ChainPeer::start(port, &held, |held, message| {
        let mut answer = held.answer(message);
        answer.reverse();
        answer
    });
    fixture.node.wait_for_height(LONG as u64);
    assert_eq!(lacking.requests().goodbye, None, "lacking a block is not a violation");
}
