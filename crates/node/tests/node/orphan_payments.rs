//! Limits of payments that wait for their parents (rule W5).

use crate::driver;
use crate::harness::{Driver, genesis_key, genesis_outpoint};
use fedcoin_node::PeerId;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{OutPoint, Output, Payment, UnsignedPayment};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::Message;

/// A payment of the genesis key to itself with `outputs` equal outputs.
fn to_self(params: &ChainParams, input: OutPoint, outputs: usize, amount: Amount) -> Payment {
    let key = genesis_key();
    let output = Output { amount, recipient: key.public_key().address() };
    let unsigned = UnsignedPayment {
        sender: key.public_key(),
        replaceable: false,
        inputs: vec![input],
        outputs: vec![output; outputs],
    };
    let signature = key.sign(&unsigned.signing_message(params.network_id()));
    Payment { unsigned, signature }
}

/// A parent with one output, and its child with `outputs` outputs.
fn family(params: &ChainParams, outputs: usize) -> (Payment, Payment) {
    let parent = to_self(params, genesis_outpoint(params), 1, Amount::from_fed(49));
    let made = OutPoint { txid: parent.txid(), index: 0 };
    let child = to_self(params, made, outputs, Amount::from_fed(49).halved(12));
    (parent, child)
}

/// A node that received a child `ms` milliseconds ago, and then only signs of life.
fn after(ms: u64, child: &Payment) -> (Driver, PeerId) {
    let (mut node, ..) = driver();
    let peer = node.ready_peer(1);
    node.receive(peer, &Message::Payment(child.clone()));
    for waited in (0..ms).step_by(10_000) {
        node.receive(peer, &Message::Pong(1));
        node.pass(10_000.min(ms - waited));
    }
    assert!(node.disconnects.is_empty() && node.node.mempool().is_empty());
    (node, peer)
}

#[test]
fn orphan_payments_above_the_maximum_size_are_not_kept() {
    let (_, params, _) = driver();
    for (outputs, size, waits) in [(352, 9_998, true), (353, 10_026, false), (3_520, 98_702, false)] {
        let (parent, child) = family(&params, outputs);
        assert_eq!(child.size(), size);
        let (mut node, peer) = after(0, &child);
        node.receive(peer, &Message::Payment(parent));
        assert_eq!(node.node.mempool().contains(&child.txid()), waits, "{size} bytes");
        // When sent again after its parent, it is accepted.
        node.receive(peer, &Message::Payment(child.clone()));
        assert!(node.node.mempool().contains(&child.txid()), "{size} bytes");
    }
}

#[test]
fn an_orphan_payment_waits_for_a_limited_time() {
    let (_, params, _) = driver();
    let (parent, child) = family(&params, 1);
    for (ms, waits) in [(299_000, true), (306_000, false), (3_000_000, false)] {
        let (mut node, peer) = after(ms, &child);
        node.receive(peer, &Message::Payment(parent.clone()));
        assert_eq!(node.node.mempool().contains(&child.txid()), waits, "after {ms} ms");
    }
}
