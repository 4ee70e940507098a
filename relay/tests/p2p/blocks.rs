//! Blocks that are not what was asked for, or whose bodies are not their headers'.

use super::scene::{Scene, asked_for, give, tell};
use crate::common::blocks::{block, chain_on, mined, with_payments};
use crate::common::peer::Peer;
use crate::common::until;
use fedcoin_node::primitives::Block;
use fedcoin_node::wire::{Goodbye, Message};

/// A node at height 1, where the genesis coin may be spent, and a block of `payments` on top.
fn with_block_of(payments: u32) -> (Scene, Block) {
    let scene = Scene::new();
    let first = chain_on(&scene.params, &scene.genesis(), 1);
    scene.submit(&first);
    let next = block(&scene.params, 2, first[0].id(), 5_000);
    let next = mined(with_payments(next, scene.payments(payments)));
    (scene, next)
}

#[test]
fn another_block_than_asked_for_is_kept_and_the_right_one_still_due() {
    let scene = Scene::new();
    let chain = chain_on(&scene.params, &scene.genesis(), 3);
    let mut peer = scene.peer();
    tell(&mut peer, &chain[0]);
    asked_for(&mut peer, chain[0].id());
    give(&mut peer, &chain[2]);
    give(&mut peer, &chain[1]);
    assert!(peer.is_alive());
    assert_eq!(scene.node.height(), 0);
    give(&mut peer, &chain[0]);
    scene.node.wait_for_height(3);
}

#[test]
fn a_block_that_nobody_asked_for_is_taken_once() {
    let scene = Scene::new();
    let chain = chain_on(&scene.params, &scene.genesis(), 2);
    let mut peer = scene.peer();
    for _ in 0..3 {
        give(&mut peer, &chain[0]);
    }
    scene.node.wait_for_height(1);
    give(&mut peer, &scene.genesis());
    assert!(peer.is_alive());
    tell(&mut peer, &chain[1]);
    asked_for(&mut peer, chain[1].id());
    give(&mut peer, &chain[1]);
    scene.node.wait_for_height(2);
}

#[test]
fn a_block_that_loses_takes_no_place_until_its_branch_wins() {
    let scene = Scene::new();
    scene.submit(&chain_on(&scene.params, &scene.genesis(), 3));
    let side = crate::common::blocks::branch_on(&scene.params, &scene.genesis(), 4, 1_200);
    let ids: Vec<_> = side.iter().map(Block::id).collect();
    let mut peer = scene.peer();
    // A header of less work leads to no question, and a block that nobody asked for is not kept.
    tell(&mut peer, &side[0]);
    give(&mut peer, &side[0]);
    peer.send(&Message::GetBlocks(vec![ids[0]]));
    let lacking = peer.wait_for("an answer", |message| match message {
        Message::NotFound { blocks, .. } => Some(blocks),
        Message::Block(_) | Message::GetBlocks(_) => panic!("{message:?}"),
        _ => None,
    });
    assert_eq!(lacking, ids[..1]);
    peer.send(&Message::Headers(side.iter().map(|block| block.header).collect()));
    let asked = peer.wait_for("the branch is asked for", |message| match message {
        Message::GetBlocks(ids) => Some(ids),
        _ => None,
    });
    assert_eq!(asked, ids);
    for block in &side {
        give(&mut peer, block);
    }
    scene.node.wait_for_height(4);
}

