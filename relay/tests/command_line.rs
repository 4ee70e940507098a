//! Errors on the command line and in the files it names: each has a message with a remedy and an exit code, and nothing
//! is started or written.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::keys::{self, PUBLIC_A};
use common::node::{Node, free_port, run, stdout_of};
use fedcoin_node::consensus::{ChainParams, GenesisParams};
use fedcoin_node::peers::MAX_NEIGHBOURS;
use fedcoin_node::units::{Amount, Timestamp};
use std::path::Path;
use std::process::Command;

/// The exit code and the message of a command that must fail.
fn failure(dir: &Path, line: &str) -> (i32, String) {
    let output = run(dir, line.split_whitespace());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!error.contains("panicked") && !error.contains("RUST_BACKTRACE"), "{line}: {error}");
    (output.status.code().unwrap(), error)
}

/// Checks the exit code and the message of each command.
fn each_fails(dir: &Path, rows: &[(&str, i32, &str)]) {
    for (line, code, words) in rows {
        let (got, error) = failure(dir, line);
        assert_eq!(got, *code, "{line}: {error}");
        assert!(error.contains(words), "{line}: {error}");
    }
}

#[test]
fn each_error_gets_its_message() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| keys::file(dir.path(), name, content);
    file("empty.txt", " \n");
    file("words.txt", "my key");
    file("private.txt", keys::A);
    file(
        "curve.txt",
        "3056301006072a8648ce3d020106052b8104000a0342000479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
    );
    file("short.txt", &PUBLIC_A[..150]);
    file("a.key", keys::A);
    file("bad.toml", "name = 5");
    file("slow.toml", &toml::to_string(&ChainParams { spacing_ms: 0, ..ChainParams::classroom() }).unwrap());
    let rows = [
        ("-pk absent.txt", 2, "no key file absent.txt"),
        ("-pk empty.txt", 2, "is empty"),
        ("-pk words.txt", 2, "not hex"),
        ("-pk private.txt", 2, "private key, but a public key is expected"),
        ("-pk curve.txt", 2, "not a P-256 public key"),
        ("-pk short.txt", 2, "not a P-256 public key"),
        ("-pk .", 2, "key file ."),
        ("-p 70000", 2, "--port"),
        ("-p x", 2, "--port"),
        ("-n nowhere", 2, "write HOST:PORT"),
        ("-n 127.0.0.1:0", 2, "1 to 65535"),
        ("--bind nowhere", 2, "--bind"),
        ("--bind 203.0.113.7 --data-dir d", 1, "no such address"),
        ("--config absent.toml", 2, "configuration file absent.toml"),
        ("--config bad.toml", 2, "unknown setting `name`"),
        ("--tls-cert a.key", 2, "both --tls-cert FILE and --tls-key FILE"),
        ("--tls-cert absent.pem --tls-key a.key", 2, "absent.pem"),
        ("--tls-ca a.key", 2, "no certificate in PEM form"),
        ("--network moon", 2, "main, classroom, regtest"),
        ("--chain absent.toml", 2, "absent.toml"),
        ("--chain bad.toml", 2, "line 1"),
        ("--chain slow.toml", 2, "spacing_ms"),
        ("--kernel abacus", 2, "auto, scalar"),
        ("--page absent", 2, "index.html"),
        ("--data-dir a.key/x", 1, "--data-dir"),
        ("--log loud=very=much", 2, "--log"),
        ("fly", 2, "fly"),
        ("wallet balance", 2, "no key file wallet.key"),
        ("wallet balance --key a.key --node 127.0.0.1:1", 1, "no node answers"),
        ("wallet balance --key a.key --node nowhere", 2, "HOST:PORT"),
        ("wallet import --from words.txt", 2, "not hex"),
        ("wallet new --key a.key", 2, "exists already"),
        ("traffic --key a.key", 2, "two key files"),
        ("traffic --key a.key a.key --pause 9-1", 2, "pause"),
        ("traffic --key a.key a.key --node 127.0.0.1:1", 1, "no node answers"),
        ("keys show words.txt", 2, "not hex"),
        ("bench --seconds 0", 2, "--seconds"),
        ("bench --threads 0", 2, "--threads"),
    ];
    each_fails(dir.path(), &rows);
    assert_eq!(std::fs::read_to_string(dir.path().join("a.key")).unwrap(), keys::A, "never overwritten");
}

