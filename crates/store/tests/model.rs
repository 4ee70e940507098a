//! The store behaves like the plain maps of `MemoryStore`.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::Scenario;
use fedcoin_chain::Durability;
use fedcoin_chain::Snapshot;
use fedcoin_consensus::ChainParams;
use fedcoin_primitives::codec;
use fedcoin_store::{MemoryStore, Store, StoreError, StoreOptions};
use proptest::prelude::*;
use redb::StorageBackend;
use redb::backends::InMemoryBackend;
use std::sync::Arc;

/// A disk in memory that survives the store on it.
#[derive(Clone, Debug)]
struct Disk(Arc<InMemoryBackend>);

impl Disk {
    fn new() -> Self {
        Self(Arc::new(InMemoryBackend::new()))
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, std::io::Error> {
        self.0.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), std::io::Error> {
        self.0.read(offset, out)
    }
    fn set_len(&self, len: u64) -> Result<(), std::io::Error> {
        self.0.set_len(len)
    }
    fn sync_data(&self) -> Result<(), std::io::Error> {
        self.0.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> Result<(), std::io::Error> {
        self.0.write(offset, data)
    }
}

fn genesis() -> fedcoin_primitives::BlockId {
    ChainParams::regtest().genesis_block().id()
}

fn open(disk: &Disk) -> (Store, Snapshot) {
    Store::open(disk.clone(), &ChainParams::regtest()).unwrap()
}

#[test]
fn a_new_store_is_empty() {
    let (store, snapshot) = open(&Disk::new());
    assert_eq!(snapshot, Snapshot::default());
    assert_eq!(store.load(&[genesis()]), Ok(vec![None]));
    assert_eq!(store.block(&genesis()), Ok(None));
    assert_eq!(store.flush(), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_agrees_with_plain_maps(seed: u64, runs in prop::collection::vec(1_usize..40, 1..4)) {
        let (disk, mut model, mut scenario) = (Disk::new(), MemoryStore::new(genesis()), Scenario::new(seed));
        for steps in runs {
            let (store, snapshot) = open(&disk);
            prop_assert_eq!(snapshot, model.snapshot());
            for _ in 0..steps {
                let (changes, durability) = scenario.draw();
                store.apply(&changes, durability).unwrap();
                model.apply(&changes, durability);
                let ids = scenario.ids();
                prop_assert_eq!(store.load(&ids).unwrap(), model.load(&ids));
            }
            store.flush().unwrap();
        }
        let (_, snapshot) = open(&disk);
        prop_assert_eq!(snapshot, model.snapshot());
    }

    #[test]
    fn merged_change_sets_have_the_same_outcome(seed: u64, count in 1_usize..20) {
        let mut scenario = Scenario::new(seed);
        let (mut one_by_one, mut at_once) = (MemoryStore::new(genesis()), MemoryStore::new(genesis()));
        let mut merged = fedcoin_chain::ChangeSet::default();
        for _ in 0..count {
            let (changes, durability) = scenario.draw();
            one_by_one.apply(&changes, durability);
            merged.merge(changes);
        }
        at_once.apply(&merged, Durability::Immediate);
        prop_assert_eq!(one_by_one.snapshot(), at_once.snapshot());
    }

    #[test]
    fn a_repeated_change_set_changes_at_most_the_mempool_s_order(seed: u64, count in 1_usize..20) {
        let (mut model, mut scenario) = (MemoryStore::new(genesis()), Scenario::new(seed));
        for _ in 0..count {
            let (changes, durability) = scenario.draw();
            model.apply(&changes, durability);
            let mut once = model.snapshot();
            model.apply(&changes, durability);
            let mut twice = model.snapshot();
            once.payments.sort_by_key(|p| p.txid());
            twice.payments.sort_by_key(|p| p.txid());
            prop_assert_eq!(once, twice);
        }
    }
}

#[test]
fn blocks_are_read_as_they_were_written() {
    let (store, _) = open(&Disk::new());
    let mut scenario = Scenario::new(1);
    for _ in 0..50 {
        let (changes, durability) = scenario.draw();
        store.apply(&changes, durability).unwrap();
        for block in &changes.blocks {
            assert_eq!(store.block(&block.id()).unwrap().as_ref(), Some(&***block));
            let loaded = store.load(&[block.id()]).unwrap().remove(0).unwrap();
            assert_eq!((loaded.id, loaded.block), (block.id(), codec::encode(block.as_ref())));
            let undo = changes.undos.iter().find(|(id, _)| *id == block.id()).map(|(_, undo)| codec::encode(undo));
            assert_eq!(loaded.undo, undo);
        }
    }
}

#[test]
fn the_mempool_keeps_its_order() {
    let disk = Disk::new();
    let mut scenario = Scenario::new(2);
    let mut payments = Vec::new();
    for _ in 0..2 {
        let (store, snapshot) = open(&disk);
        assert_eq!(snapshot.payments, payments);
        for _ in 0..20 {
            let (mut changes, _) = scenario.draw();
            changes.pool_removed.clear();
            payments.extend(changes.pool_added.clone());
            store.apply(&changes, Durability::Eventual).unwrap();
        }
    }
    assert_eq!(open(&disk).1.payments, payments);
}

/// The disk after a crash: the bytes that have reached the backend, without a clean close.
fn after_crash(disk: &Disk) -> Snapshot {
    let mut bytes = vec![0; usize::try_from(disk.len().unwrap()).unwrap()];
    disk.read(0, &mut bytes).unwrap();
    let copy = Disk::new();
    copy.set_len(bytes.len() as u64).unwrap();
    copy.write(0, &bytes).unwrap();
    open(&copy).1
}

#[test]
fn an_immediate_commit_and_a_flush_make_all_before_them_durable() {
    let (disk, mut scenario) = (Disk::new(), Scenario::new(3));
    let mut model = MemoryStore::new(genesis());
    let (store, _) = open(&disk);
    for round in 0..10 {
        for _ in 0..5 {
            let changes = scenario.draw().0;
            store.apply(&changes, Durability::Eventual).unwrap();
            model.apply(&changes, Durability::Eventual);
        }
        assert_eq!(model.eventual_commits(), 5);
        assert_ne!(after_crash(&disk), model.snapshot());
        if round % 2 == 0 {
            store.flush().unwrap();
            model.flush();
        } else {
            let changes = scenario.draw().0;
            store.apply(&changes, Durability::Immediate).unwrap();
            model.apply(&changes, Durability::Immediate);
        }
        assert_eq!(after_crash(&disk), model.snapshot());
    }
}

#[test]
fn pending_changes_are_limited() {
    let by_count = StoreOptions { max_eventual_commits: 7, ..StoreOptions::default() };
    let by_bytes = StoreOptions { max_eventual_bytes: 10_000, ..StoreOptions::default() };
    for (options, seed) in [(by_count, 4), (by_bytes, 5)] {
        let (disk, mut scenario) = (Disk::new(), Scenario::new(seed));
        let (store, _) = Store::open_with(disk.clone(), &ChainParams::regtest(), options).unwrap();
        let mut durable = Vec::new();
        for _ in 0..50 {
            store.apply(&scenario.draw().0, Durability::Eventual).unwrap();
            let snapshot = after_crash(&disk);
            if durable.last() != Some(&snapshot) {
                durable.push(snapshot);
            }
        }
        assert!((5..40).contains(&durable.len()), "{} durable states", durable.len());
    }
}

#[test]
fn a_crashed_model_keeps_a_prefix() {
    let (mut model, mut scenario) = (MemoryStore::new(genesis()), Scenario::new(6));
    let mut states = vec![model.snapshot()];
    for _ in 0..10 {
        model.apply(&scenario.draw().0, Durability::Eventual);
        states.push(model.snapshot());
    }
    for (kept, state) in states.iter().enumerate() {
        assert_eq!(model.clone().crashed(kept).snapshot(), *state);
    }
    model.flush();
    assert_eq!(model.crashed(0).snapshot(), states[10]);
}

#[test]
fn reads_run_beside_writes() {
    let (store, _) = open(&Disk::new());
    let mut scenario = Scenario::new(7);
    let (first, _) = loop {
        let drawn = scenario.draw();
        if !drawn.0.blocks.is_empty() {
            break drawn;
        }
    };
    store.apply(&first, Durability::Immediate).unwrap();
    let id = first.blocks[0].id();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..500).for_each(|_| assert!(store.block(&id).unwrap().is_some())));
        }
        for _ in 0..100 {
            let (changes, durability) = scenario.draw();
            store.apply(&changes, durability).unwrap();
        }
    });
}

#[test]
fn foreign_bytes_are_refused() {
    let disk = Disk::new();
    disk.set_len(10_000).unwrap();
    disk.write(0, &[b'x'; 10_000]).unwrap();
    let error = Store::open(disk, &ChainParams::regtest()).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
}
