//! Reads the tables of `docs/protocol.md` and compares their values with the node's behaviour.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use fedcoin_testkit::driver as harness;

use fedcoin_node::codec::{decode, encode};
use fedcoin_node::consensus::{ChainParams, GenesisParams, ParamsError, Retarget, TieBreak};
use fedcoin_node::primitives::{Address, Block, BlockId, Header, OutPoint, Payment, Signature, TxId};
use fedcoin_node::units::{Amount, CompactTarget, Timestamp};
use fedcoin_node::wire::{CompactBlock, Goodbye, Hello, Message, PROTOCOL_VERSION, ShortId, WireError};
use fedcoin_node::{Direction, Input, PeerAddress, PeerId};
use harness::{Driver, address, config, genesis_outpoint, pay, peer_address};
use std::sync::OnceLock;

const DOCUMENT: &str = include_str!("../../../docs/protocol.md");

/// The rows of the table whose header starts with these cells, without code marks and bold.
fn table(head: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().replace(['`', '*'], "")).collect()
    };
    let mut lines = DOCUMENT.lines().skip_while(|line| !line.replace('`', "").starts_with(head));
    assert!(lines.next().is_some(), "docs/protocol.md has no table that begins with {head}");
    lines.skip(1).take_while(|line| line.starts_with('|')).map(cells).collect()
}

fn number(text: &str) -> u64 {
    let digits = text.replace(',', "");
    match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => digits.parse(),
    }
    .unwrap_or_else(|e| panic!("`{text}`: {e}"))
}

// --- networks (N1) ---

fn networks() -> Vec<Vec<String>> {
    table("| field | type | allowed | main | classroom | regtest |")
}

/// A cell of the networks' table, by field.
fn cell<'a>(rows: &'a [Vec<String>], field: &str, column: usize) -> &'a str {
    &rows.iter().find(|row| row[0] == field).unwrap_or_else(|| panic!("no row {field}"))[column]
}

/// The network's rules according to the document.
fn rules_of(column: usize) -> ChainParams {
    let rows = networks();
    let text = |field: &str| cell(&rows, field, column);
    let big = |field: &str| number(text(field));
    let small = |field: &str| u32::try_from(big(field)).unwrap();
    let amount = |field: &str| Amount::from_units(big(field)).unwrap();
    let mut recipient = [0; 20];
    for (byte, digits) in recipient.iter_mut().zip(text("genesis.recipient").as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(core::str::from_utf8(digits).unwrap(), 16).unwrap();
    }
    ChainParams {
        name: text("name").into(),
        rules: u16::try_from(big("rules")).unwrap(),
        genesis: GenesisParams {
            recipient: Address(recipient),
            amount: amount("genesis.amount"),
            time: Timestamp(big("genesis.time")),
        },
        target: CompactTarget(small("target")),
        retarget: decode::<Retarget>(&[u8::try_from(big("retarget")).unwrap()]).unwrap(),
        tie_break: decode::<TieBreak>(&[u8::try_from(big("tie_break")).unwrap()]).unwrap(),
        spacing_ms: big("spacing_ms"),
        subsidy: amount("subsidy"),
        halving_interval: small("halving_interval"),
        coinbase_maturity: small("coinbase_maturity"),
        max_block_bytes: small("max_block_bytes"),
        max_block_payments: small("max_block_payments"),
        min_block_payments: small("min_block_payments"),
    }
}

/// The encoding of a network's rules, derived only from the document's rows and types.
fn encoding_of(column: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in networks() {
        let (kind, value) = (row[1].split([',', ':']).next().unwrap(), row[column].as_str());
        match kind {
            "text" => {
                bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
                bytes.extend(value.bytes());
            }
            "20 bytes" => bytes.extend(rules_of(column).genesis.recipient.0),
            "u16" => bytes.extend(u16::try_from(number(value)).unwrap().to_le_bytes()),
            "u64" => bytes.extend(number(value).to_le_bytes()),
            "u32" => bytes.extend(u32::try_from(number(value)).unwrap().to_le_bytes()),
            "enum" => bytes.push(u8::try_from(number(value)).unwrap()),
            "" => {}
            other => panic!("unknown type {other}"),
        }
    }
    bytes
}

