//! `kill -9` at any moment: everything announced stays, and the node continues.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::keys::{self, PUBLIC_GENESIS};
use common::node::{Node, agree, fedcoin, free_port};
use common::{blocks, eventually, until};
use fastrand::Rng;
use fedcoin_node::units::Amount;
use std::process::{Child, Stdio};
use std::time::Duration;

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn nothing_announced_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    keys::file(dir.path(), "public_key.txt", PUBLIC_GENESIS);
    let gen_key = keys::file(dir.path(), "gen.key", keys::GENESIS);
    let a_key = keys::file(dir.path(), "a.key", keys::A);
    let port = free_port();
    let mut node = Node::start(dir.path(), port, &[]);
    let traffic = fedcoin()
        .args(["traffic", "--pause", "0-0.05", "--wait", "0.1", "--seed", "7", "--node", &node.address(), "--key"])
        .args([gen_key, a_key])
        .stdout(Stdio::null())
        .spawn();
    let traffic = Killed(traffic.unwrap());

    let mut random = Rng::with_seed(3);
    for round in 0..8 {
        let (height, id) = eventually("a block above genesis", || {
            let tip = node.get("/status")["tip"].clone();
            let height = tip["height"].as_u64().unwrap();
            (height > 0).then(|| (height, tip["id"].as_str().unwrap().to_owned()))
        });
        std::thread::sleep(Duration::from_millis(random.u64(..700)));
        node.kill();
        node = Node::start(dir.path(), port, &[]);
        assert!(node.height() >= height, "round {round}");
        assert_eq!(node.get(&format!("/blocks/{height}"))["id"], id, "round {round}");
    }
    let height = node.height();
    node.wait_for_height(height + 3);
    drop(traffic);
    until("an empty mempool", || node.mempool() == 0);

    // The stored chain is valid from genesis: another node accepts it.
    let other_dir = tempfile::tempdir().unwrap();
    let other = Node::start(other_dir.path(), free_port(), &["-n", &node.address()]);
    until("agreement with a new node", || agree(&[&node, &other]));
}

#[test]
fn an_accepted_payment_survives() {
    let dir = tempfile::tempdir().unwrap();
    let port = free_port();
    // Without a miner, the payment stays in the mempool.
    let node = Node::start(dir.path(), port, &[]);
    let (params, network) = node.network();
    let outputs = vec![(Amount::from_fed(50), keys::address(keys::A))];
    let payment = blocks::payment(network, vec![blocks::genesis_coin(&params)], outputs);
    assert_eq!(node.submit(&payment).0, 201);
    node.kill();
    let node = Node::start(dir.path(), port, &[]);
    let path = format!("/transactions/{}", payment.txid());
    until("the payment is back", || node.get(&path)["state"] == "mempool");
    assert_eq!(node.balance(keys::address(keys::A), "pending_in"), 50.0);
}

#[test]
fn a_data_directory_is_used_by_one_node() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path(), free_port(), &[]);
    let data = common::node::data_dir(dir.path());
    let second = |args: &[&str]| {
        let output = fedcoin().args(["-p", &free_port().to_string(), "--data-dir"]).arg(&data).args(args).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let error = second(&[]);
    assert!(error.contains("in use by another node"), "{error}");
    let (status, log) = node.terminate();
    assert!(status.success(), "{log:?}");
    let error = second(&["--network", "regtest"]);
    assert!(error.contains("belongs to network classroom"), "{error}");
    // Now the directory is free again.
    Node::start(dir.path(), free_port(), &[]);
}
