//! Node, npm, and the packages of the end-to-end tests.

use crate::{place::Place, process, setup::State};
use anyhow::{Context, Result};
use std::{fs, path::PathBuf};

/// The oldest Node whose test runner has all the options used here.
const OLDEST: (u32, u32) = (20, 10);
const REMEDY: &str = "Install a current version from https://nodejs.org or by your version manager; npm comes with it.";

/// Whether Node is installed and new enough.
pub(crate) fn state(place: &Place) -> State {
    let (major, minor) = OLDEST;
    let Some(answer) = place.output("node", &["--version"]) else {
        return State::Blocked(format!("Node {major}.{minor} or newer: there is no `node` on PATH. {REMEDY}"));
    };
    match version(&answer) {
        Some(found) if found >= OLDEST => State::Ready,
        _ => State::Blocked(format!("Node {major}.{minor} or newer: `node --version` says {answer}. {REMEDY}")),
    }
}

/// `Missing(what)` if npm can install it, `Blocked` if there is no npm.
pub(crate) fn unless_npm_is_missing(place: &Place, what: String) -> State {
    if place.output("npm", &["--version"]).is_some() {
        return State::Missing(what);
    }
    let uses = "it installs wasm-opt and the packages of the tests";
    State::Blocked(format!("npm ({uses}): there is no `npm` on PATH that starts. {REMEDY}"))
}

/// Whether the packages that `e2e/package-lock.json` lists are installed.
pub(crate) fn packages(place: &Place) -> State {
    let wanted = fs::read(place.root.join("e2e/package-lock.json"));
    let installed = fs::read(stamp(place));
    if matches!((wanted, installed), (Ok(wanted), Ok(installed)) if wanted == installed) {
        return State::Ready;
    }
    unless_npm_is_missing(place, "the packages of e2e/ (a few seconds)".to_owned())
}

/// Installs them exactly as locked, and keeps a copy of that lock file.
pub(crate) fn install_packages(place: &Place) -> Result<()> {
    let lock = place.root.join("e2e/package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let mut command = place.command("npm")?;
    command.current_dir(place.root.join("e2e")).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::step("installing the packages of e2e/", "a few seconds", &mut command)?;
    let stamp = stamp(place);
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Path of the copy of the installed lock file. `npm ci` deletes it with the folder before it starts.
fn stamp(place: &Place) -> PathBuf {
    place.root.join("e2e/node_modules/.installed-lock.json")
}

fn version(answer: &str) -> Option<(u32, u32)> {
    let mut parts = answer.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(version("v20.20.2"), Some((20, 20)));
        assert!(version("v20.9.0") < Some(OLDEST));
        assert!(version("v100.0.0") > Some(OLDEST));
        assert_eq!(version("twenty"), None);
    }
}
