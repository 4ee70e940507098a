//! Blocks: requests, checks, storage and delivery.

use super::{driver, headers};
use crate::harness::*;
use fedcoin_node::chain::{Accepted, BlockStatus, Chain, ChangeSet, Snapshot};
use fedcoin_node::codec::decode;
use fedcoin_node::collections::MapKey;
use fedcoin_node::consensus::{BlockError, PaymentError, SoundBlock};
use fedcoin_node::primitives::{Block, BlockId, Signature};
use fedcoin_node::units::{Amount, Height};
use fedcoin_node::wire::{Goodbye, Message};
use fedcoin_node::{Event, Input, NodeConfig, SubmitError, SyncStatus, Verdict};
use std::sync::Arc;

#[test]
fn overdue_blocks_are_requested_from_other_peers() {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 3);
    let (stalling, lacking, good) = (d.ready_peer(1), d.ready_peer(2), d.ready_peer(3));
    d.receive(stalling, &headers(&blocks));
    d.pass(30_000);
    assert_eq!(d.disconnects, [(stalling, Goodbye::Stalled)]);
    d.receive(lacking, &headers(&blocks));
    let ids = blocks.iter().map(Block::id).collect::<Vec<_>>();
    assert_eq!(d.sent_to(lacking).last(), Some(&&Message::GetBlocks(ids.clone())));
    d.receive(lacking, &Message::NotFound { blocks: ids.clone(), payments: vec![] });
    d.receive(good, &headers(&blocks));
    assert_eq!(d.sent_to(good).last(), Some(&&Message::GetBlocks(ids)));
    for block in blocks {
        d.receive(good, &Message::Block(Box::new(block)));
    }
    assert_eq!(d.height(), 3);
}

#[test]
fn a_withheld_block_is_requested_from_another_peer() {
    let (mut d, params, genesis) = driver();
    let chain = chain_on(&params, &genesis, 0, 3);
    let (withholder, honest) = (d.ready_peer(1), d.ready_peer(2));
    for (n, block) in chain.iter().enumerate() {
        let announcement = headers(core::slice::from_ref(block));
        d.receive(withholder, &announcement);
        d.receive(honest, &announcement);
        let ask = Message::GetBlocks(vec![block.id()]);
        assert!(d.sent_to(withholder).contains(&&ask) != d.sent_to(honest).contains(&&ask), "requested from one peer");
        d.pass(4_500);
        assert!(d.sent_to(honest).contains(&&ask));
        assert_eq!(d.disconnects, [], "its own link may be slow");
        d.receive(honest, &Message::Block(Box::new(block.clone())));
        assert_eq!(d.tip(), block.id());
        assert_eq!(d.disconnects.len(), usize::from(n == 2), "the third time disconnects");
    }
    assert_eq!(d.disconnects, [(withholder, Goodbye::Stalled)]);
}

#[test]
fn a_peer_that_withholds_a_block_does_not_silence_the_node() {
    let (mut d, params, genesis) = driver();
    let (withholder, peer) = (d.ready_peer(1), d.ready_peer(2));
    let mut early = block_on(&params, &genesis, 0, vec![]);
    early.header.time.0 -= 500;
    solve(&mut early);
    d.receive(withholder, &headers(&[early]));
    let block = block_on(&params, &genesis, 1, vec![]);
    d.submit_block(block.clone());
    assert_eq!(d.tip(), block.id());
    assert!(d.sent_to(peer).contains(&&headers(&[block])), "the best available block is announced");
}

