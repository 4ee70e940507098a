//! What each command needs, and how it is installed.

use crate::{
    browser, host, node_js,
    package::{FIREFOX, NATS_SERVER, NGINX},
    place::Place,
    process::say,
    python, rust,
    tool::{self, Tool},
};
use anyhow::{Result, bail};

/// A requirement of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Need {
    /// Free disk space.
    Disk,
    /// A C compiler, which is also the linker.
    Compiler,
    /// Node, new enough.
    Node,
    /// Rust's standard library for wasm32.
    WasmTarget,
    /// `cargo fmt`.
    Rustfmt,
    /// `cargo clippy`.
    Clippy,
    WasmOpt,
    /// The wasm-bindgen programs.
    WasmBindgen,
    Trunk,
    CargoDeny,
    CargoFuzz,
    /// Chromium and chromedriver.
    Browser,
    Nginx,
    Firefox,
    /// The packages of `e2e/package-lock.json`.
    NodePackages,
    NatsServer,
    /// Python, and the packages of `e2e/api/requirements.txt`.
    PythonPackages,
}

/// The state of a [`Need`].
pub(crate) enum State {
    /// Installed.
    Ready,
    /// Not installed, but xtask can install it: what, and how long it takes.
    Missing(String),
    /// Not installed, and xtask cannot install it: what the user can do.
    Blocked(String),
}

/// Needs for building the page and the relay.
pub(crate) const BUILD: &[Need] =
    &[Need::Disk, Need::Compiler, Need::Node, Need::WasmTarget, Need::WasmOpt, Need::WasmBindgen, Need::Trunk];
/// Needs for the native tests.
pub(crate) const NATIVE: &[Need] = &[Need::Disk, Need::Compiler, Need::NatsServer];
/// Needs for the tests in wasm.
pub(crate) const WASM: &[Need] = &[Need::Disk, Need::Compiler, Need::WasmTarget, Need::WasmBindgen, Need::Browser];
/// Needs for the end-to-end tests.
pub(crate) const END_TO_END: &[Need] =
    &[Need::Disk, Need::Node, Need::Browser, Need::Nginx, Need::Firefox, Need::NodePackages];
/// Needs for the tests of the API.
pub(crate) const API: &[Need] = &[Need::Disk, Need::PythonPackages];
pub(crate) const FUZZ: &[Need] = &[Need::Disk, Need::Compiler, Need::CargoFuzz];
/// Needs for the checks.
pub(crate) const CHECK: &[Need] =
    &[Need::Disk, Need::Compiler, Need::Rustfmt, Need::Clippy, Need::WasmTarget, Need::CargoDeny];

/// Installs the needs of all commands.
pub(crate) fn everything(place: &Place) -> Result<()> {
    prepare(place, &[BUILD, NATIVE, WASM, API, END_TO_END, CHECK])?;
    say(&format!("everything is installed; the tools are in {}", place.tools.display()));
    Ok(())
}

/// Installs those of `needs` that are missing.
///
/// It checks everything first, so that the user learns at once what to do, not after minutes of installing.
pub(crate) fn prepare(place: &Place, needs: &[&[Need]]) -> Result<()> {
    let _alone = place.lock_tools()?;
    let mut missing = Vec::new();
    let mut blocked = Vec::new();
    for need in distinct(needs) {
        match need.state(place)? {
            State::Ready => {}
            State::Missing(what) => missing.push((need, what)),
            // Two needs may miss the same program.
            State::Blocked(remedy) if blocked.contains(&remedy) => {}
            State::Blocked(remedy) => blocked.push(remedy),
        }
    }
    if !blocked.is_empty() {
        bail!("something is missing that only you can add:\n\n  - {}\n\nThen run this again.", blocked.join("\n  - "));
    }
    if missing.is_empty() {
        return Ok(());
    }
    let list: Vec<&str> = missing.iter().map(|(_, what)| what.as_str()).collect();
    say(&format!("to install, once: {}", list.join("; ")));
    for (need, _) in &missing {
        need.install(place)?;
    }
    tool::sweep(place);
    Ok(())
}

impl Need {
    fn state(self, place: &Place) -> Result<State> {
        Ok(match self {
            Self::Disk => host::disk(place)?,
            Self::Compiler => host::compiler(place),
            Self::Node => node_js::state(place),
            Self::WasmTarget => rust::wasm_target(place),
            Self::Rustfmt => rust::component(place, "rustfmt"),
            Self::Clippy => rust::component(place, "clippy"),
            Self::WasmOpt => npm_tool(place, &tool::wasm_opt()),
            Self::WasmBindgen => cargo_tool(place, &tool::wasm_bindgen(place)?),
            Self::Trunk => cargo_tool(place, &tool::trunk()),
            Self::CargoDeny => cargo_tool(place, &tool::cargo_deny()),
            Self::CargoFuzz => cargo_tool(place, &tool::cargo_fuzz()),
            Self::Browser => browser::state(place),
            Self::Nginx => NGINX.state(place),
            Self::Firefox => FIREFOX.state(place),
            Self::NodePackages => node_js::packages(place),
            Self::NatsServer => NATS_SERVER.state(place),
            Self::PythonPackages => python::state(place)?,
        })
    }

    fn install(self, place: &Place) -> Result<()> {
        match self {
            Self::Disk | Self::Compiler | Self::Node => bail!("{self:?} cannot be installed from here"),
            Self::WasmTarget => rust::add_wasm_target(place),
            Self::Rustfmt => rust::add_component(place, "rustfmt"),
            Self::Clippy => rust::add_component(place, "clippy"),
            Self::WasmOpt => tool::wasm_opt().install(place),
            Self::WasmBindgen => tool::wasm_bindgen(place)?.install(place),
            Self::Trunk => tool::trunk().install(place),
            Self::CargoDeny => tool::cargo_deny().install(place),
            Self::CargoFuzz => tool::cargo_fuzz().install(place),
            Self::Browser => browser::install(place),
            Self::Nginx => NGINX.install(place),
            Self::Firefox => FIREFOX.install(place),
            Self::NodePackages => node_js::install_packages(place),
            Self::NatsServer => NATS_SERVER.install(place),
            Self::PythonPackages => python::install(place),
        }
    }
}

fn cargo_tool(place: &Place, tool: &Tool) -> State {
    if tool.is_installed(place) { State::Ready } else { State::Missing(format!("{} ({})", tool.name(), tool.expect)) }
}

fn npm_tool(place: &Place, tool: &Tool) -> State {
    match cargo_tool(place, tool) {
        State::Missing(what) => node_js::unless_npm_is_missing(place, what),
        state => state,
    }
}

fn distinct(needs: &[&[Need]]) -> Vec<Need> {
    let mut all = Vec::new();
    for need in needs.concat() {
        if !all.contains(&need) {
            all.push(need);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_checked_once() {
        let all = distinct(&[WASM, CHECK, WASM]);
        for need in &all {
            assert_eq!(all.iter().filter(|other| *other == need).count(), 1, "{need:?}");
        }
        assert_eq!(all.first(), Some(&Need::Disk));
    }
}
