//! The traffic of honest peers stays within the budgets of rule W3, however fast they are.

use crate::driver;
use crate::harness::{Driver, address, block_on, chain_on, genesis_key, genesis_outpoint};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{OutPoint, Output, Payment, PublicKey, Signature, TxId, UnsignedPayment};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::{Goodbye, MAX_INV, MAX_PAYMENTS_REQUESTED, Message};
use fedcoin_node::{PeerId, Verdict};
use std::collections::BTreeMap;

/// Requests that a peer may send at once (rule W3).
const BURST: usize = 1_000;

/// Payments that each node examines and refuses: the coins are not the sender's.
fn worthless(params: &ChainParams, n: u32) -> Payment {
    let input = genesis_outpoint(params);
    let output = Output { amount: Amount::from_fed(n + 1), recipient: address(1) };
    let unsigned = UnsignedPayment {
        sender: PublicKey::from_bytes([2; 33]),
        replaceable: false,
        inputs: vec![OutPoint { ..input }],
        outputs: vec![output],
    };
    Payment { unsigned, signature: Signature::ZERO }
}

#[test]
fn a_fast_sync_is_not_cut_off() {
    let (mut first, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 1, 40);
    blocks.iter().for_each(|block| first.submit_block(block.clone()));
    // After a restart it has no block in memory.
    let mut node = first.restart(vec![]);
    let peer = node.ready_peer(1);
    let ids: Vec<_> = blocks.iter().map(|block| block.id()).collect();
    for round in 0..10 * BURST {
        let ids = if round % 2 == 0 { ids[..16].to_vec() } else { ids[16..17].to_vec() };
        node.receive(peer, &Message::GetBlocks(ids));
        assert!(node.disconnects.is_empty(), "cut off after {round} requests");
        node.sent.clear();
    }
    // Requests for unknown blocks do count.
    let (first_of_all, unknown) = (node.disconnects.len(), vec![fedcoin_node::primitives::BlockId([7; 32])]);
    (0..=BURST).for_each(|_| node.receive(peer, &Message::GetBlocks(unknown.clone())));
    assert_eq!((first_of_all, &node.disconnects[..]), (0, &[(peer, Goodbye::TooManyMessages)][..]));
}

/// Lets a peer that has announced payments deliver all requested ones at once. Returns the numbers of requests and of
/// requested payments.
fn deliver_all(node: &mut Driver, peer: PeerId, payments: &BTreeMap<TxId, Payment>) -> (usize, usize) {
    let (mut questions, mut delivered) = (0, 0);
    loop {
        let requests: Vec<Vec<TxId>> = core::mem::take(&mut node.sent)
            .into_iter()
            .filter_map(|(to, message)| match message {
                Message::GetPayments(ids) if to == peer => Some(ids),
                _ => None,
            })
            .collect();
        if requests.is_empty() {
            return (questions, delivered);
        }
        questions += requests.len();
        for txid in requests.iter().flatten() {
            delivered += 1;
            node.receive(peer, &Message::Payment(payments[txid].clone()));
        }
    }
}

#[test]
fn a_full_mempool_is_downloaded_in_few_requests() {
    let (mut node, params, _) = driver();
    let peer = node.ready_peer(1);
    let payments: BTreeMap<TxId, Payment> =
        (0..MAX_INV as u32).map(|n| worthless(&params, n)).map(|payment| (payment.txid(), payment)).collect();
    node.receive(peer, &Message::Inv(payments.keys().copied().collect()));
    let (questions, delivered) = deliver_all(&mut node, peer, &payments);
    assert_eq!(delivered, payments.len());
    assert!(questions <= 50, "{questions} questions");
    assert!(node.disconnects.is_empty());
}

#[test]
fn payments_that_one_peer_lacks_are_requested_from_another_in_few_requests() {
    let (mut node, params, _) = driver();
    let (liar, honest) = (node.ready_peer(1), node.ready_peer(2));
    let ids: Vec<TxId> = (0..1_000).map(|n| worthless(&params, n).txid()).collect();
    node.receive(liar, &Message::Inv(ids.clone()));
    node.receive(honest, &Message::Inv(ids.clone()));
    node.sent.clear();
    for ids in ids.chunks(MAX_PAYMENTS_REQUESTED) {
        node.receive(liar, &Message::NotFound { blocks: vec![], payments: ids.to_vec() });
    }
    let questions = node.sent_to(honest).into_iter().filter(|m| matches!(m, Message::GetPayments(_))).count();
    assert_eq!(questions, 2);
}

/// A payment of the genesis key with `n` outputs, and a payment of each output; their signatures are not checked.
fn family(params: &ChainParams, n: u32) -> (Payment, Vec<Payment>) {
    let owner = genesis_key().public_key();
    let output = Output { amount: Amount::from_fed(50).halved(12), recipient: owner.address() };
    let of = |input, outputs| {
        let unsigned = UnsignedPayment { sender: owner, replaceable: false, inputs: vec![input], outputs };
        Payment { unsigned, signature: Signature::ZERO }
    };
    let first = of(genesis_outpoint(params), vec![output; n as usize]);
    let txid = first.txid();
    let others = (0..n).map(|index| of(OutPoint { txid, index }, vec![output])).collect();
    (first, others)
}

#[test]
fn a_flood_of_payments_does_not_disconnect_tabs_from_their_relays() {
    let (mut node, params, genesis) = driver();
    let (first, payments) = family(&params, 3_000);
    let base = block_on(&params, &genesis, 1, vec![first]);
    let full = block_on(&params, &base, 1, payments);
    node.ready_peer(1);
    for block in [&base, &full] {
        node.verdict = Some(Verdict::Valid);
        node.submit_block(block.clone());
    }
    assert_eq!(node.height(), 2);
    // Two branches take turns, each longer than the other: the payments return to the mempool, are mined, and return.
    let with = chain_on(&params, &full, 1, 2);
    let without = chain_on(&params, &base, 2, 4);
    let mut sent = Vec::new();
    for (branch, height) in [(&without[..2], 3), (&with[..], 4), (&without[2..], 5)] {
        branch.iter().for_each(|block| node.submit_block(block.clone()));
        assert_eq!(node.height(), height);
        node.pass(60);
        let messages = core::mem::take(&mut node.sent);
        sent.extend(messages.into_iter().filter_map(|(_, message)| match message {
            Message::Payments(payments) => Some(("whole", payments.len())),
            Message::Inv(ids) => Some(("by id", ids.len())),
            _ => None,
        }));
    }
    let of = |how| sent.iter().filter(|(form, _)| *form == how).map(|(_, count)| *count).sum::<usize>();
    assert_eq!((of("whole"), of("by id")), (3_000, 3_000), "{sent:?}");
}
