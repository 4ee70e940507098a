//! The course's four exercises as written: its keys, its command lines, and real processes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::keys::{self, PUBLIC_A, PUBLIC_B, PUBLIC_GENESIS};
use common::node::{Node, agree, free_port, run, stdout_of};
use common::until;
use std::path::{Path, PathBuf};

/// The course's folder: three public key files, and the private keys of the two wallets.
struct Course {
    dir: tempfile::TempDir,
    genesis_key: String,
    a_key: String,
}

impl Course {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let genesis_key = text(keys::file(dir.path(), "gen.key", keys::GENESIS));
        let a_key = text(keys::file(dir.path(), "a.key", keys::A));
        Self { dir, genesis_key, a_key }
    }

    /// A node with its own folder, started as in the course, on a free port.
    fn node(&self, name: &str, public_key: &str, neighbour: Option<&Node>) -> Node {
        let folder = self.dir.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let file = format!("public_key_{name}.txt");
        // Pasted with line breaks, as the course allows.
        keys::file(&folder, &file, &format!("{}\n{}\n", &public_key[..80], &public_key[80..]));
        let address = neighbour.map(Node::address);
        let neighbours = address.iter().flat_map(|address| ["-n", address]);
        let args: Vec<&str> = neighbours.chain(["-pk", &file]).collect();
        Node::start(&folder, free_port(), &args)
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }
}

#[test]
fn the_four_exercises_work_as_written() {
    let course = Course::new();
    let genesis = course.node("gen", PUBLIC_GENESIS, None);
    mining(&course, &genesis);

    // 2. Initialisation (1): node A downloads the chain from the genesis node.
    let a = course.node("a", PUBLIC_A, Some(&genesis));
    a.wait_for_log("initialised from neighbour (1 block)");
    assert!(agree(&[&genesis, &a]));

    block_communication(&course, &genesis, &a);

    // 4. Initialisation (2): node B starts late and downloads several blocks.
    let b = course.node("b", PUBLIC_B, Some(&genesis));
    b.wait_for_log("initialised from neighbour (");
    until("agreement of all three nodes", || agree(&[&genesis, &a, &b]));
    assert_eq!(b.height(), genesis.height());

    for node in [genesis, a, b] {
        let (status, log) = node.terminate();
        assert!(status.success(), "{log:?}");
        assert!(!log.iter().any(|line| line.contains("ERROR") || line.contains("panicked")), "{log:?}");
    }
}

/// 1. Mining: the wallet shows 50 FED, pays 2 to A, and the payment is mined.
fn mining(course: &Course, genesis: &Node) {
    let address = genesis.address();
    let wallet = |args: &[&str]| {
        let common = ["wallet", "--key", &course.genesis_key, "--node", &address];
        stdout_of(&run(course.path(), common.iter().chain(args)))
    };
    assert!(wallet(&["balance"]).contains("spendable   50 FED"));
    wallet(&["send", PUBLIC_A, "2", "--wait", "1"]);
    genesis.wait_for_log("Start mining block 1 ");
    genesis.wait_for_log("Successfully mined block with id ");
    genesis.wait_for_log("Nothing to mine at the moment, mining paused");
    assert_eq!(genesis.height(), 1);
    assert_eq!(genesis.balance(PUBLIC_A, "confirmed"), 2.0);
    // 48 FED of change, and the reward.
    assert_eq!(genesis.balance(PUBLIC_GENESIS, "confirmed"), 98.0);
    let id = genesis.get("/blocks/1")["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("0000"), "{id}");
}

/// 3. Block communication: a stream of random payments while both nodes mine.
fn block_communication(course: &Course, genesis: &Node, a: &Node) {
    let (genesis_address, a_address) = (genesis.address(), a.address());
    let keys = ["traffic", "--key", &course.genesis_key, &course.a_key, "--node", &genesis_address, &a_address];
    let times = ["--pause", "0.05-0.2", "--wait", "0.2", "--count", "30", "--seed", "5"];
    let stream = stdout_of(&run(course.path(), keys.into_iter().chain(times)));
    assert!(stream.contains("30 payments sent"), "{stream}");
    until("agreement of both nodes", || agree(&[genesis, a]));
    assert!(genesis.height() > 5, "several blocks were mined");
    // The supply: 50 FED in genesis and in each of the first 9 blocks, then half.
    let height = u32::try_from(genesis.height()).unwrap();
    let supply: f64 = (0..=height).map(|h| 50.0 / f64::from(1 << (h / 10))).sum();
    assert_eq!(genesis.get("/status")["supply"].as_str().unwrap().parse::<f64>().unwrap(), supply);
}
