//! A damaged chain file: `fedcoin run` reports it and exits, or runs unharmed; `fedcoin chain repair` repairs it.
//!
//! Each variant of damage is derived from its number, and applied to the file of a stopped or a killed node. The suite
//! runs every fifth variant. To run all, and print the table of `docs/damage.md`: `cargo test --release -p
//! fedcoin-relay --test damage -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::node::{Node, data_dir, free_port, run};
use common::peer::Peer;
use common::{PATIENCE, blocks, keys, until};
use fastrand::Rng;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, OutPoint, Payment};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::{MAX_BLOCKS_REQUESTED, Message};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Number of variants.
const VARIANTS: u64 = 120;
/// The suite runs every `STEP`th variant.
const STEP: usize = 5;
/// The suite repairs every `REPAIR_STEP`th refused file.
const REPAIR_STEP: usize = 6;
/// Number of blocks in the chain.
const BLOCKS: usize = 150;
/// A page of the file, in bytes.
const PAGE: usize = 4096;
const NETWORK: [&str; 2] = ["--network", "regtest"];

/// A chain with payments in all blocks, and one payment in the mempool.
struct Content {
    blocks: Vec<Block>,
    waiting: Payment,
}

impl Content {
    fn make() -> Self {
        let params = ChainParams::regtest();
        let (mut coin, mut left) = (blocks::genesis_coin(&params), 500);
        let mut chain: Vec<Block> = Vec::new();
        let mut pay = |fee: u32| {
            left -= 1 + fee;
            let outputs = vec![(tenths(1), keys::address(keys::A)), (tenths(left), keys::address(keys::GENESIS))];
            let payment = blocks::payment(params.network_id(), vec![coin], outputs);
            coin = OutPoint { txid: payment.txid(), index: 1 };
            payment
        };
        for number in 0..BLOCKS {
            let genesis = params.genesis_block();
            let last = chain.last().unwrap_or(&genesis);
            let empty = blocks::block(&params, last.coinbase.height.next().0, last.id(), last.header.time.0 + 1_000);
            // The first coins mature only then.
            let payments = (0..if number < 2 { 0 } else { 1 + number % 3 }).map(|_| pay(0)).collect();
            chain.push(blocks::mined(blocks::with_payments(empty, payments)));
        }
        Self { blocks: chain, waiting: pay(1) }
    }
}

fn tenths(number: u32) -> Amount {
    format!("{}.{}", number / 10, number % 10).parse().unwrap()
}

/// A node's answers about its chain, by path.
type Told = BTreeMap<String, String>;

/// Files with the same chain, and the answers of an undamaged node.
struct Whole {
    /// The files of a stopped and of a killed node.
    files: [Vec<u8>; 2],
    told: Told,
}

impl Whole {
    fn make(content: &Content) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let start = || Node::start(dir.path(), free_port(), &NETWORK);
        let file = data_dir(dir.path()).join("chain.redb");
        let node = start();
        for block in &content.blocks {
            let (status, body) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(block).unwrap());
            assert_eq!(status, 201, "{body}");
        }
        assert_eq!(node.submit(&content.waiting).0, 201);
        node.kill();
        let killed = fs::read(&file).unwrap();
        let node = start();
        let told = ask_all(&node, content);
        assert!(node.terminate().0.success());
        Self { files: [fs::read(&file).unwrap(), killed], told }
    }
}

/// An answer about a block, without the fields that change with the tip.
fn without_confirmations(answer: &str) -> String {
    let (status, json) = answer.split_once(' ').unwrap();
    let mut json: serde_json::Value = serde_json::from_str(json).unwrap();
    json.as_object_mut().unwrap().remove("confirmations");
    format!("{status} {json}")
}

