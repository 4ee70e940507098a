//! Payments that arrive before their parents.

use super::fixture::Fixture;
use crate::common::blocks::{block, chain_on, genesis_coin, mined, payment, signed_with, with_payments};
use crate::common::keys;
use crate::common::until;
use fedcoin_node::primitives::{OutPoint, Payment, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::{Goodbye, Message};

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    fixture.submit(&chain_on(&fixture.params, &fixture.genesis(), 1));
    fixture
}

/// Whether the message requests this payment.
fn asks_for(message: &Message, payment: &Payment) -> Option<()> {
    matches!(message, Message::GetPayments(ids) if *ids == [payment.txid()]).then_some(())
}

/// A payment that spends an output of an unknown transaction.
fn childless(fixture: &Fixture, n: u32) -> Payment {
    let mut txid = [6; 32];
    txid[..4].copy_from_slice(&n.to_be_bytes());
    let coin = OutPoint { txid: TxId(txid), index: 0 };
    payment(fixture.network, vec![coin], vec![(Amount::from_fed(1), keys::address(keys::A))])
}

#[test]
fn parents_are_requested_from_the_sender_of_the_child() {
    let fixture = fixture();
    let chain = fixture.payments(3);
    let mut peer = fixture.peer();
    peer.send(&Message::Payment(chain[2].clone()));
    peer.wait_for("a request for the parent", |message| asks_for(&message, &chain[1]));
    peer.send(&Message::Payment(chain[1].clone()));
    peer.wait_for("a request for its parent", |message| asks_for(&message, &chain[0]));
    assert_eq!(fixture.node.mempool(), 0);
    peer.send(&Message::Payment(chain[0].clone()));
    until("all three wait", || fixture.node.mempool() == 3);
}

#[test]
fn a_parent_may_arrive_in_a_block() {
    let fixture = fixture();
    let chain = fixture.payments(2);
    let mut peer = fixture.peer();
    peer.send(&Message::Payment(chain[1].clone()));
    peer.wait_for("a request for the parent", |message| asks_for(&message, &chain[0]));
    let first = chain_on(&fixture.params, &fixture.genesis(), 1);
    let next = block(&fixture.params, 2, first[0].id(), 5_000);
    fixture.submit(&[mined(with_payments(next, vec![chain[0].clone()]))]);
    until("the child waits", || fixture.node.mempool() == 1);
    assert!(peer.is_alive());
}

#[test]
fn a_forged_parent_disconnects_its_sender_and_does_not_drop_the_child() {
    let fixture = fixture();
    let chain = fixture.payments(2);
    let mut forger = fixture.peer();
    forger.send(&Message::Payment(chain[1].clone()));
    forger.wait_for("a request for the parent", |message| asks_for(&message, &chain[0]));
    forger.send(&Message::Payment(signed_with(chain[0].clone(), [1; 64])));
    assert_eq!(forger.goodbye(), Goodbye::InvalidPayment);
    let mut honest = fixture.peer();
    honest.send(&Message::Inv(vec![chain[0].txid()]));
    honest.wait_for("a request for the parent", |message| asks_for(&message, &chain[0]));
    honest.send(&Message::Payment(chain[0].clone()));
    until("parent and child wait", || fixture.node.mempool() == 2);
}

#[test]
fn a_forged_child_is_detected_when_its_parent_arrives() {
    let fixture = fixture();
    let chain = fixture.payments(2);
    let mut forger = fixture.peer();
    forger.send(&Message::Payment(signed_with(chain[1].clone(), [1; 64])));
    forger.wait_for("a request for the parent", |message| asks_for(&message, &chain[0]));
    assert_eq!(fixture.node.submit(&chain[0]).0, 201);
    assert_eq!(forger.goodbye(), Goodbye::InvalidPayment);
    assert_eq!(fixture.node.submit(&chain[1]).0, 201, "the true child is accepted");
}

#[test]
fn a_flood_of_orphans_does_not_displace_those_of_others() {
    let fixture = fixture();
    let chain = fixture.payments(2);
    let mut honest = fixture.peer();
    honest.send(&Message::Payment(chain[1].clone()));
    assert!(honest.is_alive());
    let mut flooder = fixture.peer();
    for n in 0..300 {
        flooder.send(&Message::Payment(childless(&fixture, n)));
    }
    assert!(flooder.is_alive(), "an orphan is not a violation");
    assert_eq!(fixture.node.mempool(), 0);
    assert_eq!(fixture.node.submit(&chain[0]).0, 201);
    until("the honest child waits", || fixture.node.mempool() == 2);
}

