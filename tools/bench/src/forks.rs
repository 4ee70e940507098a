//! Two `fedcoin` processes with separate chains, until they agree.

use crate::chain::LongChain;
use crate::relay::find_program;
use crate::relay::process::Stat;
use crate::report::line;
use crate::store_chain;
use anyhow::{Context, Result, bail, ensure};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Time limit for two nodes.
const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Number of blocks of the shorter branch; the other one has one more
    #[arg(long, value_delimiter = ',', default_value = "256,257,1000,6000")]
    depths: Vec<usize>,
    /// Payments in each block of both branches
    #[arg(long, default_value_t = 1)]
    per_block: usize,
    /// The node. Default: `fedcoin` beside this program
    #[arg(long)]
    program: Option<PathBuf>,
}

pub(crate) fn measure(options: &Options) -> Result<()> {
    let program = find_program(options.program.as_deref())?;
    ensure!((1..=4_000).contains(&options.per_block), "--per-block must be between 1 and 4000");
    for depth in &options.depths {
        heal(&program, *depth, options.per_block)?;
    }
    Ok(())
}

/// Lets two nodes with branches of this length agree, and prints the figures of the node with the shorter one.
fn heal(program: &Path, depth: usize, per_block: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let trunk = LongChain::make(0, per_block)?;
    let rules = folder.path().join("network.toml");
    std::fs::write(&rules, toml::to_string(&trunk.params)?)?;
    let [short, long] = [(0, depth), (500, depth + 1)].map(|(first, blocks)| branch(&trunk, first, blocks, per_block));
    let (short, long) = (short?, long?);
    let (short_data, long_data) = (folder.path().join("short"), folder.path().join("long"));
    store_chain(&short, &short_data)?;
    store_chain(&long, &long_data)?;
    let tip = long.blocks.last().context("it has blocks")?.id().to_string();
    let ahead = Process::start(program, &rules, &long_data, None)?;
    ahead.wait_for(&tip)?;
    let started = Instant::now();
    let behind = Process::start(program, &rules, &short_data, Some(ahead.port))?;
    let alone = behind.peak();
    behind.wait_for(&tip)?;
    line(
        &format!("a fork {depth} blocks deep, {per_block} payments a block: from the start to one chain"),
        format!("{:.2} s", started.elapsed().as_secs_f64()),
    );
    line("  peak memory of the node that moved / at its start", format!("{} / {alone} kB", behind.peak()));
    Ok(())
}

/// The trunk plus blocks whose payments start with this wallet's.
fn branch(trunk: &LongChain, first: usize, blocks: usize, per_block: usize) -> Result<LongChain> {
    let mut chain = trunk.clone();
    for n in 0..blocks {
        let payments = chain.payments_from(first + n * per_block, per_block, 1)?;
        chain.append(payments);
    }
    Ok(chain)
}

/// A running node; killed when dropped.
struct Process {
    child: Child,
    port: u16,
}

impl Process {
    fn start(program: &Path, rules: &Path, data: &Path, peer: Option<u16>) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(program);
        command.args(["-p", &port.to_string(), "--chain"]).arg(rules).arg("--data-dir").arg(data);
        if let Some(peer) = peer {
            command.args(["-n", &format!("127.0.0.1:{peer}")]);
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let node = Self { child, port };
        let end = Instant::now() + PATIENCE;
        while node.tip().is_err() {
            ensure!(Instant::now() < end, "the node on port {port} does not respond");
            sleep(Duration::from_millis(10));
        }
        Ok(node)
    }

    fn tip(&self) -> Result<String> {
        let url = format!("http://127.0.0.1:{}/api/v1/status", self.port);
        let mut answer = ureq::get(&url).call()?;
        let status: serde_json::Value = serde_json::from_str(&answer.body_mut().read_to_string()?)?;
        Ok(status["tip"]["id"].as_str().context("a tip has an id")?.to_owned())
    }

    fn wait_for(&self, tip: &str) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        while self.tip()? != tip {
            if Instant::now() > end {
                bail!("the node on port {} has another chain after {} s", self.port, PATIENCE.as_secs());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Peak resident memory in kB.
    fn peak(&self) -> u64 {
        Stat::of(self.child.id()).peak()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
