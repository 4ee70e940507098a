//! The data directory of a node, used by one process at a time.

use crate::access::Cookie;
use crate::node_address::NodeAddress;
use crate::small_file;
use fedcoin_node::consensus::ChainParams;
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// File with the address of the node that uses the directory.
const ADDRESS_FILE: &str = "address";
/// File with the operator's cookie.
const COOKIE_FILE: &str = "cookie";

/// A data directory cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum DataDirError {
    /// The user's data directory is unknown.
    #[error("no folder for the chain (HOME is not set); name one with --data-dir DIR")]
    NoHome,
    /// The directory cannot be created or written to.
    #[error("data directory {path}: {error}; name another with --data-dir DIR")]
    Io { path: PathBuf, error: String },
    /// Another process has locked it.
    #[error("data directory {path} is in use by another node; stop that one, or name another with --data-dir DIR")]
    InUse { path: PathBuf },
}

/// A locked data directory. The lock ends with the value or the process.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Creates the directory if necessary, and locks it.
    ///
    /// # Errors
    /// [`DataDirError`], one variant per reason.
    pub fn open(path: &Path) -> Result<Self, DataDirError> {
        let io_error = |e: std::io::Error| DataDirError::Io { path: path.to_owned(), error: e.to_string() };
        fs::create_dir_all(path).map_err(io_error)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path.join("lock"))
            .map_err(io_error)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(DataDirError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(e)) => Err(io_error(e)),
        }
    }

    /// Writes down the address of this node.
    ///
    /// # Errors
    /// [`DataDirError::Io`].
    pub fn write_address(&self, node: &NodeAddress) -> Result<(), DataDirError> {
        let failed = |e: std::io::Error| DataDirError::Io { path: self.path.clone(), error: e.to_string() };
        fs::write(self.path.join(ADDRESS_FILE), format!("{node}\n")).map_err(failed)
    }

    /// The address written down by the node of a directory; an earlier node may have left it.
    #[must_use]
    pub fn address(path: &Path) -> Option<NodeAddress> {
        small_file::read_text(&path.join(ADDRESS_FILE)).ok()?.trim().parse().ok()
    }

    /// Writes the cookie of this run to a file that only its owner can read.
    ///
    /// # Errors
    /// [`DataDirError::Io`].
    pub fn write_cookie(&self, cookie: &Cookie) -> Result<(), DataDirError> {
        let failed = |e: std::io::Error| DataDirError::Io { path: self.path.clone(), error: e.to_string() };
        let path = self.path.join(COOKIE_FILE);
        // A program that has the old file open must not read the new cookie.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        file.write_all(format!("{}\n", cookie.text()).as_bytes()).map_err(failed)
    }

    /// The cookie of a directory's node, if it can be read.
    #[must_use]
    pub fn cookie(path: &Path) -> Option<Cookie> {
        small_file::read_text(&path.join(COOKIE_FILE)).ok().map(|text| Cookie::from_text(&text))
    }

    /// The directory's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file with the stored chain.
    #[must_use]
    pub fn chain_file(&self) -> PathBuf {
        Self::chain_file_in(&self.path)
    }

    /// The chain file of the directory at `path`.
    #[must_use]
    pub fn chain_file_in(path: &Path) -> PathBuf {
        path.join("chain.redb")
    }
}

/// The default directory for a network and port, so that several nodes of one user do not collide.
///
/// # Errors
/// [`DataDirError::NoHome`].
pub fn default_path(params: &ChainParams, port: u16) -> Result<PathBuf, DataDirError> {
    let home = user_data_folder(|name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from));
    Ok(home.ok_or(DataDirError::NoHome)?.join("fedcoin").join(folder_name(params, port)))
}

/// A network from a file may have the same name as another one; its id distinguishes them.
fn folder_name(params: &ChainParams, port: u16) -> String {
    if ChainParams::built_in(&params.name).as_ref() == Ok(params) {
        return format!("{}-{port}", params.name);
    }
    let id = params.network_id().to_string();
    format!("{}-{}-{port}", params.name, &id[..8])
}

fn user_data_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    if cfg!(windows) {
        return variable("APPDATA");
    }
    if cfg!(target_os = "macos") {
        return variable("HOME").map(|home| home.join("Library/Application Support"));
    }
    variable("XDG_DATA_HOME").filter(|p| p.is_absolute()).or_else(|| variable("HOME").map(|h| h.join(".local/share")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_uses_a_folder_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b");
        let first = DataDir::open(&path).unwrap();
        assert_eq!(DataDir::open(&path).unwrap_err(), DataDirError::InUse { path: path.clone() });
        drop(first);
        let data = DataDir::open(&path).unwrap();
        assert_eq!(DataDir::address(&path), None);
        for node in ["127.0.0.1:5000", "https://[::1]:5000"] {
            let node: NodeAddress = node.parse().unwrap();
            data.write_address(&node).unwrap();
            assert_eq!(DataDir::address(&path), Some(node));
        }
        assert!(matches!(DataDir::open(&path.join("lock")), Err(DataDirError::Io { .. })));
    }

    #[test]
    fn only_the_owner_can_read_a_new_cookie() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path()).unwrap();
        assert_eq!(DataDir::cookie(dir.path()), None);
        for _ in 0..2 {
            let cookie = Cookie::new().unwrap();
            data.write_cookie(&cookie).unwrap();
            assert_eq!(DataDir::cookie(dir.path()), Some(cookie));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join(COOKIE_FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn each_network_and_port_has_its_own_folder() {
        let classroom = ChainParams::classroom();
        assert_eq!(folder_name(&classroom, 5000), "classroom-5000");
        let changed = ChainParams { max_block_payments: 6, ..classroom };
        assert!(folder_name(&changed, 5000).len() > "classroom-5000".len());
    }
}