#[test]
fn an_invalid_block_invalidates_its_descendants() {
    let (mut d, params, genesis) = driver();
    let mut bad = block_on(&params, &genesis, 0, vec![]);
    bad.coinbase.output.amount = Amount::from_fed(51);
    bad.header.commitment = bad.commitment();
    solve(&mut bad);
    let child = block_on(&params, &bad, 0, vec![]);
    let peer = d.ready_peer(1);
    d.receive(peer, &headers(&[bad.clone(), child.clone()]));
    d.receive(peer, &Message::Block(Box::new(bad.clone())));
    assert_eq!((d.height(), d.node.status().sync), (0, SyncStatus::Synced));
    assert!(d.events.iter().any(|e| matches!(e, Event::BlockRejected { id, .. } if *id == bad.id())));
    d.submit_block(child.clone());
    let refused = |d: &Driver| {
        matches!(d.events.last(), Some(Event::BlockSubmitted { result: Err(SubmitError::OnInvalidBlock), .. }))
    };
    assert!(refused(&d));
    // It stays invalid after a restart.
    let mut again = d.restart(vec![]);
    again.submit_block(child);
    assert!(refused(&again));
    let other = again.ready_peer(2);
    again.receive(other, &headers(&[bad]));
    assert_eq!(again.disconnects, [(other, Goodbye::InvalidHeader)]);
}

#[test]
fn a_mutated_body_disconnects_only_its_sender() {
    let (mut d, params, genesis) = driver();
    let good = block_on(&params, &genesis, 0, vec![]);
    let mut mutated = good.clone();
    mutated.coinbase.output.recipient = address(66);
    let peer = d.ready_peer(1);
    d.receive(peer, &headers(std::slice::from_ref(&good)));
    d.receive(peer, &Message::Block(Box::new(mutated)));
    assert_eq!(d.disconnects, [(peer, Goodbye::InvalidBlock)]);
    d.submit_block(good);
    assert_eq!(d.height(), 1);
}

#[test]
fn a_block_of_a_losing_branch_is_not_stored() {
    let (mut d, params, genesis) = driver();
    let own = chain_on(&params, &genesis, 0, 3);
    own.iter().for_each(|block| d.submit_block(block.clone()));
    let side = chain_on(&params, &genesis, 5, 4);
    let peer = d.ready_peer(1);
    let give = |d: &mut Driver, block: &Block| d.receive(peer, &Message::Block(Box::new(block.clone())));
    let status = |d: &Driver, n: usize| d.node.chain().block_info(&side[n].id()).map(|info| info.status);
    // One arrives before its parent.
    for n in [1, 0, 1] {
        give(&mut d, &side[n]);
    }
    assert_eq!([0, 1].map(|n| status(&d, n)), [Some(BlockStatus::HeaderOnly); 2]);
    assert_eq!((d.disconnects.len(), d.tip()), (0, own[2].id()));
    // When the branch has more work, its blocks are requested.
    d.receive(peer, &headers(&side));
    let requested: Vec<_> = side.iter().map(Block::id).collect();
    assert_eq!(d.sent_to(peer).last(), Some(&&Message::GetBlocks(requested)));
    side.iter().for_each(|block| give(&mut d, block));
    assert_eq!(d.tip(), side[3].id());
}

#[test]
fn orphans_wait_for_their_parents() {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 4);
    for block in blocks[1..].iter().rev() {
        d.submit_block(block.clone());
        assert!(matches!(d.events.last(), Some(Event::BlockSubmitted { result: Err(SubmitError::Orphan { .. }), .. })));
    }
    assert_eq!((d.height(), d.node.status().orphans), (0, 3));
    d.submit_block(blocks[0].clone());
    assert_eq!((d.height(), d.node.status().orphans), (4, 0));
}

#[test]
fn the_node_checks_what_its_driver_cannot() {
    let (mut d, params, genesis) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let mut forged = block_on(&params, &genesis, 1, vec![payment.clone()]);
    forged.payments[0].signature = pay(&params, genesis_outpoint(&params), &[(address(3), 50)]).signature;
    forged.header.commitment = forged.commitment();
    solve(&mut forged);
    for (block, height) in [(forged, 0), (block_on(&params, &genesis, 0, vec![payment.clone()]), 1)] {
        d.verdict = Some(Verdict::Unknown);
        d.submit_block(block);
        assert_eq!(d.height(), height);
    }
    assert_eq!(d.verify_batches, 4, "each batch is requested twice");
    let (mut d, ..) = driver();
    d.verdict = Some(Verdict::Unknown);
    d.submit_payment(payment.clone());
    assert_eq!((d.node.mempool().len(), d.verify_batches), (1, 2));
}

