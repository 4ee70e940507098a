//! The build tools: their versions, whether they are installed, and how to install them.
//!
//! Each version has its own folder, `NAME-VERSION`. It is filled under another name and renamed when complete. So an
//! existing folder is complete, and checkouts that want different versions do not disturb each other.

use crate::{
    place::Place,
    process::{self, say},
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Trunk bundles the page. 0.22 needs a newer Rust than `rust-toolchain.toml` names.
const TRUNK: &str = "0.21.14";
/// cargo-deny checks licences and sources.
const CARGO_DENY: &str = "0.20.2";
/// cargo-fuzz builds and starts the fuzz targets.
const CARGO_FUZZ: &str = "0.13.2";
/// binaryen contains wasm-opt. This package has it as JavaScript and wasm, for every system.
const BINARYEN: &str = "132.0.0";

/// How to install a tool.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// `cargo install`.
    Cargo,
    /// `npm install`.
    Npm,
}

/// One build tool at one version.
pub(crate) struct Tool {
    package: &'static str,
    version: String,
    source: Source,
    /// Its programs, each of which must answer `--version` with the word `answer`.
    programs: &'static [&'static str],
    answer: String,
    /// Expected time for installing it, as text.
    pub(crate) expect: &'static str,
}

/// Trunk, which bundles the page.
pub(crate) fn trunk() -> Tool {
    Tool::from_cargo("trunk", TRUNK, &["trunk"], "about 3 minutes")
}

/// The wasm-bindgen programs, which must have exactly the library's version in `Cargo.lock`.
pub(crate) fn wasm_bindgen(place: &Place) -> Result<Tool> {
    let version = place.locked("wasm-bindgen")?;
    let programs = &["wasm-bindgen", "wasm-bindgen-test-runner"];
    Ok(Tool::from_cargo("wasm-bindgen-cli", &version, programs, "about 1 minute"))
}

/// cargo-deny, which checks licences and sources.
pub(crate) fn cargo_deny() -> Tool {
    Tool::from_cargo("cargo-deny", CARGO_DENY, &["cargo-deny"], "about 90 seconds")
}

/// cargo-fuzz, which builds and starts the fuzz targets.
pub(crate) fn cargo_fuzz() -> Tool {
    Tool::from_cargo("cargo-fuzz", CARGO_FUZZ, &["cargo-fuzz"], "about 1 minute")
}

/// wasm-opt, which makes the page's wasm smaller.
pub(crate) fn wasm_opt() -> Tool {
    let major = BINARYEN.split('.').next().unwrap_or(BINARYEN);
    Tool {
        package: "binaryen",
        version: BINARYEN.to_owned(),
        source: Source::Npm,
        programs: &["wasm-opt"],
        answer: major.to_owned(),
        expect: "a few seconds",
    }
}

/// The folders to prepend to PATH.
pub(crate) fn folders(place: &Place) -> Result<Vec<PathBuf>> {
    let tools = [trunk(), wasm_bindgen(place)?, wasm_opt(), cargo_deny(), cargo_fuzz()];
    Ok(tools.iter().map(|tool| tool.programs_in(&tool.home(place))).collect())
}

impl Tool {
    fn from_cargo(
        package: &'static str,
        version: &str,
        programs: &'static [&'static str],
        expect: &'static str,
    ) -> Self {
        let (version, answer) = (version.to_owned(), version.to_owned());
        Self { package, version, source: Source::Cargo, programs, answer, expect }
    }

    /// `trunk 0.21.14`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.package, self.version)
    }

    /// Whether all its programs are found, in our folder or elsewhere on PATH, start, and have the right version.
    pub(crate) fn is_installed(&self, place: &Place) -> bool {
        self.programs.iter().all(|program| {
            let answer = place.output(program, &["--version"]).unwrap_or_default();
            answer.split_whitespace().any(|word| word == self.answer)
        })
    }

    /// Installs it. Removes an interrupted earlier attempt, but uses what that has compiled.
    pub(crate) fn install(&self, place: &Place) -> Result<()> {
        let home = self.home(place);
        let part = home.with_file_name(format!("{}-{}.part", self.package, self.version));
        remove(&part)?;
        let what = format!("installing {} into {}", self.name(), place.tools.display());
        let remedy = || format!("{} could not be installed (it needs the network, this once)", self.name());
        let mut command = match self.source {
            Source::Cargo => self.cargo_install(place, &part)?,
            Source::Npm => self.npm_install(place, &part)?,
        };
        process::step(&what, self.expect, &mut command).with_context(remedy)?;
        remove(&home)?;
        fs::rename(&part, &home).with_context(|| format!("cannot rename {}", part.display()))?;
        if !self.is_installed(place) {
            bail!("{} was installed into {} but does not start", self.name(), home.display());
        }
        Ok(())
    }

    /// A build tool's own speed hardly matters, and compiling it without optimisation takes a third of the time.
    fn cargo_install(&self, place: &Place, root: &Path) -> Result<std::process::Command> {
        let mut command = place.command("cargo")?;
        command
            .args(["install", "--locked", "--no-default-features", "--version", &self.version, self.package])
            .arg("--root")
            .arg(root)
            .env("CARGO_TARGET_DIR", compiled(place))
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
        Ok(command)
    }

    fn npm_install(&self, place: &Place, prefix: &Path) -> Result<std::process::Command> {
        fs::create_dir_all(prefix).with_context(|| format!("cannot make {}", prefix.display()))?;
        let mut command = place.command("npm")?;
        command
            .args(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
            .arg(prefix)
            .arg(format!("{}@{}", self.package, self.version));
        Ok(command)
    }

    fn home(&self, place: &Place) -> PathBuf {
        place.tools.join(format!("{}-{}", self.package, self.version))
    }

    fn programs_in(&self, home: &Path) -> PathBuf {
        match self.source {
            Source::Cargo => home.join("bin"),
            Source::Npm => home.join("node_modules/.bin"),
        }
    }
}

/// Deletes the intermediate files of `cargo install`: several hundred megabytes that are not needed again.
pub(crate) fn sweep(place: &Place) {
    if let Err(error) = remove(&compiled(place)) {
        say(&format!("{error:#}: you may delete it yourself"));
    }
}

fn compiled(place: &Place) -> PathBuf {
    place.tools.join("build")
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
