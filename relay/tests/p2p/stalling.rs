//! Bodies are fetched from several peers at once, and nobody holds the others up.

use super::fixture::Fixture;
use crate::common::blocks::chain_on;
use crate::common::chain_peer::{ChainPeer, TestChain};
use crate::common::until;
use fedcoin_node::wire::{Goodbye, Message};

/// More than the window of blocks fetched ahead.
const LONG: usize = 600;

fn withholds(message: &Message) -> bool {
    matches!(message, Message::GetBlocks(_) | Message::GetCompactBlock(_))
}

#[test]
fn who_delivers_nothing_is_left_and_its_blocks_are_asked_of_others() {
    let fixture = Fixture::new();
    let held = TestChain::new(&fixture.params, &chain_on(&fixture.params, &fixture.genesis(), LONG));
    let port = fixture.node.port;
    // It is asked for the lowest blocks, which all others wait for.
    let staller = ChainPeer::start(port, &held, |held, m| if withholds(m) { vec![] } else { held.answer(m) });
    until("the staller is asked", || !staller.requests().blocks.is_empty());
    let honest = [ChainPeer::honest(port, &held), ChainPeer::honest(port, &held)];
    fixture.node.wait_for_height(LONG as u64);
    assert_eq!(fixture.tip(), held.tip().id().to_string());
    until("the staller is left", || staller.requests().goodbye == Some(Goodbye::Stalled));
    let lowest = held.block(1).id();
    assert!(staller.requests().blocks.contains(&lowest));
    assert!(honest.iter().any(|peer| peer.requests().blocks.contains(&lowest)));
    assert!(honest.iter().all(|peer| peer.requests().blocks.len() > LONG / 10), "work is divided");
    assert!(honest.iter().all(|peer| peer.requests().goodbye.is_none()));
}

#[test]
fn who_sends_other_blocks_than_those_it_owes_is_no_better() {
    let fixture = Fixture::new();
    let held = TestChain::new(&fixture.params, &chain_on(&fixture.params, &fixture.genesis(), LONG));
    let port = fixture.node.port;
    let staller = ChainPeer::start(port, &held, |held, message| match message {
        Message::GetHeaders { .. } => held.answer(message),
        // One of those it owes a hundred times, of the others none.
        Message::GetBlocks(ids) => held.answer(&Message::GetBlocks(vec![ids[1]; 100])),
        _ => vec![],
    });
    until("the staller is asked", || !staller.requests().blocks.is_empty());
    let _honest = ChainPeer::honest(port, &held);
    fixture.node.wait_for_height(LONG as u64);
}

#[test]
fn who_leaves_or_has_nothing_leaves_its_blocks_to_others() {
    let fixture = Fixture::new();
    let held = TestChain::new(&fixture.params, &chain_on(&fixture.params, &fixture.genesis(), LONG));
    let port = fixture.node.port;
    let lacking = ChainPeer::start(port, &held, |held, message| match message {
        Message::GetBlocks(ids) => vec![Message::NotFound { blocks: ids.clone(), payments: vec![] }],
        _ => held.answer(message),
    });
    until("it is asked", || !lacking.requests().blocks.is_empty());
    let leaving = ChainPeer::start(port, &held, |held, message| match message {
        Message::GetBlocks(_) => vec![Message::Goodbye(Goodbye::ShuttingDown)],
        _ => held.answer(message),
    });
    until("the other is asked", || !leaving.requests().blocks.is_empty());
    // Backwards, which is no fault.
    let _honest = ChainPeer::start(port, &held, |held, message| {
        let mut answer = held.answer(message);
        answer.reverse();
        answer
    });
    fixture.node.wait_for_height(LONG as u64);
    assert_eq!(lacking.requests().goodbye, None, "to lack a block is no fault");
}