#[test]
fn errors_in_numbers_and_files_say_what_to_write() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| keys::file(dir.path(), name, content);
    file("empty.txt", " \n");
    file("a.key", keys::A);
    file("typed.toml", "spacing_ms = \"10 s\"");
    file("log.toml", "log = 'loud'");
    file("port.toml", "port = 'x'");
    std::fs::write(dir.path().join("binary.toml"), [0x80, 0x81]).unwrap();
    let rows = [
        ("--chain typed.toml", 2, "expected a whole number"),
        ("-p -1", 2, "a whole number from 0 to 65535"),
        ("--max-peers 1e3", 2, "a whole number of at least 0"),
        ("--max-per-address 0", 2, "a whole number from 1 to 4294967295"),
        ("--mine-share 50%", 2, "a whole number from 1 to 100"),
        ("--mine-threads 0", 2, "a whole number from 1 to 1024"),
        ("--min-relay-fee -1", 2, "`-1` is not a fee rate"),
        ("-n a:1;b:2", 2, "HOST:PORT"),
        ("--log warning", 2, "error, warn, info, debug or trace"),
        ("--config log.toml", 2, "log.toml: `log`: invalid value 'loud'"),
        ("--config port.toml", 2, "port.toml: `port`: invalid value 'x'"),
        ("--config binary.toml", 2, "not text in UTF-8 or UTF-16"),
        ("wallet import", 2, "standard input is empty"),
        ("traffic --key a.key absent.key --node 127.0.0.1:1", 2, "no key file absent.key"),
        ("traffic --key a.key a.key --count x", 2, "a whole number of at least 0"),
        ("traffic --key a.key a.key --pause -1", 2, "`-1` is not a pause"),
        ("chain verify --data-dir nowhere", 2, "no chain is stored in nowhere"),
        ("chain verify --data-dir a.key", 2, "no chain is stored in a.key"),
        ("chain verify --network moon --data-dir nowhere", 2, "main, classroom, regtest"),
        ("chain repair --data-dir nowhere", 2, "no chain is stored in nowhere"),
        ("chain export absent/b.fed --data-dir nowhere", 2, "no chain is stored in nowhere"),
        ("chain import absent.fed --data-dir nowhere", 1, "absent.fed"),
        ("chain import . --data-dir nowhere", 1, "directory"),
        ("chain import a.key --data-dir nowhere", 1, "a.key was not written by `fedcoin chain export`"),
        ("chain import empty.txt --data-dir nowhere", 1, "empty.txt was not written by"),
    ];
    each_fails(dir.path(), &rows);
    assert!(!dir.path().join("nowhere").exists(), "nothing is created");
}

#[test]
fn networks_that_can_never_mine_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let genesis = |amount, time| GenesisParams { amount, time, ..ChainParams::classroom().genesis };
    let future = Timestamp(4_000_000_000_000);
    for (params, words) in [
        (ChainParams { coinbase_maturity: 2, ..ChainParams::classroom() }, "could not spend the genesis coin"),
        (
            ChainParams { genesis: genesis(Amount::ZERO, Timestamp(0)), ..ChainParams::classroom() },
            "genesis.amount is 0",
        ),
        (
            ChainParams { genesis: genesis(Amount::from_fed(50), future), ..ChainParams::regtest() },
            "days ahead of this machine's clock",
        ),
    ] {
        keys::file(dir.path(), "net.toml", &toml::to_string(&params).unwrap());
        let (code, error) = failure(dir.path(), "--chain net.toml");
        assert_eq!((code, error.contains(words)), (2, true), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_failed_write_of_a_key_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    // No file may grow: as on a full disk, creating it works and writing fails.
    let script = "ulimit -f 0; exec \"$0\" wallet new --key w.key";
    let output = Command::new("sh")
        .current_dir(dir.path())
        .args(["-c", script, env!("CARGO_BIN_EXE_fedcoin")])
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), error.contains("key file w.key")), (Some(2), true), "{error}");
    assert!(!dir.path().join("w.key").exists(), "an empty file would block the next attempt");
    assert!(stdout_of(&run(dir.path(), ["wallet", "new", "--key", "w.key"])).contains("address"));
}

