//! Blocks that were not requested, or whose bodies do not match their headers.

use super::fixture::{Fixture, announce, give, request_for};
use crate::common::blocks::{block, chain_on, mined, with_payments};
use crate::common::peer::Peer;
use crate::common::until;
use fedcoin_node::primitives::Block;
use fedcoin_node::wire::{Goodbye, Message};

/// A node at height 1, where the genesis coin may be spent, and a next block with `payments` payments.
fn with_block_of(payments: u32) -> (Fixture, Block) {
    let fixture = Fixture::new();
    let first = chain_on(&fixture.params, &fixture.genesis(), 1);
    fixture.submit(&first);
    let next = block(&fixture.params, 2, first[0].id(), 5_000);
    let next = mined(with_payments(next, fixture.payments(payments)));
    (fixture, next)
}

#[test]
fn a_wrong_block_is_kept_and_the_requested_one_is_still_due() {
    let fixture = Fixture::new();
    let chain = chain_on(&fixture.params, &fixture.genesis(), 3);
    let mut peer = fixture.peer();
    announce(&mut peer, &chain[0]);
    request_for(&mut peer, chain[0].id());
    give(&mut peer, &chain[2]);
    give(&mut peer, &chain[1]);
    assert!(peer.is_alive());
    assert_eq!(fixture.node.height(), 0);
    give(&mut peer, &chain[0]);
    fixture.node.wait_for_height(3);
}

#[test]
fn an_unrequested_block_is_accepted_once() {
    let fixture = Fixture::new();
    let chain = chain_on(&fixture.params, &fixture.genesis(), 2);
    let mut peer = fixture.peer();
    for _ in 0..3 {
        give(&mut peer, &chain[0]);
    }
    fixture.node.wait_for_height(1);
    give(&mut peer, &fixture.genesis());
    assert!(peer.is_alive());
    announce(&mut peer, &chain[1]);
    request_for(&mut peer, chain[1].id());
    give(&mut peer, &chain[1]);
    fixture.node.wait_for_height(2);
}

#[test]
fn a_block_of_a_losing_branch_is_not_stored() {
    let fixture = Fixture::new();
    fixture.submit(&chain_on(&fixture.params, &fixture.genesis(), 3));
    let side = crate::common::blocks::branch_on(&fixture.params, &fixture.genesis(), 4, 1_200);
    let ids: Vec<_> = side.iter().map(Block::id).collect();
    let mut peer = fixture.peer();
    // The node does not request a block of a branch with less work, and does not keep an unrequested one.
    announce(&mut peer, &side[0]);
    give(&mut peer, &side[0]);
    peer.send(&Message::GetBlocks(vec![ids[0]]));
    let lacking = peer.wait_for("an answer", |message| match message {
        Message::NotFound { blocks, .. } => Some(blocks),
        Message::Block(_) | Message::GetBlocks(_) => panic!("{message:?}"),
        _ => None,
    });
    assert_eq!(lacking, ids[..1]);
    peer.send(&Message::Headers(side.iter().map(|block| block.header).collect()));
    let requested = peer.wait_for("a request for the branch", |message| match message {
        Message::GetBlocks(ids) => Some(ids),
        _ => None,
    });
    assert_eq!(requested, ids);
    for block in &side {
        give(&mut peer, block);
    }
    fixture.node.wait_for_height(4);
}

/// Bodies that do not match the header, each in another way.
fn mutations(good: &Block) -> Vec<Block> {
    let changed = |change: &dyn Fn(&mut Block)| {
        let mut block = good.clone();
        change(&mut block);
        block
    };
    vec![
        // With the last payment twice, the root would stay the same in Bitcoin's tree.
        changed(&|b| b.payments.push(b.payments.last().unwrap().clone())),
        changed(&|b| b.payments.extend_from_within(1..)),
        changed(&|b| b.payments.truncate(2)),
        changed(&|b| b.payments.swap(0, 1)),
        changed(&|b| b.payments.clear()),
        changed(&|b| b.coinbase.height = b.coinbase.height.next()),
        changed(&|b| b.coinbase.output.recipient.0[0] ^= 1),
        changed(&|b| b.payments[1].signature = b.payments[0].signature),
    ]
}

