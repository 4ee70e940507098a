//! `cargo xtask test` and `cargo xtask bench`.

use crate::{
    browser, build,
    package::{FIREFOX, NGINX},
    page,
    place::Place,
    process, python, rust,
    setup::{self, API, BUILD, END_TO_END, NATIVE, Need, WASM},
    stage::{self, Stage},
};
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    num::NonZero,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

/// The packages that have tests for wasm.
const WASM_PACKAGES: &[&str] = &["fedcoin-pow", "fedcoin-node", "node-wasm", "fedcoin-web"];

/// Node's arguments for tests.
const NODE_TESTS: [&str; 3] = ["--test", "--test-reporter=spec", "--test-timeout=600000"];

/// One test file at a time: each starts its own processes and tabs, and some measure times.
const ALONE: &str = "--test-concurrency=1";

/// Test files that mostly wait for time-outs, and measure no times: two at once.
const WAITING: &[&str] = &["blocked", "installed", "lost_answer", "restart", "storage", "worker.test"];
const PAIRED: &str = "--test-concurrency=2";

/// Words in the names of the test files that also run in Firefox.
const IN_FIREFOX: &[&str] = &["plain_http", "smoke"];

/// Runs all tests, or the stage that `arguments` name, with the rest of them for its runner.
pub(crate) fn run(place: &Place, arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else { return all(place) };
    match name.as_str() {
        "native" => one(place, arguments, &[NATIVE], || native(place, rest)),
        "wasm" => one(place, arguments, &[WASM], || wasm(place, rest)),
        "e2e" => one(place, arguments, &[BUILD, END_TO_END], || {
            page::build(place)?;
            build::relay(place)?;
            end_to_end(place, rest)
        }),
        "api" => one(place, arguments, &[BUILD, API], || {
            page::build(place)?;
            build::relay(place)?;
            api(place)
        }),
        other => bail!("there is no stage `{other}`: native, wasm, api or e2e"),
    }
}

/// Builds, measures the native node and the running system, and prints the figures.
pub(crate) fn bench(place: &Place, arguments: &[String]) -> Result<()> {
    setup::prepare(place, &[BUILD, END_TO_END])?;
    page::build(place)?;
    build::relay(place)?;
    build::bench(place)?;
    let native = build::bench_binary(place)?;
    process::step("measuring validation, all cores", "2 minutes", Command::new(&native).arg("validation"))?;
    // Without `taskset` this figure is left out.
    if Command::new("taskset").arg("--version").output().is_ok_and(|output| output.status.success()) {
        let mut pinned = Command::new("taskset");
        pinned.args(["--cpu-list", "0"]).arg(&native).arg("validation");
        process::step("measuring validation, one core", "3 minutes", &mut pinned)?;
    }
    process::step("measuring a known block", "1 minute", Command::new(&native).arg("known-block"))?;
    process::step("measuring a full mempool", "1 minute", Command::new(&native).arg("mempool"))?;
    let mut node = for_end_to_end(place)?;
    node.env("FEDCOIN_BENCH_BIN", native);
    process::step("measuring the running system", "20 minutes", node.arg("e2e/bench.mjs").args(arguments))
}

fn all(place: &Place) -> Result<()> {
    process::say("all tests: about 40 minutes the first time on 2 cores, 30 later");
    setup::prepare(place, &[BUILD, NATIVE, WASM, API, END_TO_END])?;
    let build = "cargo xtask build";
    stage::run(&[
        stage_of("page", build, || page::build(place)),
        stage_of("relay", build, || build::relay(place)),
        stage_of("native", "cargo xtask test native", || native(place, &[])),
        stage_of("wasm", "cargo xtask test wasm", || wasm(place, &[])),
        stage_of("api", "cargo xtask test api", || api(place)),
        stage_of("e2e", "cargo xtask test e2e", || end_to_end(place, &[])),
    ])
}

fn one(place: &Place, arguments: &[String], needs: &[&[Need]], work: impl Fn() -> Result<()>) -> Result<()> {
    setup::prepare(place, needs)?;
    let again = format!("cargo xtask test {}", arguments.join(" "));
    stage::run(&[stage_of(&arguments[0], &again, work)])
}

fn stage_of<'a>(name: &'a str, again: &str, work: impl Fn() -> Result<()> + 'a) -> Stage<'a> {
    Stage { name, again: again.to_owned(), work: Box::new(work) }
}

