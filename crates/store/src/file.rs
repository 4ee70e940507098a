//! New files of a store.

use crate::store::builder;
use crate::{StoreError, StoreOptions, schema};
use fedcoin_consensus::ChainParams;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

/// Creates the file of an empty store, whole or not at all: redb would leave a file that it cannot open if the process
/// were killed meanwhile.
pub(crate) fn create(path: &Path, params: &ChainParams, options: StoreOptions) -> Result<(), StoreError> {
    let unfinished = path.with_extension("new");
    let open = || builder(options).create(&unfinished).map_err(StoreError::from);
    let database = match open() {
        // A killed process has left it.
        Err(error) if error != StoreError::InUse && unfinished.exists() => {
            fs::remove_file(&unfinished)?;
            open()?
        }
        result => result?,
    };
    schema::prepare(&database, params)?;
    drop(database);
    match fs::rename(&unfinished, path) {
        // Another process was faster, and has the file.
        Err(error) if error.kind() == ErrorKind::NotFound && path.exists() => {}
        result => result?,
    }
    sync_folder(path)
}

/// Makes the file's name as durable as what will be written to the file.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
