//! Rules B1 to C5: merkle roots, a reorganisation block by block, and invalid blocks.

use super::json::{hex_of, named};
use fedcoin_node::codec::{decode, encode};
use fedcoin_node::consensus::{BlockError, ChainParams, HeaderContext, check_header_in_chain};
use fedcoin_node::ledger::ledger_root;
use fedcoin_node::mempool::{Mempool, PoolPolicy};
use fedcoin_node::primitives::{
    Block, Coinbase, Header, OutPoint, Output, Payment, Signature, TxId, merkle_root, sha256,
};
use fedcoin_node::units::{Amount, CompactTarget, Height};
use fedcoin_node::wallet::{Coin, Fee, PaymentOrder, build_payment, spendable_coins};
use fedcoin_testkit::driver::Driver;
use fedcoin_testkit::ledger::{Ledger, address, key, map_key, pay, solve, units};
use serde_json::{Map, Value, json};
use std::str::FromStr;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

pub(crate) fn chapter() -> Value {
    json!({ "merkle": merkle(), "reorganisation": reorganisation(), "refused": refused() })
}

/// The SHA-256 of the bytes 0, 1, 2 and so on, and the roots of the first one, two, three and so on.
fn merkle() -> Value {
    let leaves: Vec<[u8; 32]> = (0..9).map(|n: u8| sha256(&[&[n]])).collect();
    let roots: Vec<String> = (1..=leaves.len()).map(|n| hex::encode(merkle_root(&leaves[..n]))).collect();
    json!({ "leaves": leaves.iter().map(hex::encode).collect::<Vec<_>>(), "roots": roots })
}

fn script_params() -> ChainParams {
    let mut params = ChainParams { coinbase_maturity: 2, ..ChainParams::regtest() };
    params.genesis.recipient = address(1);
    params
}

/// Connects and disconnects blocks, and records the results.
struct Scribe {
    ledger: Ledger,
    blocks: Map<String, Value>,
    names: Vec<String>,
    steps: Vec<Value>,
}

impl Scribe {
    fn connect(&mut self, name: &str, payments: Vec<Payment>, fees: u64) {
        let block = self.ledger.block(address(3), payments, units(fees));
        self.blocks.insert(name.into(), hex_of(&block));
        self.ledger.connect(block).unwrap();
        self.names.push(name.into());
        self.note("connect", name);
    }

    fn disconnect(&mut self) {
        self.ledger.disconnect();
        let name = self.names.pop().unwrap();
        self.note("disconnect", &name);
    }

    fn note(&mut self, what: &str, name: &str) {
        let Ledger { utxos, .. } = &self.ledger;
        self.steps.push(json!({
            what: name,
            "tip": self.ledger.tip().id(),
            "supply": utxos.supply(),
            "coins": utxos.len(),
            "roots": self.ledger.commitments.roots(),
        }));
    }

    /// A payment of mature coins between test keys.
    fn pay(&self, from: u8, to: u8, fed: u32, fee: u64) -> Payment {
        let Ledger { utxos, params, network, .. } = &self.ledger;
        let next = self.ledger.next_height();
        let pool = Mempool::new(PoolPolicy::server(params), map_key());
        let coins = spendable_coins(utxos, &pool, &address(from), next, params);
        let order = PaymentOrder::new(address(to), Amount::from_fed(fed), Fee::Total(units(fee)));
        build_payment(&key(from), *network, &coins, &order).unwrap()
    }
}

/// One payment moves to a block at another height, one is replaced by another of the same coin, one spends an output of
/// its own block, one spends a coinbase.
fn reorganisation() -> Value {
    let ledger = Ledger::new(script_params());
    let mut scribe = Scribe { ledger, blocks: Map::new(), names: vec![], steps: vec![] };
    scribe.connect("a1", vec![], 0);
    let moved = scribe.pay(1, 2, 20, 1_000);
    scribe.connect("a2", vec![moved.clone()], 1_000);
    let first = scribe.pay(2, 4, 5, 0);
    let coins = [Coin { outpoint: first.outputs().next().unwrap().0, amount: Amount::from_fed(5), mined: false }];
    let network = scribe.ledger.network;
    let order = PaymentOrder::new(address(1), Amount::from_fed(4), Fee::Total(Amount::from_fed(1)));
    let second = build_payment(&key(4), network, &coins, &PaymentOrder { replaceable: false, ..order }).unwrap();
    scribe.connect("a3", vec![first, second], Amount::UNITS_PER_FED);
    for _ in 0..3 {
        scribe.disconnect();
    }
    scribe.connect("b1", vec![], 0);
    scribe.connect("b2", vec![], 0);
    scribe.connect("b3", vec![moved], 1_000);
    scribe.connect("b4", vec![scribe.pay(2, 1, 7, 70), scribe.pay(3, 2, 1, 0)], 70);
    json!({
        "params": script_params(),
        "network": network,
        "genesis": hex_of(&script_params().genesis_block()),
        "blocks": scribe.blocks,
        "steps": scribe.steps,
    })
}

