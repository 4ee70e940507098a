//! What the machine itself must provide: disk space and a C compiler. Also tells which user we are.

use crate::{place::Place, process, setup::State};
use anyhow::Result;
use std::{env, path::Path, process::Command};

/// Free space that a first build of everything needs, in MiB.
const ROOM_COLD: u64 = 8 * 1024;
/// Free space that later builds need, in MiB.
const ROOM_WARM: u64 = 1024;

/// Whether the disks of the target folder and the tools have enough space.
pub(crate) fn disk(place: &Place) -> Result<State> {
    let target = place.target()?;
    let needed = if target.join("release/fedcoin").exists() { ROOM_WARM } else { ROOM_COLD };
    for folder in [target.as_path(), place.tools.as_path()] {
        let existing = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
        let listing = place.output("df", &["-Pm", &existing.to_string_lossy()]);
        // Without `df` we cannot tell; a full disk then fails the build.
        if let Some(free) = listing.as_deref().and_then(free_mib).filter(|free| *free < needed) {
            return Ok(State::Blocked(format!(
                "disk space: {free} MiB are free at {}, {needed} MiB are needed. Make room, or set \
                 CARGO_TARGET_DIR and FEDCOIN_TOOLS to folders on a larger disk.",
                existing.display()
            )));
        }
    }
    Ok(State::Ready)
}

/// Whether there is a C compiler. Rust links with it, and one cryptography library contains C code.
pub(crate) fn compiler(place: &Place) -> State {
    let named = env::var("CC").ok().filter(|name| !name.is_empty());
    let compiler = named.as_deref().unwrap_or("cc");
    // CC may contain a wrapper and flags, as in `ccache gcc`.
    let program = compiler.split_whitespace().next().unwrap_or("cc");
    if place.output(program, &["--version"]).is_some() {
        return State::Ready;
    }
    State::Blocked(format!(
        "a C compiler: `{program}` does not start. On Debian or Ubuntu: apt-get install build-essential; \
         on Fedora: dnf install gcc; on macOS: xcode-select --install."
    ))
}

/// Whether apt-get can install packages without asking: as root on Debian and its derivatives.
pub(crate) fn is_debian_root(place: &Place) -> bool {
    Path::new("/etc/debian_version").exists()
        && place.output("id", &["-u"]).as_deref() == Some("0")
        && place.output("apt-get", &["--version"]).is_some()
}

/// Installs Debian packages; only for [`is_debian_root`].
pub(crate) fn apt_install(place: &Place, packages: &[&str], expect: &str) -> Result<()> {
    let apt = || -> Result<Command> {
        let mut command = place.command("apt-get")?;
        command.env("DEBIAN_FRONTEND", "noninteractive");
        Ok(command)
    };
    process::step("fetching Debian's list of packages", "a few seconds", apt()?.args(["update", "-qq"]))?;
    let mut install = apt()?;
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    process::step(&format!("installing {}", packages.join(" and ")), expect, &mut install)
}

/// Reads the fourth column of the last line of `df -Pm`.
fn free_mib(listing: &str) -> Option<u64> {
    listing.lines().last()?.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_free_column_is_read() {
        let listing = "Filesystem 1048576-blocks Used Available Capacity Mounted on\n\
                       /dev/vda 258020 14228 78824 16% /";
        assert_eq!(free_mib(listing), Some(78_824));
        assert_eq!(free_mib(""), None);
    }
}
