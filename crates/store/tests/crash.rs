//! A process that is killed while it writes leaves a consistent store.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod common;

use common::Scenario;
use fedcoin_chain::Durability;
use fedcoin_consensus::ChainParams;
use fedcoin_store::{MemoryStore, Store, StoreError, StoreOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Variables for the child process: the store's file, and how many change sets it already contains.
const FILE: &str = "FEDCOIN_CRASH_TEST_FILE";
const SEED: &str = "FEDCOIN_CRASH_TEST_SEED";
const SKIP: &str = "FEDCOIN_CRASH_TEST_SKIP";

/// How many times to kill the process.
const ROUNDS: u64 = 25;

#[test]
fn a_killed_store_has_a_prefix_of_the_change_sets() {
    let mut rng = fastrand::Rng::with_seed(11);
    for seed in [1, 2] {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("chain.redb");
        let mut applied = 0;
        for _ in 0..ROUNDS {
            let promised = run_and_kill(&file, seed, applied, Duration::from_millis(rng.u64(20..80)));
            applied = check(&file, seed, applied, promised);
        }
        assert!(applied > ROUNDS, "the processes made no progress: {applied} change sets");
    }
}

#[test]
fn a_process_killed_while_it_creates_the_file_leaves_one_that_opens() {
    let mut rng = fastrand::Rng::with_seed(12);
    for _ in 0..ROUNDS {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("chain.redb");
        let promised = run_and_kill(&file, 3, 0, Duration::from_millis(rng.u64(2..30)));
        check(&file, 3, 0, promised);
    }
}

#[test]
fn an_unfinished_file_is_made_anew() {
    for left in [&[0; 5_000][..], b"", b"redb"] {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("chain.redb");
        std::fs::write(file.with_extension("new"), left).unwrap();
        let params = ChainParams::regtest();
        drop(Store::open_file(&file, &params, StoreOptions::default()).unwrap());
        let names: Vec<_> =
            std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["chain.redb"]);
    }
}

/// Runs a child that applies change sets from number `skip` on, and kills it. Returns how many change sets the store
/// had confirmed to be on disk.
fn run_and_kill(file: &Path, seed: u64, skip: u64, after: Duration) -> u64 {
    let mut child: Child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_process", "--nocapture", "--ignored"])
        .env(FILE, file)
        .env(SEED, seed.to_string())
        .env(SKIP, skip.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let promised = output.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("durable ")?.parse().ok());
    let promised = promised.last().unwrap_or(skip);
    child.wait().unwrap();
    promised
}

/// Counts the change sets in the store, which must be at least `promised`.
fn check(file: &Path, seed: u64, skip: u64, promised: u64) -> u64 {
    let params = ChainParams::regtest();
    let (store, snapshot) = Store::open_file(file, &params, StoreOptions::default()).unwrap();
    let (mut model, mut scenario) = (MemoryStore::new(params.genesis_block().id()), Scenario::new(seed));
    for number in 0..promised + 1_000 {
        if number >= promised.max(skip) && model.snapshot() == snapshot {
            let ids = scenario.ids();
            assert_eq!(store.load(&ids), Ok(model.load(&ids)), "seed {seed}: blocks after {number} change sets");
            return number;
        }
        model.apply(&scenario.draw().0, Durability::Immediate);
    }
    panic!("seed {seed}: no prefix of at least {promised} change sets gives the stored state");
}

/// Not a test of its own: [`run_and_kill`] runs it.
#[test]
#[ignore = "started by the test above"]
fn child_process() {
    let Ok(file) = std::env::var(FILE) else { return };
    let number = |name| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let (seed, skip) = (number(SEED), number(SKIP));
    let (store, _) = Store::open_file(Path::new(&file), &ChainParams::regtest(), StoreOptions::default()).unwrap();
    let mut scenario = Scenario::new(seed);
    (0..skip).for_each(|_| drop(scenario.draw()));
    // Far more than it can apply before it is killed.
    for applied in skip + 1..skip + 100_000 {
        let (changes, durability) = scenario.draw();
        store.apply(&changes, durability).unwrap();
        if durability == Durability::Immediate {
            let mut out = std::io::stdout();
            writeln!(out, "durable {applied}").unwrap();
            out.flush().unwrap();
        }
    }
}

#[test]
fn a_file_in_use_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("chain.redb");
    let open = || Store::open_file(&file, &ChainParams::regtest(), StoreOptions::default()).map(|_| ());
    let held = Store::open_file(&file, &ChainParams::regtest(), StoreOptions::default()).unwrap();
    assert_eq!(open(), Err(StoreError::InUse));
    drop(held);
    assert_eq!(open(), Ok(()));
}

#[test]
fn an_unusable_file_gives_the_reason() {
    let error =
        Store::open_file(Path::new("/nonexistent/chain.redb"), &ChainParams::regtest(), StoreOptions::default())
            .map(|_| ())
            .unwrap_err();
    assert!(matches!(&error, StoreError::Io { kind: std::io::ErrorKind::NotFound, .. }), "{error:?}");
}
