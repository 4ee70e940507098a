//! Reads small files that users name: settings, a network's rules, certificates.

use fedcoin_keyring::text_of;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Maximum bytes of such a file, far above the size of all root certificates of a system.
const MAX_BYTES: u64 = 5_000_000;

/// Reads a whole file, which may also be a pipe or a device.
///
/// # Errors
/// It cannot be read, or has more than [`MAX_BYTES`].
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        let problem = format!("it is longer than {MAX_BYTES} bytes, so it is another kind of file");
        return Err(io::Error::new(ErrorKind::FileTooLarge, problem));
    }
    Ok(bytes)
}

/// [`read`] for text in UTF-8 or UTF-16, which PowerShell's `>` writes.
///
/// # Errors
/// Also for other text.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    let text = text_of(&read(path)?).map(|text| text.to_string());
    text.ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "it is not text in UTF-8 or UTF-16"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_and_endless_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        for (bytes, fits) in [(0, true), (MAX_BYTES, true), (MAX_BYTES + 1, false), (10 * MAX_BYTES, false)] {
            File::create(&path).unwrap().set_len(bytes).unwrap();
            assert_eq!(read(&path).is_ok_and(|read| read.len() as u64 == bytes), fits, "{bytes} bytes");
        }
        if cfg!(unix) {
            assert_eq!(read_text(Path::new("/dev/zero")).unwrap_err().kind(), ErrorKind::FileTooLarge);
        }
    }
}
