//! Thousands of tabs on one relay, each of which requests every payment and every block. Measures how long these take
//! to arrive, what that costs the relay, and other servers for comparison.

mod attack;
mod broadcast;
mod crowd;
mod frames;
mod others;
mod probe;
pub(crate) mod process;
mod report;
mod round;
mod scenario;
mod tabs;

use crate::chain::LongChain;
use anyhow::{Context, Result, ensure};
use report::Report;
use std::num::{NonZeroU8, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The core reserved for servers. The tabs use the others.
const SERVER_CORE: usize = 1;
const TABS_CORE: usize = 0;

/// The options of a measurement.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// Numbers of tabs, one run each
    #[arg(long, value_delimiter = ',', default_value = "100,1000")]
    tabs: Vec<NonZeroUsize>,
    /// Number of relays in a row. Payments and blocks come from a tab of the first; the other tabs are at the last
    #[arg(long, default_value = "1")]
    relays: NonZeroUsize,
    /// Instead of everything else, attack the relay in every way at once for this many minutes, and measure what the
    /// tabs get before, meanwhile and after
    #[arg(long, value_name = "MINUTES")]
    attack: Option<NonZeroU8>,
    /// Only the attackers whose names contain one of these words, such as --attackers=ping,page
    #[arg(long, value_delimiter = ',', requires = "attack")]
    attackers: Vec<String>,
    /// Measure blocks of 1 MB up to this many tabs
    #[arg(long, default_value_t = 5_000)]
    full_blocks_up_to: usize,
    /// The relay. Default: `fedcoin` beside this program
    #[arg(long)]
    program: Option<PathBuf>,
    /// More arguments for the relay, such as --relay-args=--log=info
    #[arg(long)]
    relay_args: Vec<String>,
    /// Folder with ws.js and nats.conf, to measure those servers too
    #[arg(long)]
    peers: Option<PathBuf>,
    /// Also write the figures to this file (JSON)
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Measures, and prints a table.
pub(crate) fn measure(options: &Options) -> Result<()> {
    raise_open_files()?;
    let program = find_program(options.program.as_deref())?;
    // It starts in its own folder.
    let program = program.canonicalize()?;
    // Ready before the tabs share a core with anything else.
    let chain = if options.attack.is_some() { scenario::chain_under_attack()? } else { LongChain::make(0, 1)? };
    stay_on(TABS_CORE)?;
    let mut report = Report::default();
    for tabs in &options.tabs {
        scenario::measure(options, &program, chain.clone(), tabs.get(), &mut report)?;
        if let Some(folder) = &options.peers {
            others::measure(folder, tabs.get(), tabs.get() <= options.full_blocks_up_to, &mut report)?;
        }
    }
    if let Some(out) = &options.out {
        std::fs::write(out, report.json()?).with_context(|| format!("cannot write {}", out.display()))?;
    }
    Ok(())
}

/// Raises the limit on open files as far as the system allows.
fn raise_open_files() -> Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?;
    Ok(())
}

/// The node to measure: the requested one, or `fedcoin` beside this program.
pub(crate) fn find_program(given: Option<&Path>) -> Result<PathBuf> {
    let program = match given {
        Some(program) => program.to_owned(),
        None => std::env::current_exe()?.with_file_name("fedcoin"),
    };
    ensure!(program.is_file(), "{} is missing: `cargo build --release -p fedcoin-relay`", program.display());
    Ok(program)
}

/// Keeps this program on one core.
fn stay_on(core: usize) -> Result<()> {
    let mut taskset = Command::new("taskset");
    taskset.args(["-a", "-p", "-c", &core.to_string(), &std::process::id().to_string()]).stdout(Stdio::null());
    let status = taskset.status().context("taskset (of util-linux) is needed")?;
    ensure!(status.success(), "this measures on machines with two cores or more");
    Ok(())
}
