//! Starts other programs: announces each step and its expected time, runs it, and reports how long it took.

use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader, ErrorKind},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Prints a progress line. It goes to stderr, so that stdout contains only results.
pub(crate) fn say(line: &str) {
    eprintln!("xtask: {line}");
}

/// Announces `what` and its expected time, runs `command`, and fails if it fails.
///
/// The error contains the whole command line, so that you can repeat it by hand.
pub(crate) fn step(what: &str, expect: &str, command: &mut Command) -> Result<()> {
    timed(what, expect, || run(command))
}

/// Like [`step`], and calls `read` with each line that `command` prints on stderr.
pub(crate) fn step_reading(what: &str, expect: &str, command: &mut Command, read: impl FnMut(&str)) -> Result<()> {
    timed(what, expect, || run_reading(command, read))
}

fn timed(what: &str, expect: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    say(&format!("{what} ({expect})"));
    let start = Instant::now();
    work()?;
    say(&format!("{what}: done in {}", seconds(start.elapsed())));
    Ok(())
}

/// Runs `command` with the terminal's own input and output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| explain(error, command));
    let status = status.with_context(|| format!("could not start `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` failed: {status}", line(command));
    }
    Ok(())
}

fn run_reading(command: &mut Command, mut read: impl FnMut(&str)) -> Result<()> {
    let child = command.stderr(Stdio::piped()).spawn().map_err(|error| explain(error, command));
    let mut child = child.with_context(|| format!("could not start `{}`", line(command)))?;
    let stderr = child.stderr.take().context("no stderr, though it is a pipe")?;
    for line in BufReader::new(stderr).split(b'\n') {
        let line = line.context("cannot read what it prints")?;
        let line = String::from_utf8_lossy(&line);
        eprintln!("{line}");
        read(&line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{}` failed: {status}", line(command));
    }
    Ok(())
}

/// What `command` prints on stdout, trimmed, or `None` if it is missing, fails, or does not print UTF-8.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// Formats a duration: `0.4 s`, `12 s`, `3 min 05 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match whole {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{whole} s"),
        _ => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

fn explain(error: std::io::Error, command: &Command) -> anyhow::Error {
    if error.kind() == ErrorKind::NotFound {
        let program = command.get_program().to_string_lossy();
        anyhow::anyhow!("no program `{program}` on PATH")
    } else {
        error.into()
    }
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("no-such-program-xtask")).unwrap_err();
        assert!(format!("{error:#}").contains("no program `no-such-program-xtask`"), "{error:#}");
    }

    #[test]
    fn a_failing_program_is_named_with_its_arguments() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(error.to_string().contains("`sh -c exit 3` failed: exit status: 3"), "{error}");
    }

    #[test]
    fn output_of_a_failing_program_is_read() {
        let mut lines = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", "echo a >&2; echo b >&2; exit 3"]);
        let failing = run_reading(&mut command, |line| lines.push(line.to_owned()));
        assert!(failing.unwrap_err().to_string().contains("exit status: 3"));
        assert_eq!(lines, ["a", "b"]);
    }

    #[test]
    fn durations_are_formatted_for_people() {
        assert_eq!(seconds(Duration::from_millis(400)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(12)), "12 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }
}
