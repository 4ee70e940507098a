//! `fedcoin chain`: exports, imports, repairs and verifies a stored chain.

mod offline;
mod progress;
mod repair;
mod running;
mod whole_file;

use crate::archive::{self, ArchiveError, Header};
use crate::args::{ChainCommand, ChainLocation};
use crate::data_dir::{self, DataDir, DataDirError};
use crate::failure::Failure;
use crate::network;
use crate::random;
use fedcoin_node::chain::{Chain, Snapshot};
use fedcoin_node::codec;
use fedcoin_node::collections::MapKey;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::BlockId;
use fedcoin_node::units::Height;
use fedcoin_node::wire::MAX_BLOCKS_REQUESTED;
use fedcoin_store::{Store, StoreError, StoreOptions};
use offline::Offline;
use progress::Progress;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use whole_file::write_whole;

/// Executes a command on a stored chain.
///
/// # Errors
/// [`Failure`]. Blocks imported before it stay.
pub fn run(command: &ChainCommand) -> Result<(), Failure> {
    match command {
        ChainCommand::Export { file, location } => export(file, location),
        ChainCommand::Import { file, location } => import(file, location),
        ChainCommand::Repair { alone, location } => repair::repair(*alone, location),
        ChainCommand::Verify { location } => Stored::open(location, true)?.verify(),
    }
}

/// A stored chain that this process has locked.
struct Stored {
    params: ChainParams,
    data: DataDir,
    store: Store,
    snapshot: Snapshot,
}

impl Stored {
    fn open(location: &ChainLocation, must_exist: bool) -> Result<Self, Failure> {
        let (params, path) = if must_exist { found(location)? } else { located(location)? };
        let data = DataDir::open(&path)?;
        let failure = |error| Failure::of_store(error, &params, &path);
        let (store, snapshot) =
            Store::open_file(&data.chain_file(), &params, StoreOptions::server()).map_err(failure)?;
        store.catch_up(|_, _| {}).map_err(failure)?;
        Ok(Self { params, data, store, snapshot })
    }

    fn damaged(&self, problem: impl ToString) -> Failure {
        Failure::damaged(&problem, &self.params, self.data.path())
    }

    fn failed(&self, error: StoreError) -> Failure {
        Failure::of_store(error, &self.params, self.data.path())
    }

    fn chain(&self) -> Result<Chain, Failure> {
        Chain::new(self.params.clone(), &self.snapshot, MapKey::new(random::number()?)).map_err(|e| self.damaged(e))
    }

    fn write(
        &self,
        chain: &Chain,
        out: &mut impl Write,
        failed: &impl Fn(std::io::Error) -> ArchiveError,
    ) -> Result<(), Failure> {
        let blocks = chain.tip().height.0;
        Header { network: chain.network(), blocks }.write(out).map_err(failed)?;
        let mut progress = Progress::new("exported", blocks);
        for ids in self.ids(chain)?.chunks(MAX_BLOCKS_REQUESTED) {
            for (id, loaded) in ids.iter().zip(self.store.load(ids).map_err(|e| self.failed(e))?) {
                let loaded = loaded.ok_or_else(|| self.damaged(format!("block {id} is missing")))?;
                archive::write_block(&loaded.block, out).map_err(failed)?;
                progress.step();
            }
        }
        progress.end();
        Ok(())
    }

    /// The ids of the primary chain's blocks from height 1 on.
    fn ids(&self, chain: &Chain) -> Result<Vec<BlockId>, Failure> {
        let at =
            |height| chain.id_at(Height(height)).ok_or_else(|| self.damaged(format!("no block at height {height}")));
        (1..=chain.tip().height.0).map(at).collect()
    }

    fn read(self, header: Header, input: &mut impl Read, file: &str) -> Result<(), Failure> {
        let Self { params, data, store, snapshot } = self;
        let mut node = Offline::new(&params, snapshot, &store, data.path(), true)?;
        let before = node.node().chain().tip().height.0;
        let result = import_blocks(&mut node, header, input, file);
        // Keep the blocks before an invalid one.
        store.flush().map_err(|e| Failure::of_store(e, &params, data.path()))?;
        result?;
        eprintln!(
            "chain length {}, before {}",
            u64::from(node.node().chain().tip().height.0) + 1,
            u64::from(before) + 1
        );
        Ok(())
    }

