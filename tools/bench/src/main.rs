//! Measures the native node with its own store and signature threads, and prints the figures. The network is a chain in
//! memory that answers at once.
//!
//! `cargo xtask bench` runs it. `cargo run --release -p fedcoin-bench -- --help` lists its parts.

mod chain;
mod cpu;
mod forks;
mod known_block;
mod machine;
mod mempool;
mod peer;
mod relay;
mod report;
mod validation;

use anyhow::{Context, Result, ensure};
use chain::LongChain;
use clap::{Parser, Subcommand};
use fedcoin_store::{Store, StoreOptions};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

#[derive(Debug, Parser)]
#[command(name = "fedcoin-bench", version)]
/// Measures a FEDCoin node.
struct Options {
    #[command(subcommand)]
    part: Part,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Initial validation of a chain, compared with signature checks alone
    ///
    /// For one core, run it with `taskset -c 0`.
    Validation {
        #[command(flatten)]
        shape: Shape,
        /// Number of runs; prints the medians
        #[arg(long, default_value = "3")]
        runs: NonZeroUsize,
    },
    /// Connecting a full block whose payments are all in the mempool
    KnownBlock {
        /// Number of runs
        #[arg(long, default_value = "5")]
        runs: NonZeroUsize,
    },
    /// A full mempool: the next block, fee estimates, new payments
    Mempool {
        /// Number of runs; prints the medians
        #[arg(long, default_value = "9")]
        runs: NonZeroUsize,
    },
    /// A relay on one core with many tabs on another: delivery of payments and blocks, memory
    Relay(relay::Options),
    /// Two nodes with separate chains: time until the one with less work has the other's chain, and its memory
    Forks(forks::Options),
    /// Writes a chain for other programs: DIR/network.toml, DIR/data for `fedcoin --data-dir`, and
    /// DIR/block.json with a full block that fits on top
    Chain {
        #[command(flatten)]
        shape: Shape,
        /// Target folder
        #[arg(long)]
        out: PathBuf,
    },
}

/// The length of a chain.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Shape {
    /// Payments in all, each with a signature, an input and two outputs
    #[arg(long, default_value_t = 100_000)]
    payments: usize,
    /// Payments in a block
    #[arg(long, default_value_t = 200)]
    per_block: usize,
}

impl Shape {
    fn make(self) -> Result<LongChain> {
        ensure!((1..=4_000).contains(&self.per_block), "--per-block must be between 1 and 4000");
        ensure!((1..=1_000_000).contains(&self.payments), "--payments must be between 1 and 1000000");
        LongChain::make(self.payments, self.per_block)
    }
}

fn main() -> Result<()> {
    match Options::parse().part {
        Part::Validation { shape, runs } => validation::measure(&shape.make()?, runs.get()),
        Part::KnownBlock { runs } => known_block::measure(runs.get()),
        Part::Mempool { runs } => mempool::measure(runs.get()),
        Part::Forks(options) => forks::measure(&options),
        Part::Relay(options) => relay::measure(&options),
        Part::Chain { shape, out } => write(shape.make()?, &out),
    }
}

/// Lets a node download the chain into a store that a relay can open.
fn write(mut chain: LongChain, out: &Path) -> Result<()> {
    let data = out.join("data");
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let rules = out.join("network.toml");
    std::fs::write(&rules, toml::to_string(&chain.params)?)
        .with_context(|| format!("cannot write {}", rules.display()))?;
    store_chain(&chain, &data)?;
    let block = known_block::full_block(&mut chain)?;
    let file = out.join("block.json");
    std::fs::write(&file, serde_json::to_vec(&block)?).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{} blocks with {} payments in {}", chain.blocks.len(), chain.payments(), out.display());
    Ok(())
}

/// Lets a node download the chain into a data directory.
fn store_chain(chain: &LongChain, data: &Path) -> Result<()> {
    std::fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
    let opened = Store::open_file(&data.join("chain.redb"), &chain.params, StoreOptions::server())?;
    machine::Machine::start(&chain.params, opened, cpu::cores())?.sync(chain)
}
