//! `fedcoin chain`: export from one node, import into another, and verification.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::keys::{self, PUBLIC_A};
use common::node::{Node, fedcoin, free_port, run};
use fedcoin_node::codec;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::HEADER_BYTES;
use fedcoin_store::{Store, StoreOptions};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A stored chain of some blocks; its node has stopped.
fn chain(dir: &Path) -> u64 {
    keys::file(dir, "public_key.txt", PUBLIC_A);
    let node = Node::start(dir, free_port(), &["--network", "regtest", "--mine", "always"]);
    node.wait_for_height(20);
    let (status, log) = node.terminate();
    assert!(status.success(), "{log:?}");
    let verified = succeeds(dir, &["verify"]);
    let blocks: u64 = verified.0.strip_prefix("ok: ").and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
    assert!(blocks > 20, "{verified:?}");
    blocks
}

fn chain_args<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["chain"], args, &["--network", "regtest", "--data-dir", "data"]].concat()
}

/// Standard output and error of a command that must succeed.
fn succeeds(dir: &Path, args: &[&str]) -> (String, String) {
    let output = run(dir, chain_args(args));
    let texts = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{args:?}: {texts:?}");
    texts
}

fn fails(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, chain_args(args));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{args:?}: {error}");
    error
}

/// A folder with a file of this content.
fn with_file(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("chain.fed");
    fs::write(&file, content).unwrap();
    (dir, file)
}

#[test]
fn a_chain_is_exported_and_imported() {
    let dir = tempfile::tempdir().unwrap();
    let blocks = chain(dir.path());
    let (_, text) = succeeds(dir.path(), &["export", "chain.fed"]);
    assert!(text.contains(&format!("exported {0} of {0} blocks", blocks - 1)), "{text}");
    let bytes = fs::read(dir.path().join("chain.fed")).unwrap();
    let piped = run(dir.path(), chain_args(&["export", "-"]));
    assert!(piped.status.success() && piped.stdout == bytes, "standard output is the same");
    assert!(!dir.path().join("chain.fed.part").exists());

    let (other, _) = with_file(&bytes);
    // The second half is missing at first, as after an interruption.
    fs::write(other.path().join("half.fed"), &bytes[..bytes.len() / 2]).unwrap();
    let error = fails(other.path(), &["import", "half.fed"]);
    assert!(error.contains("the copy is incomplete; the blocks before it were imported"), "{error}");
    let (_, text) = succeeds(other.path(), &["import", "chain.fed"]);
    assert!(text.contains(&format!("chain length {blocks}, before ")) && !text.contains("before 1\n"), "{text}");
    let verified = succeeds(other.path(), &["verify"]).0;
    assert_eq!(verified, succeeds(dir.path(), &["verify"]).0, "the same state hash");
    assert!(succeeds(other.path(), &["import", "chain.fed"]).1.contains(&format!("before {blocks}\n")), "all known");

    let (third, _) = with_file(&[]);
    let mut import = fedcoin()
        .current_dir(third.path())
        .args(chain_args(&["import", "-"]))
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    import.stdin.take().unwrap().write_all(&bytes).unwrap();
    assert!(import.wait().unwrap().success());
    assert_eq!(succeeds(third.path(), &["verify"]).0, verified);
    // A node continues from there.
    let node = Node::start(third.path(), free_port(), &["--network", "regtest"]);
    assert_eq!(node.height() + 1, blocks);
    succeeds(third.path(), &["export", "running.fed"]);
    assert_eq!(fs::read(third.path().join("running.fed")).unwrap(), bytes, "while the node runs, too");
    let other_network = run(third.path(), ["chain", "export", "-", "--network", "classroom", "--data-dir", "data"]);
    assert!(String::from_utf8(other_network.stderr).unwrap().contains("the file holds a chain of network"));
    let error = fails(third.path(), &["verify"]);
    assert!(error.contains("in use by another node"), "{error}");
}

