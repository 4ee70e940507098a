//! Builds the page into `dist/`: cargo compiles the wasm, Trunk bundles it.
//!
//! Trunk runs wasm-bindgen and wasm-opt every time, which takes longer than the rest of a build without changes. So
//! Trunk is skipped if its inputs and its output are unchanged, byte for byte.

use crate::{
    place::Place,
    process::{self, say},
    rust, tool,
};
use anyhow::{Context, Result};
use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

/// The programs of `fedcoin-web`: one for page and node worker, one for the miner.
const PROGRAMS: &[&str] = &["web", "kernel-worker"];
/// Their cargo profile, which `web/index.html` names to Trunk.
const PROFILE: &str = "page";

/// Builds the page and its workers into `dist/`.
pub(crate) fn build(place: &Place) -> Result<()> {
    let mut cargo = place.command("cargo")?;
    cargo.args(["build", "--profile", PROFILE, "--locked", "--target", rust::WASM, "--package", "fedcoin-web"]);
    for program in PROGRAMS {
        cargo.args(["--bin", program]);
    }
    process::step("compiling the page", "2 to 4 minutes the first time, seconds later", &mut cargo)?;

    let _alone = place.lock_page()?;
    let stamp = place.target()?.join("page/stamp");
    if fs::read_to_string(&stamp).is_ok_and(|last| current(place).is_ok_and(|now| last == now)) {
        say("dist/ is up to date");
        return Ok(());
    }
    bundle(place)?;
    fs::write(&stamp, current(place)?).with_context(|| format!("cannot write {}", stamp.display()))
}

fn bundle(place: &Place) -> Result<()> {
    let mut trunk = place.command("trunk")?;
    // A failing build has its own message; a trace through Trunk would bury it.
    trunk.args(["build", "--release"]).env("RUST_BACKTRACE", "0");
    // Trunk accepts only `true` and `false` here, but by convention the variable may have any value.
    if env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    process::step("bundling the page into dist/", "about half a minute", &mut trunk)
}

/// A digest of Trunk's inputs (the wasm, `web/`, its settings, its tools) and of its output.
fn current(place: &Place) -> Result<String> {
    let compiled = place.target()?.join(rust::WASM).join(PROFILE);
    let mut files: Vec<PathBuf> = PROGRAMS.iter().map(|program| compiled.join(format!("{program}.wasm"))).collect();
    files.push(place.root.join("Trunk.toml"));
    files.extend(all_files(&place.root.join("web"))?);
    files.extend(all_files(&place.root.join("dist"))?);

    let mut hasher = DefaultHasher::new();
    for file in &files {
        file.hash(&mut hasher);
        fs::read(file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
    }
    tool::folders(place)?.hash(&mut hasher);
    let settings = env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TRUNK_"));
    settings.collect::<Vec<_>>().hash(&mut hasher);
    Ok(format!("{:016x}\n", hasher.finish()))
}

/// All files below `folder`, in a fixed order.
fn all_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let cannot_list = || format!("cannot list {}", folder.display());
        for entry in fs::read_dir(&folder).with_context(cannot_list)? {
            let path = entry.with_context(cannot_list)?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_deep_folders_come_in_order() {
        let folder = env::temp_dir().join(format!("xtask-page-{}", std::process::id()));
        fs::create_dir_all(folder.join("b/deep")).unwrap();
        let wanted = [folder.join("a"), folder.join("b/deep/c"), folder.join("z")];
        for file in &wanted {
            fs::write(file, "").unwrap();
        }
        assert_eq!(all_files(&folder).unwrap(), wanted);
        assert!(all_files(&folder.join("absent")).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