#[test]
fn forged_children_do_not_block_the_true_one() {
    let fixture = fixture();
    let chain = fixture.payments(2);
    let (parent, child) = (&chain[0], &chain[1]);
    let forged = |n: u8| Message::Payment(signed_with(child.clone(), [n; 64]));
    let announcement = Message::Inv(vec![child.txid()]);
    // The node requests the child from one peer, which sends a forgery. Others have announced it before, and announce
    // it afterwards.
    let mut forger = fixture.peer();
    forger.send(&announcement);
    forger.wait_for("a request for the child", |message| asks_for(&message, child));
    let mut early = fixture.peer();
    early.send(&announcement);
    assert!(early.is_alive());
    forger.send(&forged(1));
    forger.wait_for("a request for the parent", |message| asks_for(&message, parent));
    let mut honest = fixture.peer();
    honest.send(&announcement);
    assert!(honest.is_alive());
    assert_eq!(fixture.node.submit(parent).0, 201);
    assert_eq!(forger.goodbye(), Goodbye::InvalidPayment);
    early.wait_for("a request for the child", |message| asks_for(&message, child));
    early.send(&Message::NotFound { blocks: vec![], payments: vec![child.txid()] });
    honest.wait_for("a request for the child", |message| asks_for(&message, child));
    honest.send(&Message::Payment(child.clone()));
    until("both wait", || fixture.node.mempool() == 2);
}

#[test]
fn true_and_forged_children_wait_side_by_side() {
    let fixture = fixture();
    let chain = fixture.payments(2);
    let mut peers: Vec<_> = (0..3).map(|_| fixture.peer()).collect();
    for (peer, n) in peers.iter_mut().zip(1..) {
        let child = if n == 2 { chain[1].clone() } else { signed_with(chain[1].clone(), [n; 64]) };
        peer.send(&Message::Payment(child));
        assert!(peer.is_alive());
    }
    assert_eq!(fixture.node.submit(&chain[0]).0, 201);
    until("parent and child wait", || fixture.node.mempool() == 2);
    assert!(peers[1].is_alive());
    assert_eq!(peers[0].goodbye(), Goodbye::InvalidPayment);
}

/// A payment that splits one coin into `parts` outputs, and the new outputs.
fn split(fixture: &Fixture, coin: OutPoint, parts: u32) -> (Payment, Vec<OutPoint>) {
    let part = (Amount::from_fed(1), keys::address(keys::GENESIS));
    let payment = payment(fixture.network, vec![coin], vec![part; parts as usize]);
    let txid = payment.txid();
    (payment, (0..parts).map(|index| OutPoint { txid, index }).collect())
}

#[test]
fn a_child_waits_for_all_its_parents() {
    let fixture = fixture();
    let (root, coins) = split(&fixture, genesis_coin(&fixture.params), 3);
    let ((left, of_left), (right, of_right)) = (split(&fixture, coins[0], 1), split(&fixture, coins[1], 1));
    let all = vec![coins[2], of_left[0], of_right[0]];
    let child = payment(fixture.network, all, vec![(Amount::from_fed(3), keys::address(keys::A))]);
    assert_eq!(fixture.node.submit(&root).0, 201);
    let mut peer = fixture.peer();
    peer.send(&Message::Payment(child));
    for parent in [left, right] {
        peer.wait_for("a request for a parent", |message| asks_for(&message, &parent));
        assert_eq!(fixture.node.mempool(), if parent.unsigned.inputs[0] == coins[0] { 1 } else { 2 });
        peer.send(&Message::Payment(parent));
    }
    until("all wait", || fixture.node.mempool() == 4);
}

#[test]
fn an_orphan_that_its_parent_proves_invalid_is_dropped() {
    let fixture = fixture();
    let (parent, coins) = split(&fixture, genesis_coin(&fixture.params), 3);
    let to = |fed| vec![(Amount::from_fed(fed), keys::address(keys::GENESIS))];
    // One spends more than its inputs, one spends an output that the parent does not have; a valid one beside them.
    let overspent = payment(fixture.network, vec![coins[0]], to(2));
    let nothing = OutPoint { index: 3, ..coins[0] };
    let baseless = payment(fixture.network, vec![nothing], to(1));
    let good = payment(fixture.network, vec![coins[1]], to(1));
    let heir = payment(fixture.network, vec![OutPoint { txid: overspent.txid(), index: 0 }], to(2));
    let mut peer = fixture.peer();
    for child in [heir, overspent, baseless, good] {
        peer.send(&Message::Payment(child));
    }
    assert!(peer.is_alive());
    assert_eq!(fixture.node.submit(&parent).0, 201);
    until("parent and the good child wait", || fixture.node.mempool() == 2);
    assert!(peer.is_alive(), "a payment that fails against the ledger is not a violation");
    assert_eq!(fixture.node.mempool(), 2);
}
