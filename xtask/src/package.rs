//! A NATS server, for the tests of clusters.

use crate::{host, place::Place, setup::State};
use anyhow::{Result, bail};

/// Looks on PATH, and in Debian's folder for servers.
const VERSION: &str = "PATH=\"$PATH:/usr/sbin:/usr/local/sbin\" nats-server --version";

/// Whether it is installed.
pub(crate) fn state(place: &Place) -> State {
    if place.output("sh", &["-c", VERSION]).is_some() {
        return State::Ready;
    }
    if host::is_debian_root(place) {
        return State::Missing("Debian's nats-server (half a minute)".to_owned());
    }
    State::Blocked(
        "for the tests, nats-server. On Debian or Ubuntu: apt-get install nats-server (done for you as root on \
         Debian); elsewhere see https://nats.io."
            .to_owned(),
    )
}

/// Installs it by apt-get.
pub(crate) fn install(place: &Place) -> Result<()> {
    host::apt_install(place, &["nats-server"], "half a minute")?;
    match state(place) {
        State::Ready => Ok(()),
        State::Missing(what) | State::Blocked(what) => bail!("apt-get succeeded, but this is still missing: {what}"),
    }
}
