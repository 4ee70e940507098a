//! Fork choice, and payments in disconnected blocks.

use super::{driver, headers};
use crate::harness::*;
use fedcoin_node::consensus::{ChainParams, TieBreak};
use fedcoin_node::mempool::{DropReason, PoolError};
use fedcoin_node::primitives::{Block, OutPoint, TxId};
use fedcoin_node::units::{Amount, Timestamp};
use fedcoin_node::wire::{Hello, Message};
use fedcoin_node::{Direction, Event};

#[test]
fn a_long_side_chain_is_requested_to_its_end() {
    let (mut d, params, genesis) = driver();
    chain_on(&params, &genesis, 1, 2_300).into_iter().for_each(|b| d.submit_block(b));
    let side = chain_on(&params, &genesis, 2, 2_400);
    let peer = d.connect(1, Direction::Inbound);
    d.receive(peer, &Message::Hello(Hello { tip: side[2_399].id(), work: d.node.chain().tip().work, ..d.hello() }));
    d.receive(peer, &headers(&side[..2_000]));
    let Some(Message::GetHeaders { locator }) = d.sent_to(peer).last() else { panic!("no further request") };
    assert_eq!(locator[0], side[1_999].id(), "continues where the answer ended");
    d.receive(peer, &headers(&side[2_000..]));
    assert_eq!(d.node.chain().best_header().id, side[2_399].id());
}

/// The reported drops: payment, reason, and whether a block had confirmed it.
fn dropped(d: &Driver) -> Vec<(TxId, DropReason, bool)> {
    let dropped = |event: &Event| match event {
        Event::PaymentDropped { dropped, undone } => {
            assert!(undone.as_ref().is_none_or(|payment| payment.txid() == dropped.txid));
            Some((dropped.txid, dropped.reason.clone(), undone.is_some()))
        }
        _ => None,
    };
    d.events.iter().filter_map(dropped).collect()
}

#[test]
fn a_confirmed_payment_undone_for_good_is_reported_with_its_rival() {
    let (mut d, params, genesis) = driver();
    let own = genesis_key().public_key().address();
    let payment = pay(&params, genesis_outpoint(&params), &[(own, 50)]);
    let rival = pay(&params, genesis_outpoint(&params), &[(address(3), 50)]);
    let child = pay(&params, OutPoint { txid: payment.txid(), index: 0 }, &[(address(2), 50)]);

    let early = |mut block: Block| {
        block.header.time = Timestamp(500);
        solve(&mut block);
        block
    };
    let confirmed = early(block_on(&params, &genesis, 0, vec![payment.clone()]));
    d.submit_block(confirmed.clone());
    d.submit_payment(child.clone());
    assert!(d.node.mempool().contains(&child.txid()));
    // The rival is in the first of two blocks that win.
    let first = block_on(&params, &genesis, 7, vec![rival.clone()]);
    let second = block_on(&params, &first, 7, vec![]);
    [first, second].into_iter().for_each(|block| d.submit_block(block));
    assert!(d.node.mempool().is_empty() && d.height() == 2);
    let conflict = DropReason::Conflict { by: rival.txid() };
    assert_eq!(conflict.replaced_by(), Some(rival.txid()));
    let expected =
        [(payment.txid(), conflict, true), (child.txid(), DropReason::ParentDropped { parent: payment.txid() }, false)];
    assert_eq!(dropped(&d), expected);
    // Payments that return, or that the winning blocks also contain, are not reported.
    let (mut d, ..) = driver();
    d.submit_block(confirmed);
    chain_on(&params, &genesis, 9, 2).into_iter().for_each(|block| d.submit_block(block));
    assert!(d.node.mempool().contains(&payment.txid()) && dropped(&d).is_empty());
    let (mut d, ..) = driver();
    d.submit_block(early(block_on(&params, &genesis, 0, vec![payment.clone()])));
    let first = block_on(&params, &genesis, 7, vec![payment.clone()]);
    let second = block_on(&params, &first, 7, vec![]);
    [first, second].into_iter().for_each(|block| d.submit_block(block));
    assert!(d.height() == 2 && dropped(&d).is_empty());
}

#[test]
fn every_drop_from_the_mempool_is_reported_with_its_reason() {
    let replaceable = |fee: u64| {
        let params = super::regtest();
        let mut payment = pay(&params, genesis_outpoint(&params), &[(address(2), 49)]);
        payment.unsigned.replaceable = true;
        payment.unsigned.outputs[0].amount =
            payment.unsigned.outputs[0].amount.checked_sub(Amount::from_units(fee).unwrap()).unwrap();
        payment.signature = genesis_key().sign(&payment.unsigned.signing_message(params.network_id()));
        payment
    };
    let (old, new) = (replaceable(0), replaceable(1_000));
    // Replaced, then mined by a block with the other payment.
    let (mut d, params, genesis) = driver();
    d.submit_payment(old.clone());
    d.submit_payment(new.clone());
    assert_eq!(dropped(&d), [(old.txid(), DropReason::Replaced { by: new.txid() }, false)]);
    d.submit_block(block_on(&params, &genesis, 0, vec![old.clone()]));
    assert_eq!(dropped(&d)[1..], [(new.txid(), DropReason::Conflict { by: old.txid() }, false)]);
    // Expired.
    let (mut d, ..) = driver();
    d.submit_payment(old.clone());
    d.pass(2 * 3_600_000 + 5_000);
    assert_eq!(dropped(&d), [(old.txid(), DropReason::Expired, false)]);
    // Refused after a restart, for example because another program has changed the chain.
    let (mut d, ..) = driver();
    d.submit_payment(old.clone());
    let mut disk = d.disk.clone();
    disk.forget_outputs();
    let d = Driver::start(config(params.clone(), vec![]), disk);
    let outpoint = genesis_outpoint(&params);
    let refused = DropReason::Refused(PoolError::MissingInputs { outpoint });
    assert_eq!(dropped(&d), [(old.txid(), refused, false)]);
}

