//! The folders in use: the checkout, the tools folder, cargo's target folder.

use crate::{process, tool};
use anyhow::{Context, Result, bail};
use std::{
    env,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    process::Command,
};

/// The folders that xtask works in.
pub(crate) struct Place {
    /// The checkout: the folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// The tools folder. It is per user, not below the checkout, so a fresh clone finds the tools again.
    pub(crate) tools: PathBuf,
}

impl Place {
    /// Finds the checkout that this program was built from, and the tools folder.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask is not in a workspace")?;
        Ok(Self { root: root.to_owned(), tools: tools_folder()? })
    }

    /// A command that runs in the checkout and finds the installed tools first.
    pub(crate) fn command(&self, program: &str) -> Result<Command> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = tool::folders(self)?.into_iter().chain(env::split_paths(&inherited));
        let path = env::join_paths(folders).context("a folder of PATH, or the tools folder, holds a `:`")?;
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", path);
        Ok(command)
    }

    /// What `program` prints on stdout for `arguments`, or `None` if it is missing or fails.
    pub(crate) fn output(&self, program: &str, arguments: &[&str]) -> Option<String> {
        process::output(self.command(program).ok()?.args(arguments))
    }

    /// The version of `package` in `Cargo.lock`.
    pub(crate) fn locked(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let version = locked_version(&lock, package);
        version.map(str::to_owned).with_context(|| format!("{package} is not in {}", path.display()))
    }

    /// Cargo's target folder, wherever the user's settings put it.
    pub(crate) fn target(&self) -> Result<PathBuf> {
        let metadata = self.output("cargo", &["metadata", "--no-deps", "--format-version", "1"]);
        let metadata = metadata.context("`cargo metadata` failed")?;
        let folder = metadata.split("\"target_directory\":\"").nth(1).and_then(|rest| rest.split('"').next());
        folder.map(PathBuf::from).context("`cargo metadata` has no target folder")
    }

    /// Locks set-up against other xtasks for as long as the result lives.
    pub(crate) fn lock_tools(&self) -> Result<File> {
        let remedy = || format!("cannot write to {}: set FEDCOIN_TOOLS to a folder you own", self.tools.display());
        lock(&self.tools, "setting up").with_context(remedy)
    }

    /// Locks this checkout's `dist/` against other xtasks for as long as the result lives.
    pub(crate) fn lock_page(&self) -> Result<File> {
        let target = self.target()?;
        lock(&target.join("page"), "building the page").with_context(|| format!("cannot write to {}", target.display()))
    }
}

/// Locks the file in `folder`, and prints a line if it must wait for another xtask.
///
/// The system releases the lock when its holder ends, for any reason.
fn lock(folder: &Path, work: &str) -> Result<File> {
    fs::create_dir_all(folder)?;
    let file = File::create(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            process::say(&format!("another `cargo xtask` is {work}; waiting for it"));
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => bail!("cannot lock it: {error}"),
    }
    Ok(file)
}

fn tools_folder() -> Result<PathBuf> {
    let named = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = named("FEDCOIN_TOOLS")
        .or_else(|| Some(named("XDG_CACHE_HOME")?.join("fedcoin-tools")))
        .or_else(|| Some(env::home_dir()?.join(".cache/fedcoin-tools")))
        .context("no home folder for the tools: set FEDCOIN_TOOLS to a folder")?;
    std::path::absolute(folder).context("the tools folder has no absolute path")
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let entry = format!("name = \"{package}\"\nversion = \"");
    lock.split(&entry).nth(1)?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_has_the_version_of_the_exact_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\nsource = \"s\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
