//! `cargo xtask fuzz`: lets libFuzzer look for inputs that break the targets in `tools/oracle`.

use crate::{
    place::Place,
    process,
    setup::{self, FUZZ},
};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path, process::Command};

/// The targets, as `tools/oracle/src/target` and `tools/fuzz/fuzz_targets` have them.
const TARGETS: &[&str] = &["block", "frame", "inputs", "ledger"];
/// How long each target runs unless told otherwise, in minutes.
const MINUTES: u64 = 10;
/// Longer inputs are cut: a run takes so many decisions at most.
const MAX_BYTES: &str = "-max_len=2000";

/// What was asked for.
#[derive(Debug, PartialEq)]
struct Plan {
    targets: Vec<String>,
    minutes: u64,
    /// Whether the stored corpora are replaced.
    keep: bool,
}

/// Runs the targets named, or all, one after the other. What is found on the way is kept in
/// `tools/fuzz/target`; with `--keep` the stored corpus becomes the smallest set of inputs that reaches
/// as much.
pub(crate) fn run(place: &Place, arguments: &[String]) -> Result<()> {
    let plan = parse(arguments)?;
    setup::prepare(place, &[FUZZ])?;
    for target in &plan.targets {
        let found = place.root.join("tools/fuzz/target/corpus").join(target);
        let stored = place.root.join("tools/fuzz/corpus").join(target);
        fs::create_dir_all(&found).with_context(|| format!("cannot make {}", found.display()))?;
        process::step(&format!("building {target}"), "5 minutes the first time", &mut fuzzer(place, "build", target)?)?;
        let mut search = fuzzer(place, "run", target)?;
        search.args([&found, &stored]).args(["--", MAX_BYTES, &format!("-max_total_time={}", 60 * plan.minutes)]);
        process::step(&format!("fuzzing {target}"), &format!("{} minutes", plan.minutes), &mut search)
            .with_context(|| format!("`{target}` fails: the input is in tools/fuzz/artifacts, give it a test first"))?;
        if plan.keep {
            keep(place, target, &found, &stored)?;
        }
    }
    Ok(())
}

/// Makes the stored corpus the smallest set, by number, that reaches what it and `found` reach.
fn keep(place: &Place, target: &str, found: &Path, stored: &Path) -> Result<()> {
    let small = place.root.join("tools/fuzz/target/smallest").join(target);
    if small.exists() {
        fs::remove_dir_all(&small).with_context(|| format!("cannot empty {}", small.display()))?;
    }
    fs::create_dir_all(&small).with_context(|| format!("cannot make {}", small.display()))?;
    let mut merge = fuzzer(place, "run", target)?;
    // What code is reached counts, not how often.
    merge.arg(&small).args([stored, found]).args(["--", "-set_cover_merge=1", "-use_counters=0", MAX_BYTES]);
    process::step(&format!("choosing what to keep of {target}"), "a minute", &mut merge)?;
    fs::remove_dir_all(stored).with_context(|| format!("cannot empty {}", stored.display()))?;
    fs::rename(&small, stored).with_context(|| format!("cannot rename {}", small.display()))
}

/// cargo-fuzz on a target, still without its folders. The code has no `unsafe` for a sanitizer to
/// watch, and without one the stable compiler does, if it is told to take unstable flags.
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
                plan.minutes = number.parse().with_context(|| format!("--minutes {number} is no number"))?;
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
        assert_eq!((all.targets.len(), all.minutes, all.keep), (4, 10, false));
        let one = plan(&["frame", "--minutes", "2", "--keep"]).unwrap();
        assert_eq!(one, Plan { targets: vec!["frame".into()], minutes: 2, keep: true });
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (words, part) in [
            (&["fram"][..], "no fuzz target `fram`"),
            (&["--minutes"], "needs a number"),
            (&["--minutes", "ten"], "is no number"),
        ] {
            let error = plan(words).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn the_targets_are_those_of_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/fuzz/fuzz_targets");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut names: Vec<String> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        names.sort();
        assert_eq!(names, TARGETS);
    }
}
