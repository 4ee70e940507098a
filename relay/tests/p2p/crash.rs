//! `kill -9` at random moments while a node syncs, reorganises and mines: it ends with the ledger of a node that was
//! never killed.

use crate::common::blocks::{block, branch_on, chain_on, genesis_coin, mined, payment, with_payments};
use crate::common::chain_peer::{ChainPeer, TestChain};
use crate::common::keys::{self, PUBLIC_A};
use crate::common::node::{Node, agree, free_port};
use crate::common::until;
use fastrand::Rng;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, OutPoint};
use fedcoin_node::units::Amount;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

const ARGS: [&str; 2] = ["--network", "regtest"];

/// A node that is killed and restarted.
struct Victim<'a> {
    dir: &'a Path,
    port: u16,
    args: &'a [&'a str],
    node: Option<Node>,
    random: Rng,
}

impl Victim<'_> {
    fn node(&mut self) -> &Node {
        self.node.get_or_insert_with(|| Node::start(self.dir, self.port, self.args))
    }

    /// Kills the node after a moment, then again during its restart, while it repairs its store.
    fn die(&mut self) {
        let moment = Duration::from_millis(self.random.u64(..150));
        self.node();
        std::thread::sleep(moment);
        self.node.take().unwrap().kill();
        let mut early = Node::command(self.dir, self.port, self.args).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(self.random.u64(..30)));
        early.kill().unwrap();
        early.wait().unwrap();
    }
}

/// Blocks on genesis. From the second on, each has a payment that spends the previous one's output.
fn paying_chain(params: &ChainParams, count: u32, spacing: u64) -> Vec<Block> {
    let mut chain = branch_on(params, &params.genesis_block(), 1, spacing);
    let mut coin = genesis_coin(params);
    for height in 2..=count {
        let last = chain.last().unwrap();
        let outputs = vec![(Amount::from_fed(50), keys::address(keys::GENESIS))];
        let payment = payment(params.network_id(), vec![coin], outputs);
        coin = OutPoint { txid: payment.txid(), index: 0 };
        let next = block(params, height, last.id(), last.header.time.0 + spacing);
        chain.push(mined(with_payments(next, vec![payment])));
    }
    chain
}

#[test]
fn a_node_killed_at_any_moment_reaches_the_same_ledger() {
    let (dir, reference_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    keys::file(dir.path(), "public_key.txt", PUBLIC_A);
    let reference = Node::start(reference_dir.path(), free_port(), &ARGS);
    let (params, network) = reference.network();
    let address = reference.address();
    let args = [&ARGS[..], &["-n", &address, "--mine-threads", "1"]].concat();
    let mut victim = Victim { dir: dir.path(), port: free_port(), args: &args, node: None, random: Rng::with_seed(11) };
    // Each branch is longer than the previous one and forks at genesis.
    let mut long = paying_chain(&params, 260, 900);
    let spent_last = long[259].payments[0].txid();
    long.extend(chain_on(&params, &long[259].clone(), 140));
    let branches = [paying_chain(&params, 120, 1_000), branch_on(&params, &params.genesis_block(), 180, 950), long];
    for branch in branches {
        let _peer = ChainPeer::honest(reference.port, &TestChain::new(&params, &branch));
        for _ in 0..4 {
            victim.die();
        }
        reference.wait_for_height(branch.len() as u64);
    }
    until("the same chain", || agree(&[victim.node(), &reference]));

    // Now it mines the payments that the other node gets.
    let mut coin = OutPoint { txid: spent_last, index: 0 };
    for _ in 0..4 {
        for _ in 0..3 {
            let outputs = vec![(Amount::from_fed(50), keys::address(keys::GENESIS))];
            let payment = payment(network, vec![coin], outputs);
            coin = OutPoint { txid: payment.txid(), index: 0 };
            assert_eq!(reference.submit(&payment).0, 201);
        }
        victim.die();
    }
    until("the same ledger", || agree(&[victim.node(), &reference]));
    assert!(reference.height() > 400, "the node has mined");
}