fn strict_params() -> ChainParams {
    ChainParams { max_block_bytes: 1_000, max_block_payments: 3, ..script_params() }
}

/// A chain of two blocks, and invalid third blocks.
fn refused() -> Value {
    let mut ledger = Ledger::new(strict_params());
    for _ in 0..2 {
        ledger.connect(ledger.block(address(1), vec![], Amount::ZERO)).unwrap();
    }
    assert_eq!(outcome(&ledger, good(&ledger)), Ok(()));
    let case = |(name, rule, block): (&'static str, &str, Block)| {
        assert_eq!(outcome(&ledger, block.clone()).unwrap_err().rule(), rule, "{name}");
        (name, json!({ "rule": rule, "block": hex_of(&block) }))
    };
    let cases = alone(&ledger).into_iter().chain(in_context(&ledger));
    json!({
        "params": strict_params(),
        "chain": ledger.blocks[1..].iter().map(|(block, _)| hex_of(block)).collect::<Vec<_>>(),
        "accepted": { "a payment of the genesis coin": hex_of(&good(&ledger)) },
        "blocks": named(cases.map(case)),
    })
}

/// The result of a block on the ledger's tip.
fn outcome(ledger: &Ledger, block: Block) -> Result<(), BlockError> {
    let before: Vec<&Header> = ledger.blocks.iter().rev().map(|(block, _)| &block.header).collect();
    let context = HeaderContext::after(before.into_iter(), &ledger.params);
    check_header_in_chain(&block.header, &context, block.header.time)?;
    ledger.clone().connect(block).map(drop)
}

/// A payment of key 1.
fn spend(ledger: &Ledger, coin: OutPoint, amounts: &[u64]) -> Payment {
    let outputs = amounts.iter().map(|amount| Output { amount: units(*amount), recipient: address(2) });
    pay(&key(1), ledger.network, vec![coin], outputs.collect())
}

fn with(ledger: &Ledger, payments: Vec<Payment>) -> Block {
    ledger.block(address(3), payments, Amount::ZERO)
}

fn good(ledger: &Ledger) -> Block {
    with(ledger, vec![spend(ledger, ledger.coinbase(0), &[5_000_000_000])])
}

/// The valid block after `change`, with proof of work.
fn changed(ledger: &Ledger, change: impl FnOnce(&mut Block)) -> Block {
    let mut block = good(ledger);
    change(&mut block);
    solve(&mut block);
    block
}

fn alone(ledger: &Ledger) -> Vec<(&'static str, &'static str, Block)> {
    let genesis = ledger.coinbase(0);
    let mut line = vec![spend(ledger, genesis, &[4])];
    for (from, to) in [(2, 3), (3, 4), (4, 5)] {
        let coin = OutPoint { txid: line[line.len() - 1].txid(), index: 0 };
        let output = Output { amount: units(4), recipient: address(to) };
        line.push(pay(&key(from), ledger.network, vec![coin], vec![output]));
    }
    let mut body = good(ledger);
    body.payments.push(spend(ledger, ledger.coinbase(1), &[1]));
    let mut forged = spend(ledger, genesis, &[1]);
    forged.signature = Signature::ZERO;
    vec![
        ("another target", "H4", changed(ledger, |block| block.header.target = CompactTarget(0x207f_fffe))),
        (
            "the median time of those before",
            "H5",
            changed(ledger, |block| block.header.time = ledger.blocks[1].0.header.time),
        ),
        ("above 1,000 bytes", "B1", with(ledger, vec![spend(ledger, genesis, &[1; 40])])),
        ("four payments", "B2", with(ledger, line)),
        ("a payment that the commitment does not know", "B3", body),
        ("a coin spent twice", "B4", with(ledger, vec![spend(ledger, genesis, &[1]), spend(ledger, genesis, &[2])])),
        ("a coinbase of another height", "B5", changed(ledger, |block| block.coinbase.height = Height(4))),
        ("a payment that breaks a rule alone", "T5", with(ledger, vec![spend(ledger, genesis, &[0])])),
        ("a payment of a false signature", "T9", with(ledger, vec![forged])),
    ]
}

