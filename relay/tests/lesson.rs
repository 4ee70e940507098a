//! The lesson's four exercises, as they are written: its keys, its command lines, real processes.

mod common;

use common::keys::{self, PUBLIC_A, PUBLIC_B, PUBLIC_GENESIS};
use common::node::{Node, agree, free_port, run, stdout_of};
use common::until;

#[test]
fn the_four_exercises() {
    let dir = tempfile::tempdir().unwrap();
    let folder = |name: &str| {
        let folder = dir.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        folder
    };
    let (gen_dir, a_dir, b_dir) = (folder("gen"), folder("a"), folder("b"));
    // Pasted with line breaks, as the lesson tolerates.
    keys::file(&gen_dir, "public_key_gen.txt", &format!("{}\n{}\n", &PUBLIC_GENESIS[..80], &PUBLIC_GENESIS[80..]));
    keys::file(&a_dir, "public_key_a.txt", PUBLIC_A);
    keys::file(&b_dir, "public_key_b.txt", PUBLIC_B);
    let gen_key = keys::file(dir.path(), "gen.key", keys::GENESIS);
    let a_key = keys::file(dir.path(), "a.key", keys::A);
    let (gen_key, a_key) = (gen_key.to_str().unwrap(), a_key.to_str().unwrap());
    let genesis = Node::start(&gen_dir, free_port(), &["-pk", "public_key_gen.txt"]);
    let gen_address = genesis.address();

    // 1. Mining: the wallet shows 50, pays 2 to A, and the payment is mined.
    let wallet = |args: &[&str]| {
        let common = ["wallet", "--key", gen_key, "--node", &gen_address];
        stdout_of(&run(dir.path(), common.iter().chain(args)))
    };
    assert!(wallet(&["balance"]).contains("spendable   50 FED"));
    wallet(&["send", PUBLIC_A, "2", "--wait", "1"]);
    genesis.wait_for_log("Start mining block 1 ");
    genesis.wait_for_log("Successfully mined block with id ");
    genesis.wait_for_log("Nothing to mine at the moment, mining paused");
    assert_eq!(genesis.height(), 1);
    assert_eq!(genesis.balance(PUBLIC_A, "confirmed"), 2.0);
    // 48 of change and the reward.
    assert_eq!(genesis.balance(PUBLIC_GENESIS, "confirmed"), 98.0);
    let head = genesis.get("/blocks/1")["id"].as_str().unwrap().to_owned();
    assert!(head.starts_with("0000"), "{head}");

    // 2. Initialisation (1): node A learns the chain from the genesis node.
    let a = Node::start(&a_dir, free_port(), &["-n", &gen_address, "-pk", "public_key_a.txt"]);
    a.wait_for_log("initialised from neighbour (1 blocks)");
    assert!(agree(&[&genesis, &a]));

    // 3. Block communication: a stream of random payments while both mine.
    let a_address = a.address();
    let stream = stdout_of(&run(
        dir.path(),
        [
            "traffic",
            "--key",
            gen_key,
            a_key,
            "--node",
            &gen_address,
            &a_address,
            "--pause",
            "0.05-0.2",
            "--wait",
            "0.2",
        ]
        .into_iter()
        .chain(["--count", "30", "--seed", "5"]),
    ));
    assert!(stream.contains("30 payments sent"), "{stream}");
    until("agreement of both nodes", || agree(&[&genesis, &a]));
    assert!(genesis.height() > 5, "several blocks were mined");
    // What was created is there: 50 in genesis and 50 for each of the first 9 blocks, then half.
    let height = u32::try_from(genesis.height()).unwrap();
    let supply: f64 = (0..=height).map(|h| 50.0 / f64::from(1 << (h / 10))).sum();
    assert_eq!(genesis.get("/status")["supply"].as_str().unwrap().parse::<f64>().unwrap(), supply);

    // 4. Initialisation (2): node B comes late and learns several blocks.
    let b = Node::start(&b_dir, free_port(), &["-n", &gen_address, "-pk", "public_key_b.txt"]);
    b.wait_for_log("initialised from neighbour (");
    until("agreement of all three nodes", || agree(&[&genesis, &a, &b]));
    assert_eq!(b.height(), genesis.height());
    for node in [genesis, a, b] {
        let (status, log) = node.terminate();
        assert!(status.success(), "{log:?}");
        assert!(!log.iter().any(|line| line.contains("ERROR") || line.contains("panicked")), "{log:?}");
    }
}
