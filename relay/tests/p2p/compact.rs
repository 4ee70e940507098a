//! Compact blocks (rule W10) from peers that make mistakes.

use super::fixture::{Fixture, announce, give, request_for};
use crate::common::blocks::{block, chain_on, mined, with_payments};
use crate::common::peer::Peer;
use fedcoin_node::primitives::Block;
use fedcoin_node::wire::{CompactBlock, Goodbye, Message};

/// A node that knows the first two of a block's four payments.
fn fixture() -> (Fixture, Block) {
    let fixture = Fixture::new();
    let first = chain_on(&fixture.params, &fixture.genesis(), 1);
    fixture.submit(&first);
    let payments = fixture.payments(4);
    for payment in &payments[..2] {
        assert_eq!(fixture.node.submit(payment).0, 201);
    }
    let block = mined(with_payments(block(&fixture.params, 2, first[0].id(), 5_000), payments));
    (fixture, block)
}

/// A peer that has announced the block and received the request for its compact form.
fn requesting_peer(fixture: &Fixture, block: &Block) -> Peer {
    let mut peer = fixture.peer();
    announce(&mut peer, block);
    assert_eq!(request_for(&mut peer, block.id()), Message::GetCompactBlock(block.id()));
    peer
}

fn send(peer: &mut Peer, compact: CompactBlock) {
    peer.send(&Message::CompactBlock(Box::new(compact)));
}

/// The positions of the payments that the node requests next.
fn places(peer: &mut Peer) -> Vec<u16> {
    peer.wait_for("a request for payments", |message| match message {
        Message::GetBlockPayments { places, .. } => Some(places),
        _ => None,
    })
}

fn requested_whole(peer: &mut Peer, block: &Block) {
    peer.wait_for("a request for the whole block", |message| {
        (message == Message::GetBlocks(vec![block.id()])).then_some(())
    });
}

#[test]
fn missing_payments_are_requested_by_position() {
    let (fixture, block) = fixture();
    let mut peer = requesting_peer(&fixture, &block);
    send(&mut peer, CompactBlock::of(&block, 7));
    assert_eq!(places(&mut peer), [2, 3]);
    peer.send(&Message::BlockPayments { block: block.id(), payments: block.payments[2..].to_vec() });
    fixture.node.wait_for_height(2);
    assert_eq!(fixture.node.mempool(), 0);
}

#[test]
fn a_wrong_number_of_payments_ends_the_connection() {
    let (fixture, block) = fixture();
    for payments in [vec![], block.payments[2..3].to_vec(), block.payments[1..].to_vec()] {
        let mut peer = requesting_peer(&fixture, &block);
        send(&mut peer, CompactBlock::of(&block, 7));
        places(&mut peer);
        peer.send(&Message::BlockPayments { block: block.id(), payments });
        assert_eq!(peer.goodbye(), Goodbye::UnexpectedMessage);
        assert_eq!(fixture.node.height(), 1);
    }
}

#[test]
fn wrong_parts_lead_to_a_request_for_the_whole_block() {
    let (fixture, block) = fixture();
    let (a, b) = (block.payments[2].clone(), block.payments[3].clone());
    let good = CompactBlock::of(&block, 7);
    let mut collision = good.clone();
    // Two positions, one payment: as if its short id matched both.
    collision.short_ids[1] = collision.short_ids[0];
    let mut coinbase = good.clone();
    coinbase.coinbase.output.recipient.0[0] ^= 1;
    let mut short = good.clone();
    short.short_ids.truncate(3);
    let mut none = good.clone();
    none.short_ids.clear();
    let answers = [
        (good, vec![b.clone(), a.clone()]),
        (collision, vec![block.payments[0].clone(), a.clone(), b.clone()]),
        (coinbase, vec![a.clone(), b]),
        (short, vec![a]),
        (none, vec![]),
    ];
    for (compact, payments) in answers {
        let mut liar = requesting_peer(&fixture, &block);
        send(&mut liar, compact);
        if !payments.is_empty() {
            assert_eq!(places(&mut liar).len(), payments.len());
            liar.send(&Message::BlockPayments { block: block.id(), payments });
        }
        requested_whole(&mut liar, &block);
        let mut mutated = block.clone();
        mutated.payments.swap(0, 1);
        give(&mut liar, &mutated);
        assert_eq!(liar.goodbye(), Goodbye::InvalidBlock);
        assert_eq!(fixture.node.height(), 1);
    }
    let mut honest = requesting_peer(&fixture, &block);
    let mut collision = CompactBlock::of(&block, 7);
    collision.short_ids.swap(0, 1);
    send(&mut honest, collision);
    assert_eq!(places(&mut honest), [2, 3]);
    honest.send(&Message::BlockPayments { block: block.id(), payments: block.payments[2..].to_vec() });
    requested_whole(&mut honest, &block);
    give(&mut honest, &block);
    fixture.node.wait_for_height(2);
    assert!(honest.is_alive(), "a collision is not a violation");
}

