//! Key files: one key, in hex or another common format.

use fedcoin_keyring::{private_key, public_key, text_of};
use fedcoin_node::primitives::{KeyError, PrivateKey, PublicKey};
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// Maximum size of a key file in bytes: a key takes under 300, a backup of 100 keys 70,000.
const MAX_BYTES: u64 = 200_000;

/// A key file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum KeyFileError {
    /// The file does not exist.
    #[error("there is no key file {path}; `fedcoin wallet new` makes a key, `fedcoin keys public` its public key file")]
    Missing { path: String },
    /// The file cannot be read or written.
    #[error("key file {path}: {error}")]
    Io { path: String, error: String },
    /// The file has only white space.
    #[error("key file {path} is empty; it must hold one key in hex")]
    Empty { path: String },
    /// The file is longer than `MAX_BYTES`.
    #[error("key file {path} is longer than {MAX_BYTES} bytes; it must hold one key in hex")]
    TooLarge { path: String },
    /// The file does not contain the expected kind of key.
    #[error("key file {path}: {error}")]
    NoKey { path: String, error: KeyError },
    /// A file of that name exists already.
    #[error("{path} exists already and will not be overwritten; name another file, or move this one away")]
    Exists { path: String },
}

/// A private or a public key.
#[derive(Clone, Debug)]
pub enum AnyKey {
    /// A private key, which determines its public key.
    Private(PrivateKey),
    /// A public key.
    Public(PublicKey),
}

impl AnyKey {
    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        match self {
            Self::Private(key) => key.public_key(),
            Self::Public(key) => *key,
        }
    }
}

/// Reads the public key in a file.
///
/// # Errors
/// [`KeyFileError`], one variant per reason. A private key is an error.
pub fn read_public(path: &Path) -> Result<PublicKey, KeyFileError> {
    public_key(&read_text(path)?).map_err(|error| no_key(path, error))
}

/// Reads the private key in a file.
///
/// # Errors
/// [`KeyFileError`], one variant per reason.
pub fn read_private(path: &Path) -> Result<PrivateKey, KeyFileError> {
    private_key(&read_text(path)?).map_err(|error| no_key(path, error))
}

/// Reads the key in a file, private or public.
///
/// # Errors
/// [`KeyFileError`], one variant per reason.
pub fn read_any(path: &Path) -> Result<AnyKey, KeyFileError> {
    let text = read_text(path)?;
    match public_key(&text) {
        Ok(key) => Ok(AnyKey::Public(key)),
        Err(KeyError::PrivateInsteadOfPublic) => {
            private_key(&text).map(AnyKey::Private).map_err(|error| no_key(path, error))
        }
        Err(error) => Err(no_key(path, error)),
    }
}

/// Writes a private key to a new file that only its owner can read.
///
/// # Errors
/// [`KeyFileError::Exists`] or [`KeyFileError::Io`].
pub fn write_private(path: &Path, key: &PrivateKey) -> Result<(), KeyFileError> {
    write_new(path, &mut owners_file(), &key.to_hex())
}

/// Options that create a file readable only by its owner.
fn owners_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Writes an encrypted backup to a new file that only its owner can read.
///
/// # Errors
/// [`KeyFileError::Exists`] or [`KeyFileError::Io`].
pub fn write_backup(path: &Path, text: &str) -> Result<(), KeyFileError> {
    write_new(path, &mut owners_file(), text)
}

/// Writes a public key to a new file.
///
/// # Errors
/// [`KeyFileError::Exists`] or [`KeyFileError::Io`].
pub fn write_public(path: &Path, key: &PublicKey) -> Result<(), KeyFileError> {
    let hex = key.to_hex().map_err(|error| no_key(path, error))?;
    write_new(path, &mut OpenOptions::new(), &hex)
}

fn write_new(path: &Path, options: &mut OpenOptions, text: &str) -> Result<(), KeyFileError> {
    let error = |e: io::Error| match e.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists { path: shown(path) },
        _ => KeyFileError::Io { path: shown(path), error: e.to_string() },
    };
    let mut file = options.write(true).create_new(true).open(path).map_err(error)?;
    let written = file.write_all(format!("{text}\n").as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|e| {
        // Remove an incomplete file: it is useless, and would block the next attempt.
        let _ = fs::remove_file(path);
        error(e)
    })
}

/// The text of a key file or a backup.
///
/// # Errors
/// [`KeyFileError`], one variant per reason.
pub fn read_text(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let io_error = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound => KeyFileError::Missing { path: shown(path) },
        _ => KeyFileError::Io { path: shown(path), error: e.to_string() },
    };
    let mut bytes = Vec::new();
    fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)).map_err(io_error)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(KeyFileError::TooLarge { path: shown(path) });
    }
    let text = text_of(&bytes).ok_or_else(|| no_key(path, KeyError::NotHex))?;
    if text.trim().is_empty() {
        return Err(KeyFileError::Empty { path: shown(path) });
    }
    Ok(text)
}

fn no_key(path: &Path, error: KeyError) -> KeyFileError {
    KeyFileError::NoKey { path: shown(path), error }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIVATE: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042012bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0a144034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";
    /// A public key on the curve secp256k1.
    const OTHER_CURVE: &str = "3056301006072a8648ce3d020106052b8104000a0342000479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";

    #[test]
    fn keys_are_read_as_they_were_written() {
        let dir = tempfile::tempdir().unwrap();
        let (private, public) = (dir.path().join("private"), dir.path().join("public"));
        let key = PrivateKey::from_hex(PRIVATE).unwrap();
        write_private(&private, &key).unwrap();
        write_public(&public, &key.public_key()).unwrap();
        assert_eq!(read_private(&private).unwrap().to_hex(), PRIVATE);
        assert_eq!(read_public(&public), Ok(key.public_key()));
        assert_eq!(read_any(&private).unwrap().public_key(), read_any(&public).unwrap().public_key());
        let again = write_private(&private, &key);
        assert!(matches!(again, Err(KeyFileError::Exists { .. })));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn line_breaks_anywhere_are_tolerated() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let hex = PrivateKey::from_hex(PRIVATE).unwrap().public_key().to_hex().unwrap();
        fs::write(&path, format!(" {}\r\n{}\n\n", &hex[..64], &hex[64..])).unwrap();
        assert!(read_public(&path).is_ok());
    }

    #[test]
    fn each_bad_file_gets_its_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let read = |content: &[u8]| {
            fs::write(&path, content).unwrap();
            read_public(&path).unwrap_err()
        };
        assert!(matches!(read(b" \n"), KeyFileError::Empty { .. }));
        assert!(matches!(read(&[b'0'; 200_001]), KeyFileError::TooLarge { .. }));
        for (content, wanted) in [
            (&b"hello"[..], KeyError::NotHex),
            (&[0x80, 0x81], KeyError::NotHex),
            (b"00ff", KeyError::NotAPublicKey),
            (PRIVATE.as_bytes(), KeyError::PrivateInsteadOfPublic),
            (OTHER_CURVE.as_bytes(), KeyError::NotAPublicKey),
        ] {
            assert!(matches!(read(content), KeyFileError::NoKey { error, .. } if error == wanted), "{wanted}");
        }
        assert!(matches!(read_public(dir.path()), Err(KeyFileError::Io { .. })));
        assert!(matches!(read_public(&dir.path().join("absent")), Err(KeyFileError::Missing { .. })));
    }
}
