//! `fedcoin wallet` against a node: concurrent payments, many coins, high fees, and common forms of keys and
//! passphrases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::blocks::{block, chain_on, genesis_coin, mined, payment, with_payments};
use common::keys::{self, PUBLIC_A};
use common::node::{Node, fedcoin, free_port, run, stdout_of};
use fedcoin_node::primitives::{Address, OutPoint, Payment};
use fedcoin_node::units::Amount;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

/// Outputs that a payment of 100,000 bytes can have (rule T3), with a few bytes to spare.
const MOST_OUTPUTS: u64 = 3_500;

/// A node, and the genesis key in `gen.key` beside it.
fn start(network: &str) -> (tempfile::TempDir, Node) {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "gen.key", keys::GENESIS);
    let node = Node::start(dir.path(), free_port(), &["--network", network]);
    (dir, node)
}

/// Runs the command at this node with the genesis key; `typed` goes to standard input.
fn wallet(dir: &Path, node: &Node, line: &str, typed: &str) -> Output {
    let mut command = fedcoin();
    command.current_dir(dir).arg("wallet").args(line.split_whitespace());
    command.args(["--key", "gen.key", "--node", &node.address()]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The command may exit without reading.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child.wait_with_output().unwrap()
}

/// The output of a command that must succeed.
fn succeeds(dir: &Path, node: &Node, line: &str) -> String {
    stdout_of(&wallet(dir, node, line, ""))
}

/// The exit code and the message of a command that must fail.
fn fails(dir: &Path, node: &Node, line: &str, typed: &str) -> (i32, String) {
    let output = wallet(dir, node, line, typed);
    assert!(!output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stdout));
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn concurrent_payments_with_one_key_all_succeed() {
    let (dir, node) = start("classroom");
    // Each pays more than the previous one, so it could replace it.
    let send = |n: usize| {
        let line = format!("wallet send {PUBLIC_A} 1 --fee 0.00{n} --key gen.key --node {}", node.address());
        let mut command = fedcoin();
        command.current_dir(dir.path()).args(line.split_whitespace());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (1..=8).map(send).collect();
    for child in children {
        stdout_of(&child.wait_with_output().unwrap());
    }
    assert_eq!(node.mempool(), 8, "each command reported success");
    assert_eq!(node.balance(keys::address(keys::A), "pending_in"), 8.0);
}

#[test]
fn waiting_payments_are_replaced_only_on_request() {
    let (_dir, node) = start("classroom");
    let (params, network) = node.network();
    let pay = |fed: u32| {
        let mut payment =
            payment(network, vec![genesis_coin(&params)], vec![(Amount::from_fed(fed), keys::address(keys::A))]);
        payment.unsigned.replaceable = true;
        payment.signature = keys::private(keys::GENESIS).sign(&payment.unsigned.signing_message(network));
        serde_json::to_string(&payment).unwrap()
    };
    let submit = |query: &str, fed| node.request("POST", &format!("/api/v1/transactions{query}"), &pay(fed));
    assert_eq!(submit("?replace=false", 50).0, 201);
    assert_eq!(submit("?replace=false", 50).0, 200, "it is the same payment");
    let (status, problem) = submit("?replace=false", 49);
    assert_eq!((status, problem.contains("\"rule\":\"P2\"")), (409, true), "{problem}");
    assert_eq!(submit("?replace=maybe", 49).0, 400);
    assert_eq!(submit("?replace=true", 49).0, 201);
    assert_eq!(submit("", 48).0, 201, "without the option, a replaceable payment is replaced");
    assert_eq!(node.mempool(), 1);
}

/// Gives the genesis key `count` coins of `each`, and nothing else. Takes three blocks on `regtest`.
fn give_coins(node: &Node, count: u64, each: Amount) {
    let (params, network) = node.network();
    let submit = |block| {
        let (status, body) = node.request("POST", "/api/v1/blocks", &serde_json::to_string(&block).unwrap());
        assert_eq!(status, 201, "{body}");
    };
    let empty = chain_on(&params, &params.genesis_block(), 2);
    let parent = empty.last().unwrap().id();
    empty.into_iter().for_each(submit);
    let own = keys::address(keys::GENESIS);
    let (mut payments, mut coin): (Vec<Payment>, OutPoint) = (Vec::new(), genesis_coin(&params));
    let mut left = count;
    let mut rest = params.genesis.amount;
    while left > 0 {
        let now = left.min(MOST_OUTPUTS);
        let given = Amount::from_units(now * each.units()).unwrap();
        rest = rest.checked_sub(given).unwrap();
        left -= now;
        // The remainder goes to another address with the last output.
        let to = if left == 0 { Address([9; 20]) } else { own };
        let outputs = (0..now).map(|_| (each, own)).chain([(rest, to)]);
        let next = payment(network, vec![coin], outputs.filter(|(amount, _)| *amount > Amount::ZERO).collect());
        coin = OutPoint { txid: next.txid(), index: u32::try_from(now).unwrap() };
        payments.push(next);
    }
    submit(mined(with_payments(block(&params, 3, parent, 10_000), payments)));
    assert_eq!(node.get(&format!("/addresses/{own}/utxos"))["total"], count);
}

#[test]
fn many_coins_are_spent_in_several_payments() {
    let each: Amount = "0.004".parse().unwrap();
    let to = Address([7; 20]);
    for (count, line, parts, amount) in [
        (1_000, "3.9", 1, 3.9),
        (1_000, "all", 1, 4.0),
        (1_001, "4", 1, 4.0),
        (1_001, "4.001", 2, 4.001),
        (1_001, "all", 2, 4.004),
        (10_000, "39", 10, 39.0),
        (10_000, "all", 10, 40.0),
    ] {
        let (dir, node) = start("regtest");
        give_coins(&node, count, each);
        if line == "all" && count % 1_000 == 0 {
            // Each payment has the fee: the total counts, and it is shown before anything is paid.
            let (code, question) = fails(dir.path(), &node, &format!("send {to} all --fee 0.41"), "");
            let total = format!("{} FED", 0.41 * parts as f64);
            assert!(code == 2 && question.contains(&format!("The fee of {total} is high")), "{question}");
            assert_eq!(question.contains(&format!("This takes {parts} payments")), parts > 1, "{question}");
            assert_eq!((question.contains(&format!("{total} in all")), node.mempool()), (parts > 1, 0), "{question}");
        }
        let said = succeeds(dir.path(), &node, &format!("send {to} {line}"));
        assert_eq!(node.mempool(), parts, "{line} of {count} coins: {said}");
        assert_eq!(said.matches("transaction ").count() as u64, parts, "{said}");
        assert_eq!(said.contains(&format!("sent {amount} FED in {parts} payments")), parts > 1, "{said}");
        assert_eq!(node.balance(to, "pending_in"), amount);
        let all = count as f64 * 0.004;
        let left = node.balance(keys::address(keys::GENESIS), "spendable");
        assert!((left - (all - amount)).abs() < 1e-9, "{left} left of {all}");
        let (code, error) = fails(dir.path(), &node, &format!("send {to} 41"), "");
        assert_eq!((code, error.contains("amount and fee are 41 FED")), (1, true), "{error}");
        if count == 10_000 && line == "39" {
            // The remaining coins, among them unconfirmed change.
            succeeds(dir.path(), &node, &format!("send {to} all"));
            assert_eq!(node.balance(to, "pending_in"), 40.0);
        }
    }
}

#[test]
fn small_coins_are_consolidated_while_fees_are_low() {
    let (dir, node) = start("regtest");
    give_coins(&node, 200, "0.01".parse().unwrap());
    let inputs = |line: &str| {
        let said = succeeds(dir.path(), &node, line);
        let txid = said.lines().find_map(|line| line.strip_prefix("transaction ")).unwrap().to_owned();
        node.get(&format!("/transactions/{txid}"))["payment"]["unsigned"]["inputs"].as_array().unwrap().len()
    };
    assert_eq!(inputs(&format!("send {PUBLIC_A} 0.01 --fee 0.0001")), 2, "a fixed fee adds no coins");
    assert_eq!(inputs(&format!("send {PUBLIC_A} 0.01")), 21);
}

#[test]
fn a_high_fee_must_be_confirmed() {
    let (dir, node) = start("classroom");
    let (dir, line) = (dir.path(), format!("send {PUBLIC_A} 1 --fee 20"));
    for typed in ["", "\n", "yes\n", "2\n"] {
        let (code, error) = fails(dir, &node, &line, typed);
        assert_eq!(code, 2, "{error}");
        assert!(
            error.contains("The fee of 20 FED is high for a payment of 1 FED") && error.contains("--yes"),
            "{error}"
        );
    }
    assert_eq!(node.mempool(), 0, "nothing was paid");
    let txid =
        |said: String| said.lines().find_map(|line| line.strip_prefix("transaction ").map(str::to_owned)).unwrap();
    let first = txid(stdout_of(&wallet(dir, &node, &line, "20\n")));
    assert_eq!(node.mempool(), 1);
    let (_, error) = fails(dir, &node, &format!("bump {first} --fee 21"), "\n");
    assert!(error.contains("The fee of 21 FED is high"), "{error}");
    succeeds(dir, &node, &format!("bump {first} --fee 21 --yes"));
    // A tenth is not high. A high fee without a terminal needs --yes.
    succeeds(dir, &node, &format!("send {PUBLIC_A} 1 --fee 0.1"));
    assert_eq!(fails(dir, &node, &format!("send {PUBLIC_A} 1 --fee 0.10000001"), "").0, 2);
    succeeds(dir, &node, &format!("send {PUBLIC_A} 1 --fee-rate 1000000 --yes"));
}

#[test]
fn a_permanent_refusal_is_not_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "gen.key", keys::GENESIS);
    let node = Node::start(dir.path(), free_port(), &["--network", "classroom", "--min-relay-fee", "5"]);
    let (code, error) = fails(dir.path(), &node, &format!("send {PUBLIC_A} 1 --fee 0.000001"), "");
    assert_eq!((code, error.contains("refuses")), (1, true), "{error}");
}

