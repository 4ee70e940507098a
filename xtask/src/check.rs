//! `cargo xtask check` and `cargo xtask audit`: all checks that do not run the program.

use crate::{
    place::Place,
    process, rust,
    setup::{self, CHECK, Need},
    stage::{self, Stage},
};
use anyhow::{Context, Result, bail};

/// The packages that exist for the browser only.
const WASM_ONLY: &[&str] = &["node-wasm", "fedcoin-web"];

/// The packages that also run in a browser.
const SHARED: &[&str] = &[
    "fedcoin-chain",
    "fedcoin-consensus",
    "fedcoin-mempool",
    "fedcoin-node",
    "fedcoin-pow",
    "fedcoin-primitives",
    "fedcoin-wallet",
    "fedcoin-wire",
];

/// Checks formatting, lints for both targets, documentation, licences and sources of dependencies, or only the parts in
/// `names`.
pub(crate) fn run(place: &Place, names: &[String]) -> Result<()> {
    let mut parts = vec![
        part("format", || format(place)),
        part("lint", || lint(place)),
        part("lint-wasm", || lint_wasm(place)),
        part("docs", || docs(place)),
        part("licences", || licences(place)),
    ];
    if let Some(unknown) = names.iter().find(|name| !parts.iter().any(|part| part.name == **name)) {
        bail!("there is no check `{unknown}`: format, lint, lint-wasm, docs or licences");
    }
    parts.retain(|part| names.is_empty() || names.iter().any(|name| name == part.name));
    process::say("checks: 5 to 8 minutes the first time, 1 later");
    setup::prepare(place, &[CHECK])?;
    stage::run(&parts)
}

/// Looks for known vulnerabilities. Downloads their database, so it fails offline.
pub(crate) fn audit(place: &Place) -> Result<()> {
    setup::prepare(place, &[&[Need::Compiler, Need::CargoDeny]])?;
    let mut deny = place.command("cargo-deny")?;
    let command = deny.args(["--locked", "check", "advisories"]);
    process::step("looking for known vulnerabilities", "fetches the advisory database, 1 minute", command)
        .context("if the database could not be fetched, the dependencies were not checked")
}

fn part<'a>(name: &'a str, work: impl Fn() -> Result<()> + 'a) -> Stage<'a> {
    Stage { name, again: format!("cargo xtask check {name}"), work: Box::new(work) }
}

fn format(place: &Place) -> Result<()> {
    let mut cargo = place.command("cargo")?;
    let command = cargo.args(["fmt", "--all", "--check"]);
    process::step("formatting", "seconds", command).context("`cargo fmt --all` mends it")
}

fn lint(place: &Place) -> Result<()> {
    let mut cargo = place.command("cargo")?;
    cargo.args(["clippy", "--locked", "--workspace", "--all-targets"]);
    for package in WASM_ONLY {
        cargo.args(["--exclude", package]);
    }
    process::step("lints", "1 to 2 minutes the first time", cargo.args(["--", "-D", "warnings"]))
}

fn lint_wasm(place: &Place) -> Result<()> {
    let mut cargo = place.command("cargo")?;
    cargo.args(["clippy", "--locked", "--all-targets", "--target", rust::WASM]);
    for package in SHARED.iter().chain(WASM_ONLY) {
        cargo.args(["--package", package]);
    }
    process::step("lints for the browser", "1 to 2 minutes the first time", cargo.args(["--", "-D", "warnings"]))
}

fn docs(place: &Place) -> Result<()> {
    let mut native = place.command("cargo")?;
    native.env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--locked", "--no-deps"]);
    process::step("documentation", "1 minute the first time", &mut native)?;
    let mut wasm = place.command("cargo")?;
    wasm.env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--locked", "--no-deps", "--target", rust::WASM]);
    for package in WASM_ONLY {
        wasm.args(["--package", package]);
    }
    process::step("documentation of the browser's part", "1 minute the first time", &mut wasm)
}

/// `--locked` needs `--offline`: otherwise cargo-deny updates a stale lock file from whatever it finds.
fn licences(place: &Place) -> Result<()> {
    let mut fetch = place.command("cargo")?;
    process::step("fetching missing packages", "seconds", fetch.args(["fetch", "--locked"]))?;
    let mut deny = place.command("cargo-deny")?;
    let command = deny.args(["--locked", "--offline", "check", "bans", "licenses", "sources"]);
    process::step("licences and sources", "seconds", command)
}
