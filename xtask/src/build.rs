//! Builds the page, and the relay that contains it.

use crate::{
    page,
    place::Place,
    process,
    setup::{self, BUILD},
};
use anyhow::Result;
use std::path::PathBuf;

/// Sets up, then builds the page and the relay.
pub(crate) fn everything(place: &Place) -> Result<()> {
    setup::prepare(place, &[BUILD])?;
    page::build(place)?;
    relay(place)
}

/// Builds the relay with the page from `dist/` inside. Build the page first.
pub(crate) fn relay(place: &Place) -> Result<()> {
    let mut cargo = place.command("cargo")?;
    cargo.args(["build", "--release", "--locked", "--package", "fedcoin-relay", "--features", "embed"]);
    process::step("building the relay", "1 to 2 minutes the first time, seconds later", &mut cargo)
}

/// Path of the built relay.
pub(crate) fn binary(place: &Place) -> Result<PathBuf> {
    Ok(place.target()?.join("release/fedcoin"))
}

/// Builds the program that measures the native node.
pub(crate) fn bench(place: &Place) -> Result<()> {
    let mut cargo = place.command("cargo")?;
    cargo.args(["build", "--release", "--locked", "--package", "fedcoin-bench"]);
    process::step("building the benchmarks", "1 to 2 minutes the first time, seconds later", &mut cargo)
}

/// Path of that program.
pub(crate) fn bench_binary(place: &Place) -> Result<PathBuf> {
    Ok(place.target()?.join("release/fedcoin-bench"))
}