fn in_context(ledger: &Ledger) -> Vec<(&'static str, &'static str, Block)> {
    let genesis = ledger.coinbase(0);
    let parent = pay(&key(1), ledger.network, vec![genesis], vec![Output { amount: units(9), recipient: address(1) }]);
    let child = spend(ledger, OutPoint { txid: parent.txid(), index: 0 }, &[9]);
    let subsidy = ledger.params.subsidy_at(Height(3));
    let own = Coinbase { height: Height(3), output: Output { amount: subsidy, recipient: address(1) } };
    let of_own = ledger.block(address(1), vec![spend(ledger, own.outpoint(), &[1])], Amount::ZERO);
    let others = pay(&key(2), ledger.network, vec![genesis], vec![Output { amount: units(1), recipient: address(2) }]);
    let nothing = OutPoint { txid: TxId([7; 32]), index: 0 };
    let at_parent = ledger_root(Height(2), ledger.utxos.iter());
    vec![
        ("a coin that never was", "C1", with(ledger, vec![spend(ledger, nothing, &[1])])),
        (
            "a place that the transaction does not have",
            "C1",
            with(ledger, vec![spend(ledger, OutPoint { index: 1, ..genesis }, &[1])]),
        ),
        ("the coinbase of the block itself", "C1", of_own),
        ("a payment before the one that it builds on", "C1", with(ledger, vec![child, parent])),
        ("another's coin", "C2", with(ledger, vec![others])),
        ("more than the coin", "C3", with(ledger, vec![spend(ledger, genesis, &[5_000_000_001])])),
        ("the history of its parent", "B8", changed(ledger, |block| block.roots = ledger.blocks[2].0.roots)),
        ("the ledger of its parent", "B9", changed(ledger, |block| block.roots.ledger = at_parent)),
        ("a coinbase that is too young", "C4", with(ledger, vec![spend(ledger, ledger.coinbase(2), &[1])])),
        (
            "one unit above subsidy and fees",
            "B6",
            ledger.block(address(3), vec![spend(ledger, genesis, &[4_999_999_999])], units(2)),
        ),
    ]
}

// --- the written reorganisation, read ---

fn written() -> Value {
    let chapter: Value = serde_json::from_str(include_str!("../../../../docs/vectors/blocks.json")).unwrap();
    chapter["reorganisation"].clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn parse<T: FromStr<Err: std::fmt::Debug>>(value: &Value) -> T {
    text(value).parse().unwrap()
}

fn block(vectors: &Value, name: &Value) -> Block {
    decode(&hex::decode(text(&vectors["blocks"][text(name)])).unwrap()).unwrap()
}

#[test]
fn the_stored_reorganisation_ends_in_the_same_state() {
    let vectors = written();
    let params: ChainParams = serde_json::from_value(vectors["params"].clone()).unwrap();
    assert_eq!(hex::encode(encode(&params.genesis_block())), text(&vectors["genesis"]));
    let mut ledger = Ledger::new(params);
    assert_eq!(ledger.network, parse(&vectors["network"]));
    for step in vectors["steps"].as_array().unwrap() {
        match step.get("connect") {
            Some(name) => {
                ledger.connect(block(&vectors, name)).unwrap();
            }
            None => assert_eq!(ledger.disconnect(), block(&vectors, &step["disconnect"])),
        }
        assert_eq!(ledger.tip().id(), parse(&step["tip"]));
        assert_eq!(ledger.utxos.supply(), parse(&step["supply"]));
        assert_eq!(json!(ledger.utxos.len()), step["coins"]);
        assert_eq!(json!(ledger.commitments.roots()), step["roots"]);
    }
}

#[test]
fn a_node_given_the_blocks_ends_in_the_same_state() {
    let vectors = written();
    let steps = vectors["steps"].as_array().unwrap();
    let params: ChainParams = serde_json::from_value(vectors["params"].clone()).unwrap();
    let mut driver = Driver::new(params.clone());
    let names: Vec<&Value> = steps.iter().filter_map(|step| step.get("connect")).collect();
    for name in &names {
        driver.submit_block(block(&vectors, name));
    }
    let last = steps.last().unwrap();
    assert_eq!(driver.tip(), parse(&last["tip"]));
    assert_eq!(driver.node.chain().utxos().supply(), parse(&last["supply"]));

    // In reverse order, every block but the last waits for its parent.
    let mut other = Driver::new(params);
    for name in names.iter().rev() {
        other.submit_block(block(&vectors, name));
    }
    assert_eq!(other.tip(), driver.tip());
    assert_eq!(other.node.chain().utxos(), driver.node.chain().utxos());
}
