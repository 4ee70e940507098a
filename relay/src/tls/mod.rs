//! TLS: the node's own certificate, and the root certificates that it trusts.

mod certificate;
mod roots;

pub use certificate::{Certificate, watch};
pub(crate) use roots::own_machine_client;
pub use roots::{client, http_client};

use crate::small_file;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::rustls;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};

/// A certificate or a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum TlsError {
    /// The file cannot be read.
    #[error("{path}: {error}")]
    Io { path: PathBuf, error: String },
    /// The file is not PEM, or lacks the expected item.
    #[error("{path}: no {what} in PEM form: {error}")]
    Form { path: PathBuf, what: &'static str, error: String },
    /// Certificate and key do not match, or cannot be used for TLS.
    #[error("certificate {certificate} with key {key}: {error}")]
    Unusable { certificate: PathBuf, key: PathBuf, error: String },
    /// The certificate is not a valid root certificate.
    #[error("{path}: {error}")]
    Root { path: PathBuf, error: String },
    /// The TLS library rejects the settings.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
    /// Only one of the two files is configured.
    #[error("TLS needs both --tls-cert FILE and --tls-key FILE")]
    OneFile,
}

/// The same curves and ciphers everywhere, by ring.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    small_file::read(path).map_err(|e| TlsError::Io { path: path.to_owned(), error: e.to_string() })
}

/// All certificates of a PEM file; at least one.
fn certificates(path: &Path, bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let form =
        |error: pem::Error| TlsError::Form { path: path.to_owned(), what: "certificate", error: error.to_string() };
    let found = CertificateDer::pem_slice_iter(bytes).collect::<Result<Vec<_>, _>>().map_err(form)?;
    if found.is_empty() { Err(form(pem::Error::NoItemsFound)) } else { Ok(found) }
}

/// The correct form of an address, if a connection failed because only one side speaks TLS.
#[must_use]
pub fn other_spelling(error: &str, secure: bool) -> Option<&'static str> {
    match secure {
        true if error.contains("InvalidContentType") => {
            Some("the node does not use TLS: write HOST:PORT, without https:// or wss://")
        }
        false if error.contains("invalid HTTP version") => {
            Some("the node seems to use TLS: write https://HOST:PORT, for a peer wss://HOST:PORT/ws")
        }
        _ => None,
    }
}
