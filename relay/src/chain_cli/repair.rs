use super::offline::Offline;
use super::progress::Progress;
use crate::args::ChainLocation;
use crate::data_dir::DataDir;
use crate::failure::Failure;
use crate::random;
use fedcoin_node::Durability;
use fedcoin_node::chain::{BlockStatus, Chain, ChainError, ChangeSet, Snapshot, StoredHeader};
use fedcoin_node::collections::MapKey;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{BlockId, Header, Identified};
use fedcoin_store::{Salvage, Store, StoreError, StoreOptions};
use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rebuilds the chain file from its undamaged blocks and keeps the old file beside it.
///
/// Only sound blocks are ever stored, and an undamaged block hashes to its id, so signatures need no second check. The
/// ledger is rebuilt block by block, as for blocks from peers. With `alone`, the descendants of lost blocks are given
/// up.
pub(super) fn repair(alone: bool, location: &ChainLocation) -> Result<(), Failure> {
    let (params, path) = super::found(location)?;
    let data = DataDir::open(&path)?;
    let file = data.chain_file();
    let failure = |error: StoreError| Failure::of_store(error, &params, &path);
    let failed = |error: std::io::Error| failure(error.into());

    if let Err(error @ (StoreError::OtherNetwork { .. } | StoreError::Newer { .. })) =
        Store::open_file(&file, &params, StoreOptions::default())
    {
        return Err(failure(error));
    }
    let mut salvage = Salvage::of(&file).map_err(failure)?;
    let mut headers = headers(&params, &salvage)?;
    if alone {
        let lost: HashSet<BlockId> = headers.iter().map(Header::id).filter(|id| !salvage.has(id)).collect();
        drop_with_descendants(&mut headers, lost);
    }
    let fresh = with_suffix(&file, "repairing");
    remove(&fresh).map_err(failed)?;
    let lost = copy(&params, &mut salvage, &headers, &fresh).map_err(failure)?;
    let height = build(&params, &fresh, &path)?;
    let damaged = free_name(&file);
    // Use a hard link where the file system has them, so that a chain file exists at any moment.
    fs::hard_link(&file, &damaged).or_else(|_| fs::rename(&file, &damaged)).map_err(failed)?;
    fs::rename(&fresh, &file).map_err(failed)?;
    println!("repaired: chain length {}; the old file is kept as {}", u64::from(height) + 1, damaged.display());
    if headers.is_empty() {
        println!("no undamaged block was found: the node downloads the chain from its peers at its next start");
    }
    if lost > 0 {
        println!(
            "{lost} blocks are lost: the node downloads them from its peers at its next start, then connects those above; \
             if no other node has them, repair once more with --alone"
        );
    }
    Ok(())
}

/// The valid headers of the file's chain, parents first.
fn headers(params: &ChainParams, salvage: &Salvage) -> Result<Vec<Header>, Failure> {
    let mut headers = salvage.chain(params);
    loop {
        let stored =
            headers.iter().map(|header| StoredHeader { header: header.into(), status: BlockStatus::HeaderOnly });
        let snapshot = Snapshot { headers: stored.collect(), ..Snapshot::default() };
        match Chain::new(params.clone(), &snapshot, MapKey::new(random::number()?)) {
            Err(ChainError::InvalidHeader { id, .. }) => drop_with_descendants(&mut headers, HashSet::from([id])),
            Err(error) => return Err(Failure::Usage(error.to_string())),
            Ok(_) => return Ok(headers),
        }
    }
}

/// Drops these headers and their descendants. `headers` are ordered parents first.
fn drop_with_descendants(headers: &mut Vec<Header>, mut dropped: HashSet<BlockId>) {
    headers.retain(|header| {
        let goes = dropped.contains(&header.previous) || dropped.contains(&header.id());
        if goes {
            dropped.insert(header.id());
        }
        !goes
    });
}

/// Copies headers and undamaged blocks into a new store. Returns the number of lost blocks.
fn copy(params: &ChainParams, salvage: &mut Salvage, headers: &[Header], fresh: &Path) -> Result<usize, StoreError> {
    let (store, _) = Store::open_file(fresh, params, StoreOptions::server())?;
    let mut progress = Progress::new("looked at", u32::try_from(headers.len()).unwrap_or(u32::MAX));
    let mut lost = 0;
    for header in headers {
        let header = Identified::from(header);
        let block = salvage.block(&header.id())?;
        lost += usize::from(block.is_none());
        let blocks = block.into_iter().map(|block| Arc::new(block.into())).collect();
        store.apply(&ChangeSet { headers: vec![header], blocks, ..ChangeSet::default() }, Durability::Eventual)?;
        progress.step();
    }
    store.flush()?;
    progress.end();
    Ok(lost)
}

/// Connects the blocks of a new store as far as possible, with a node without peers. Returns the height.
fn build(params: &ChainParams, fresh: &Path, path: &Path) -> Result<u32, Failure> {
    let failure = |error| Failure::of_store(error, params, path);
    let (store, snapshot) = Store::open_file(fresh, params, StoreOptions::server()).map_err(failure)?;
    let node = Offline::new(params, snapshot, &store, path, true)?;
    store.flush().map_err(failure)?;
    Ok(node.node().chain().tip().height.0)
}

fn remove(file: &Path) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// A free file name for the damaged file; earlier repairs may have left others.
fn free_name(file: &Path) -> PathBuf {
    let first = with_suffix(file, "damaged");
    let more = (2_u64..).map(|n| with_suffix(file, &format!("damaged-{n}")));
    std::iter::once(first.clone()).chain(more).find(|name| !name.exists()).unwrap_or(first)
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}