#[test]
fn each_bad_file_gets_its_message() {
    let dir = tempfile::tempdir().unwrap();
    chain(dir.path());
    succeeds(dir.path(), &["export", "chain.fed"]);
    let good = fs::read(dir.path().join("chain.fed")).unwrap();
    let changed = |at: usize, to: u8| {
        let mut bytes = good.clone();
        bytes[at] = to;
        bytes
    };
    let first_block = 8 + 2 + 32 + 4;
    let longer = [&*good, &[0]].concat();
    for (bytes, words) in [
        (b"PK".to_vec(), "chain.fed was not written by `fedcoin chain export`"),
        (changed(0, b'X'), "chain.fed was not written by `fedcoin chain export`"),
        (changed(8, 9), "format 9"),
        (changed(10, !good[10]), "of network"),
        (good[..first_block + 2].to_vec(), "ends within block 1 of"),
        (changed(first_block + 3, 0xff), "block 1 of the file is damaged"),
        // A changed header no longer has its work.
        (changed(first_block + 4 + 20, !good[first_block + 4 + 20]), "block 1 of the file is"),
        // A change in the last block's transactions.
        (changed(good.len() - 6, !good[good.len() - 6]), "of the file is"),
        (longer, "the file continues"),
    ] {
        let (other, _) = with_file(&bytes);
        let error = fails(other.path(), &["import", "chain.fed"]);
        assert!(error.contains(words), "{words}: {error}");
    }
    let (other, _) = with_file(&good);
    assert!(fails(other.path(), &["import", "absent.fed"]).contains("absent.fed"));
    assert!(fails(other.path(), &["verify"]).contains("no chain is stored in data"));
    assert!(fails(other.path(), &["export", "x.fed"]).contains("no chain is stored in data"));
    assert!(fails(dir.path(), &["export", "absent/x.fed"]).contains("absent/x.fed"));
}

/// A copy of a stored chain in which the body of the block at a height is destroyed.
fn without_block(dir: &Path, height: u32) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join("data")).unwrap();
    let file = copy.path().join("data/chain.redb");
    fs::copy(dir.join("data/chain.redb"), &file).unwrap();
    let encoded = {
        let (store, snapshot) = Store::open_file(&file, &ChainParams::regtest(), StoreOptions::default()).unwrap();
        let mut blocks = snapshot.headers.iter().filter_map(|stored| store.block(&stored.header.id()).unwrap());
        codec::encode(&blocks.find(|block| block.coinbase.height.0 == height).unwrap())
    };
    let mut bytes = fs::read(&file).unwrap();
    for at in 0..bytes.len() - encoded.len() {
        if bytes[at..].starts_with(&encoded) {
            bytes[at + HEADER_BYTES + 10] ^= 1;
        }
    }
    fs::write(&file, bytes).unwrap();
    copy
}