#[test]
fn known_payments_are_not_checked_again() {
    let (mut d, params, genesis) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    d.submit_payment(payment.clone());
    assert_eq!(d.verify_batches, 1);
    d.submit_block(block_on(&params, &genesis, 0, vec![payment.clone()]));
    assert_eq!((d.height(), d.verify_batches), (1, 1));
    // The same payment with another signature must be checked.
    let (mut d, ..) = driver();
    d.submit_payment(payment.clone());
    let forged = fedcoin_node::primitives::Payment { signature: Signature::from_bytes([1; 64]), ..payment };
    d.submit_block(block_on(&params, &genesis, 0, vec![forged]));
    assert_eq!((d.height(), d.verify_batches), (0, 2));
    let rejected = d.events.iter().any(|e| {
        let bad = |error: &BlockError| *error == BlockError::Payment { index: 0, error: PaymentError::BadSignature };
        matches!(e, Event::BlockRejected { error, .. } if bad(error))
    });
    assert!(rejected);
}

#[test]
fn the_height_of_a_peer_includes_blocks_sent_to_it() {
    let (mut d, params, genesis) = driver();
    let peer = d.ready_peer(1);
    let block = block_on(&params, &genesis, 0, vec![]);
    d.submit_block(block.clone());
    assert_eq!(d.node.status().peers[0].height, Height(0));
    d.receive(peer, &Message::GetBlocks(vec![block.id()]));
    assert_eq!(d.node.status().peers[0].height, Height(1));
}

#[test]
fn blocks_are_served_from_memory_and_from_disk() {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 3);
    blocks.iter().for_each(|b| d.submit_block(b.clone()));
    let mut d = d.restart(vec![]);
    let peer = d.ready_peer(1);
    let unknown = fedcoin_node::primitives::BlockId([1; 32]);
    d.receive(peer, &Message::GetBlocks(vec![blocks[1].id(), unknown, genesis.id()]));
    let sent = d.sent_to(peer);
    assert!(sent.contains(&&Message::Block(Box::new(blocks[1].clone()))));
    assert!(sent.contains(&&Message::Block(Box::new(genesis))));
    assert!(sent.contains(&&Message::NotFound { blocks: vec![unknown], payments: vec![] }));
    d.receive(peer, &Message::GetHeaders { locator: vec![unknown, blocks[0].id()] });
    assert_eq!(d.sent_to(peer).last(), Some(&&headers(&blocks[1..])));
}

/// An amount as a frame may contain it, in range or not.
fn amount(units: u64) -> Amount {
    decode(&units.to_le_bytes()).expect("every number decodes")
}

#[test]
fn amounts_out_of_range_are_refused_by_the_rules() {
    let largest = Amount::MAX.units();
    for units in [largest + 1, 10 * largest, u64::MAX] {
        let (mut d, params, genesis) = driver();
        let mut overpaid = block_on(&params, &genesis, 0, vec![]);
        overpaid.coinbase.output.amount = amount(units);
        let mut payment = pay(&params, genesis_outpoint(&params), &[(address(2), 1)]);
        payment.unsigned.outputs[0].amount = amount(units);
        let spending = block_on(&params, &genesis, 1, vec![payment]);
        for (peer, mut block, rule) in [(1, overpaid, "B6"), (2, spending, "T6")] {
            block.header.commitment = block.commitment();
            solve(&mut block);
            let peer = d.ready_peer(peer);
            d.receive(peer, &headers(core::slice::from_ref(&block)));
            d.receive(peer, &Message::Block(Box::new(block.clone())));
            let rejected = d.events.iter().find_map(|event| match event {
                Event::BlockRejected { id, error, .. } if *id == block.id() => Some(error.rule()),
                _ => None,
            });
            assert_eq!(rejected, Some(rule), "{units}");
            assert_eq!(d.node.chain().block_info(&block.id()).unwrap().status, BlockStatus::Invalid);
            assert_eq!(d.disconnects.last(), Some(&(peer, Goodbye::InvalidBlock)));
            assert_eq!(d.node.chain().best_header().id, genesis.id());
        }
    }
}