#[test]
fn a_mutated_body_disconnects_its_sender_and_does_not_invalidate_the_block() {
    let (fixture, good) = with_block_of(4);
    let mut honest = fixture.peer();
    for body in mutations(&good) {
        assert_eq!(body.id(), good.id());
        let mut culprit = fixture.peer();
        announce(&mut culprit, &good);
        request_for(&mut culprit, good.id());
        give(&mut culprit, &body);
        assert_eq!(culprit.goodbye(), Goodbye::InvalidBlock);
        assert_eq!(fixture.node.height(), 1);
    }
    announce(&mut honest, &good);
    request_for(&mut honest, good.id());
    give(&mut honest, &good);
    fixture.node.wait_for_height(2);
    assert!(honest.is_alive());
}

#[test]
fn a_mutated_body_from_another_peer_does_not_end_a_download() {
    let (fixture, good) = with_block_of(4);
    assert_eq!(fixture.node.submit(&good.payments[0]).0, 201);
    let mut honest = fixture.peer();
    announce(&mut honest, &good);
    assert_eq!(request_for(&mut honest, good.id()), Message::GetCompactBlock(good.id()));
    for body in mutations(&good) {
        let mut culprit = fixture.peer();
        give(&mut culprit, &body);
        assert_eq!(culprit.goodbye(), Goodbye::InvalidBlock);
    }
    // The compact form stays requested all the time.
    honest.send(&Message::CompactBlock(Box::new(fedcoin_node::wire::CompactBlock::of(&good, 3))));
    let places = honest.wait_for("a request for the missing payments", |message| match message {
        Message::GetBlockPayments { places, .. } => Some(places),
        Message::GetBlocks(_) | Message::GetCompactBlock(_) => panic!("requested twice"),
        _ => None,
    });
    assert_eq!(places, [1, 2, 3]);
    honest.send(&Message::BlockPayments { block: good.id(), payments: good.payments[1..].to_vec() });
    fixture.node.wait_for_height(2);
}

#[test]
fn an_invalid_block_invalidates_its_descendants() {
    let (fixture, good) = with_block_of(2);
    // The same payment twice, with a matching header.
    let mut doubled = good.clone();
    doubled.payments.push(doubled.payments[1].clone());
    let bad = mined(with_payments(doubled.clone(), doubled.payments.clone()));
    let heirs = chain_on(&fixture.params, &bad, 2);
    let refused = |message: Message| {
        let mut peer = fixture.peer();
        peer.send(&message);
        peer.goodbye()
    };
    let mut culprit = fixture.peer();
    announce(&mut culprit, &bad);
    request_for(&mut culprit, bad.id());
    give(&mut culprit, &bad);
    assert_eq!(culprit.goodbye(), Goodbye::InvalidBlock);
    fixture.node.wait_for_log("is invalid (rule B4)");
    assert_eq!(refused(Message::Headers(vec![bad.header])), Goodbye::InvalidHeader);
    assert_eq!(refused(Message::Headers(vec![heirs[0].header, heirs[1].header])), Goodbye::InvalidHeader);
    assert_eq!(refused(Message::Block(Box::new(bad))), Goodbye::InvalidBlock);
    assert_eq!(refused(Message::Block(Box::new(heirs[0].clone()))), Goodbye::InvalidBlock);
    fixture.submit(&[good]);
    assert_eq!(fixture.node.height(), 2);
}

#[test]
fn the_valid_part_of_a_branch_with_an_invalid_block_is_kept() {
    let fixture = Fixture::new();
    let own = chain_on(&fixture.params, &fixture.genesis(), 2);
    fixture.submit(&own);
    // A longer branch whose third block pays its miner too much.
    let mut branch = crate::common::blocks::branch_on(&fixture.params, &fixture.genesis(), 2, 700);
    let mut greedy = block(&fixture.params, 3, branch[1].id(), 9_000);
    greedy.coinbase.output.amount = fedcoin_node::units::Amount::from_fed(51);
    branch.push(mined(crate::common::blocks::sealed(greedy)));
    branch.extend(chain_on(&fixture.params, &branch[2].clone(), 1));
    let mut peer = fixture.peer();
    peer.send(&Message::Headers(branch.iter().map(|block| block.header).collect()));
    request_for(&mut peer, branch[0].id());
    for block in &branch {
        peer.try_send(&Message::Block(Box::new(block.clone())));
    }
    fixture.node.wait_for_log("is invalid (rule B6)");
    // The valid part of the branch has as much work as the node's own chain; the earlier time wins (rule F2).
    until("the good part", || fixture.tip() == branch[1].id().to_string());
    assert!(Peer::greet(fixture.node.port, fixture.network).is_alive());
}
