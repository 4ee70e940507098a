use std::path::{Path, PathBuf};

pub use fedcoin_testkit::keys::*;

/// Writes a file and returns its path.
pub fn file(dir: &Path, name: &str, content: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, content).unwrap();
    path
}