/// All tests that run without a browser. Many wait for time-outs of real nodes, so more run at once than there are cores.
fn native(place: &Place, arguments: &[String]) -> Result<()> {
    let mut cargo = place.command("cargo")?;
    if env::var_os("RUST_TEST_THREADS").is_none() {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        cargo.env("RUST_TEST_THREADS", (cores + 2).to_string());
    }
    cargo.args(["test", "--locked"]).args(arguments);
    process::step("native tests", "10 minutes the first time, 6 later", &mut cargo)
}

/// The same vectors in wasm, in headless Chromium. Every test runs in a dedicated worker.
fn wasm(place: &Place, arguments: &[String]) -> Result<()> {
    let mut cargo = place.command("cargo")?;
    cargo.args(["test", "--locked", "--target", rust::WASM]);
    for package in WASM_PACKAGES {
        cargo.args(["--package", package]);
    }
    browser::tell(place, &mut cargo)?;
    process::step("tests in wasm", "5 minutes the first time, 1 later", cargo.args(arguments))
}

/// Tests the client, executes the notebook of `examples/`, and tests the API against its own document.
fn api(place: &Place) -> Result<()> {
    let relay = build::binary(place)?;
    let mut client = python::command(place)?;
    client.current_dir(place.root.join("examples")).env("FEDCOIN_BIN", &relay);
    let tests = ["test_vectors", "test_node", "test_miner"].map(|name| format!("client.tests.{name}"));
    client.args(["-m", "unittest"]).args(tests);
    process::step("tests of the client and the miner in Python", "10 seconds", &mut client)?;
    let mut python = python::command(place)?;
    python.arg("e2e/api/run.py").env("FEDCOIN_BIN", relay);
    process::step("tests of the API", "1 minute", &mut python)
}

/// Tests with real processes and real tabs. `words` select the test files whose names contain one of them.
fn end_to_end(place: &Place, words: &[String]) -> Result<()> {
    let files = test_files(place, words)?;
    let (waiting, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| has_word(file, WAITING));
    for (files, concurrency, expect) in [(others, ALONE, "10 minutes"), (waiting, PAIRED, "4 minutes")] {
        if !files.is_empty() {
            let mut node = for_end_to_end(place)?;
            node.args(NODE_TESTS).arg(concurrency).args(files);
            process::step("tests end to end", expect, &mut node)?;
        }
    }
    let in_firefox: Vec<&PathBuf> = files.iter().filter(|file| has_word(file, IN_FIREFOX)).collect();
    if in_firefox.is_empty() {
        return Ok(());
    }
    let mut node = for_end_to_end(place)?;
    node.env("BROWSER", "firefox").env("FIREFOX", FIREFOX.program(place)?);
    process::step("tests end to end in Firefox", "1 minute", node.args(NODE_TESTS).arg(ALONE).args(in_firefox))
}

/// Whether a file's name contains one of these words.
fn has_word(file: &Path, words: &[impl AsRef<str>]) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    words.iter().any(|word| name.contains(word.as_ref()))
}

fn test_files(place: &Place, words: &[String]) -> Result<Vec<PathBuf>> {
    let folder = place.root.join("e2e/tests");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
        if has_word(&path, &[".test.mjs"]) && (words.is_empty() || has_word(&path, words)) {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("no file in {} is called *.test.mjs{}", folder.display(), naming(words));
    }
    Ok(files)
}

fn naming(words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!(" with one of these words in its name: {}", words.join(", ")) }
}

/// The command for Node, which gets the paths of the relay, the browser and the folder for screenshots.
fn for_end_to_end(place: &Place) -> Result<Command> {
    let artifacts = env::var_os("ARTIFACTS").map_or_else(|| place.root.join("artifacts"), PathBuf::from);
    let artifacts = std::path::absolute(artifacts).context("ARTIFACTS has no absolute path")?;
    fs::create_dir_all(&artifacts).with_context(|| format!("cannot make {}", artifacts.display()))?;
    let mut node = place.command("node")?;
    node.env("FEDCOIN_BIN", build::binary(place)?).env("ARTIFACTS", artifacts);
    node.env("NGINX", NGINX.program(place)?);
    browser::tell(place, &mut node)?;
    Ok(node)
}
