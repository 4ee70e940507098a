use crate::archive::ArchiveError;
use crate::failure::Failure;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Lets `write` create a file. A complete new file replaces an old one, also the target of a link. Pipes and devices
/// are written to and never replaced.
///
/// # Errors
/// Errors of `write`, and of the system as converted by `failed`. No new file remains then.
pub(super) fn write_whole(
    file: &Path,
    failed: impl Fn(io::Error) -> ArchiveError,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let file = match fs::canonicalize(file) {
        Ok(real) => real,
        // A new file, or a pipe at `/dev/stdout`.
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
