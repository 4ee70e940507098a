//! Simulates all rules that set the target, and writes their figures and plots.

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use fedcoin_retarget::candidate::{HashRate, InForce};
use fedcoin_retarget::{Candidate, Effort, Report, candidate, plot, table};
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Compares rules that set each block's target, by simulated mining.
///
/// Prints tables of all figures. The same version prints the same figures.
#[derive(Debug, Parser)]
#[command(name = "fedcoin-retarget", version)]
struct Options {
    /// Write plots to this folder, and the tables to its README.md, between the two comments that contain `figures`.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Do a tenth of the work, for rough figures.
    #[arg(long)]
    quick: bool,
    /// Only rules whose name contains this.
    #[arg(long, default_value = "")]
    rule: String,
}

const BEGIN: &str = "<!-- figures: written by fedcoin-retarget -->\n";
const END: &str = "<!-- end of figures -->\n";

fn main() -> Result<()> {
    let options = Options::parse();
    let mut rules = candidate::all();
    rules.retain(|rule| rule.name().contains(&options.rule));
    let effort = if options.quick { Effort::QUICK } else { Effort::FULL };
    let reports = simulate(&rules, effort);
    let in_force = InForce::default();
    let pair: [&dyn Candidate; 2] = [&in_force, &HashRate::FIRST];
    let tables = [
        table::markdown(&reports),
        table::rests(&pair, effort),
        table::liars(&pair, effort),
        table::networks(&pair, effort),
        table::selfish(&in_force, effort),
    ];
    let tables = tables.join("\n");
    print!("{tables}");
    if let Some(folder) = &options.out {
        plot::write_all(folder, &reports)?;
        write_tables(&folder.join("README.md"), &tables)?;
    }
    Ok(())
}

/// All rules, on all cores.
fn simulate(rules: &[Box<dyn Candidate>], effort: Effort) -> Vec<Report> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((n, rule)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| Some((n, rules.get(n)?))) {
            done.push((n, Report::new(rule.as_ref(), effort)));
        }
        done
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let mut reports: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    reports.sort_unstable_by_key(|(n, _)| *n);
    reports.into_iter().map(|(_, report)| report).collect()
}

fn write_tables(page: &Path, tables: &str) -> Result<()> {
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let broken = || anyhow!("{}: the comments {BEGIN:?} and {END:?} are missing", page.display());
    let (before, rest) = text.split_once(BEGIN).ok_or_else(broken)?;
    let (_, after) = rest.split_once(END).ok_or_else(broken)?;
    Ok(fs::write(page, format!("{before}{BEGIN}\n{tables}\n{END}{after}"))?)
}
