//! Invalid payments and blocks, submitted over the API: each gets its rule's number, and nothing changes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, genesis_coin, mined, payment, payment_by, sealed, sent_by, signed_with, with_payments};
use common::keys;
use common::node::{Node, free_port};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, BlockId, NetworkId, OutPoint, Payment, TxId};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};

fn fed(amount: u32) -> Amount {
    Amount::from_fed(amount)
}

fn bad_payments(params: &ChainParams, network: NetworkId) -> Vec<(&'static str, Payment)> {
    let coin = genesis_coin(params);
    let a = keys::address(keys::A);
    let pay = |inputs: Vec<OutPoint>, outputs| payment(network, inputs, outputs);
    let strange = |index| OutPoint { txid: TxId([9; 32]), index };
    let good = pay(vec![coin], vec![(fed(50), a)]);
    vec![
        ("T1", pay(vec![], vec![(fed(1), a)])),
        ("T2", pay(vec![coin], vec![])),
        ("T3", pay((0..3_000).map(strange).collect(), vec![(fed(1), a)])),
        ("T4", pay(vec![coin, coin], vec![(fed(1), a)])),
        ("T5", pay(vec![coin], vec![(fed(1), a), (Amount::ZERO, a)])),
        ("T6", pay(vec![coin], vec![(Amount::MAX, a), (Amount::MAX, a)])),
        ("T7", sent_by(good.clone(), [5; 33])),
        ("T8", signed_with(good.clone(), [0xff; 64])),
        ("T9", signed_with(good.clone(), [1; 64])),
        ("T9", payment(NetworkId([3; 32]), vec![coin], vec![(fed(50), a)])),
        ("C1", pay(vec![strange(0)], vec![(fed(1), a)])),
        ("C2", payment_by(keys::A, network, vec![coin], vec![(fed(50), a)])),
        ("C3", pay(vec![coin], vec![(fed(51), a)])),
    ]
}

#[test]
fn each_bad_payment_gets_its_rule() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &[]);
    let (params, network) = node.network();
    for (rule, payment) in bad_payments(&params, network) {
        let (status, problem) = node.submit(&payment);
        assert!(status == 422 || status == 409, "{rule}: {status} {problem}");
        assert_eq!(problem["rule"], rule, "{problem}");
        assert_ne!(problem["detail"], "");
    }
    assert_eq!(node.mempool(), 0);

    let a = keys::address(keys::A);
    let good = payment(network, vec![genesis_coin(&params)], vec![(fed(50), a)]);
    assert_eq!(node.submit(&good).0, 201);
    assert_eq!(node.submit(&good).0, 200, "a repeated submission is accepted");
    let conflict = payment(network, vec![genesis_coin(&params)], vec![(fed(49), a)]);
    let (status, problem) = node.submit(&conflict);
    assert_eq!((status, problem["rule"].as_str()), (409, Some("P2")));
    assert_eq!(node.mempool(), 1);
}

fn bad_blocks(params: &ChainParams, network: NetworkId) -> Vec<(&'static str, Block)> {
    let parent = BlockId::from(network);
    let good = || block(params, 1, parent, 10);
    let changed = |change: &dyn Fn(&mut Block)| {
        let mut block = good();
        change(&mut block);
        mined(sealed(block))
    };
    let a = keys::address(keys::A);
    let pay = |coin, amount| payment(network, vec![coin], vec![(fed(amount), a)]);
    let strange = |txid: u8| OutPoint { txid: TxId([txid; 32]), index: 0 };
    let large = |n: u32| {
        let inputs = (0..2_500).map(|i| OutPoint { txid: TxId([7; 32]), index: n * 10_000 + i }).collect();
        payment(network, inputs, vec![(fed(1), a)])
    };
    let worthless = (0..).map(|nonce| {
        let mut block = good();
        block.header.nonce = nonce;
        block
    });
    let met = |block: &Block| params.target.expand().unwrap().is_met_by(&block.id().0);
    let mut mutated = mined(good());
    mutated.coinbase.output.recipient = keys::address(keys::GENESIS);
    let far = 4_000_000_000_000;
    vec![
        ("H1", changed(&|b| b.header.version = 2)),
        ("H2", {
            let mut block = good();
            block.header.target = CompactTarget(0);
            block
        }),
        ("H3", worthless.into_iter().find(|b| !met(b)).unwrap()),
        ("H4", changed(&|b| b.header.target = CompactTarget(0x207f_fffe))),
        ("H5", changed(&|b| b.header.time = Timestamp(0))),
        ("H6", changed(&|b| b.header.time = Timestamp(far))),
        ("B1", mined(with_payments(good(), (0..12).map(large).collect()))),
        ("B3", mutated),
        ("B4", mined(with_payments(good(), vec![pay(strange(1), 1), pay(strange(1), 2)]))),
        ("B5", changed(&|b| b.coinbase.height = Height(2))),
        ("B6", changed(&|b| b.coinbase.output.amount = fed(51))),
        ("T9", mined(with_payments(good(), vec![signed_with(pay(genesis_coin(params), 50), [1; 64])]))),
        ("C1", mined(with_payments(good(), vec![pay(strange(1), 1)]))),
        ("C4", mined(with_payments(good(), vec![pay(genesis_coin(params), 50)]))),
    ]
}

#[test]
fn each_bad_block_gets_its_rule() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &["--network", "regtest"]);
    let (params, network) = node.network();
    let submit = |block: &Block| node.request("POST", "/api/v1/blocks", &serde_json::to_string(block).unwrap());
    let ledger = node.get("/ledger");
    for (rule, block) in bad_blocks(&params, network) {
        let (status, body) = submit(&block);
        // Only a block from the future may be valid later.
        assert_eq!(status, if rule == "H6" { 409 } else { 422 }, "{rule}: {body}");
        assert!(body.contains(&format!("\"rule\":\"{rule}\"")), "{rule}: {body}");
        assert_eq!(node.get("/ledger"), ledger, "{rule}");
    }
    let orphan = mined(block(&params, 2, BlockId([8; 32]), 10));
    assert_eq!(submit(&orphan).0, 409);

    let good = mined(block(&params, 1, BlockId::from(network), 10));
    assert_eq!(submit(&good).0, 201);
    assert_eq!(submit(&good).0, 200, "a repeated submission is accepted");
    assert_eq!(node.height(), 1);
}

#[test]
fn an_empty_block_is_refused_where_blocks_must_have_payments() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &[]);
    let (params, network) = node.network();
    let empty = mined(block(&params, 1, BlockId::from(network), 10));
    let (status, body) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(&empty).unwrap());
    assert_eq!(status, 422);
    assert!(body.contains("\"rule\":\"B2\""), "{body}");
}