/// Reads every block, payment and coin.
fn ask_all(node: &Node, content: &Content) -> Told {
    let payments = content.blocks.iter().flat_map(|block| &block.payments).chain([&content.waiting]);
    let paths = (0..=BLOCKS)
        .map(|height| format!("/blocks/{height}"))
        .chain(payments.map(|payment| format!("/transactions/{}", payment.txid())))
        .chain([keys::A, keys::GENESIS].map(|key| format!("/addresses/{}/transactions?limit=100", keys::address(key))))
        .chain([keys::A, keys::GENESIS].map(|key| format!("/addresses/{}/balance", keys::address(key))))
        .chain(["/ledger".to_owned(), "/mempool".to_owned()]);
    // One connection for all requests, because nodes limit how fast an address opens new ones.
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .proxy(None)
        .build()
        .into();
    let ask = |path: &str| {
        let mut answer = agent.get(format!("http://{}/api/v1{path}", node.address())).call().unwrap();
        format!("{} {}", answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    };
    paths.map(|path| (path.clone(), ask(&path))).collect()
}

/// A change to a file.
struct Damage {
    killed: bool,
    words: String,
    bytes: Vec<u8>,
}

impl Damage {
    /// The variant of this number.
    fn draw(number: u64, whole: &Whole) -> Self {
        let mut random = Rng::with_seed(number);
        let killed = number % 2 == 1;
        let mut bytes = whole.files[usize::from(killed)].clone();
        let mut below = |n: usize| random.usize(..n);
        let (len, pages) = (bytes.len(), bytes.len() / PAGE);
        let words = match number / 2 % 6 {
            0 => {
                // Every second variant is within the start of the file.
                let (at, bit) = (below(if number % 24 < 12 { len } else { 512 }), below(8));
                bytes[at] ^= 1 << bit;
                format!("bit {bit} of byte {at} flipped")
            }
            1 => {
                let page = below(pages);
                (0..16).for_each(|_| bytes[page * PAGE + below(PAGE)] ^= 1 << below(8));
                format!("16 bits of page {page} flipped")
            }
            2 => {
                let page = below(pages);
                bytes[page * PAGE..][..PAGE].fill(0);
                format!("page {page} zeroed")
            }
            3 => {
                let page = below(pages);
                bytes[page * PAGE..][..PAGE].fill_with(|| u8::try_from(below(256)).unwrap());
                format!("page {page} filled with noise")
            }
            4 => {
                let (from, to) = (below(pages), below(pages));
                bytes.copy_within(from * PAGE..(from + 1) * PAGE, to * PAGE);
                format!("page {from} written over page {to}")
            }
            _ => {
                let kept = below(len);
                bytes.truncate(kept);
                format!("cut off after {kept} of {len} bytes")
            }
        };
        Self { killed, words, bytes }
    }
}

/// What a node does with a damaged file.
#[derive(PartialEq)]
enum Outcome {
    /// It exits with a remedy.
    Refused,
    /// It runs as if nothing had happened.
    Unharmed,
    /// It runs on an earlier, consistent state, as if the last writes before a kill had not happened.
    Earlier,
    /// Anything else.
    Harmed(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("clear error"),
            Self::Unharmed => f.write_str("unharmed"),
            Self::Earlier => f.write_str("unharmed, without the last writes before the kill"),
            Self::Harmed(how) => write!(f, "HARMED: {how}"),
        }
    }
}

/// Runs a node on a file in `dir`.
fn try_out(dir: &Path, damage: &Damage, whole: &Whole, content: &Content) -> Outcome {
    fs::create_dir_all(data_dir(dir)).unwrap();
    fs::write(data_dir(dir).join("chain.redb"), &damage.bytes).unwrap();
    match Node::try_start(dir, free_port(), &NETWORK) {
        Err((status, log)) => {
            let log = log.join("\n");
            if log.contains("panicked") {
                return Outcome::Harmed(format!("panic: {log}"));
            }
            match status.code() == Some(1) && log.contains("`fedcoin chain repair --network regtest --data-dir ") {
                true => Outcome::Refused,
                false => Outcome::Harmed(format!("{status}: {log}")),
            }
        }
        Ok(node) => {
            let told = ask_all(&node, content);
            let height = usize::try_from(node.height()).unwrap();
            let (status, log) = node.terminate();
            if !status.success() || log.iter().any(|line| line.contains("panicked")) {
                return Outcome::Harmed(format!("{status}: {}", log.join("\n")));
            }
            let wrong = told.iter().find(|(path, answer)| whole.told[*path] != **answer);
            let Some((path, answer)) = wrong else { return Outcome::Unharmed };
            let same = |height: usize| {
                let path = format!("/blocks/{height}");
                without_confirmations(&told[&path]) == without_confirmations(&whole.told[&path])
            };
            let verified = run(dir, [&["chain", "verify", "--data-dir", "data"], &NETWORK[..]].concat());
            match damage.killed && (0..=height).all(same) && verified.status.success() {
                true => Outcome::Earlier,
                false => Outcome::Harmed(format!("{path}: {answer}")),
            }
        }
    }
}