#[test]
fn a_payment_request_has_recipient_and_amount() {
    let (dir, node) = start("classroom");
    let (dir, a) = (dir.path(), keys::address(keys::A));
    succeeds(dir, &node, &format!("send fedcoin:{a}?amount=2.5"));
    succeeds(dir, &node, &format!("send fedcoin:{a}?amount=2.5 2.5"));
    succeeds(dir, &node, &format!("send FEDCOIN:{} 1", a.to_string().to_uppercase()));
    let (code, error) = fails(dir, &node, &format!("send fedcoin:{a}?amount=2.5 2"), "");
    assert_eq!((code, error.contains("says 2.5 FED")), (2, true), "{error}");
    let (code, error) = fails(dir, &node, &format!("send {a}"), "");
    assert_eq!((code, error.contains("AMOUNT")), (2, true), "{error}");
    assert!(succeeds(dir, &node, &format!("balance fedcoin:{a}?amount=9")).contains("pending in  6 FED"));
    let output = run(dir, ["wallet", "send", "fedcoin:fed1xyz", "1"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("misspelt"));
}

#[test]
fn keys_are_imported_in_all_usual_forms() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let hex = keys::A;
    let utf16 = |text: &str| [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let bom = |text: &str| [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat();
    let backup = include_str!("../../crates/keyring/tests/backup-1.json").replace('\n', "\r\n");
    let binary: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let secret = &hex[72..136];
    let files: [(&str, Vec<u8>); 8] = [
        ("prefixed", format!("0x{hex}").into()),
        ("quoted", format!("\"{hex}\"\r\n").into()),
        ("windows", bom(hex)),
        ("utf16", utf16(hex)),
        ("binary", binary),
        ("secret", secret.into()),
        ("backup-bom", bom(&backup)),
        ("backup-utf16", utf16(&backup)),
    ];
    for (name, bytes) in files {
        std::fs::write(dir.join(name), bytes).unwrap();
        let which: &[&str] = if name.starts_with("backup") { &["--which", "Savings"] } else { &[] };
        let key = format!("{name}.key");
        let mut command = fedcoin();
        command.current_dir(dir).env("FEDCOIN_PASSPHRASE", "correct horse battery staple");
        command.args(["wallet", "import", "--from", name, "--key", &key]).args(which);
        stdout_of(&command.output().unwrap());
        let kept = std::fs::read_to_string(dir.join(&key)).unwrap();
        assert_eq!(kept.trim() == hex.trim(), !name.starts_with("backup"), "{name}: {kept}");
    }
    for (content, words) in [
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "PEM of `CERTIFICATE`"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END", "openssl pkey"),
        (PUBLIC_A, "this is a public key"),
        ("my key", "not hex"),
    ] {
        keys::file(dir, "other", content);
        let output = run(dir, ["wallet", "import", "--from", "other", "--key", "none.key"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && error.contains(words), "{error}");
    }
}

#[test]
fn a_key_is_written_down_as_words() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    keys::file(dir, "a.key", keys::A);
    let words = stdout_of(&run(dir, ["wallet", "export", "--words", "--key", "a.key"]));
    assert_eq!(words.split_whitespace().count(), 24);
    std::fs::write(dir.join("words.txt"), words.to_uppercase().replace(' ', "\r\n")).unwrap();
    stdout_of(&run(dir, ["wallet", "import", "--from", "words.txt", "--key", "back.key"]));
    assert_eq!(std::fs::read_to_string(dir.join("back.key")).unwrap().trim(), keys::A.trim());
    let (first, rest) = words.split_once(' ').unwrap();
    for (wrong, problem) in [
        (rest.to_owned(), "a key has 24 words, this text has 23".to_owned()),
        (format!("fedcoin {rest}"), "word 1, `fedcoin`".to_owned()),
        (format!("{} {rest}", if first == "zoo" { "zone" } else { "zoo" }), "checksum".to_owned()),
    ] {
        std::fs::write(dir.join("wrong.txt"), wrong).unwrap();
        let output = run(dir, ["wallet", "import", "--from", "wrong.txt", "--key", "none.key"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && error.contains(&problem), "{error}");
    }
}

#[test]
fn a_passphrase_matches_in_every_unicode_form() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    keys::file(dir, "a.key", keys::A);
    let with = |passphrase: &str, line: &str| {
        let mut command = fedcoin();
        command.current_dir(dir).env("FEDCOIN_PASSPHRASE", passphrase).args(line.split(' '));
        command.output().unwrap()
    };
    // One code point, and two that form the same character.
    let (one, two) = ("sch\u{e4}ferhund", "scha\u{308}ferhund");
    stdout_of(&with(two, "wallet export --key a.key --backup b.json"));
    stdout_of(&with(one, "wallet import --from b.json --key one.key"));
    stdout_of(&with(two, "wallet import --from b.json --key two.key"));
    assert!(!with("schaferhund", "wallet import --from b.json --key none.key").status.success());
}
