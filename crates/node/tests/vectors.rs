//! The same bytes natively and in wasm: `vectors/foreign.json` was computed without this code (see
//! `vectors/foreign.py`), `vectors/own.json` was written by it:
//!
//!     cargo test -p fedcoin-node --test vectors -- --ignored
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use fedcoin_testkit::driver as harness;
use fedcoin_testkit::ledger as common;

use common::{Ledger, address, key, units};
use fedcoin_node::codec::{decode, encode};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::mempool::{Mempool, PoolPolicy};
use fedcoin_node::primitives::{
    Address, Block, Coinbase, Header, NetworkId, OutPoint, Output, Payment, PrivateKey, PublicKey, Signature,
    UnsignedPayment, merkle_root,
};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_node::wallet::{Coin, Fee, PaymentOrder, build_payment, spendable_coins};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::str::FromStr;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn foreign() -> Value {
    serde_json::from_str(include_str!("vectors/foreign.json")).unwrap()
}

fn own() -> Value {
    serde_json::from_str(include_str!("vectors/own.json")).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn parse<T: FromStr<Err: std::fmt::Debug>>(value: &Value) -> T {
    text(value).parse().unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(text(value)).unwrap()
}

fn number<T: TryFrom<u64, Error: std::fmt::Debug>>(value: &Value) -> T {
    value.as_u64().unwrap().try_into().unwrap()
}

// --- what another implementation computed ---

/// The address of one of the lesson's keys.
fn lesson_address(name: &Value) -> Address {
    let vectors = foreign();
    let key = list(&vectors["keys"]).iter().find(|key| key["name"] == *name).unwrap();
    parse(&key["address"])
}

fn lesson_key(name: &Value) -> PrivateKey {
    let vectors = foreign();
    let key = list(&vectors["keys"]).iter().find(|key| key["name"] == *name).unwrap();
    PrivateKey::from_hex(text(&key["private"])).unwrap()
}

fn output(vector: &Value) -> Output {
    Output { amount: units(number(&vector["units"])), recipient: lesson_address(&vector["to"]) }
}

fn unsigned_payment(vector: &Value) -> UnsignedPayment {
    let input = |input: &Value| OutPoint { txid: parse(&input["txid"]), index: number(&input["index"]) };
    UnsignedPayment {
        sender: lesson_key(&vector["sender"]).public_key(),
        replaceable: vector["replaceable"].as_bool().unwrap(),
        inputs: list(&vector["inputs"]).iter().map(input).collect(),
        outputs: list(&vector["outputs"]).iter().map(output).collect(),
    }
}

#[test]
fn the_lesson_s_keys_have_these_addresses() {
    for vector in list(&foreign()["keys"]) {
        let public = PublicKey::from_hex(text(&vector["public"])).unwrap();
        assert_eq!(public.as_bytes().to_vec(), bytes(&vector["compressed"]));
        assert_eq!(public.address().to_string(), text(&vector["address"]));
        assert_eq!(public.to_hex().unwrap(), text(&vector["public"]));
        if !vector["private"].is_null() {
            let private = PrivateKey::from_hex(text(&vector["private"])).unwrap();
            assert_eq!(private.public_key(), public);
            assert_eq!(private.to_hex(), text(&vector["private"]));
        }
    }
    let recipient = ChainParams::classroom().genesis.recipient;
    assert_eq!(recipient, lesson_address(&json!("genesis")), "the first coins are the lesson's");
}

#[test]
fn payments_have_these_ids_and_foreign_signatures_are_valid() {
    for vector in list(&foreign()["payments"]) {
        let unsigned = unsigned_payment(vector);
        let message = unsigned.signing_message(parse::<NetworkId>(&vector["network"]));
        assert_eq!(message, bytes(&vector["signing_message"]));
        assert_eq!(unsigned.txid().to_string(), text(&vector["txid"]));

        let [low, high] = ["signature", "high_s"].map(|s| Signature::from_bytes(bytes(&vector[s]).try_into().unwrap()));
        assert!(low.is_low_s() && !high.is_low_s());
        for signature in [low, high] {
            assert!(unsigned.sender.verifies(&message, &signature));
            assert!(!unsigned.sender.verifies(&message[1..], &signature));
        }
        let payment = Payment { unsigned, signature: low };
        assert_eq!(encode(&payment), bytes(&vector["encoding"]));
        assert_eq!(payment.hash().to_string(), text(&vector["hash"]));
        assert_eq!(decode::<Payment>(&bytes(&vector["encoding"])), Ok(payment));
    }
}

#[test]
fn coinbases_have_these_ids() {
    for vector in list(&foreign()["coinbases"]) {
        let coinbase = Coinbase { height: Height(number(&vector["height"])), output: output(vector) };
        assert_eq!(encode(&coinbase), bytes(&vector["encoding"]));
        assert_eq!(coinbase.txid().to_string(), text(&vector["txid"]));
    }
}

#[test]
fn headers_have_these_bytes_and_ids() {
    let vectors = foreign();
    for vector in list(&vectors["headers"]) {
        let header = Header {
            version: number(&vector["version"]),
            salt: number(&vector["salt"]),
            previous: parse(&vector["previous"]),
            merkle_root: parse(&vector["merkle_root"]),
            time: Timestamp(number(&vector["time"])),
            target: parse(&vector["target"]),
            nonce: number(&vector["nonce"]),
        };
        assert_eq!(header.to_bytes().to_vec(), bytes(&vector["encoding"]));
        assert_eq!(header.id().to_string(), text(&vector["id"]));
    }
    let mined: Header = decode(&bytes(&vectors["headers"][2]["encoding"])).unwrap();
    assert!(fedcoin_node::consensus::check_header_in_isolation(&mined).is_ok(), "its work was done");
    let again = fedcoin_node::pow::search(&mined, mined.target.expand().unwrap(), mined.salt, 0..1 << 32);
    assert_eq!(again, Some(mined.nonce), "the first nonce that will do");
}

#[test]
fn merkle_trees_have_these_roots() {
    for vector in list(&foreign()["merkle"]) {
        let leaves: Vec<[u8; 32]> =
            list(&vector["leaves"]).iter().map(|leaf| bytes(leaf).try_into().unwrap()).collect();
        assert_eq!(merkle_root(&leaves).to_string(), text(&vector["root"]));
    }
}

#[test]
fn compact_targets_mean_these_numbers() {
    for vector in list(&foreign()["targets"]) {
        let target = parse::<CompactTarget>(&vector["compact"]).expand().unwrap();
        assert_eq!(target.to_string(), text(&vector["target"]));
        assert_eq!(target.work().to_string(), text(&vector["work"]));
    }
}

#[test]
fn signatures_are_those_of_rfc_6979_with_the_lower_s() {
    let vectors = &foreign()["rfc6979"];
    let key = PrivateKey::from_random(&bytes(&vectors["private"]).try_into().unwrap()).unwrap();
    for vector in list(&vectors["signatures"]) {
        let signature = key.sign(text(&vector["message"]).as_bytes());
        let expected = [bytes(&vector["r"]), bytes(&vector["low_s"])].concat();
        assert_eq!(signature.as_bytes().to_vec(), expected);
    }
}

// --- what this code computed ---

fn script_params() -> ChainParams {
    let mut params = ChainParams { coinbase_maturity: 2, ..ChainParams::regtest() };
    params.genesis.recipient = address(1);
    params
}

/// Connects and disconnects blocks, and writes down what happens.
struct Scribe {
    ledger: Ledger,
    blocks: BTreeMap<String, String>,
    names: Vec<String>,
    steps: Vec<Value>,
}

impl Scribe {
    fn connect(&mut self, name: &str, payments: Vec<Payment>, fees: u64) {
        let block = self.ledger.block(address(3), payments, units(fees));
        self.blocks.insert(name.into(), hex::encode(encode(&block)));
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
            "state": hex::encode(utxos.state_hash()),
        }));
    }

    /// A payment between test keys, of mature coins.
    fn pay(&self, from: u8, to: u8, fed: u32, fee: u64) -> Payment {
        let Ledger { utxos, params, network, .. } = &self.ledger;
        let next = self.ledger.next_height();
        let coins = spendable_coins(
            utxos,
            &Mempool::new(PoolPolicy::server(params), common::map_key()),
            &address(from),
            next,
            params,
        );
        let order = PaymentOrder::new(address(to), Amount::from_fed(fed), Fee::Total(units(fee)));
        build_payment(&key(from), *network, &coins, &order).unwrap()
    }
}

