//! `cargo xtask fuzz`: libFuzzer searches for inputs that break the targets in `tools/oracle`.

use crate::{
    place::Place,
    process,
    setup::{self, FUZZ},
};
use anyhow::{Context, Result, bail, ensure};
use std::{fmt, fs, num::NonZero, panic::resume_unwind, path::PathBuf, process::Command, thread};

/// The targets in `tools/oracle/src/target` and `tools/fuzz/fuzz_targets`.
const TARGETS: &[&str] = &["block", "frame", "inputs", "ledger", "signature"];
/// Default time per target in minutes.
const MINUTES: u64 = 10;
/// Longest time per target in minutes: a week.
const MAX_MINUTES: u64 = 7 * 24 * 60;
/// Maximum input size in bytes. It bounds the decisions of a run.
const MAX_BYTES: &str = "-max_len=2000";

/// The parsed arguments.
#[derive(Debug, PartialEq)]
struct Plan {
    targets: Vec<String>,
    minutes: u64,
    /// Whether to replace the stored corpora.
    keep: bool,
}

/// How much of a target's code its inputs reach, as reported by libFuzzer.
#[derive(Debug, Default, PartialEq)]
struct Coverage {
    /// Edges between pieces of code that some input takes, of all that there are.
    edges: u64,
    all_edges: u64,
    /// Edges told apart by how often one input takes them.
    features: u64,
    runs: u64,
}

impl Coverage {
    /// Reads a line that libFuzzer prints.
    fn read(&mut self, line: &str) {
        let number = |before: &str| {
            let (_, rest) = line.split_once(before)?;
            rest.split(|c: char| !c.is_ascii_digit()).find(|word| !word.is_empty())?.parse().ok()
        };
        if let (Some(edges), Some(features), Some(runs)) = (number(" cov: "), number(" ft: "), number("#")) {
            (self.edges, self.features, self.runs) = (edges, features, runs);
        } else if line.contains("inline 8-bit counters)") {
            self.all_edges = number("(").unwrap_or_default();
        }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { edges, all_edges, features, runs } = self;
        write!(f, "{runs} inputs tried; {edges} of {all_edges} edges reached, {features} features")
    }
}