#[cfg(unix)]
#[test]
fn a_limit_on_file_sizes_is_handled_like_a_full_disk() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "miner.txt", PUBLIC_A);
    let (port, regtest) = (free_port(), ["--network", "regtest"]);
    let mining = [&regtest[..], &["-pk", "miner.txt", "--mine", "always"]].concat();
    let mut node = Node::start_limited("-f 1100", dir.path(), port, &mining);
    assert_eq!(node.ended().code(), Some(1), "{:?}", node.log());
    node.wait_for_log("the chain can no longer be stored");
    let node = Node::start(dir.path(), port, &regtest);
    assert!(node.height() > 0, "what it has announced is on disk");
    let export = "ulimit -f 1; exec \"$0\" chain export b.fed --network regtest --data-dir data";
    let mut shell = Command::new("sh");
    let output = shell.current_dir(dir.path()).args(["-c", export, env!("CARGO_BIN_EXE_fedcoin")]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), error.contains("b.fed")), (Some(1), true), "{error}");
    assert!(!dir.path().join("b.fed").exists() && !dir.path().join("b.fed.part").exists());
}

#[test]
fn the_list_of_neighbours_is_limited() {
    let dir = tempfile::tempdir().unwrap();
    let list = |length| {
        format!("peer = {:?}\n", (0..length).map(|n| format!("10.{}.{}.1:5000", n / 250, n % 250)).collect::<Vec<_>>())
    };
    for length in [MAX_NEIGHBOURS + 1, 10 * MAX_NEIGHBOURS, 60_000] {
        keys::file(dir.path(), "node.toml", &list(length));
        let (code, error) = failure(dir.path(), "--config node.toml");
        assert_eq!(
            (code, error.contains(&format!("{length} neighbours, and 64 is the maximum"))),
            (2, true),
            "{error}"
        );
    }
    keys::file(dir.path(), "node.toml", &list(MAX_NEIGHBOURS));
    let node = Node::start(dir.path(), free_port(), &["--config", "node.toml"]);
    assert_eq!(node.get("/peers")["absent"].as_array().unwrap().len(), MAX_NEIGHBOURS);
    let (status, problem) = node.request("POST", "/api/v1/peers", "{\"address\":\"10.1.0.1:5000\"}");
    assert_eq!((status, problem.contains("64 neighbours, the maximum")), (503, true), "{problem}");
    assert!(node.terminate().0.success());
}

#[test]
fn empty_variables_count_as_unset() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "wallet.key", keys::A);
    let mut command = common::node::fedcoin();
    let empty = ["KEY", "NODE", "TLS_CA", "PORT", "BIND", "PEER", "MIN_RELAY_FEE", "CONFIG", "LOG", "CHAIN", "METRICS"];
    command.current_dir(dir.path()).envs(empty.map(|name| (format!("FEDCOIN_{name}"), "")));
    let shown = stdout_of(&command.args(["wallet", "address"]).output().unwrap());
    assert!(shown.contains(&keys::address(keys::A).to_string()), "{shown}");
    let mut command = common::node::fedcoin();
    command.envs(empty.map(|name| (format!("FEDCOIN_{name}"), "")));
    let config = stdout_of(&command.arg("config").output().unwrap());
    assert!(config.contains("# (built in)\nport = 5000") || config.contains("port = 5000"), "{config}");
    assert!(!config.contains("from FEDCOIN_"), "{config}");
}