#[test]
fn a_block_is_refused_if_its_parent_turns_out_invalid_during_the_check() {
    let (mut d, params, genesis) = driver();
    let mut parent = block_on(&params, &genesis, 0, vec![]);
    parent.coinbase.output.amount = Amount::MAX;
    parent.header.commitment = parent.commitment();
    solve(&mut parent);
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let child = block_on(&params, &parent, 0, vec![payment]);
    let peer = d.ready_peer(1);
    d.receive(peer, &headers(&[parent.clone(), child.clone()]));
    d.hold_verdicts = true;
    d.submit_block(child.clone());
    d.submit_block(parent);
    d.events.clear();
    d.answer_verdicts();
    let is_result = |event: &Event| matches!(event, Event::BlockSubmitted { id, .. } if *id == child.id());
    let results: Vec<_> = d.events.iter().filter(|event| is_result(event)).collect();
    assert!(
        matches!(results[..], [Event::BlockSubmitted { result: Err(SubmitError::OnInvalidBlock), .. }]),
        "{results:?}"
    );
    assert!(!d.events.iter().any(|event| matches!(event, Event::SideBlock { .. })));
}

#[test]
fn blocks_whose_signatures_are_checked_are_limited() {
    const MAX: usize = 512;
    let (mut d, params, genesis) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    d.hold_verdicts = true;
    let submit = |d: &mut Driver, salts: core::ops::Range<u32>| {
        salts.for_each(|salt| d.submit_block(block_on(&params, &genesis, salt, vec![payment.clone()])));
        let busy = SubmitError::Busy { max: MAX };
        let is_busy = |e: &&Event| matches!(e, Event::BlockSubmitted { result: Err(error), .. } if *error == busy);
        core::mem::take(&mut d.events).iter().filter(is_busy).count()
    };
    assert_eq!([0..512, 512..513, 513..5_120].map(|salts| submit(&mut d, salts)), [0, 1, 9 * MAX - 1]);
    d.answer_verdicts();
    assert_eq!(submit(&mut d, 512..513), 0, "it may be submitted again");
}

#[test]
fn a_submission_is_durable_before_it_is_confirmed() {
    let (mut d, params, genesis) = driver();
    chain_on(&params, &genesis, 0, 2).into_iter().for_each(|block| d.submit_block(block));
    // On a side branch, where nothing else causes a durable write.
    d.submit_block(block_on(&params, &genesis, 7, vec![]));
    d.submit_payment(pay(&params, genesis_outpoint(&params), &[(address(2), 50)]));
    let taken = |event: &&Event| {
        matches!(event, Event::BlockSubmitted { result: Ok(()), .. } | Event::PaymentSubmitted { result: Ok(()), .. })
    };
    assert_eq!((d.events.iter().filter(taken).count(), d.promised_too_soon), (4, 0));
}

#[test]
fn the_chain_reports_the_state_of_a_block() {
    let (_, params, genesis) = driver();
    let mut chain = Chain::new(params.clone(), &Snapshot::default(), MapKey::new(1)).unwrap();
    let [good, bad, unknown] = [1, 2, 3].map(|salt| block_on(&params, &genesis, salt, vec![]));
    for block in [&good, &bad] {
        chain.accept_header(block.header, block.header.time).unwrap();
    }
    chain.invalidate(&bad.id());
    let stored = Box::new(ChangeSet { blocks: vec![Arc::new(good.clone().into())], ..ChangeSet::default() });
    for (block, became) in [
        (&good, Accepted::New(stored)),
        (&good, Accepted::Known),
        (&bad, Accepted::OnInvalidBlock),
        (&unknown, Accepted::OnInvalidBlock),
    ] {
        let sound = SoundBlock::from_store(block.clone(), block.coinbase.height);
        assert_eq!(chain.accept_block(sound), became);
    }
}