/// Repairs the file in `dir`, and lets a peer send the missing blocks.
fn repair(dir: &Path, whole: &Whole, content: &Content, peer: &Node) {
    let output = run(dir, [&["chain", "repair", "--data-dir", "data"], &NETWORK[..]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let node = Node::start(dir, free_port(), &[&NETWORK[..], &["-n", &peer.address()]].concat());
    node.wait_for_height(BLOCKS as u64);
    // The peer announces the waiting payment, too.
    assert_eq!(node.submit(&content.waiting).0 / 100, 2);
    until("the same mempool", || node.mempool() == 1);
    assert!(ask_all(&node, content) == whole.told, "blocks, payments and coins are the same");
}

/// Runs these variants, and repairs some of the refused files.
fn try_all(numbers: impl Iterator<Item = u64>, repair_step: usize) {
    let content = Content::make();
    let whole = Whole::make(&content);
    let peer_dir = tempfile::tempdir().unwrap();
    fs::create_dir(data_dir(peer_dir.path())).unwrap();
    fs::write(data_dir(peer_dir.path()).join("chain.redb"), &whole.files[0]).unwrap();
    let peer = Node::start(peer_dir.path(), free_port(), &NETWORK);
    let (mut table, mut refused) = (Vec::new(), 0_usize);
    for number in numbers {
        let (dir, damage) = (tempfile::tempdir().unwrap(), Damage::draw(number, &whole));
        let outcome = try_out(dir.path(), &damage, &whole, &content);
        if outcome == Outcome::Refused {
            if refused.is_multiple_of(repair_step) {
                repair(dir.path(), &whole, &content, &peer);
            }
            refused += 1;
        }
        let node = if damage.killed { "killed" } else { "stopped" };
        println!("| {number} | {node} | {} | {outcome} |", damage.words);
        table.push((number, outcome));
    }
    let count = |wanted: &Outcome| table.iter().filter(|(_, outcome)| outcome == wanted).count();
    let [refused, unharmed, earlier] = [Outcome::Refused, Outcome::Unharmed, Outcome::Earlier].map(|o| count(&o));
    let harmed: Vec<u64> =
        table.iter().filter(|(_, o)| matches!(o, Outcome::Harmed(_))).map(|(number, _)| *number).collect();
    println!("{refused} clear errors, {unharmed} unharmed, {earlier} earlier states, {} harmed", harmed.len());
    assert!(harmed.is_empty(), "harmed: {harmed:?}");
    assert!(refused > 0 && unharmed > 0, "{refused} refused, {unharmed} unharmed");
}

#[test]
fn damage_is_reported_or_harmless() {
    try_all((0..VARIANTS).step_by(STEP), REPAIR_STEP);
}

#[test]
fn damage_during_a_run_ends_the_node_when_a_block_is_read() {
    let (dir, content) = (tempfile::tempdir().unwrap(), Content::make());
    let file = data_dir(dir.path()).join("chain.redb");
    let whole = Whole::make(&content);
    fs::create_dir(data_dir(dir.path())).unwrap();
    fs::write(&file, &whole.files[0]).unwrap();
    let mut node = Node::start(dir.path(), free_port(), &NETWORK);
    let mut open = fs::File::options().write(true).open(&file).unwrap();
    open.write_all(&vec![0xa5; whole.files[0].len()]).unwrap();
    let network = ChainParams::regtest().network_id();
    let mut peer = Peer::greet(node.port, network);
    for asked in content.blocks.chunks(MAX_BLOCKS_REQUESTED) {
        peer.try_send(&Message::GetBlocks(asked.iter().map(Block::id).collect()));
    }
    assert_eq!(node.ended().code(), Some(1));
    let at = node.wait_for_log("the stored chain is damaged");
    let log = node.log();
    assert!(log[at].contains("`fedcoin chain repair --network regtest --data-dir "), "{log:?}");
    assert!(!log.iter().any(|line| line.contains("panicked")), "{log:?}");
}

/// The remedy can be typed as shown, and a second repair does not overwrite what the first one kept.
#[test]
#[cfg(unix)]
fn the_remedy_is_a_command_and_a_second_repair_keeps_what_the_first_has_kept() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Node::start(dir.path(), free_port(), &NETWORK).terminate().0.success());
    let folder = dir.path().join("my node's data");
    fs::rename(data_dir(dir.path()), &folder).unwrap();
    let file = folder.join("chain.redb");
    for (rubbish, kept) in [(0xa5, "chain.redb.damaged"), (0x5a, "chain.redb.damaged-2"), (0, "chain.redb.damaged-3")] {
        let mut damaged = fs::read(&file).unwrap();
        damaged[PAGE..].fill(rubbish);
        fs::write(&file, &damaged).unwrap();
        let refused = run(dir.path(), [&["chain", "verify", "--data-dir", "my node's data"], &NETWORK[..]].concat());
        let said = String::from_utf8(refused.stderr).unwrap();
        let remedy = said.split('`').find_map(|quoted| quoted.strip_prefix("fedcoin chain repair")).unwrap();
        let line = format!("'{}' chain repair{remedy}", env!("CARGO_BIN_EXE_fedcoin"));
        let done = std::process::Command::new("sh").args(["-c", &line]).current_dir(dir.path()).output().unwrap();
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(fs::read(folder.join(kept)).unwrap(), damaged);
    }
    assert!(
        fs::read(folder.join("chain.redb.damaged")).unwrap().ends_with(&[0xa5; PAGE]),
        "the first one is still there"
    );
}

#[test]
#[ignore = "takes minutes: writes the table of docs/damage.md"]
fn all_damage_is_reported_or_harmless() {
    try_all(0..VARIANTS, 1);
}
