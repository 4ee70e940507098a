//! A peer that requests a lot and reads nothing costs bounded memory, and harms only itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, genesis_coin, mined, payment, with_payments};
use common::keys;
use common::node::{Node, free_port};
use common::peer::Peer;
use common::streamed_peer::{StreamedPeer, framed};
use common::until;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, BlockId, NetworkId, OutPoint, Payment};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::{MAX_BLOCKS_REQUESTED, Message};
use fedcoin_relay::sockets::MAX_QUEUED_BYTES;

/// Payments of almost the maximum size, each splitting the previous one's first output.
fn large_payments(params: &ChainParams, network: NetworkId, count: usize) -> Vec<Payment> {
    let owner = keys::address(keys::GENESIS);
    let mut coin = genesis_coin(params);
    let mut value = params.genesis.amount;
    let payments = (0..count).map(|_| {
        let mut outputs = vec![(Amount::from_units(1).unwrap(), owner); 3_400];
        value = value.checked_sub(Amount::from_units(3_400).unwrap()).unwrap();
        outputs.insert(0, (value, owner));
        let payment = payment(network, vec![coin], outputs);
        coin = OutPoint { txid: payment.txid(), index: 0 };
        payment
    });
    payments.collect()
}

#[test]
fn a_peer_that_does_not_read_is_disconnected() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &["--network", "regtest"]);
    let (params, network) = node.network();
    let submit = |block: Block| {
        let (status, body) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(&block).unwrap());
        assert_eq!(status, 201, "{body}");
        (block.id(), block.size())
    };
    let (first, _) = submit(mined(block(&params, 1, BlockId::from(network), 1)));
    // Now the genesis coin is mature.
    let payments = large_payments(&params, network, 9);
    let (large, size) = submit(mined(with_payments(block(&params, 2, first, 2), payments)));

    let mut witness = Peer::greet(node.port, network);
    // Twice as much as may wait for one peer.
    let requests = 2 * MAX_QUEUED_BYTES / (size * MAX_BLOCKS_REQUESTED) + 1;
    let request = Message::GetBlocks(vec![large; MAX_BLOCKS_REQUESTED]);
    let mut idle = Peer::greet(node.port, network);
    (0..requests).for_each(|_| idle.send(&request));
    let cut = node.wait_for_log("reads too slowly");
    assert!(witness.is_alive());
    let mut idle = StreamedPeer::greet(node.port, network);
    let body = framed(&[request.encode()]);
    while idle.post(idle.next, &body) == 204 && idle.next < 10 * requests as u64 {
        idle.next += 1;
    }
    node.wait_for_log_after(cut + 1, "reads too slowly");
    assert!(witness.is_alive());
    until("it is forgotten", || idle.post(idle.next, &body) == 404);
    assert_eq!(node.height(), 2);
}
