//! The parts of the Rust toolchain: the wasm32 target, rustfmt, clippy.
//!
//! `rust-toolchain.toml` lists them, but rustup installs them only if its automatic installation is on and the
//! toolchain was not installed before.

use crate::{place::Place, process, setup::State};
use anyhow::Result;
use std::path::Path;

/// The target that a browser runs.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Whether Rust's standard library for the browser is installed.
pub(crate) fn wasm_target(place: &Place) -> State {
    let folder = place.output("rustc", &["--print", "target-libdir", "--target", WASM]);
    if folder.is_some_and(|folder| Path::new(&folder).exists()) {
        return State::Ready;
    }
    unless_rustup_is_missing(place, &format!("Rust's target {WASM}"))
}

/// Adds the target to the toolchain in use.
pub(crate) fn add_wasm_target(place: &Place) -> Result<()> {
    let mut command = place.command("rustup")?;
    process::step("adding Rust's wasm target", "a few seconds", command.args(["target", "add", WASM]))
}

/// Whether the toolchain has the component `name`, which is `rustfmt` or `clippy`.
pub(crate) fn component(place: &Place, name: &str) -> State {
    let subcommand = if name == "rustfmt" { "fmt" } else { name };
    if place.output("cargo", &[subcommand, "--version"]).is_some() {
        return State::Ready;
    }
    unless_rustup_is_missing(place, &format!("Rust's component {name}"))
}

/// Adds the component to the toolchain in use.
pub(crate) fn add_component(place: &Place, name: &str) -> Result<()> {
    let mut command = place.command("rustup")?;
    process::step(&format!("adding {name}"), "a few seconds", command.args(["component", "add", name]))
}

fn unless_rustup_is_missing(place: &Place, what: &str) -> State {
    if place.output("rustup", &["--version"]).is_some() {
        return State::Missing(format!("{what} (a few seconds)"));
    }
    State::Blocked(format!(
        "{what}: there is no rustup on PATH to add it. Install Rust by rustup (https://rustup.rs), or add \
         this part of Rust in the way you installed Rust itself."
    ))
}
