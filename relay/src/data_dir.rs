//! The folder of a node's chain, used by one process at a time.

use crate::access::Cookie;
use crate::node_address::NodeAddress;
use fedcoin_node::consensus::ChainParams;
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The file that says where the folder's node answers.
const ADDRESS_FILE: &str = "address";
/// The file with the operator's secret.
const COOKIE_FILE: &str = "cookie";

/// A data directory cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataDirError {
    /// The user's folder is not known.
    #[error("no place is known for the chain (HOME is not set); name one with --data-dir DIR")]
    NoHome,
    /// It cannot be made, or written to.
    #[error("data directory {path}: {error}; name another with --data-dir DIR")]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        error: String,
    },
    /// Another process has it.
    #[error("data directory {path} is in use by another node; stop that one, or name another with --data-dir DIR")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
}

/// A data directory that this process has for itself until the value is dropped, or the process
/// ends in whatever way.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the folder if need be, and takes it.
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

    /// Writes down where the folder's node answers.
    ///
    /// # Errors
    /// [`DataDirError::Io`].
    pub fn write_address(&self, node: &NodeAddress) -> Result<(), DataDirError> {
        let failed = |e: std::io::Error| DataDirError::Io { path: self.path.clone(), error: e.to_string() };
        fs::write(self.path.join(ADDRESS_FILE), format!("{node}\n")).map_err(failed)
    }

    /// Where the node of a folder answers, as it wrote down; an earlier node may have left it.
    #[must_use]
    pub fn address(path: &Path) -> Option<NodeAddress> {
        fs::read_to_string(path.join(ADDRESS_FILE)).ok()?.trim().parse().ok()
    }

    /// Writes down the cookie of this run, readable only by the folder's user.
    ///
    /// # Errors
    /// [`DataDirError::Io`].
    pub fn write_cookie(&self, cookie: &Cookie) -> Result<(), DataDirError> {
        let failed = |e: std::io::Error| DataDirError::Io { path: self.path.clone(), error: e.to_string() };
        let path = self.path.join(COOKIE_FILE);
        // A program that opened an older file must not read this cookie.
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

    /// The cookie of the node of a folder, if it can be read.
    #[must_use]
    pub fn cookie(path: &Path) -> Option<Cookie> {
        fs::read_to_string(path.join(COOKIE_FILE)).ok().map(|text| Cookie::from_text(&text))
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file that the chain is stored in.
    #[must_use]
    pub fn chain_file(&self) -> PathBuf {
        Self::chain_file_in(&self.path)
    }

    /// The file that a chain in this folder is stored in.
    #[must_use]
    pub fn chain_file_in(path: &Path) -> PathBuf {
        path.join("chain.redb")
    }
}

/// The folder for a node on this network and port, where none was named: several nodes of one user
/// do not collide.
///
/// # Errors
/// [`DataDirError::NoHome`].
pub fn default_path(params: &ChainParams, port: u16) -> Result<PathBuf, DataDirError> {
    let home = user_data_folder(|name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from));
    Ok(home.ok_or(DataDirError::NoHome)?.join("fedcoin").join(folder_name(params, port)))
}

/// A network from a file may share its name with another one; then its id distinguishes them.
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
    fn one_process_at_a_time() {
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
    fn a_new_cookie_is_for_the_user_only() {
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
    fn networks_and_ports_have_folders_of_their_own() {
        let classroom = ChainParams::classroom();
        assert_eq!(folder_name(&classroom, 5000), "classroom-5000");
        let changed = ChainParams { max_block_payments: 6, ..classroom };
        assert!(folder_name(&changed, 5000).len() > "classroom-5000".len());
    }
}
