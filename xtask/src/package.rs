//! Programs of Debian's packages that only tests use.

use crate::{host, place::Place, setup::State};
use anyhow::{Context, Result, bail};
use std::env;

/// A package with one program.
pub(crate) struct Package {
    /// Its name, in Debian and elsewhere.
    name: &'static str,
    /// Its program by its names, the most likely first.
    programs: &'static [&'static str],
    /// The variable that may name the program, if its tests look there.
    variable: Option<&'static str>,
    /// How long apt-get takes.
    expect: &'static str,
}

/// For the tests of clusters.
pub(crate) const NATS_SERVER: Package =
    Package { name: "nats-server", programs: &["nats-server"], variable: None, expect: "half a minute" };
/// For the tests end to end, behind a real proxy.
pub(crate) const NGINX: Package =
    Package { name: "nginx-light", programs: &["nginx"], variable: Some("NGINX"), expect: "half a minute" };
/// For the tests end to end that also run in Firefox.
pub(crate) const FIREFOX: Package = Package {
    name: "firefox-esr",
    programs: &["firefox-esr", "firefox"],
    variable: Some("FIREFOX"),
    expect: "half a minute",
};

impl Package {
    /// Whether it is installed.
    pub(crate) fn state(&self, place: &Place) -> State {
        if self.program(place).is_ok() {
            return State::Ready;
        }
        if host::is_debian_root(place) {
            return State::Missing(format!("Debian's {} ({})", self.name, self.expect));
        }
        let name = self.name;
        let elsewhere = self.variable.map(|variable| format!(" or set {variable} to the path of its program"));
        State::Blocked(format!(
            "for the tests, {name}. On Debian or Ubuntu: apt-get install {name} (done for you as root on Debian){}.",
            elsewhere.unwrap_or_default()
        ))
    }

    /// Installs it by apt-get.
    pub(crate) fn install(&self, place: &Place) -> Result<()> {
        host::apt_install(place, &[self.name], self.expect)?;
        match self.state(place) {
            State::Ready => Ok(()),
            State::Missing(what) | State::Blocked(what) => {
                bail!("apt-get succeeded, but this is still missing: {what}")
            }
        }
    }

    /// The program's path: from its variable, from PATH, or from Debian's folders for servers.
    pub(crate) fn program(&self, place: &Place) -> Result<String> {
        let named = self.variable.and_then(|variable| env::var(variable).ok()).filter(|value| !value.is_empty());
        let search = "PATH=\"$PATH:/usr/sbin:/usr/local/sbin\" command -v \"$0\"";
        let found = || self.programs.iter().find_map(|name| place.output("sh", &["-c", search, name]));
        named.or_else(found).with_context(|| format!("{} is gone since set-up", self.name))
    }
}
