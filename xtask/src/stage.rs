//! Stages that run one after the other, each timed, and the table at the end.

use crate::process;
use anyhow::{Error, Result};
use std::time::{Duration, Instant};

/// One stage of a longer run.
pub(crate) struct Stage<'a> {
    /// Its name in the table.
    pub(crate) name: &'a str,
    /// The command that repeats only this stage.
    pub(crate) again: String,
    /// Its work. Other programs print directly to the terminal.
    pub(crate) work: Box<dyn Fn() -> Result<()> + 'a>,
}

/// Runs `stages` up to the first that fails, then prints the result of each.
///
/// The table shows whether a stage's programs succeeded and how long they took. The numbers of tests are in the output
/// above it.
pub(crate) fn run(stages: &[Stage<'_>]) -> Result<()> {
    let mut times = Vec::new();
    let mut failure = None;
    for stage in stages {
        eprintln!("\n== {} ==", stage.name);
        let start = Instant::now();
        let result = (stage.work)();
        times.push(start.elapsed());
        if let Err(error) = result {
            failure = Some((error, &stage.again));
            break;
        }
    }
    print_table(stages, &times, failure.is_some());
    match failure {
        None => Ok(()),
        Some((error, again)) => Err(tell(&error, again)),
    }
}

fn print_table(stages: &[Stage<'_>], times: &[Duration], failed: bool) {
    println!("\n{:<12} {:<8} time", "stage", "result");
    for (at, stage) in stages.iter().enumerate() {
        let result = match times.get(at) {
            None => "not run",
            Some(_) if failed && at + 1 == times.len() => "FAILED",
            Some(_) => "ok",
        };
        let time = times.get(at).copied().map(process::seconds).unwrap_or_default();
        println!("{:<12} {result:<8} {time}", stage.name);
    }
    println!("{:<12} {:<8} {}", "total", "", process::seconds(times.iter().sum()));
}

fn tell(error: &Error, again: &str) -> Error {
    anyhow::anyhow!("{error:#}\nOnly this stage again: {again}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;
    use std::cell::RefCell;

    #[test]
    fn the_first_failure_stops_and_shows_how_to_repeat_it() {
        let seen = RefCell::new(Vec::new());
        let stage = |name: &'static str, fails: bool| Stage {
            name,
            again: format!("again {name}"),
            work: Box::new({
                let seen = &seen;
                move || {
                    seen.borrow_mut().push(name);
                    if fails { bail!("{name} broke") } else { Ok(()) }
                }
            }),
        };
        let error = run(&[stage("a", false), stage("b", true), stage("c", false)]).unwrap_err();
        assert_eq!(error.to_string(), "b broke\nOnly this stage again: again b");
        assert_eq!(*seen.borrow(), ["a", "b"]);
    }
}
