//! TLS: the node's own certificate, and the certificates that it trusts.

mod certificate;
mod roots;

pub use certificate::{Certificate, watch};
pub(crate) use roots::own_machine_client;
pub use roots::{client, http_client};

use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::rustls;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};

/// A certificate or a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    /// It cannot be read.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: String,
    },
    /// No PEM, or not what it should hold.
    #[error("{path}: no {what} in PEM form: {error}")]
    Form {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        what: &'static str,
        /// What is wrong.
        error: String,
    },
    /// The two do not fit together, or cannot be used for TLS.
    #[error("certificate {certificate} with key {key}: {error}")]
    Unusable {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// The certificate is no one's root.
    #[error("{path}: {error}")]
    Root {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// The library refuses its settings.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
    /// One of the two files is not named.
    #[error("TLS needs both --tls-cert FILE and --tls-key FILE")]
    OneFile,
}

/// The same curves and ciphers everywhere, by ring.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|e| TlsError::Io { path: path.to_owned(), error: e.to_string() })
}

/// All certificates of a PEM file; at least one.
fn certificates(path: &Path, bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let form =
        |error: pem::Error| TlsError::Form { path: path.to_owned(), what: "certificate", error: error.to_string() };
    let found = CertificateDer::pem_slice_iter(bytes).collect::<Result<Vec<_>, _>>().map_err(form)?;
    if found.is_empty() { Err(form(pem::Error::NoItemsFound)) } else { Ok(found) }
}

/// What to write instead of an address, if a connection failed as it does between one side that speaks TLS
/// and one that does not.
#[must_use]
pub fn other_spelling(error: &str, secure: bool) -> Option<&'static str> {
    match secure {
        true if error.contains("InvalidContentType") => {
            Some("no TLS is spoken there: write HOST:PORT, without https:// or wss://")
        }
        false if error.contains("invalid HTTP version") => {
            Some("TLS seems to be spoken there: write https://HOST:PORT, for a peer wss://HOST:PORT/ws")
        }
        _ => None,
    }
}
