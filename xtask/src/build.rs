//! Building the page (`dist/`) and the relay (`target/release/fedcoin`).

use crate::{
    place::Place,
    process,
    setup::{self, BUILD},
};
use anyhow::{Context, Result};
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// How long building the page may take.
pub(crate) const PAGE_EXPECT: &str = "3 to 5 minutes the first time, seconds later";
/// How long building the relay may take.
pub(crate) const RELAY_EXPECT: &str = "1 to 2 minutes the first time, seconds later";

/// Sets up, then builds the page and the relay that holds it.
pub(crate) fn everything(place: &Place) -> Result<()> {
    setup::prepare(place, &[BUILD])?;
    page(place)?;
    relay(place)
}

/// Builds the page and its workers into `dist/`.
pub(crate) fn page(place: &Place) -> Result<()> {
    let dist = place.root.join("dist");
    let before = snapshot(&dist)?;
    let mut trunk = place.command("trunk")?;
    trunk.args(["build", "--release"]);
    // Trunk takes only `true` and `false` for this, but the custom is any value.
    if env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    process::step("building the page", PAGE_EXPECT, &mut trunk)?;
    keep_times(&dist, &before)
}

/// Builds the relay with the page inside. The page must be built before.
pub(crate) fn relay(place: &Place) -> Result<()> {
    let mut cargo = place.command("cargo")?;
    cargo.args(["build", "--release", "--locked", "--package", "fedcoin-relay", "--features", "embed"]);
    process::step("building the relay", RELAY_EXPECT, &mut cargo)
}

/// Where the built relay is.
pub(crate) fn binary(place: &Place) -> Result<PathBuf> {
    Ok(place.target()?.join("release/fedcoin"))
}

/// The content and the time of change of each file.
type Snapshot = BTreeMap<PathBuf, (Vec<u8>, SystemTime)>;

fn snapshot(folder: &Path) -> Result<Snapshot> {
    let mut files = Snapshot::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let cannot_read = || format!("cannot read {}", path.display());
            let content = fs::read(&path).with_context(cannot_read)?;
            let changed = path.metadata().and_then(|metadata| metadata.modified()).with_context(cannot_read)?;
            files.insert(path, (content, changed));
        }
    }
    Ok(files)
}

/// Gives files that came out the same their old time of change back.
///
/// Trunk writes every file anew. Cargo goes by the times, and would compile
/// the page into the relay again each time.
fn keep_times(folder: &Path, before: &Snapshot) -> Result<()> {
    for (path, (content, _)) in snapshot(folder)? {
        if let Some((_, changed)) = before.get(&path).filter(|(old, _)| *old == content) {
            let file = fs::File::options().write(true).open(&path);
            let set = file.and_then(|file| file.set_modified(*changed));
            set.with_context(|| format!("cannot set the time of {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn only_unchanged_files_keep_their_time() {
        let folder = env::temp_dir().join(format!("xtask-build-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        let (same, other) = (folder.join("deep/same"), folder.join("other"));
        let old = SystemTime::now() - Duration::from_secs(1000);
        for path in [&same, &other] {
            fs::write(path, "1").unwrap();
            fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
        }
        let before = snapshot(&folder).unwrap();
        fs::write(&same, "1").unwrap();
        fs::write(&other, "2").unwrap();
        keep_times(&folder, &before).unwrap();
        assert_eq!(same.metadata().unwrap().modified().unwrap(), old);
        assert_ne!(other.metadata().unwrap().modified().unwrap(), old);
        fs::remove_dir_all(&folder).unwrap();
    }
}
