//! Payments that come before those whose outputs they spend.

use super::scene::Scene;
use crate::common::blocks::{block, chain_on, mined, payment, signed_with, with_payments};
use crate::common::keys;
use crate::common::until;
use fedcoin_node::primitives::{OutPoint, Payment, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::{Goodbye, Message};

fn scene() -> Scene {
    let scene = Scene::new();
    scene.submit(&chain_on(&scene.params, &scene.genesis(), 1));
    scene
}

/// Whether the message asks for this payment.
fn asks_for(message: &Message, payment: &Payment) -> Option<()> {
    matches!(message, Message::GetPayments(ids) if *ids == [payment.txid()]).then_some(())
}

/// A payment of a coin of a transaction that nobody knows.
fn childless(scene: &Scene, n: u32) -> Payment {
    let mut txid = [6; 32];
    txid[..4].copy_from_slice(&n.to_be_bytes());
    let coin = OutPoint { txid: TxId(txid), index: 0 };
    payment(scene.network, vec![coin], vec![(Amount::from_fed(1), keys::address(keys::A))])
}

#[test]
fn parents_are_asked_for_of_who_sent_the_child() {
    let scene = scene();
    let chain = scene.payments(3);
    let mut peer = scene.peer();
    peer.send(&Message::Payment(chain[2].clone()));
    peer.wait_for("the parent is asked for", |message| asks_for(&message, &chain[1]));
    peer.send(&Message::Payment(chain[1].clone()));
    peer.wait_for("its parent is asked for", |message| asks_for(&message, &chain[0]));
    assert_eq!(scene.node.mempool(), 0);
    peer.send(&Message::Payment(chain[0].clone()));
    until("all three wait", || scene.node.mempool() == 3);
}

#[test]
fn a_parent_in_a_block_does_as_well() {
    let scene = scene();
    let chain = scene.payments(2);
    let mut peer = scene.peer();
    peer.send(&Message::Payment(chain[1].clone()));
    peer.wait_for("the parent is asked for", |message| asks_for(&message, &chain[0]));
    let first = chain_on(&scene.params, &scene.genesis(), 1);
    let next = block(&scene.params, 2, first[0].id(), 5_000);
    scene.submit(&[mined(with_payments(next, vec![chain[0].clone()]))]);
    until("the child waits", || scene.node.mempool() == 1);
    assert!(peer.is_alive());
}

#[test]
fn a_forged_parent_costs_its_sender_and_not_the_child() {
    let scene = scene();
    let chain = scene.payments(2);
    let mut forger = scene.peer();
    forger.send(&Message::Payment(chain[1].clone()));
    forger.wait_for("the parent is asked for", |message| asks_for(&message, &chain[0]));
    forger.send(&Message::Payment(signed_with(chain[0].clone(), [1; 64])));
    assert_eq!(forger.goodbye(), Goodbye::InvalidPayment);
    let mut honest = scene.peer();
    honest.send(&Message::Inv(vec![chain[0].txid()]));
    honest.wait_for("the parent is asked for", |message| asks_for(&message, &chain[0]));
    honest.send(&Message::Payment(chain[0].clone()));
    until("parent and child wait", || scene.node.mempool() == 2);
}

#[test]
fn a_forged_child_is_found_out_when_its_parent_comes() {
    let scene = scene();
    let chain = scene.payments(2);
    let mut forger = scene.peer();
    forger.send(&Message::Payment(signed_with(chain[1].clone(), [1; 64])));
    forger.wait_for("the parent is asked for", |message| asks_for(&message, &chain[0]));
    assert_eq!(scene.node.submit(&chain[0]).0, 201);
    assert_eq!(forger.goodbye(), Goodbye::InvalidPayment);
    assert_eq!(scene.node.submit(&chain[1]).0, 201, "the true child is not held against anyone");
}

#[test]
fn a_flood_of_orphans_does_not_push_out_those_of_others() {
    let scene = scene();
    let chain = scene.payments(2);
    let mut honest = scene.peer();
    honest.send(&Message::Payment(chain[1].clone()));
    assert!(honest.is_alive());
    let mut flooder = scene.peer();
    for n in 0..300 {
        flooder.send(&Message::Payment(childless(&scene, n)));
    }
    assert!(flooder.is_alive(), "an orphan is no fault");
    assert_eq!(scene.node.mempool(), 0);
    assert_eq!(scene.node.submit(&chain[0]).0, 201);
    until("the honest child waits", || scene.node.mempool() == 2);
}
