//! One message of each kind, and frames that W1 to W10 refuse.

use super::compact_blocks;
use super::json::{hex_of, named};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, BlockId, TxId};
use fedcoin_node::units::{Height, Timestamp};
use fedcoin_node::wire::{CompactBlock, Goodbye, Hello, MAX_LOCATOR, MAX_USER_AGENT_BYTES, Message, PROTOCOL_VERSION};
use serde_json::{Value, json};

pub(crate) fn chapter() -> Value {
    json!({ "messages": named(messages()), "refused": named(refused()) })
}

fn messages() -> Vec<(&'static str, Value)> {
    let mut cases = chain();
    cases.extend(about_payments());
    cases.extend(about_peers());
    let numbers: std::collections::BTreeSet<u8> = cases.iter().map(|(_, message, _)| message.encode()[0]).collect();
    assert_eq!(numbers, (0..19).collect(), "one of each kind");
    cases
        .into_iter()
        .map(|(name, message, fields)| {
            let frame = message.encode();
            assert_eq!(Message::decode(&frame).as_ref(), Ok(&message));
            let (number, kind) = (frame[0], message.name());
            (name, json!({ "kind": kind, "number": number, "fields": fields, "frame": hex::encode(frame) }))
        })
        .collect()
}

fn block() -> Block {
    compact_blocks::block()
}

fn id(byte: u8) -> BlockId {
    // Not a palindrome.
    BlockId(core::array::from_fn(|n| byte + u8::try_from(n).unwrap()))
}

fn txid(byte: u8) -> TxId {
    TxId(core::array::from_fn(|n| byte + u8::try_from(n).unwrap()))
}

type Case = (&'static str, Message, Value);

fn chain() -> Vec<Case> {
    let (block, genesis) = (block(), ChainParams::main().genesis_block());
    let headers = vec![genesis.header, block.header];
    let compact = CompactBlock::of(&block, 7);
    let short_ids: Vec<Value> = compact.short_ids.iter().map(hex_of).collect();
    vec![
        ("GetHeaders", Message::GetHeaders { locator: vec![id(1), id(2)] }, json!({ "locator": [id(1), id(2)] })),
        ("Headers", Message::Headers(headers.clone()), json!({ "headers": headers })),
        ("Headers, none", Message::Headers(vec![]), json!({ "headers": [] })),
        ("GetBlocks", Message::GetBlocks(vec![id(1), id(2)]), json!({ "ids": [id(1), id(2)] })),
        ("Block", Message::Block(Box::new(block.clone())), json!({ "block": block })),
        (
            "NotFound",
            Message::NotFound { blocks: vec![id(1)], payments: vec![txid(2), txid(3)] },
            json!({ "blocks": [id(1)], "payments": [txid(2), txid(3)] }),
        ),
        ("GetCompactBlock", Message::GetCompactBlock(block.id()), json!({ "id": block.id() })),
        (
            "CompactBlock",
            Message::CompactBlock(Box::new(compact)),
            json!({
                "header": block.header,
                "roots": block.roots,
                "coinbase": block.coinbase,
                "salt": 7,
                "short_ids": short_ids,
            }),
        ),
        (
            "GetBlockPayments",
            Message::GetBlockPayments { block: block.id(), places: vec![0, 2, 300] },
            json!({ "id": block.id(), "places": [0, 2, 300] }),
        ),
        (
            "BlockPayments",
            Message::BlockPayments { block: block.id(), payments: block.payments[1..].to_vec() },
            json!({ "id": block.id(), "payments": block.payments[1..] }),
        ),
    ]
}

fn about_payments() -> Vec<Case> {
    let payments = block().payments;
    vec![
        ("Inv", Message::Inv(vec![txid(1), txid(2)]), json!({ "txids": [txid(1), txid(2)] })),
        ("GetPayments", Message::GetPayments(vec![txid(1)]), json!({ "txids": [txid(1)] })),
        ("Payment", Message::Payment(payments[0].clone()), json!({ "payment": payments[0] })),
        ("Payments", Message::Payments(payments[..2].to_vec()), json!({ "payments": payments[..2] })),
    ]
}

fn hello() -> Hello {
    Hello {
        version: PROTOCOL_VERSION,
        network: ChainParams::main().network_id(),
        nonce: 0x0102_0304_0506,
        tip: id(1),
        height: Height(1_000),
        work: ChainParams::main().target.expand().unwrap().work() * 1_000,
        time: Timestamp(1_800_000_000_000),
        user_agent: "fedcoin/0.1.0".into(),
        listen: "ws://192.0.2.1:5000/ws".parse().ok(),
    }
}

fn about_peers() -> Vec<Case> {
    let hello = hello();
    let silent = Hello { listen: None, ..hello.clone() };
    let fields = |hello: &Hello| {
        json!({
            "version": hello.version,
            "network": hello.network,
            "nonce": hello.nonce,
            "tip": hello.tip,
            "height": hello.height,
            "work": hello.work,
            "time": hello.time,
            "user_agent": hello.user_agent,
            "listen": hello.listen,
        })
    };
    let urls = ["ws://192.0.2.1:5000/ws", "wss://relay.example/ws", "ws://[2001:db8::1]:5000/ws"];
    let addresses = urls.iter().map(|url| url.parse().unwrap()).collect();
    vec![
        ("Hello", Message::Hello(hello.clone()), fields(&hello)),
        ("Hello, that listens nowhere", Message::Hello(silent.clone()), fields(&silent)),
        ("GetAddresses", Message::GetAddresses, json!({})),
        ("Addresses", Message::Addresses(addresses), json!({ "addresses": urls })),
        ("Ping", Message::Ping(0x0102_0304), json!({ "nonce": 0x0102_0304 })),
        ("Pong", Message::Pong(0x0102_0304), json!({ "nonce": 0x0102_0304 })),
        ("Goodbye", Message::Goodbye(Goodbye::TooManyPeers), json!({ "reason": 5 })),
    ]
}

fn refused() -> Vec<(&'static str, Value)> {
    let locator = Message::GetHeaders { locator: vec![BlockId([0; 32]); MAX_LOCATOR + 1] }.encode();
    let talkative = Hello { user_agent: "x".repeat(MAX_USER_AGENT_BYTES + 1), ..hello() };
    let mut address = vec![10, 1, 0, 0, 0, 26, 0, 0, 0];
    address.extend_from_slice(b"ws://192.0.2.1:5000/else/w");
    let cases = vec![
        ("an empty message", "W1", vec![]),
        ("an unknown number", "W1", vec![19]),
        ("a message that is cut short", "W1", vec![11, 1, 2, 3, 4, 5, 6, 7]),
        ("a byte too many", "W1", vec![9, 0]),
        ("an unknown reason", "W1", vec![13, 17]),
        ("an address of another form", "W1", address),
        ("a locator of 65 ids", "W1", locator),
        ("a user agent of 129 bytes", "W2", Message::Hello(talkative).encode()),
    ];
    let case = |(name, rule, frame): (&'static str, &str, Vec<u8>)| {
        assert_eq!(Message::decode(&frame).unwrap_err().rule(), rule, "{name}");
        (name, json!({ "rule": rule, "frame": hex::encode(frame) }))
    };
    cases.into_iter().map(case).collect()
}