#[test]
fn settings_in_utf_16_are_read_and_misspelt_variables_reported() {
    let dir = tempfile::tempdir().unwrap();
    // As PowerShell's `fedcoin config > node.toml` writes it.
    let text = "\u{feff}# Settings\r\npeer = [\"127.0.0.1:1\"]\r\n".encode_utf16().flat_map(u16::to_le_bytes);
    std::fs::write(dir.path().join("node.toml"), text.collect::<Vec<u8>>()).unwrap();
    let mut command = Node::command(dir.path(), free_port(), &["--config", "node.toml"]);
    let mut child = command.env("FEDCOIN_PROT", "5001").stderr(std::process::Stdio::piped()).spawn().unwrap();
    let log = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
    let wanted = ["the variable FEDCOIN_PROT is not a setting", "cannot connect to ws://127.0.0.1:1/ws"];
    let mut missing = wanted.to_vec();
    log.map_while(Result::ok).find(|line| {
        missing.retain(|words| !line.contains(words));
        missing.is_empty()
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(missing, <[&str; 0]>::default());
}

#[test]
fn addresses_are_accepted_in_all_usual_forms() {
    let dir = tempfile::tempdir().unwrap();
    let first = Node::start(dir.path(), free_port(), &["--bind", "localhost", "--trusted-proxy", "127.0.0.1"]);
    let other = tempfile::tempdir().unwrap();
    let url = format!("http://127.0.0.1:{}/", first.port);
    let second = Node::start(other.path(), free_port(), &["-n", &url, "--bind", "127.0.0.1"]);
    common::until("they are connected", || second.get("/status")["peers"] == 1);
    let balance = |node: &str| stdout_of(&run(dir.path(), ["wallet", "balance", PUBLIC_A, "--node", node]));
    for node in [&url, &format!("ws://localhost:{}/ws", first.port), &first.address()] {
        assert!(balance(node).contains("confirmed   0 FED"), "{node}");
    }
    for (line, words) in [
        ("-n ftp://127.0.0.1:5000", "write HOST:PORT"),
        ("-n ::1:5000", "needs brackets: [::1]:5000"),
        ("--bind 127.0.0.1:5000", "-p PORT"),
        ("--trusted-proxy proxy", "10.0.0.0/8"),
        ("wallet balance --node ::1:5000", "needs brackets: [::1]:5000"),
    ] {
        let (code, error) = failure(dir.path(), line);
        assert_eq!((code, error.contains(words)), (2, true), "{line}: {error}");
    }
    // Nobody listens there, and the first pause is short.
    let third = tempfile::tempdir().unwrap();
    let third = Node::start(third.path(), free_port(), &["-n", "127.0.0.1:1"]);
    let at = third.wait_for_log("cannot connect");
    let line = &third.log()[at];
    assert!(line.contains("trying again in ") && !line.contains(" 0 s"), "{line}");
}

#[test]
fn each_bad_amount_gets_its_message() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "a.key", keys::A);
    for (amount, words) in [
        ("0.000000001", "more than 8 decimals"),
        ("two", "not an amount"),
        ("-1", "-1"),
        ("99999999999", "largest amount"),
    ] {
        let (code, error) = failure(dir.path(), &format!("wallet send --key a.key {PUBLIC_A} {amount}"));
        assert_eq!(code, 2, "{amount}: {error}");
        assert!(error.contains(words), "{amount}: {error}");
    }
}

#[test]
fn a_port_in_use_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &[]);
    let (code, error) = failure(dir.path(), &format!("-p {} --data-dir other", node.port));
    assert_eq!(code, 1);
    assert!(error.contains("another program uses that port"), "{error}");
}

#[test]
fn wallets_and_keys_work_together() {
    let dir = tempfile::tempdir().unwrap();
    let fedcoin = |line: &str| stdout_of(&run(dir.path(), line.split_whitespace()));
    let made = fedcoin("wallet new --key w.key");
    let address = made.lines().find_map(|l| l.strip_prefix("address     ")).unwrap().to_owned();
    let private = std::fs::read_to_string(dir.path().join("w.key")).unwrap();
    assert!(!made.contains(private.trim()), "a private key is printed only by `export`");
    assert_eq!(fedcoin("wallet export --key w.key"), private);
    assert!(fedcoin("keys show w.key").contains(&address));
    fedcoin("keys public w.key -o w.pub");
    assert!(fedcoin("keys show w.pub").contains("a public key"));
    fedcoin("wallet import --from w.key --key copy.key");
    assert!(fedcoin("wallet address --key copy.key").contains(&address));

    let node = Node::start(dir.path(), free_port(), &[]);
    let at = node.address();
    let balance = fedcoin(&format!("wallet balance {PUBLIC_A} --node {at}"));
    assert!(balance.contains("confirmed   0 FED") && balance.contains("network     classroom ("), "{balance}");
    keys::file(dir.path(), "gen.key", keys::GENESIS);
    let (code, error) = failure(dir.path(), &format!("wallet send {address} 51 --key gen.key --node {at}"));
    assert_eq!(code, 1);
    assert!(error.contains("amount and fee are 51 FED, but only 50 FED can be spent"), "{error}");
    let (code, error) = failure(dir.path(), &format!("wallet send {address} 0 --key gen.key --node {at}"));
    assert_eq!((code, error.contains("the amount is zero")), (1, true), "{error}");
    fedcoin(&format!("wallet send {address} 2 --fee 0.5 --yes --key gen.key --node {at}"));
    assert!(fedcoin(&format!("wallet balance {address} --node {at}")).contains("pending in  2 FED"));
    assert!(fedcoin(&format!("wallet balance --key gen.key --node {at}")).contains("pending out 2.5 FED"));
}

