//! `cargo xtask run`: build, then become the relay.

use crate::{build, place::Place, process::say};
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;

/// The course's port, the relay's default.
const PORT: &str = "5000";

/// Builds everything and starts the relay with `arguments`, or on port 5000 if there are none.
///
/// Returns only if the relay cannot start: this process becomes the relay, so Ctrl-C and `kill` reach it directly.
pub(crate) fn run(place: &Place, arguments: &[String]) -> Result<()> {
    build::everything(place)?;
    let defaults = ["-p".to_owned(), PORT.to_owned()];
    let arguments = if arguments.is_empty() { &defaults } else { arguments };
    let binary = build::binary(place)?;
    say(&format!("starting {} {}", binary.display(), arguments.join(" ")));
    if let Some(port) = port(arguments) {
        say(&format!("open http://localhost:{port}/ in a browser; Ctrl-C stops the relay"));
    }
    let error = place.command(&binary.to_string_lossy())?.args(arguments).exec();
    Err(error).with_context(|| format!("cannot start {}", binary.display()))
}

/// The port that the relay will serve the page on, or `None` if the arguments ask for something else than to run.
fn port(arguments: &[String]) -> Option<&str> {
    let runs = arguments.first().is_some_and(|first| first.starts_with('-') || first == "run");
    let help = |argument: &String| matches!(argument.as_str(), "-h" | "--help" | "-V" | "--version");
    if !runs || arguments.iter().any(help) {
        return None;
    }
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "-p" | "--port" => return rest.next().map(String::as_str),
            other => {
                if let Some(port) = other.strip_prefix("--port=") {
                    return Some(port);
                }
            }
        }
    }
    Some(PORT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port_of(line: &str) -> Option<String> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        port(&arguments).map(str::to_owned)
    }

    #[test]
    fn the_shown_port_is_the_requested_one() {
        assert_eq!(port_of("-p 5001 -n 127.0.0.1:5000").as_deref(), Some("5001"));
        assert_eq!(port_of("run --port=7 -pk key.txt").as_deref(), Some("7"));
        assert_eq!(port_of("-pk key.txt").as_deref(), Some("5000"));
        assert_eq!(port_of("wallet new"), None);
        assert_eq!(port_of("-p 5001 --help"), None);
    }
}