#[test]
fn payments_that_conflict_after_a_reorganisation_leave() {
    let (mut d, params, genesis) = driver();
    d.submit_block(block_on(&params, &genesis, 0, vec![]));
    let mut own = block_on(&params, &genesis, 3, vec![]);
    own.coinbase.output.recipient = genesis_key().public_key().address();
    own.header.time = Timestamp(500);
    own.header.commitment = own.commitment();
    solve(&mut own);
    d.submit_block(own.clone());
    assert_eq!(d.tip(), own.id());
    let payment = pay(&params, own.coinbase.outpoint(), &[(address(2), 50)]);
    d.submit_payment(payment.clone());
    assert_eq!(d.node.mempool().len(), 1);
    chain_on(&params, &genesis, 7, 2).into_iter().for_each(|b| d.submit_block(b));
    assert!(d.node.mempool().is_empty());
    let outpoint = own.coinbase.outpoint();
    let refused = DropReason::Refused(PoolError::MissingInputs { outpoint });
    assert_eq!(dropped(&d), [(payment.txid(), refused, false)]);
    assert!(d.disk.snapshot().payments.is_empty());
}

#[test]
fn descendants_of_returned_payments_stay() {
    let (mut d, params, genesis) = driver();
    let own = genesis_key().public_key().address();
    let parent = pay(&params, genesis_outpoint(&params), &[(own, 50)]);
    let mut first = block_on(&params, &genesis, 0, vec![parent.clone()]);
    first.header.time = Timestamp(500);
    solve(&mut first);
    d.submit_block(first);
    let child = pay(&params, OutPoint { txid: parent.txid(), index: 0 }, &[(address(2), 50)]);
    d.submit_payment(child.clone());
    assert_eq!(d.node.mempool().len(), 1);
    chain_on(&params, &genesis, 7, 2).into_iter().for_each(|b| d.submit_block(b));
    let waiting: Vec<_> = d.node.mempool().txids().collect();
    assert_eq!(waiting, [parent.txid(), child.txid()], "parents first");
    assert_eq!(d.disk.snapshot().payments.len(), 2);
}

#[test]
fn the_chain_with_more_work_wins_and_payments_return() {
    let (mut d, params, genesis) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let mut first = block_on(&params, &genesis, 0, vec![payment.clone()]);
    // Earlier than its rival, so that it wins the tie.
    first.header.time = Timestamp(500);
    solve(&mut first);
    d.submit_payment(payment.clone());
    d.submit_block(first.clone());
    assert_eq!(d.node.mempool().len(), 0);
    let longer = chain_on(&params, &genesis, 7, 2);
    d.submit_block(longer[0].clone());
    d.submit_block(longer[1].clone());
    assert_eq!(d.tip(), longer[1].id());
    let moved = d.events.iter().rev().find_map(|e| match e {
        Event::TipChanged { disconnected, connected, .. } => Some((disconnected.clone(), connected.clone())),
        _ => None,
    });
    assert_eq!(moved, Some((vec![first.id()], vec![longer[0].id(), longer[1].id()])));
    assert!(d.node.mempool().contains(&payment.txid()));
    assert_eq!(d.node.status().side_blocks, 1);
    assert_eq!(d.disk.snapshot().payments, [payment]);
}

#[test]
fn at_equal_work_the_earlier_time_wins() {
    let (_, params, genesis) = driver();
    let mut early = block_on(&params, &genesis, 1, vec![]);
    early.header.time = Timestamp(500);
    solve(&mut early);
    let late = block_on(&params, &genesis, 2, vec![]);
    for order in [[&early, &late], [&late, &early]] {
        let (mut d, ..) = driver();
        order.into_iter().for_each(|b| d.submit_block(b.clone()));
        assert_eq!(d.tip(), early.id());
    }
}

#[test]
fn at_equal_work_the_lower_id_wins_where_the_network_says_so() {
    let params = ChainParams { tie_break: TieBreak::LowerId, ..ChainParams::regtest() };
    let genesis = params.genesis_block();
    for salt in 1..20 {
        let mut early = block_on(&params, &genesis, salt, vec![]);
        early.header.time = Timestamp(500);
        solve(&mut early);
        let late = block_on(&params, &genesis, 100 + salt, vec![]);
        let lower = early.id().min(late.id());
        for order in [[&early, &late], [&late, &early]] {
            let mut d = Driver::new(params.clone());
            order.into_iter().for_each(|b| d.submit_block(b.clone()));
            assert_eq!(d.tip(), lower, "salt {salt}");
        }
    }
}

#[test]
fn a_deep_reorganisation_loads_what_is_not_in_memory() {
    let (mut d, params, genesis) = driver();
    let old = chain_on(&params, &genesis, 1, 60);
    old.iter().for_each(|b| d.submit_block(b.clone()));
    let new = chain_on(&params, &genesis, 2, 61);
    new[..60].iter().for_each(|b| d.submit_block(b.clone()));
    let stayed = if d.tip() == old[59].id() { &old } else { &new };
    assert_eq!(d.tip(), stayed[59].id());
    let mut d = d.restart(vec![]);
    d.submit_block(new[60].clone());
    assert_eq!(d.tip(), new[60].id());
    assert!(d.loads > 1 || stayed[0] == new[0], "blocks are loaded in parts");
    let fresh = {
        let mut fresh = Driver::new(params);
        new.iter().for_each(|b| fresh.submit_block(b.clone()));
        fresh.node.chain().utxos().state_hash()
    };
    assert_eq!(d.node.chain().utxos().state_hash(), fresh);
}
