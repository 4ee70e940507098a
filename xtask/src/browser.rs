//! Chromium and chromedriver, for the tests.

use crate::{host, place::Place, setup::State};
use anyhow::{Context, Result, bail};
use std::{env, process::Command};

/// Chromium's program names on different systems, the most likely first.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Whether both are installed with matching versions.
pub(crate) fn state(place: &Place) -> State {
    let versions = (answer(place, browser(place)), answer(place, driver(place)));
    let what = match versions {
        (Some(browser), Some(driver)) if major(&browser) == major(&driver) => return State::Ready,
        (Some(browser), Some(driver)) => format!("a chromedriver of Chromium's version: {driver}, but {browser}"),
        (None, Some(_)) => "Chromium".to_owned(),
        (Some(_), None) => "chromedriver".to_owned(),
        (None, None) => "Chromium and chromedriver".to_owned(),
    };
    if host::is_debian_root(place) {
        return State::Missing("Debian's chromium and chromium-driver (about 1 minute)".to_owned());
    }
    State::Blocked(format!(
        "for the tests, {what}. On Debian: apt-get install chromium chromium-driver (done for you as root); \
         elsewhere install Chromium or Chrome and the chromedriver of the same version. Programs of other \
         names or places: set CHROMIUM and CHROMEDRIVER to their paths."
    ))
}

/// Installs both by apt-get.
pub(crate) fn install(place: &Place) -> Result<()> {
    host::apt_install(place, &["chromium", "chromium-driver"], "about 1 minute")?;
    match state(place) {
        State::Ready => Ok(()),
        State::Missing(what) | State::Blocked(what) => bail!("apt-get succeeded, but this is still missing: {what}"),
    }
}

/// Sets the variables that tell `command` and its children where the browser and its driver are.
pub(crate) fn tell(place: &Place, command: &mut Command) -> Result<()> {
    let browser = browser(place).context("Chromium has been removed since set-up")?;
    let driver = driver(place).context("chromedriver has been removed since set-up")?;
    command.env("CHROMIUM", browser).env("CHROMEDRIVER", driver);
    Ok(())
}

fn browser(place: &Place) -> Option<String> {
    named("CHROMIUM").or_else(|| BROWSERS.iter().find_map(|name| full_path(place, name)))
}

fn driver(place: &Place) -> Option<String> {
    named("CHROMEDRIVER").or_else(|| full_path(place, "chromedriver"))
}

fn named(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}

/// The full path of `program` on PATH. The programs that get it do not search PATH themselves.
fn full_path(place: &Place, program: &str) -> Option<String> {
    place.output("sh", &["-c", "command -v \"$0\"", program])
}

fn answer(place: &Place, program: Option<String>) -> Option<String> {
    place.output(&program?, &["--version"])
}

/// Reads `156` from `Chromium 156.0.8078.79 built on ...`.
fn major(answer: &str) -> Option<&str> {
    let version = answer.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    version.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_either_program() {
        assert_eq!(major("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)"), Some("156"));
        assert_eq!(major("ChromeDriver 156.0.8078.79 (a21ce95c24)"), Some("156"));
        assert_eq!(major("none"), None);
    }
}