    fn verify(mut self) -> Result<(), Failure> {
        let snapshot = std::mem::take(&mut self.snapshot);
        let chain =
            Chain::new(self.params.clone(), &snapshot, MapKey::new(random::number()?)).map_err(|e| self.damaged(e))?;
        let mut fresh = Offline::new(&self.params, Snapshot::default(), &self.store, self.data.path(), false)?;
        let mut progress = Progress::new("verified", chain.tip().height.0);
        for ids in self.ids(&chain)?.chunks(MAX_BLOCKS_REQUESTED) {
            for (id, loaded) in ids.iter().zip(self.store.load(ids).map_err(|e| self.failed(e))?) {
                let loaded = loaded.ok_or_else(|| self.damaged(format!("block {id} is missing")))?;
                let block = codec::decode(&loaded.block).map_err(|e| self.damaged(format!("block {id}: {e}")))?;
                fresh.submit(block)?.map_err(|refusal| self.damaged(format!("block {id}: {refusal}")))?;
                progress.step();
            }
        }
        let found = fresh.node().chain();
        if found.tip().id != chain.tip().id {
            return Err(self.damaged(format!(
                "its blocks lead to tip {} instead of {}",
                found.tip().id,
                chain.tip().id
            )));
        }
        if found.utxos().state_hash() != chain.utxos().state_hash() {
            return Err(self.damaged("its unspent outputs differ from those that its blocks create"));
        }
        progress.end();
        println!(
            "ok: {} blocks, state hash {}",
            u64::from(found.tip().height.0) + 1,
            hex::encode(found.utxos().state_hash())
        );
        Ok(())
    }
}

/// The network's rules, and the folder of its chain.
fn located(location: &ChainLocation) -> Result<(ChainParams, PathBuf), Failure> {
    let params = network::choose(&location.network, location.chain.as_deref())?;
    let path = match &location.data_dir {
        Some(path) => path.clone(),
        None => data_dir::default_path(&params, location.port)?,
    };
    Ok((params, path))
}

/// Like [`located`], but requires a stored chain.
fn found(location: &ChainLocation) -> Result<(ChainParams, PathBuf), Failure> {
    let (params, path) = located(location)?;
    match DataDir::chain_file_in(&path).is_file() {
        true => Ok((params, path)),
        false => Err(Failure::Usage(format!(
            "no chain is stored in {}; name its folder with --data-dir DIR, or name the node's network and port",
            path.display()
        ))),
    }
}

/// Exports a stored chain to a file. If a node is using the chain, the node exports it and continues to run.
fn export(file: &Path, location: &ChainLocation) -> Result<(), Failure> {
    if is_same(file, &DataDir::chain_file_in(&located(location)?.1)) {
        return Err(Failure::Usage(format!("{} is the stored chain itself; name another file", file.display())));
    }
    let stored = match Stored::open(location, true) {
        Err(Failure::DataDir(DataDirError::InUse { .. })) => None,
        opened => Some(opened?),
    };
    let name = file.display().to_string();
    let failed = |e: std::io::Error| ArchiveError::Io { file: name.clone(), error: e.to_string() };
    let write = |out: &mut dyn Write| {
        let mut out = BufWriter::new(out);
        match &stored {
            Some(stored) => stored.write(&stored.chain()?, &mut out, &failed)?,
            None => {
                let (params, path) = located(location)?;
                running::export(&params, &path, &mut out, &failed)?;
            }
        }
        Ok::<(), Failure>(out.flush().map_err(failed)?)
    };
    if file == Path::new("-") {
        return write(&mut std::io::stdout().lock());
    }
    write_whole(file, failed, write)
}

/// Whether two paths name the same file.
fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

fn import(file: &Path, location: &ChainLocation) -> Result<(), Failure> {
    if file == Path::new("-") {
        return import_from(&mut BufReader::new(std::io::stdin().lock()), "standard input", location);
    }
    let name = file.display().to_string();
    let opened = File::open(file).map_err(|e| ArchiveError::Io { file: name.clone(), error: e.to_string() })?;
    import_from(&mut BufReader::new(opened), &name, location)
}

/// Reads the file's header first, so that a wrong file creates no data directory.
fn import_from(input: &mut impl Read, file: &str, location: &ChainLocation) -> Result<(), Failure> {
    let header = Header::read(input, file)?;
    header.check_network(&located(location)?.0)?;
    Stored::open(location, false)?.read(header, input, file)
}

/// Submits all blocks of the file.
fn import_blocks(node: &mut Offline<'_>, header: Header, input: &mut impl Read, file: &str) -> Result<(), Failure> {
    let mut progress = Progress::new("imported", header.blocks);
    for height in 1..=header.blocks {
        let block = header.read_block(input, height, file)?;
        node.submit(block)?.map_err(|refusal| refusal.in_file(height))?;
        progress.step();
    }
    header.read_end(input, file)?;
    progress.end();
    Ok(())
}
