//! How the node requests payments from peers that announce them (rule W5).

use super::fixture::Fixture;
use crate::common::blocks::{chain_on, signed_with};
use crate::common::peer::Peer;
use crate::common::until;
use fedcoin_node::primitives::{Payment, TxId};
use fedcoin_node::wire::{Goodbye, MAX_INV, Message};

/// A node at height 1, where the genesis coin may be spent, and one payment of it.
fn fixture() -> (Fixture, Payment) {
    let fixture = Fixture::new();
    fixture.submit(&chain_on(&fixture.params, &fixture.genesis(), 1));
    let payment = fixture.payments(1).remove(0);
    (fixture, payment)
}

/// A peer that has announced a payment.
struct Announcer {
    peer: Peer,
    /// Whether the node requested the payment at once.
    requested: bool,
}

impl Announcer {
    fn new(fixture: &Fixture, payment: &Payment) -> Self {
        let mut announcer = Self { peer: fixture.peer(), requested: false };
        announcer.announce(payment);
        announcer
    }

    /// Announces the payment again.
    fn announce(&mut self, payment: &Payment) {
        self.peer.send(&Message::Inv(vec![payment.txid()]));
        self.peer.send(&Message::Ping(5));
        let answer = |message| match message {
            Message::GetPayments(_) => Some(true),
            Message::Pong(5) => Some(false),
            _ => None,
        };
        self.requested = self.peer.wait_for("an answer", answer);
        if self.requested {
            self.peer.wait_for("a pong", |message| (message == Message::Pong(5)).then_some(()));
        }
    }

    /// Waits until the node requests the payment.
    fn wait_until_requested(&mut self, payment: &Payment) {
        let ask = Message::GetPayments(vec![payment.txid()]);
        if !self.requested {
            self.peer.wait_for("a request for the payment", |message| (message == ask).then_some(()));
        }
    }

    fn give(&mut self, payment: &Payment) {
        self.peer.send(&Message::Payment(payment.clone()));
    }

    fn lacks(&mut self, payment: &Payment) {
        self.peer.send(&Message::NotFound { blocks: vec![], payments: vec![payment.txid()] });
    }
}

fn taken(fixture: &Fixture) {
    until("the payment waits", || fixture.node.mempool() == 1);
}

#[test]
fn the_next_announcer_is_asked_when_the_first_lacks_the_payment() {
    let (fixture, payment) = fixture();
    let mut lacking = Announcer::new(&fixture, &payment);
    let mut honest = Announcer::new(&fixture, &payment);
    assert!(lacking.requested && !honest.requested);
    lacking.lacks(&payment);
    honest.wait_until_requested(&payment);
    honest.give(&payment);
    taken(&fixture);
    lacking.announce(&payment);
    assert!(!lacking.requested, "the payment has arrived");
    assert!(lacking.peer.is_alive() && honest.peer.is_alive());
}

#[test]
fn peers_that_withhold_a_payment_only_delay_it() {
    let (fixture, payment) = fixture();
    let mut withholders: Vec<Announcer> = (0..8).map(|_| Announcer::new(&fixture, &payment)).collect();
    let mut honest = Announcer::new(&fixture, &payment);
    assert!(!honest.requested);
    // Some lack it, some disconnect, one stays silent.
    withholders[1..4].iter_mut().for_each(|announcer| announcer.lacks(&payment));
    withholders.truncate(4);
    honest.wait_until_requested(&payment);
    honest.give(&payment);
    taken(&fixture);
    assert!(withholders[0].peer.is_alive(), "withholding a payment is not a violation");
}

#[test]
fn another_announcer_is_asked_when_the_first_disconnects() {
    let (fixture, payment) = fixture();
    let leaving = Announcer::new(&fixture, &payment);
    let mut forger = Announcer::new(&fixture, &payment);
    drop(leaving);
    forger.wait_until_requested(&payment);
    let mut honest = Announcer::new(&fixture, &payment);
    forger.give(&signed_with(payment.clone(), [1; 64]));
    assert_eq!(forger.peer.goodbye(), Goodbye::InvalidPayment);
    honest.wait_until_requested(&payment);
    honest.give(&payment);
    taken(&fixture);
}

#[test]
fn a_flood_of_announcements_is_requested_in_parts() {
    let (fixture, payment) = fixture();
    let mut flooder = fixture.peer();
    let strange = |n: u32| {
        let mut bytes = [9; 32];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        TxId(bytes)
    };
    let flood = |from: u32| Message::Inv((from..from + MAX_INV as u32).map(strange).collect());
    (0..4).for_each(|n| flooder.send(&flood(n * MAX_INV as u32)));
    flooder.send(&Message::Ping(5));
    let mut ids = 0;
    loop {
        match flooder.receive().unwrap() {
            Message::GetPayments(requested) => ids += requested.len(),
            Message::Pong(5) => break,
            _ => {}
        }
    }
    assert!((1..=1_000).contains(&ids), "{ids}");
    // Other peers have their own quota.
    let mut honest = Announcer::new(&fixture, &payment);
    honest.wait_until_requested(&payment);
    honest.give(&payment);
    taken(&fixture);
    flooder.send(&Message::Inv((0..=MAX_INV as u32).map(strange).collect()));
    assert_eq!(flooder.goodbye(), Goodbye::BadMessage);
}

#[test]
fn a_node_one_block_behind_still_accepts_payments() {
    let (fixture, payment) = fixture();
    let chain = chain_on(&fixture.params, &fixture.genesis(), 2);
    let mut withholder = fixture.peer();
    withholder.send(&Message::Headers(vec![chain[1].header]));
    super::fixture::request_for(&mut withholder, chain[1].id());
    let mut honest = Announcer::new(&fixture, &payment);
    honest.wait_until_requested(&payment);
    honest.give(&payment);
    taken(&fixture);
    assert_eq!(fixture.node.height(), 1);
}

#[test]
fn not_found_from_another_peer_changes_nothing() {
    let (fixture, payment) = fixture();
    let mut honest = Announcer::new(&fixture, &payment);
    let mut next = Announcer::new(&fixture, &payment);
    let mut stranger = Announcer { peer: fixture.peer(), requested: false };
    stranger.lacks(&payment);
    let nothing = |n: u8| (vec![fedcoin_node::primitives::BlockId([n; 32])], vec![TxId([n; 32])]);
    for (blocks, payments) in (1..10).map(nothing) {
        stranger.peer.send(&Message::NotFound { blocks, payments });
    }
    assert!(stranger.peer.is_alive());
    next.announce(&payment);
    assert!(honest.requested && !next.requested, "one peer is asked at a time");
    honest.give(&payment);
    taken(&fixture);
}
