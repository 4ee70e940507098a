//! Payments between peers and in the mempool.

use super::driver;
use crate::harness::*;
use fedcoin_node::Event;
use fedcoin_node::consensus::PaymentError;
use fedcoin_node::mempool::PoolError;
use fedcoin_node::primitives::{Payment, Signature};
use fedcoin_node::wire::{Goodbye, Message};

#[test]
fn payments_are_announced_requested_and_passed_on() {
    let (mut d, params, _) = driver();
    let (from, to) = (d.ready_peer(1), d.ready_peer(2));
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let txid = payment.txid();
    d.receive(from, &Message::Inv(vec![txid]));
    d.receive(to, &Message::Inv(vec![txid]));
    assert_eq!(d.sent_to(from).last(), Some(&&Message::GetPayments(vec![txid])));
    assert!(!d.sent_to(to).contains(&&Message::GetPayments(vec![txid])), "requested once");
    d.receive(from, &Message::Payment(payment.clone()));
    let third = d.ready_peer(3);
    d.pass(100);
    assert!(d.sent_to(third).contains(&&Message::Inv(vec![txid])), "the mempool is announced to a new peer");
    assert!(!d.sent_to(from).contains(&&Message::Inv(vec![txid])), "it is not announced back");
    d.receive(third, &Message::GetPayments(vec![txid]));
    assert_eq!(d.sent_to(third).last(), Some(&&Message::Payment(payment)));
}

#[test]
fn a_withheld_payment_is_requested_from_another_peer() {
    let (mut d, params, _) = driver();
    let (withholder, honest, liar) = (d.ready_peer(1), d.ready_peer(2), d.ready_peer(3));
    let txid = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]).txid();
    for peer in [withholder, honest, liar] {
        d.receive(peer, &Message::Inv(vec![txid]));
    }
    let ask = Message::GetPayments(vec![txid]);
    assert!(d.sent_to(withholder).contains(&&ask) && !d.sent_to(liar).contains(&&ask));
    d.pass(6_500);
    assert_eq!(d.sent_to(liar).last(), Some(&&ask));
    d.receive(liar, &Message::NotFound { blocks: vec![], payments: vec![txid] });
    assert_eq!(d.sent_to(honest).last(), Some(&&ask));
}

#[test]
fn a_payment_with_a_forged_signature_is_requested_from_another_peer() {
    let (mut d, params, _) = driver();
    let (forger, honest) = (d.ready_peer(1), d.ready_peer(2));
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let other = pay(&params, genesis_outpoint(&params), &[(address(3), 50)]);
    let announcement = Message::Inv(vec![payment.txid()]);
    d.receive(forger, &announcement);
    d.receive(honest, &announcement);
    d.receive(forger, &Message::Payment(Payment { signature: other.signature, ..payment.clone() }));
    assert_eq!(d.disconnects, [(forger, Goodbye::InvalidPayment)]);
    assert_eq!(d.sent_to(honest).last(), Some(&&Message::GetPayments(vec![payment.txid()])));
    d.receive(honest, &Message::Payment(payment));
    assert_eq!(d.node.mempool().len(), 1);
}

#[test]
fn a_child_waits_for_its_parent() {
    let (mut d, params, _) = driver();
    let own = genesis_key().public_key().address();
    let parent = pay(&params, genesis_outpoint(&params), &[(own, 50)]);
    let (output, _) = parent.outputs().next().unwrap();
    let child = pay(&params, output, &[(address(2), 50)]);
    let peer = d.ready_peer(1);
    d.receive(peer, &Message::Payment(child.clone()));
    assert_eq!(d.node.mempool().len(), 0);
    assert_eq!(d.sent_to(peer).last(), Some(&&Message::GetPayments(vec![parent.txid()])));
    d.receive(peer, &Message::Payment(parent));
    assert_eq!(d.node.mempool().len(), 2);
    assert!(d.disconnects.is_empty());
}

#[test]
fn invalid_payments_are_refused_and_only_forgers_disconnected() {
    let (mut d, params, _) = driver();
    let good = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let double = pay(&params, genesis_outpoint(&params), &[(address(3), 50)]);
    let too_much = pay(&params, genesis_outpoint(&params), &[(address(3), 51)]);
    let forged = fedcoin_node::primitives::Payment { signature: Signature::from_bytes([1; 64]), ..good.clone() };
    let result = |d: &Driver| match d.events.last() {
        Some(Event::PaymentSubmitted { result, .. }) => result.clone(),
        other => panic!("{other:?}"),
    };
    d.submit_payment(too_much);
    assert!(matches!(result(&d), Err(PoolError::Invalid(PaymentError::Overspent { .. }))));
    d.submit_payment(forged.clone());
    assert_eq!(result(&d), Err(PoolError::Invalid(PaymentError::BadSignature)));
    d.submit_payment(good.clone());
    assert_eq!(result(&d), Ok(()));
    d.submit_payment(good.clone());
    assert_eq!(result(&d), Err(PoolError::Known));
    d.submit_payment(double.clone());
    assert!(matches!(result(&d), Err(PoolError::Conflict { with, .. }) if with == good.txid()));

    let (mut d, ..) = driver();
    let (honest, forger) = (d.ready_peer(1), d.ready_peer(2));
    d.receive(honest, &Message::Payment(good));
    d.receive(honest, &Message::Payment(double));
    d.receive(
        forger,
        &Message::Payment(fedcoin_node::primitives::Payment {
            unsigned: fedcoin_node::primitives::UnsignedPayment { inputs: vec![], ..forged.unsigned },
            ..forged
        }),
    );
    assert_eq!(d.disconnects, [(forger, Goodbye::InvalidPayment)]);
}

#[test]
fn the_mempool_survives_a_restart() {
    let (mut d, params, genesis) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    d.submit_payment(payment.clone());
    let mut d = d.restart(vec![]);
    assert!(d.node.mempool().contains(&payment.txid()));
    d.submit_block(block_on(&params, &genesis, 0, vec![payment]));
    assert_eq!(d.verify_batches, 0);
    assert!(d.restart(vec![]).node.mempool().is_empty());
}