#[test]
fn an_invalid_block_is_rejected_in_every_form() {
    let (fixture, block) = fixture();
    let mut greedy = block;
    greedy.coinbase.output.amount = fedcoin_node::units::Amount::from_fed(51);
    let greedy = mined(crate::common::blocks::sealed(greedy));
    let mut culprit = requesting_peer(&fixture, &greedy);
    send(&mut culprit, CompactBlock::of(&greedy, 7));
    assert_eq!(places(&mut culprit), [2, 3]);
    culprit.send(&Message::BlockPayments { block: greedy.id(), payments: greedy.payments[2..].to_vec() });
    assert_eq!(culprit.goodbye(), Goodbye::InvalidBlock);
    fixture.node.wait_for_log("is invalid (rule B6)");
    let mut next = fixture.peer();
    announce(&mut next, &greedy);
    assert_eq!(next.goodbye(), Goodbye::InvalidHeader);
}

#[test]
fn a_silent_peer_is_passed_over() {
    let (fixture, block) = fixture();
    let mut silent = requesting_peer(&fixture, &block);
    let mut half = fixture.peer();
    announce(&mut half, &block);
    requested_whole(&mut half, &block);
    let mut honest = fixture.peer();
    announce(&mut honest, &block);
    requested_whole(&mut honest, &block);
    give(&mut honest, &block);
    fixture.node.wait_for_height(2);
    // A late answer is not a violation.
    send(&mut silent, CompactBlock::of(&block, 7));
    silent.send(&Message::BlockPayments { block: block.id(), payments: vec![] });
    assert!(silent.is_alive() && half.is_alive());
}

#[test]
fn unrequested_parts_are_ignored() {
    let (fixture, block) = fixture();
    let chain = chain_on(&fixture.params, &fixture.genesis(), 1);
    let mut due = requesting_peer(&fixture, &block);
    let mut peer = fixture.peer();
    // Of a known block, of one requested from another peer, and of an unknown one.
    for any in [&chain[0], &block, &mined(block_on(&fixture, &block))] {
        send(&mut peer, CompactBlock::of(any, 7));
        peer.send(&Message::BlockPayments { block: any.id(), payments: vec![] });
    }
    assert!(peer.is_alive());
    assert_eq!(fixture.node.height(), 1);
    send(&mut due, CompactBlock::of(&block, 7));
    assert_eq!(places(&mut due), [2, 3], "the requested block is still due");
}

fn block_on(fixture: &Fixture, parent: &Block) -> Block {
    block(&fixture.params, parent.coinbase.height.0 + 1, parent.id(), 90_000)
}

#[test]
fn valid_requests_for_parts_are_answered() {
    let (fixture, block) = fixture();
    fixture.submit(std::slice::from_ref(&block));
    let mut peer = fixture.peer();
    peer.send(&Message::GetCompactBlock(block.id()));
    let compact = peer.wait_for("the compact form", |message| match message {
        Message::CompactBlock(compact) => Some(*compact),
        _ => None,
    });
    assert_eq!(compact, CompactBlock::of(&block, compact.salt));
    peer.send(&Message::GetCompactBlock(block.header.previous));
    peer.wait_for("the whole block, because it has no payments", |m| matches!(m, Message::Block(_)).then_some(()));
    peer.send(&Message::GetCompactBlock(fedcoin_node::primitives::BlockId([1; 32])));
    peer.wait_for("not found", |message| matches!(message, Message::NotFound { .. }).then_some(()));
    peer.send(&Message::GetBlockPayments { block: fedcoin_node::primitives::BlockId([1; 32]), places: vec![0] });
    peer.wait_for("not found", |message| matches!(message, Message::NotFound { .. }).then_some(()));
    for places in [vec![4], vec![1, 1], vec![2, 1], vec![u16::MAX]] {
        let mut peer = fixture.peer();
        peer.send(&Message::GetBlockPayments { block: block.id(), places });
        assert_eq!(peer.goodbye(), Goodbye::UnexpectedMessage);
    }
}