/// A reorganisation: one payment moves to a block of another height, one is replaced by another of
/// the same coin, one spends what was made in its own block, one spends a coinbase.
fn reorganisation() -> Value {
    let ledger = Ledger::new(script_params());
    let mut scribe = Scribe { ledger, blocks: BTreeMap::new(), names: vec![], steps: vec![] };
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
        "genesis": hex::encode(encode(&script_params().genesis_block())),
        "blocks": scribe.blocks,
        "steps": scribe.steps,
    })
}

fn keys() -> Vec<Value> {
    let of = |n| {
        let (private, public) = (key(n), key(n).public_key());
        let signature = private.sign(b"a message");
        json!({
            "secret": hex::encode([n; 32]),
            "private": private.to_hex(),
            "public": public.to_hex().unwrap(),
            "address": public.address(),
            "signature": signature,
        })
    };
    (1..=4).map(of).collect()
}

fn networks() -> Value {
    ChainParams::BUILT_IN
        .iter()
        .map(|name| (*name, ChainParams::built_in(name).unwrap().network_id().to_string()))
        .collect()
}

fn all() -> Value {
    json!({ "keys": keys(), "networks": networks(), "reorganisation": reorganisation() })
}

#[test]
fn this_code_still_computes_the_same() {
    assert_eq!(all(), own());
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "writes vectors/own.json: for changes of the protocol"]
fn write_own_vectors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/own.json");
    std::fs::write(path, serde_json::to_string_pretty(&all()).unwrap() + "\n").unwrap();
}

