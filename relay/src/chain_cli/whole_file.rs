use crate::archive::ArchiveError;
use crate::failure::Failure;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Has `write` make a file, so that at any moment there is the old file or the whole new one. A link stays where it leads.
/// A pipe or a device takes the bytes as they come, and stays what it is.
///
/// # Errors
/// What `write` says, or the system, told by `failed`; nothing new is left then.
pub(super) fn write_whole(
    file: &Path,
    failed: impl Fn(io::Error) -> ArchiveError,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let file = match fs::canonicalize(file) {
        Ok(real) => real,
        // It is new, or standard output, which has no other name.
        Err(error) if error.kind() == ErrorKind::NotFound => file.to_owned(),
        Err(error) => return Err(failed(error).into()),
    };
    if fs::metadata(&file).is_ok_and(|found| !found.is_file()) {
        return write(&mut File::options().write(true).open(&file).map_err(failed)?);
    }
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let made = || -> Result<(), Failure> {
        let mut out = File::create(&part).map_err(&failed)?;
        write(&mut out)?;
        out.sync_all().map_err(&failed)?;
        Ok(fs::rename(&part, &file).map_err(&failed)?)
    };
    made().inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })
}