#[test]
fn networks_match_the_document() {
    for (column, name) in (3..).zip(ChainParams::BUILT_IN) {
        let built_in = ChainParams::built_in(name).unwrap();
        assert_eq!(rules_of(column), built_in);
        assert_eq!(encoding_of(column), encode(&built_in), "{name}");
        assert_eq!(cell(&networks(), "the network's id", column), built_in.network_id().to_string());
    }
}

#[test]
fn enums_match_the_document() {
    let numbers = |field: &str| cell(&networks(), field, 1).to_owned();
    assert_eq!((encode(&Retarget::Fixed), encode(&Retarget::EachBlock)), (vec![0], vec![1]));
    assert!(numbers("retarget").starts_with("enum: 0 fixed, 1 each block"));
    assert_eq!((encode(&TieBreak::EarlierTime), encode(&TieBreak::LowerId)), (vec![0], vec![1]));
    assert!(numbers("tie_break").starts_with("enum: 0 earlier time, 1 lower id"));
    assert!(decode::<Retarget>(&[2]).is_err() && decode::<TieBreak>(&[2]).is_err());
}

/// Sets one rule.
type Set = fn(&mut ChainParams, u64);

fn as_u32(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// The rules with a range in the document, and how to set each.
const RANGES: [(&str, Set); 6] = [
    ("genesis.time", |p, v| p.genesis.time = Timestamp(v)),
    ("spacing_ms", |p, v| p.spacing_ms = v),
    ("halving_interval", |p, v| p.halving_interval = as_u32(v)),
    ("coinbase_maturity", |p, v| p.coinbase_maturity = as_u32(v)),
    ("max_block_bytes", |p, v| p.max_block_bytes = as_u32(v)),
    ("max_block_payments", |p, v| p.max_block_payments = as_u32(v)),
];

#[test]
fn ranges_match_the_document() {
    let rows = networks();
    for row in rows.iter().filter(|row| row[2].contains(" to ") && row[0] != "name" && !row[1].starts_with("enum")) {
        assert!(RANGES.iter().any(|(field, _)| *field == row[0]), "no test for the range of {}", row[0]);
    }
    for (field, set) in RANGES {
        let (least, most) = cell(&rows, field, 2).split_once(" to ").unwrap();
        let (least, most) = (number(least), number(most));
        let check = |value| {
            let mut params = ChainParams { subsidy: Amount::ZERO, ..ChainParams::regtest() };
            set(&mut params, value);
            params.check()
        };
        assert_eq!((check(least), check(most)), (Ok(()), Ok(())), "{field}");
        let below = least.checked_sub(1);
        let above = most.checked_add(1).filter(|above| *above <= u64::from(u32::MAX) || most > u64::from(u32::MAX));
        for value in below.into_iter().chain(above) {
            assert!(matches!(check(value), Err(ParamsError::Range { .. })), "{field} = {value}");
        }
    }
}

#[test]
fn names_match_the_document() {
    let check = |name: String| ChainParams { name, ..ChainParams::regtest() }.check();
    assert_eq!(cell(&networks(), "name", 2), "1 to 32 of a-z0-9-");
    assert_eq!((check("a".into()), check("z9-".repeat(10) + "00")), (Ok(()), Ok(())));
    for name in [String::new(), "a".repeat(33), "a".repeat(320), "A".into(), "a b".into(), "ä".into()] {
        assert!(matches!(check(name), Err(ParamsError::Name(_))));
    }
}

// --- messages (W1) ---

fn genesis() -> Block {
    ChainParams::regtest().genesis_block()
}

/// Signed once, because signing is slow.
fn payment() -> Payment {
    static PAYMENT: OnceLock<Payment> = OnceLock::new();
    let params = ChainParams::regtest();
    PAYMENT.get_or_init(|| pay(&params, genesis_outpoint(&params), &[(address(1), 50)])).clone()
}

fn hello(user_agent: usize) -> Hello {
    let driver = Driver::new(ChainParams::regtest());
    Hello { user_agent: "x".repeat(user_agent), ..driver.hello() }
}

/// A message of each kind, by number, with `items` items if it has a list.
fn sample(kind: u64, items: usize) -> Message {
    let (id, txid) = (genesis().id(), TxId([1; 32]));
    let url: PeerAddress = "ws://192.0.2.1:5000/ws".parse().unwrap();
    // The smallest payments, so that the largest list fits into a frame if it can.
    let small = || {
        let mut small = payment();
        small.unsigned.inputs.clear();
        small.unsigned.outputs.clear();
        small.signature = Signature::ZERO;
        small
    };
    match kind {
        0 => Message::Hello(hello(items)),
        1 => Message::GetHeaders { locator: vec![id; items] },
        2 => Message::Headers(vec![genesis().header; items]),
        3 => Message::Inv(vec![txid; items]),
        4 => Message::GetPayments(vec![txid; items]),
        5 => Message::Payment(payment()),
        6 => Message::GetBlocks(vec![id; items]),
        7 => Message::Block(Box::new(genesis())),
        8 => Message::NotFound { blocks: vec![], payments: vec![txid; items] },
        9 => Message::GetAddresses,
        10 => Message::Addresses(vec![url; items]),
        11 => Message::Ping(1),
        12 => Message::Pong(1),
        13 => Message::Goodbye(Goodbye::Stalled),
        14 => Message::GetCompactBlock(id),
        15 => {
            let short: ShortId = decode(&[7; 6]).unwrap();
            let compact = CompactBlock { short_ids: vec![short; items], ..CompactBlock::of(&genesis(), 7) };
            Message::CompactBlock(Box::new(compact))
        }
        16 => Message::GetBlockPayments { block: id, places: vec![0; items] },
        17 => Message::BlockPayments { block: id, payments: vec![small(); items] },
        18 => Message::Payments(vec![small(); items]),
        other => panic!("docs/protocol.md has a message {other} that this test does not know"),
    }
}

fn messages() -> Vec<Vec<String>> {
    table("| number | message | fields | at most | largest, bytes |")
}

#[test]
fn messages_match_the_document() {
    let rows = messages();
    assert_eq!(rows.len(), 19);
    assert_eq!(Message::decode(&[19]), Err(WireError::UnknownMessage(19)));
    for (kind, row) in (0..).zip(&rows) {
        let (message, largest) = (sample(kind, 1), usize::try_from(number(&row[4])).unwrap());
        assert_eq!((number(&row[0]), row[1].as_str()), (kind, message.name()));
        assert_eq!(u64::from(message.encode()[0]), kind);
        // One byte above the largest message of this kind, and ten times its size.
        for size in [largest + 1, 10 * largest] {
            let mut frame = vec![0; size];
            frame[0] = u8::try_from(kind).unwrap();
            assert_eq!(Message::decode(&frame), Err(WireError::FrameTooLarge { got: size, max: largest }), "{row:?}");
        }
        let mut frame = vec![0; largest];
        frame[0] = u8::try_from(kind).unwrap();
        let error = Message::decode(&frame).err();
        assert!(!matches!(error, Some(WireError::FrameTooLarge { .. })), "{row:?}: {error:?}");
    }
    assert!(rows[0][2].starts_with(&format!("version u16, which is {PROTOCOL_VERSION};")));
}

#[test]
fn list_lengths_match_the_document() {
    for (kind, row) in (0..).zip(messages()).filter(|(_, row)| !row[3].is_empty()) {
        let most = usize::try_from(number(row[3].split(' ').next().unwrap())).unwrap();
        let decoded = |items| Message::decode(&sample(kind, items).encode());
        // For payments the maximum is theoretical: a frame is full before.
        if kind != 17 {
            assert_eq!(decoded(most), Ok(sample(kind, most)), "{row:?}");
        }
        for items in [most + 1, 10 * most] {
            let error = decoded(items).unwrap_err();
            assert!(matches!(error, WireError::TooMany { .. } | WireError::FrameTooLarge { .. }), "{row:?}: {error}");
        }
    }
}

#[test]
fn encodings_of_fields_match_the_document() {
    let hello = Hello { listen: Some("ws://a:1/ws".parse().unwrap()), ..hello(2) };
    let mut bytes = vec![0];
    bytes.extend(PROTOCOL_VERSION.to_le_bytes());
    bytes.extend(hello.network.0);
    bytes.extend(hello.nonce.to_le_bytes());
    bytes.extend(hello.tip.0);
    bytes.extend(hello.height.0.to_le_bytes());
    bytes.extend([0; 32]);
    bytes.extend(hello.time.0.to_le_bytes());
    bytes.extend([2, 0, 0, 0, b'x', b'x', 1, 11, 0, 0, 0]);
    bytes.extend(b"ws://a:1/ws");
    assert_eq!(Message::Hello(hello.clone()).encode(), bytes);
    let without = Message::Hello(Hello { listen: None, ..hello }).encode();
    assert_eq!(without, [&bytes[..bytes.len() - 16], &[0]].concat());
}

// --- budgets (W3) ---

/// A harmless message that counts towards the budget of this name, and how many messages it counts for.
fn costly(name: &str, n: u64) -> Message {
    let id = BlockId([9; 32]);
    match name {
        "GetHeaders" => Message::GetHeaders { locator: vec![] },
        "Headers" => Message::Headers(vec![]),
        "unrequested headers" => Message::Headers(vec![genesis().header]),
        "Inv" => Message::Inv(vec![]),
        "GetPayments" => Message::GetPayments(vec![]),
        "Payment, and each payment in Payments" => {
            // A payment that the ledger refuses, different each time.
            let mut payment = payment();
            payment.unsigned.inputs = vec![OutPoint { txid: TxId([8; 32]), index: as_u32(n) }];
            Message::Payment(payment)
        }
        "GetBlocks" => Message::GetBlocks(vec![id]),
        "Block" => Message::Block(Box::new(genesis())),
        "NotFound" => Message::NotFound { blocks: vec![], payments: vec![] },
        "GetAddresses" => Message::GetAddresses,
        "Ping" => Message::Ping(1),
        "Pong" => Message::Pong(1),
        "GetCompactBlock" => Message::GetCompactBlock(id),
        "CompactBlock" => Message::CompactBlock(Box::new(CompactBlock::of(&genesis(), n))),
        "GetBlockPayments" => Message::GetBlockPayments { block: id, places: vec![] },
        "BlockPayments" => Message::BlockPayments { block: id, payments: vec![] },
        "Payments" => Message::Payments(vec![]),
        other => panic!("docs/protocol.md has a budget for {other} that this test does not know"),
    }
}

/// How many messages the node accepts before it disconnects the peer; at most `most`.
fn taken(driver: &mut Driver, peer: PeerId, name: &str, most: u64) -> u64 {
    (0..most)
        .take_while(|n| {
            driver.receive(peer, &costly(name, *n));
            driver.sent.clear();
            driver.disconnects.is_empty()
        })
        .count() as u64
}

#[test]
fn budgets_match_the_document() {
    let rows = table("| message | at once | a second |");
    assert_eq!(rows.len(), 17);
    for row in rows {
        let (name, burst, rate) = (row[0].as_str(), number(&row[1]), number(&row[2]));
        if name == "unrequested headers" {
            continue;
        }
        let mut driver = Driver::new(ChainParams::regtest());
        let peer = driver.ready_peer(1);
        assert_eq!(taken(&mut driver, peer, name, burst), burst, "{name}: at once");
        driver.pass(1_000);
        assert_eq!(taken(&mut driver, peer, name, burst.max(rate) + 1), rate, "{name}: a second later");
        assert_eq!(driver.disconnects, [(peer, Goodbye::TooManyMessages)], "{name}");
        // Ten times as many messages of another peer end at the same point.
        let other = driver.ready_peer(2);
        driver.disconnects.clear();
        assert_eq!(taken(&mut driver, other, name, 10 * burst), burst, "{name}: ten times as many");
    }
}

#[test]
fn the_budget_for_unrequested_headers_matches_the_document() {
    let row =
        table("| message | at once | a second |").into_iter().find(|row| row[0] == "unrequested headers").unwrap();
    let (burst, rate) = (number(&row[1]), number(&row[2]));
    let mut driver = Driver::new(ChainParams::regtest());
    let peer = driver.ready_peer(1);
    let headers = |n: u64| Message::Headers(vec![genesis().header; usize::try_from(n).unwrap()]);
    (0..4).for_each(|_| driver.receive(peer, &headers(burst / 4)));
    driver.pass(1_000);
    driver.receive(peer, &headers(rate));
    assert!(driver.disconnects.is_empty());
    driver.receive(peer, &headers(1));
    assert_eq!(driver.disconnects, [(peer, Goodbye::TooManyMessages)]);
}

// --- goodbyes (W9) ---

fn reasons() -> Vec<Vec<String>> {
    table("| number | reason |")
}

#[test]
fn reasons_match_the_document() {
    let rows = reasons();
    assert!(decode::<Goodbye>(&[u8::try_from(rows.len()).unwrap()]).is_err(), "a reason is missing in the document");
    for (n, row) in (0..).zip(&rows) {
        let reason: Goodbye = decode(&[n]).unwrap_or_else(|e| panic!("{row:?}: {e}"));
        assert_eq!((number(&row[0]), row[1].clone()), (u64::from(n), format!("{reason:?}")));
        let dishonest = match row[3].as_str() {
            "yes" => true,
            "no" => false,
            other => panic!("{row:?}: `{other}`"),
        };
        assert_eq!(reason.is_dishonest(), dishonest, "{reason:?}");
    }
}

/// The minimum number of milliseconds until the address is dialled again, according to the document.
fn pause(text: &str) -> Option<u64> {
    let (count, unit) = text.split_once(' ').unwrap_or((text, ""));
    match unit {
        "s" => Some(1_000 * number(count)),
        "min" => Some(60_000 * number(count)),
        _ if text == "never" => None,
        _ => panic!("`{text}` is not a time"),
    }
}

#[test]
fn redial_times_match_the_document() {
    for row in reasons() {
        let reason: Goodbye = decode(&[u8::try_from(number(&row[0])).unwrap()]).unwrap();
        let address = peer_address(2);
        let mut driver = Driver::start(config(ChainParams::regtest(), vec![address.clone()]), Default::default());
        assert_eq!(driver.dials, [address]);
        let peer = driver.ready_outbound(1);
        driver.receive(peer, &Message::Goodbye(reason));
        let Some(pause) = pause(&row[4]) else {
            driver.pass(3_600_000);
            assert_eq!(driver.dials.len(), 1, "{reason:?}");
            continue;
        };
        // The first pause after a connection that ended well varies by a quarter, at random.
        let chance = if pause == 1_000 { 250 } else { 0 };
        driver.pass(pause - chance - 1);
        assert_eq!(driver.dials.len(), 1, "{reason:?}: too early");
        driver.pass(2 * chance + 1);
        assert_eq!(driver.dials.len(), 2, "{reason:?}: too late");
    }
}

// --- what is passed over ---

#[test]
fn unrequested_messages_are_ignored() {
    let mut driver = Driver::new(ChainParams::regtest());
    let peer = driver.ready_peer(1);
    driver.sent.clear();
    for name in ["NotFound", "Pong", "CompactBlock", "BlockPayments", "Block", "Headers"] {
        driver.receive(peer, &costly(name, 1));
    }
    let (known, header) = (genesis(), Header { time: Timestamp(u64::MAX / 2), ..genesis().header });
    driver.receive(peer, &Message::Headers(vec![known.header]));
    driver.receive(peer, &Message::Headers(vec![]));
    assert!(driver.sent.is_empty() && driver.disconnects.is_empty(), "{:?}", driver.sent);
    // A header without a known parent leads to a request.
    let mut loose = Block { header, ..known };
    loose.header.previous = BlockId([1; 32]);
    driver.receive(peer, &Message::Headers(vec![loose.header]));
    assert!(matches!(driver.sent[..], [(_, Message::GetHeaders { .. })]), "{:?}", driver.sent);
}

#[test]
fn requests_follow_the_handshake() {
    let params = ChainParams { coinbase_maturity: 0, ..ChainParams::regtest() };
    let mut driver = Driver::new(params.clone());
    driver.submit_payment(pay(&params, genesis_outpoint(&params), &[(address(1), 50)]));
    let peer = driver.connect(1, Direction::Outbound);
    assert!(matches!(driver.sent[..], [(_, Message::Hello(_))]), "{:?}", driver.sent);
    driver.give(Input::Tick);
    driver.pass(5_000);
    assert_eq!(driver.sent.len(), 1);
    let unknown = Hello { tip: BlockId([7; 32]), ..driver.hello() };
    driver.receive(peer, &Message::Hello(unknown));
    let names: Vec<&str> = driver.sent[1..].iter().map(|(_, message)| message.name()).collect();
    assert_eq!(names, ["GetAddresses", "GetHeaders", "Inv"]);
}
