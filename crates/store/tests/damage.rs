//! A damaged file causes errors, never a panic and never data that was not written.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod common;

use common::Scenario;
use fastrand::Rng;
use fedcoin_chain::{ChangeSet, Snapshot};
use fedcoin_chain::{Durability, LoadedBlock};
use fedcoin_consensus::ChainParams;
use fedcoin_primitives::BlockId;
use fedcoin_primitives::units::Height;
use fedcoin_store::{Salvage, Store, StoreError, StoreOptions};
use fedcoin_testkit::driver::chain_on;
use redb::StorageBackend;
use std::io;
use std::sync::{Arc, RwLock};
use std::time::Instant;

const PAGE: usize = 4096;

/// A file that can be damaged while a store has it open.
#[derive(Clone, Debug, Default)]
struct Disk(Arc<RwLock<Vec<u8>>>);

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.read().unwrap().len() as u64)
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let (bytes, at) = (self.0.read().unwrap(), usize::try_from(offset).unwrap());
        let found = bytes.get(at..at.saturating_add(out.len())).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(found);
        Ok(())
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.write().unwrap().resize(usize::try_from(len).unwrap(), 0);
        Ok(())
    }
    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let (mut bytes, at) = (self.0.write().unwrap(), usize::try_from(offset).unwrap());
        bytes.get_mut(at..at + data.len()).ok_or(io::ErrorKind::UnexpectedEof)?.copy_from_slice(data);
        Ok(())
    }
}

impl Disk {
    fn with(bytes: Vec<u8>) -> Self {
        Self(Arc::new(RwLock::new(bytes)))
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.read().unwrap().clone()
    }
}

fn open(disk: &Disk) -> Result<(Store, Snapshot), StoreError> {
    // The cache is so small that most reads come from the disk.
    let options = StoreOptions { cache_bytes: 4 * PAGE, ..StoreOptions::default() };
    Store::open_with(disk.clone(), &ChainParams::regtest(), options)
}

type Loaded = Vec<Option<LoadedBlock>>;

/// A file of several hundred pages, and its content.
struct Whole {
    /// Files of a store that was closed, and of one whose process was killed.
    files: [Vec<u8>; 2],
    snapshot: Snapshot,
    ids: Vec<BlockId>,
    loaded: Loaded,
}

impl Whole {
    fn make() -> Self {
        let (disk, mut scenario, mut ids) = (Disk::default(), Scenario::new(1), Vec::new());
        let (store, _) = open(&disk).unwrap();
        for _ in 0..400 {
            let changes = scenario.draw().0;
            ids.extend(changes.blocks.iter().map(|block| block.id()));
            store.apply(&changes, Durability::Immediate).unwrap();
        }
        let (killed, loaded) = (disk.bytes(), store.load(&ids).unwrap());
        drop(store);
        let closed = disk.bytes();
        let (store, snapshot) = open(&disk).unwrap();
        drop(store);
        Self { files: [closed, killed], snapshot, ids, loaded }
    }

    /// Whether the store loads exactly the written data, or nothing.
    fn check(&self, store: &Store, what: &str) -> bool {
        let mut whole = true;
        for (id, expected) in self.ids.iter().zip(&self.loaded) {
            match store.load(&[*id]) {
                Ok(found) if found == std::slice::from_ref(expected) => {}
                // The header is missing too, or only the undo data.
                Ok(found) if found == [None] || found == [expected.clone().map(without_undo)] => whole = false,
                Ok(_) => panic!("{what}: block {id} is another"),
                Err(StoreError::Corrupt { .. }) => whole = false,
                Err(error) => panic!("{what}: {error}"),
            }
        }
        whole
    }
}

fn without_undo(loaded: LoadedBlock) -> LoadedBlock {
    LoadedBlock { undo: None, ..loaded }
}

/// Damages some bytes and returns a description.
fn damage(bytes: &mut Vec<u8>, rng: &mut Rng) -> String {
    let (len, page) = (bytes.len(), rng.usize(..bytes.len() / PAGE) * PAGE);
    match rng.u8(..6) {
        0 => {
            let (at, bit) = (rng.usize(..len), rng.u8(..8));
            bytes[at] ^= 1 << bit;
            format!("bit {bit} of byte {at}")
        }
        1 => {
            let (at, bit) = (rng.usize(..400), rng.u8(..8));
            bytes[at] ^= 1 << bit;
            format!("bit {bit} of byte {at}")
        }
        2 => {
            bytes[page..][..PAGE].fill(0);
            format!("zeros at {page}")
        }
        3 => {
            rng.fill(&mut bytes[page..][..PAGE]);
            format!("noise at {page}")
        }
        4 => {
            let from = rng.usize(..len / PAGE) * PAGE;
            bytes.copy_within(from..from + PAGE, page);
            format!("page at {from} over that at {page}")
        }
        _ => {
            bytes.truncate(rng.usize(..len));
            format!("cut off at {}", bytes.len())
        }
    }
}

#[test]
fn a_damaged_file_is_refused_or_unchanged() {
    let (whole, mut rng) = (Whole::make(), Rng::with_seed(3));
    let (mut refused, mut unharmed) = (0, 0);
    for number in 0..240 {
        let mut bytes = whole.files[number % 2].clone();
        let what = format!("{number}: {}", damage(&mut bytes, &mut rng));
        match open(&Disk::with(bytes)) {
            Err(StoreError::Corrupt { .. }) => refused += 1,
            Err(error) => panic!("{what}: {error:?}"),
            // A killed process may lose its last write.
            Ok((_, snapshot)) if number % 2 == 1 && snapshot != whole.snapshot => {}
            Ok((store, snapshot)) => {
                assert_eq!(snapshot, whole.snapshot, "{what}");
                assert!(whole.check(&store, &what), "{what}");
                unharmed += 1;
            }
        }
    }
    assert!(refused > 60 && unharmed > 12, "{refused} refused, {unharmed} unharmed");
}