#[test]
fn a_key_is_backed_up_with_a_passphrase() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "a.key", keys::A);
    keys::file(dir.path(), "two.json", include_str!("../../crates/keyring/tests/backup-1.json"));
    let fedcoin = |passphrase: &str, line: &str| {
        let mut command = common::node::fedcoin();
        let output =
            command.current_dir(dir.path()).env("FEDCOIN_PASSPHRASE", passphrase).args(line.split_whitespace());
        let output = output.stdin(std::process::Stdio::null()).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let fails = |passphrase: &str, line: &str, words: &str| {
        let (succeeded, text) = fedcoin(passphrase, line);
        assert!(!succeeded && text.contains(words), "{line}: {text}");
    };
    let succeeds = |passphrase: &str, line: &str| {
        let (succeeded, text) = fedcoin(passphrase, line);
        assert!(succeeded, "{line}: {text}");
        text
    };
    fails("short", "wallet export --key a.key --backup b.json", "at least 8 characters");
    let written = succeeds("correct horse", "wallet export --key a.key --backup b.json --name Savings");
    assert!(!written.contains(keys::A.trim()), "{written}");
    let backup = std::fs::read_to_string(dir.path().join("b.json")).unwrap();
    assert!(!backup.contains("75189dae1d094c49") && backup.contains("argon2id"), "{backup}");
    fails("correct horse", "wallet export --key a.key --backup b.json", "exists already");
    fails("correct house", "wallet import --from b.json --key back.key", "wrong passphrase");
    succeeds("correct horse", "wallet import --from b.json --key back.key");
    assert_eq!(succeeds("", "wallet export --key back.key").trim(), keys::A.trim());

    let phrase = "correct horse battery staple";
    fails(phrase, "wallet import --from two.json --key s.key", "Savings");
    fails(phrase, "wallet import --from two.json --which Spendings --key s.key", "choose one with --which");
    succeeds(phrase, "wallet import --from two.json --which Savings --key s.key");
    assert!(succeeds("", "wallet export --key s.key").contains(&"01".repeat(32)));
}

#[test]
fn the_fee_of_a_waiting_payment_is_raised() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "gen.key", keys::GENESIS);
    keys::file(dir.path(), "a.key", keys::A);
    let node = Node::start(dir.path(), free_port(), &[]);
    let at = node.address();
    let fedcoin = |line: &str| stdout_of(&run(dir.path(), format!("{line} --node {at}").split_whitespace()));
    let txid = |text: &str| text.lines().find_map(|l| l.strip_prefix("transaction ")).unwrap().to_owned();
    let first = txid(&fedcoin(&format!("wallet send {PUBLIC_A} 2 --key gen.key --fee 0.1")));
    let (code, error) = failure(dir.path(), &format!("wallet bump {first} --key gen.key --fee 0.1000001 --node {at}"));
    assert_eq!((code, error.contains("at least 0.10000198 FED")), (1, true), "{error}");
    let (code, error) = failure(dir.path(), &format!("wallet bump {first} --key a.key --fee 1 --node {at}"));
    assert_eq!((code, error.contains("not paid with this key")), (2, true), "{error}");
    let second = txid(&fedcoin(&format!("wallet bump {first} --key gen.key --fee 0.5 --yes")));
    assert!(fedcoin("wallet balance --key gen.key").contains("pending out 2.5 FED"));
    let (_, error) = failure(dir.path(), &format!("wallet bump {first} --key gen.key --fee 1 --node {at}"));
    assert!(error.contains("no longer waits"), "{error}");
    // The default is the minimum that the node accepts: one unit more for each of the payment's 198 bytes.
    assert!(fedcoin(&format!("wallet bump {second} --key gen.key --yes")).contains("to 0.50000198 FED"));
    let last = txid(&fedcoin(&format!("wallet send {PUBLIC_A} 2 --key gen.key --final")));
    let (code, error) = failure(dir.path(), &format!("wallet bump {last} --key gen.key --node {at}"));
    assert_eq!((code, error.contains("sent as final")), (1, true), "{error}");
}