/// Bodies that are not the header's, each in its own way.
fn mutations(good: &Block) -> Vec<Block> {
    let changed = |change: &dyn Fn(&mut Block)| {
        let mut block = good.clone();
        change(&mut block);
        block
    };
    vec![
        // The last payment twice: in Bitcoin's tree the root would stay the same.
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
fn a_mutated_body_costs_its_sender_the_connection_and_not_the_block() {
    let (scene, good) = with_block_of(4);
    let mut honest = scene.peer();
    for body in mutations(&good) {
        assert_eq!(body.id(), good.id());
        let mut culprit = scene.peer();
        tell(&mut culprit, &good);
        asked_for(&mut culprit, good.id());
        give(&mut culprit, &body);
        assert_eq!(culprit.goodbye(), Goodbye::InvalidBlock);
        assert_eq!(scene.node.height(), 1);
    }
    tell(&mut honest, &good);
    asked_for(&mut honest, good.id());
    give(&mut honest, &good);
    scene.node.wait_for_height(2);
    assert!(honest.is_alive());
}

#[test]
fn a_mutated_body_from_elsewhere_does_not_end_a_download() {
    let (scene, good) = with_block_of(4);
    assert_eq!(scene.node.submit(&good.payments[0]).0, 201);
    let mut honest = scene.peer();
    tell(&mut honest, &good);
    assert_eq!(asked_for(&mut honest, good.id()), Message::GetCompactBlock(good.id()));
    for body in mutations(&good) {
        let mut culprit = scene.peer();
        give(&mut culprit, &body);
        assert_eq!(culprit.goodbye(), Goodbye::InvalidBlock);
    }
    // The compact form is waited for all the time.
    honest.send(&Message::CompactBlock(Box::new(fedcoin_node::wire::CompactBlock::of(&good, 3))));
    let places = honest.wait_for("the rest is asked for", |message| match message {
        Message::GetBlockPayments { places, .. } => Some(places),
        Message::GetBlocks(_) | Message::GetCompactBlock(_) => panic!("asked a second time"),
        _ => None,
    });
    assert_eq!(places, [1, 2, 3]);
    honest.send(&Message::BlockPayments { block: good.id(), payments: good.payments[1..].to_vec() });
    scene.node.wait_for_height(2);
}

#[test]
fn an_invalid_block_invalidates_its_descendants() {
    let (scene, good) = with_block_of(2);
    // The same payment twice, and this is what the header says.
    let mut doubled = good.clone();
    doubled.payments.push(doubled.payments[1].clone());
    let bad = mined(with_payments(doubled.clone(), doubled.payments.clone()));
    let heirs = chain_on(&scene.params, &bad, 2);
    let refused = |message: Message| {
        let mut peer = scene.peer();
        peer.send(&message);
        peer.goodbye()
    };
    let mut culprit = scene.peer();
    tell(&mut culprit, &bad);
    asked_for(&mut culprit, bad.id());
    give(&mut culprit, &bad);
    assert_eq!(culprit.goodbye(), Goodbye::InvalidBlock);
    scene.node.wait_for_log("breaks rule B4");
    assert_eq!(refused(Message::Headers(vec![bad.header])), Goodbye::InvalidHeader);
    assert_eq!(refused(Message::Headers(vec![heirs[0].header, heirs[1].header])), Goodbye::InvalidHeader);
    assert_eq!(refused(Message::Block(Box::new(bad))), Goodbye::InvalidBlock);
    assert_eq!(refused(Message::Block(Box::new(heirs[0].clone()))), Goodbye::InvalidBlock);
    scene.submit(&[good]);
    assert_eq!(scene.node.height(), 2);
}

#[test]
fn a_branch_is_left_at_its_bad_block_and_the_good_part_is_kept() {
    let scene = Scene::new();
    let own = chain_on(&scene.params, &scene.genesis(), 2);
    scene.submit(&own);
    // A longer branch whose third block pays too much.
    let mut branch = crate::common::blocks::branch_on(&scene.params, &scene.genesis(), 2, 700);
    let mut greedy = block(&scene.params, 3, branch[1].id(), 9_000);
    greedy.coinbase.output.amount = fedcoin_node::units::Amount::from_fed(51);
    branch.push(mined(crate::common::blocks::sealed(greedy)));
    branch.extend(chain_on(&scene.params, &branch[2].clone(), 1));
    let mut peer = scene.peer();
    peer.send(&Message::Headers(branch.iter().map(|block| block.header).collect()));
    asked_for(&mut peer, branch[0].id());
    for block in &branch {
        peer.try_send(&Message::Block(Box::new(block.clone())));
    }
    scene.node.wait_for_log("breaks rule B6");
    // The branch's good part ends level with the own chain; the earlier time wins (rule F2).
    until("the good part", || scene.tip() == branch[1].id().to_string());
    assert!(Peer::greet(scene.node.port, scene.network).is_alive());
}