/// Runs the named targets, or all, as many at once as there are cores, and says how much code they reached. New inputs
/// are kept in `tools/fuzz/target`. With `--keep` the stored corpus becomes the smallest set of inputs that reaches the
/// same code.
pub(crate) fn run(place: &Place, arguments: &[String]) -> Result<()> {
    let plan = parse(arguments)?;
    setup::prepare(place, &[FUZZ])?;
    for target in &plan.targets {
        process::step(&format!("building {target}"), "5 minutes the first time", &mut fuzzer(place, "build", target)?)?;
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    for targets in plan.targets.chunks(cores) {
        let coverages: Result<Vec<Coverage>> = thread::scope(|scope| {
            let searches: Vec<_> =
                targets.iter().map(|target| scope.spawn(|| search(place, target, plan.minutes))).collect();
            searches.into_iter().map(|search| search.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        });
        for (target, coverage) in targets.iter().zip(coverages?) {
            println!("{target}: {coverage}");
        }
    }
    if plan.keep {
        plan.targets.iter().try_for_each(|target| keep(place, target))?;
    }
    Ok(())
}

/// Searches for inputs that break `target`.
fn search(place: &Place, target: &str, minutes: u64) -> Result<Coverage> {
    let [found, stored] = folders(place, target);
    fs::create_dir_all(&found).with_context(|| format!("cannot make {}", found.display()))?;
    let mut search = fuzzer(place, "run", target)?;
    search.args([found, stored]).args(["--", MAX_BYTES, &format!("-max_total_time={}", 60 * minutes)]);
    let mut coverage = Coverage::default();
    let (what, expect) = (format!("fuzzing {target}"), format!("{minutes} minutes"));
    process::step_reading(&what, &expect, &mut search, |line| coverage.read(line))
        .with_context(|| format!("`{target}` fails: the input is in tools/fuzz/artifacts, give it a test first"))?;
    Ok(coverage)
}

/// The folders of `target`'s new inputs and of its stored corpus.
fn folders(place: &Place, target: &str) -> [PathBuf; 2] {
    ["tools/fuzz/target/corpus", "tools/fuzz/corpus"].map(|folder| place.root.join(folder).join(target))
}

/// Replaces the stored corpus by the smallest number of inputs that reach the same code as it and the new ones.
fn keep(place: &Place, target: &str) -> Result<()> {
    let [found, stored] = folders(place, target);
    let small = place.root.join("tools/fuzz/target/smallest").join(target);
    if small.exists() {
        fs::remove_dir_all(&small).with_context(|| format!("cannot empty {}", small.display()))?;
    }
    fs::create_dir_all(&small).with_context(|| format!("cannot make {}", small.display()))?;
    let mut merge = fuzzer(place, "run", target)?;
    // It matters which code is reached, not how often.
    merge.arg(&small).args([&stored, &found]).args(["--", "-set_cover_merge=1", "-use_counters=0", MAX_BYTES]);
    process::step(&format!("choosing what to keep of {target}"), "a minute", &mut merge)?;
    fs::remove_dir_all(&stored).with_context(|| format!("cannot empty {}", stored.display()))?;
    fs::rename(&small, &stored).with_context(|| format!("cannot rename {}", small.display()))
}

/// The cargo-fuzz command for a target, without its folders. The code has no `unsafe` for a sanitizer to watch, and
/// without a sanitizer the stable compiler works if it may use unstable flags.
fn fuzzer(place: &Place, order: &str, target: &str) -> Result<Command> {
    let mut command = place.command("cargo-fuzz")?;
    command.current_dir(&place.root).env("RUSTC_BOOTSTRAP", "1").args([
        order,
        "--fuzz-dir",
        "tools/fuzz",
        "--sanitizer",
        "none",
        target,
    ]);
    Ok(command)
}

fn parse(arguments: &[String]) -> Result<Plan> {
    let mut plan = Plan { targets: Vec::new(), minutes: MINUTES, keep: false };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--keep" => plan.keep = true,
            "--minutes" => {
                let number = words.next().context("--minutes needs a number")?;
                plan.minutes = number.parse().with_context(|| format!("--minutes {number} is not a number"))?;
                // To libFuzzer, 0 seconds mean no end.
                ensure!((1..=MAX_MINUTES).contains(&plan.minutes), "--minutes must be 1 to {MAX_MINUTES}");
            }
            target if TARGETS.contains(&target) => plan.targets.push(target.to_owned()),
            other => bail!("there is no fuzz target `{other}`: {}", TARGETS.join(", ")),
        }
    }
    if plan.targets.is_empty() {
        plan.targets = TARGETS.iter().map(ToString::to_string).collect();
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(words: &[&str]) -> Result<Plan> {
        parse(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn all_targets_run_unless_some_are_named() {
        let all = plan(&[]).unwrap();
        assert_eq!((all.targets.len(), all.minutes, all.keep), (TARGETS.len(), 10, false));
        let one = plan(&["frame", "--minutes", "2", "--keep"]).unwrap();
        assert_eq!(one, Plan { targets: vec!["frame".into()], minutes: 2, keep: true });
    }

    #[test]
    fn coverage_is_read_from_the_last_line() {
        let mut coverage = Coverage::default();
        for line in [
            "INFO: Loaded 1 modules   (71234 inline 8-bit counters): 71234 [0x55d, 0x55e), ",
            "#2\tINITED cov: 311 ft: 312 corp: 1/1b exec/s: 0 rss: 31Mb",
            "#4096\tDONE   cov: 2871 ft: 9034 corp: 212/41Kb lim: 2000 exec/s: 68 rss: 90Mb",
            "Done 4096 runs in 61 second(s)",
        ] {
            coverage.read(line);
        }
        assert_eq!(coverage.to_string(), "4096 inputs tried; 2871 of 71234 edges reached, 9034 features");
    }

    #[test]
    fn invalid_arguments_are_refused() {
        for (words, part) in [
            (&["fram"][..], "no fuzz target `fram`"),
            (&["--minutes"], "needs a number"),
            (&["--minutes", "ten"], "is not a number"),
            (&["--minutes", "0"], "must be 1 to 10080"),
            (&["--minutes", "10081"], "must be 1 to 10080"),
        ] {
            let error = plan(words).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn the_targets_match_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/fuzz/fuzz_targets");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut names: Vec<String> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        names.sort();
        assert_eq!(names, TARGETS);
    }
}