#[test]
fn losing_blocks_are_limited_and_requested_when_their_branch_wins() {
    let (_, params, genesis) = driver();
    let bound = 20;
    let config = NodeConfig { max_losing_blocks: bound, ..config(params.clone(), vec![]) };
    let mut d = Driver::start(config, Disk::default());
    for block in chain_on(&params, &genesis, 0, 10 * bound) {
        d.submit_block(block);
    }
    // At equal work it loses.
    let mut branches = (1..).map(|salt| chain_on(&params, &genesis, salt, 10 * bound + 1));
    let branch = branches.find(|branch| branch[10 * bound - 1].id() > d.tip()).unwrap();
    d.events.clear();
    for block in &branch {
        d.submit_block(block.clone());
    }
    let refused =
        |event: &&Event| matches!(event, Event::BlockSubmitted { result: Err(SubmitError::TooManySideBranches), .. });
    assert_eq!(d.events.iter().filter(refused).count(), 10 * bound - bound);
    // Their headers are known, but the blocks are accepted when submitted again.
    for block in &branch {
        d.submit_block(block.clone());
    }
    assert_eq!(d.tip(), branch.last().unwrap().id());
    assert_eq!(d.node.chain().losing_blocks(), 10 * bound);
}

/// A chain whose blocks, except the tip, must be read before they can be sent.
fn with_chain_to_read() -> (Driver, Vec<BlockId>) {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 20);
    blocks.iter().for_each(|block| d.submit_block(block.clone()));
    d.to_read = Some(Vec::new());
    (d, blocks.iter().map(Block::id).collect())
}

#[test]
fn requests_of_disconnected_peers_are_not_read() {
    let (mut d, ids) = with_chain_to_read();
    for n in 0..50 {
        let greedy = d.ready_peer(n);
        (0..4).for_each(|_| d.receive(greedy, &Message::GetBlocks(ids[..16].to_vec())));
        d.give(Input::Disconnected { peer: greedy });
    }
    let honest = d.ready_peer(100);
    d.receive(honest, &Message::GetBlocks(vec![ids[0]]));
    let served =
        |d: &Driver| d.sent_to(honest).iter().any(|m| matches!(m, Message::Block(block) if block.id() == ids[0]));
    assert!(d.read_blocks() && d.read_blocks() && served(&d), "only one request was being read");
    assert!(!d.read_blocks());
    assert_eq!(d.disconnects, []);
}

#[test]
fn peers_get_blocks_in_turn_and_within_a_limit() {
    let (mut d, ids) = with_chain_to_read();
    let (greedy, honest) = (d.ready_peer(1), d.ready_peer(2));
    (0..4).for_each(|_| d.receive(greedy, &Message::GetBlocks(ids[..16].to_vec())));
    d.receive(honest, &Message::GetBlocks(vec![ids[3]]));
    let blocks = |d: &Driver, peer| d.sent_to(peer).iter().filter(|m| matches!(m, Message::Block(_))).count();
    assert!(d.read_blocks() && d.read_blocks() && d.read_blocks());
    assert_eq!((blocks(&d, greedy), blocks(&d, honest)), (32, 1), "the request being read, and one of each peer");
    (0..2).for_each(|_| d.receive(greedy, &Message::GetBlocks(ids[..16].to_vec())));
    assert_eq!(d.disconnects, [], "64 wait");
    d.receive(greedy, &Message::GetBlocks(vec![ids[0]]));
    assert_eq!(d.disconnects, [(greedy, Goodbye::TooManyMessages)], "blocks in memory count, too");
}