fn block(vectors: &Value, name: &Value) -> Block {
    decode(&bytes(&vectors["blocks"][text(name)])).unwrap()
}

#[test]
fn the_written_reorganisation_ends_in_the_same_state() {
    let vectors = &own()["reorganisation"];
    let params: ChainParams = serde_json::from_value(vectors["params"].clone()).unwrap();
    assert_eq!(encode(&params.genesis_block()), bytes(&vectors["genesis"]));
    let mut ledger = Ledger::new(params);
    assert_eq!(ledger.network, parse(&vectors["network"]));
    for step in list(&vectors["steps"]) {
        match step.get("connect") {
            Some(name) => {
                ledger.connect(block(vectors, name)).unwrap();
            }
            None => assert_eq!(ledger.disconnect(), block(vectors, &step["disconnect"])),
        }
        assert_eq!(ledger.tip().id(), parse(&step["tip"]));
        assert_eq!(ledger.utxos.supply(), parse(&step["supply"]));
        assert_eq!(hex::encode(ledger.utxos.state_hash()), text(&step["state"]));
    }
}

#[test]
fn a_node_given_the_blocks_ends_in_the_same_state() {
    let vectors = &own()["reorganisation"];
    let params: ChainParams = serde_json::from_value(vectors["params"].clone()).unwrap();
    let mut driver = harness::Driver::new(params);
    let connected = || list(&vectors["steps"]).iter().filter_map(|step| step.get("connect"));
    for name in connected() {
        driver.submit_block(block(vectors, name));
    }
    let last = list(&vectors["steps"]).last().unwrap();
    assert_eq!(driver.tip(), parse(&last["tip"]));
    assert_eq!(hex::encode(driver.node.chain().utxos().state_hash()), text(&last["state"]));

    // In the reverse order every block but the last waits for its parent.
    let mut other = harness::Driver::new(script_params());
    for name in connected().collect::<Vec<_>>().into_iter().rev() {
        other.submit_block(block(vectors, name));
    }
    assert_eq!(other.tip(), driver.tip());
    assert_eq!(other.node.chain().utxos(), driver.node.chain().utxos());
}
