//! Python, and the packages of the API's tests.

use crate::{
    host,
    place::Place,
    process::{self, say},
    setup::State,
};
use anyhow::{Context, Result};
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest Python that the packages support.
const OLDEST: (u32, u32) = (3, 11);
/// The list of packages, each at one version.
const REQUIREMENTS: &str = "e2e/api/requirements.txt";

/// Whether the packages that `e2e/api/requirements.txt` lists are installed.
pub(crate) fn state(place: &Place) -> Result<State> {
    let what = "the Python packages of e2e/api (half a minute)".to_owned();
    Ok(match version(place) {
        Some(found) if found >= OLDEST && home(place)?.exists() => State::Ready,
        Some(found) if found >= OLDEST && (has_venv(place) || has_pip(place)) => State::Missing(what),
        found if host::is_debian_root(place) && found.is_none_or(|found| found >= OLDEST) => {
            State::Missing(format!("Debian's python3-venv, and {what}"))
        }
        _ => State::Blocked(format!(
            "Python {}.{} or newer with venv or pip, for the tests of the API. On Debian or Ubuntu: apt-get install \
             python3-venv (done for you as root on Debian); elsewhere see https://www.python.org.",
            OLDEST.0, OLDEST.1
        )),
    })
}

/// Installs them into their own folder: a virtual environment, or a plain folder by pip if this Python has no venv.
pub(crate) fn install(place: &Place) -> Result<()> {
    if !has_venv(place) && !has_pip(place) {
        host::apt_install(place, &["python3-venv"], "half a minute")?;
    }
    let home = home(place)?;
    let part = home.with_extension("part");
    if part.exists() {
        fs::remove_dir_all(&part).with_context(|| format!("cannot remove {}", part.display()))?;
    }
    let mut pip = if has_venv(place) {
        process::run(place.command("python3")?.args(["-m", "venv"]).arg(&part))?;
        place.command(&interpreter(&part).to_string_lossy())?
    } else {
        say("this Python has no venv: pip puts the packages into a folder");
        place.command("python3")?
    };
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
    if !has_venv(place) {
        pip.arg("--target").arg(packages(&part));
    }
    pip.arg("--requirement").arg(REQUIREMENTS);
    process::step("installing the Python packages of e2e/api", "half a minute", &mut pip)
        .context("the packages could not be installed (it needs the network, this once)")?;
    fs::rename(&part, &home).with_context(|| format!("cannot rename {}", part.display()))
}

/// The command for Python with the packages.
pub(crate) fn command(place: &Place) -> Result<Command> {
    let home = home(place)?;
    if interpreter(&home).exists() {
        return place.command(&interpreter(&home).to_string_lossy());
    }
    let mut command = place.command("python3")?;
    command.env("PYTHONPATH", packages(&home));
    Ok(command)
}

/// The folder for exactly these packages and this Python, because both may change.
fn home(place: &Place) -> Result<PathBuf> {
    let path = place.root.join(REQUIREMENTS);
    let mut hasher = DefaultHasher::new();
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?.hash(&mut hasher);
    place.output("python3", &["-c", "import sys; print(sys.version, sys.base_prefix)"]).hash(&mut hasher);
    Ok(place.tools.join(format!("python-{:016x}", hasher.finish())))
}

fn interpreter(home: &Path) -> PathBuf {
    home.join("bin/python")
}

fn packages(home: &Path) -> PathBuf {
    home.join("packages")
}

fn version(place: &Place) -> Option<(u32, u32)> {
    read_version(&place.output("python3", &["-c", "import sys; print(*sys.version_info[:2])"])?)
}

fn read_version(answer: &str) -> Option<(u32, u32)> {
    let (major, minor) = answer.split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn has_venv(place: &Place) -> bool {
    place.output("python3", &["-c", "import venv, ensurepip"]).is_some()
}

fn has_pip(place: &Place) -> bool {
    place.output("python3", &["-m", "pip", "--version"]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(read_version("3 11"), Some((3, 11)));
        assert!(read_version("3 9") < Some(OLDEST));
        assert_eq!(read_version("Python 3.11"), None);
    }
}
