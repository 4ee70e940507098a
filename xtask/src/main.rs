//! `cargo xtask`: sets up what is missing, then builds, runs, tests, checks or measures.
//!
//! Nothing is installed outside one per-user folder ([`place::Place`]), except Chromium by apt-get, and only as root on
//! Debian. You may interrupt every command and start it again.

mod browser;
mod build;
mod check;
mod fuzz;
mod help;
mod host;
mod node_js;
mod package;
mod page;
mod place;
mod process;
mod python;
mod rust;
mod serve;
mod setup;
mod stage;
mod test;
mod tool;

use anyhow::{Result, bail};
use place::Place;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    if matches!(command, "help" | "-h" | "--help") || asks_for_help(rest) {
        println!("{}", help::TEXT);
        return Ok(());
    }
    let place = Place::find()?;
    match command {
        "setup" => setup::everything(&place),
        "build" => build::everything(&place),
        "run" => serve::run(&place, after_dashes(rest)),
        "test" => test::run(&place, rest),
        "check" => check::run(&place, rest),
        "fuzz" => fuzz::run(&place, rest),
        "audit" => check::audit(&place),
        "bench" => test::bench(&place, after_dashes(rest)),
        other => bail!("there is no command `{other}`: `cargo xtask help` lists them"),
    }
}

/// Whether the arguments ask for xtask's own help. Arguments after `--` belong to another program.
fn asks_for_help(rest: &[String]) -> bool {
    rest.iter().take_while(|argument| *argument != "--").any(|argument| matches!(argument.as_str(), "-h" | "--help"))
}

/// The arguments for the started program: `run -- -p 5001` and `run -p 5001` mean the same.
fn after_dashes(rest: &[String]) -> &[String] {
    match rest.split_first() {
        Some((first, others)) if first == "--" => others,
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn dashes_are_dropped_once() {
        let rest = strings(&["--", "-p", "5001", "--"]);
        assert_eq!(after_dashes(&rest), strings(&["-p", "5001", "--"]));
        assert_eq!(after_dashes(&rest[1..]), &rest[1..]);
    }

    #[test]
    fn help_after_dashes_is_for_the_program() {
        assert!(asks_for_help(&strings(&["--help"])));
        assert!(!asks_for_help(&strings(&["--", "--help"])));
    }

    #[test]
    fn an_unknown_command_is_refused() {
        let error = dispatch(&strings(&["fly"])).unwrap_err();
        assert!(error.to_string().contains("no command `fly`"), "{error}");
    }
}