#[test]
fn damage_under_an_open_store_is_an_error_on_reading() {
    let (whole, mut rng) = (Whole::make(), Rng::with_seed(4));
    let mut noticed = 0;
    for number in 0..40 {
        let disk = Disk::with(whole.files[0].clone());
        let (store, _) = open(&disk).unwrap();
        let what = {
            let mut bytes = disk.0.write().unwrap();
            (0..20).map(|_| damage_in_place(&mut bytes, &mut rng)).collect::<Vec<_>>().join(", ")
        };
        noticed += usize::from(!whole.check(&store, &format!("{number}: {what}")));
        // Any result is fine, but no panic, neither now nor when the store is closed.
        drop(store.apply(&Scenario::new(9).draw().0, Durability::Immediate));
    }
    assert!(noticed > 13, "{noticed}");
}

/// Like [`damage`], but keeps the file's length, which an open store knows.
fn damage_in_place(bytes: &mut Vec<u8>, rng: &mut Rng) -> String {
    let len = bytes.len();
    let what = damage(bytes, rng);
    bytes.resize(len, 0);
    what
}

#[test]
fn whole_blocks_are_found_in_any_damaged_file() {
    let (folder, params) = (tempfile::tempdir().unwrap(), ChainParams::regtest());
    let blocks = chain_on(&params, &params.genesis_block(), 0, 300);
    let file = folder.path().join("chain.redb");
    let (store, _) = Store::open_file(&file, &params, StoreOptions::default()).unwrap();
    for block in &blocks {
        let stored = Arc::new(block.clone().into());
        let changes = ChangeSet { headers: vec![block.header.into()], blocks: vec![stored], ..ChangeSet::default() };
        store.apply(&changes, Durability::Eventual).unwrap();
    }
    drop(store);
    let headers: Vec<_> = blocks.iter().map(|block| block.header).collect();
    let mut found = Salvage::of(&file).unwrap();
    assert_eq!(found.chain(&params), headers);
    for block in &blocks {
        assert_eq!(found.block(&block.id()).unwrap().as_ref(), Some(block));
    }
    assert!(found.chain(&ChainParams::classroom()).is_empty(), "another network's");

    // Without the first page, and with one destroyed body, whose header is still in its table.
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..PAGE].fill(0);
    let lost = &blocks[100];
    let coinbase = fedcoin_primitives::codec::encode(lost);
    for at in 0..bytes.len() - coinbase.len() {
        if bytes[at..].starts_with(&coinbase) {
            bytes[at + coinbase.len() - 5] ^= 1;
        }
    }
    std::fs::write(&file, &bytes).unwrap();
    let mut found = Salvage::of(&file).unwrap();
    assert_eq!(found.chain(&params), headers);
    let whole = blocks.iter().filter(|block| found.block(&block.id()).unwrap().as_ref() == Some(block)).count();
    assert_eq!((whole, found.block(&lost.id())), (299, Ok(None)));
}

/// A file with this many blocks, each with a payment and its changes to ledger and index.
fn long_chain(file: &std::path::Path, options: StoreOptions, length: u32) -> Vec<BlockId> {
    let (store, _) = Store::open_file(file, &ChainParams::regtest(), options).unwrap();
    let (mut scenario, mut ids) = (Scenario::new(5), Vec::new());
    let mut previous = ChainParams::regtest().genesis_block().id();
    for height in 1..=length {
        let changes = scenario.next(previous, Height(height));
        previous = changes.blocks[0].id();
        ids.push(previous);
        store.apply(&changes, Durability::Eventual).unwrap();
    }
    ids
}

#[test]
#[ignore = "measures, for docs/benchmarks.md"]
fn cost_of_the_checks() {
    let folder = tempfile::tempdir().unwrap();
    let (file, options) = (folder.path().join("chain.redb"), StoreOptions { index: true, ..StoreOptions::default() });
    let ids = long_chain(&file, options, 100_000);
    let params = ChainParams::regtest();
    let bytes = file.metadata().unwrap().len();
    println!("{} blocks, {bytes} bytes", ids.len());
    for _ in 0..3 {
        for checked in [false, true] {
            let started = Instant::now();
            let mut builder = redb::Database::builder();
            builder.set_cache_size(options.cache_bytes).set_check_integrity_on_open(checked);
            drop(builder.open(&file).unwrap());
            println!("redb opens, checks all pages ({checked}) and closes: {:?}", started.elapsed());
        }
        let started = Instant::now();
        let (store, _) = Store::open_file(&file, &params, options).unwrap();
        println!("the store opens: {:?}", started.elapsed());
        let started = Instant::now();
        for part in ids.chunks(16).step_by(10) {
            assert!(store.load(part).unwrap().iter().all(Option::is_some));
        }
        println!("a block is read: {:?}", started.elapsed() / 10_000);
    }
    let started = Instant::now();
    let mut found = Salvage::of(&file).unwrap();
    assert_eq!(found.chain(&params).len(), 0, "its blocks have no work");
    println!("scanned for whole blocks: {:?}", started.elapsed());
    assert_eq!(found.block(&ids[0]), Ok(None));
}