#[test]
fn a_lost_block_is_downloaded_or_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let blocks = chain(dir.path());
    let damaged = without_block(dir.path(), 10);
    let words = "`fedcoin chain repair --network regtest --data-dir data` rebuilds it";
    for command in [&["verify"][..], &["export", "x.fed"]] {
        assert!(fails(damaged.path(), command).contains(words));
    }
    let repaired = succeeds(damaged.path(), &["repair"]).0;
    assert!(repaired.contains("chain length 10;") && repaired.contains("\n1 blocks are lost"), "{repaired}");
    assert!(damaged.path().join("data/chain.redb.damaged").is_file());
    // A second repair changes nothing, and keeps the first copy of the damaged file.
    let again = succeeds(damaged.path(), &["repair"]).0;
    assert_eq!(again.replace("chain.redb.damaged-2", "chain.redb.damaged"), repaired);
    assert!(again.contains("chain.redb.damaged-2"), "{again}");

    let alone = without_block(dir.path(), 10);
    assert!(!succeeds(alone.path(), &["repair", "--alone"]).0.contains("lost"));
    keys::file(alone.path(), "public_key.txt", PUBLIC_A);
    let miner = Node::start(alone.path(), free_port(), &["--network", "regtest", "--mine", "always"]);
    miner.wait_for_height(12);
    drop(miner);

    // A file of another network is not a damaged one.
    let foreign = ["chain", "repair", "--network", "classroom", "--data-dir", "data"];
    let error = String::from_utf8(run(dir.path(), foreign).stderr).unwrap();
    assert!(error.contains("belongs to network regtest"), "{error}");

    fs::remove_file(dir.path().join("public_key.txt")).unwrap();
    let whole = Node::start(dir.path(), free_port(), &["--network", "regtest"]);
    let node = Node::start(damaged.path(), free_port(), &["--network", "regtest", "-n", &whole.address()]);
    node.wait_for_height(blocks - 1);
    assert!(node.terminate().0.success() && whole.terminate().0.success());
    assert_eq!(succeeds(damaged.path(), &["verify"]).0, succeeds(dir.path(), &["verify"]).0);
}

#[test]
fn only_the_operator_can_export_the_chain_of_a_running_node() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &["--network", "regtest"]);
    let status = |headers: &[(&str, &str)]| node.ask("GET", "/api/v1/chain", headers, "").unwrap().status();
    assert_eq!(status(&[("authorization", &node.authorization())]), 200);
    assert_eq!(status(&[]), 403, "a request without the cookie, as through a proxy on this machine");
    assert_eq!(status(&[("authorization", "Bearer ")]), 403);
    succeeds(dir.path(), &["export", "x.fed"]);
    fs::remove_file(dir.path().join("data/cookie")).unwrap();
    assert!(fails(dir.path(), &["export", "y.fed"]).contains("the file `cookie` in the node's data directory"));
    // The address file of a node that crashed: the folder's current user does not answer there.
    fs::write(dir.path().join("data/address"), "127.0.0.1:1").unwrap();
    assert!(fails(dir.path(), &["export", "x.fed"]).contains("no node answers at 127.0.0.1:1"));
    assert!(!dir.path().join("x.fed.part").exists(), "nothing half written is left");
    fs::remove_file(dir.path().join("data/address")).unwrap();
    assert!(fails(dir.path(), &["export", "x.fed"]).contains("in use by another node"));
}

#[cfg(unix)]
#[test]
fn an_export_replaces_neither_pipes_nor_links_nor_the_chain() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    use std::process::Command;
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    chain(dir.path());
    succeeds(dir.path(), &["export", "chain.fed"]);
    let exported = fs::read(path("chain.fed")).unwrap();

    assert!(Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
    let reader = Command::new("cat").arg(path("pipe")).stdout(Stdio::piped()).spawn().unwrap();
    succeeds(dir.path(), &["export", "pipe"]);
    assert!(fs::symlink_metadata(path("pipe")).unwrap().file_type().is_fifo());
    assert!(reader.wait_with_output().unwrap().stdout == exported);
    let piped = run(dir.path(), chain_args(&["export", "/dev/stdout"]));
    assert!(piped.status.success() && piped.stdout == exported);

    fs::write(path("old.fed"), "old").unwrap();
    symlink("old.fed", path("link")).unwrap();
    succeeds(dir.path(), &["export", "link"]);
    assert!(fs::symlink_metadata(path("link")).unwrap().is_symlink());
    assert!(fs::read(path("old.fed")).unwrap() == exported);

    let stored = fs::read_dir(path("data")).unwrap().map(|entry| entry.unwrap().path());
    let stored = stored.max_by_key(|file| fs::metadata(file).unwrap().len()).unwrap();
    let before = fs::read(&stored).unwrap();
    assert!(fails(dir.path(), &["export", stored.to_str().unwrap()]).contains("is the stored chain itself"));
    assert!(fs::read(&stored).unwrap() == before);
}