#[test]
fn the_benchmark_measures_every_kernel() {
    let dir = tempfile::tempdir().unwrap();
    let report: serde_json::Value =
        serde_json::from_str(&stdout_of(&run(dir.path(), "bench --seconds 1 --threads 2 --json".split(' ')))).unwrap();
    for kernel in fedcoin_node::pow::kernels() {
        let found = report["contestants"].as_array().unwrap().iter().find(|c| c["name"] == kernel.name());
        assert!(found.unwrap()["median"].as_f64().unwrap() > 0.0, "{}", kernel.name());
    }
    assert_eq!(report["miners"].as_array().unwrap().len(), 2);
    assert_eq!(report["preemptions"].as_array().unwrap().len(), 3);
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_the_node_at_once() {
    use common::peer::Peer;
    for signal in ["-TERM", "-INT"] {
        let dir = tempfile::tempdir().unwrap();
        let mut node = Node::start(dir.path(), free_port(), &[]);
        let (_, network) = node.network();
        // The peer no longer reads, so its goodbye takes a while.
        let _peer = Peer::greet(node.port, network);
        node.signal(signal);
        node.wait_for_log("a second signal ends it at once");
        node.signal(signal);
        assert_eq!(node.ended().code(), Some(1));
        node.wait_for_log("stopped at once");
        assert!(!node.log().iter().any(|line| line.ends_with(" stopped")), "{:?}", node.log());
    }
}

#[cfg(unix)]
#[test]
fn sighup_does_not_end_a_node() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &[]);
    for _ in 0..2 {
        let at = node.log().len();
        node.signal("-HUP");
        node.wait_for_log_after(at, "no TLS certificate to read again");
    }
    assert_eq!(node.height(), 0, "it answers");
    assert!(node.terminate().0.success());
}

/// Outputs that cannot be written: a full disk, and a closed pipe.
#[cfg(target_os = "linux")]
fn unwritable() -> [Box<dyn Fn() -> std::process::Stdio>; 2] {
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap().into();
    let gone = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        writer.into()
    };
    [Box::new(full), Box::new(gone)]
}

#[cfg(target_os = "linux")]
#[test]
fn a_node_runs_on_if_its_output_is_lost() {
    for output in unwritable() {
        let dir = tempfile::tempdir().unwrap();
        let port = free_port();
        let mut command = Node::command(dir.path(), port, &["--log", "debug", "-n", "127.0.0.1:1"]);
        let mut child = command.stdout(output()).stderr(output()).spawn().unwrap();
        let status = || ureq::get(format!("http://127.0.0.1:{port}/api/v1/status")).call().map(|a| a.status().as_u16());
        common::until("an answer", || {
            assert_eq!(child.try_wait().unwrap(), None, "it has ended");
            status().is_ok_and(|status| status == 200)
        });
        (0..20).for_each(|_| assert_eq!(status().unwrap(), 200));
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        assert!(common::eventually("its end", || child.try_wait().unwrap()).success());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_payment_succeeds_even_if_its_output_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "gen.key", keys::GENESIS);
    keys::file(dir.path(), "a.key", keys::A);
    let node = Node::start(dir.path(), free_port(), &[]);
    let at = node.address();
    let status = |line: &str, output: std::process::Stdio, error: std::process::Stdio| {
        let mut command = common::node::fedcoin();
        command.current_dir(dir.path()).args(line.split_whitespace()).stdin(std::process::Stdio::null());
        command.stdout(output).stderr(error).status().unwrap().code()
    };
    let [full, gone] = unwritable();
    let send = format!("wallet send {PUBLIC_A} 2 --key gen.key --node {at}");
    assert_eq!(status(&send, full(), full()), Some(0));
    assert_eq!(node.mempool(), 1);
    assert_eq!(status(&send, gone(), gone()), Some(0));
    let traffic = format!("traffic --key gen.key a.key --node {at} --pause 0 --wait 0 --count 2");
    assert_eq!(status(&traffic, full(), full()), Some(0));
    // A command that only reads must fail if its output is lost.
    for line in [&format!("wallet balance --key a.key --node {at}"), "wallet export --key a.key", "config", "--help"] {
        assert_eq!(status(line, full(), full()), Some(if line == "--help" { 0 } else { 1 }), "{line}");
        assert_eq!(status(line, gone(), gone()), Some(0), "{line}: the reader had enough");
    }
    let (code, error) = failure(dir.path(), &format!("wallet send {PUBLIC_A} 20000 --key gen.key --node {at}"));
    assert_eq!((code, error.contains("FED can be spent now")), (1, true), "{error}");
}
