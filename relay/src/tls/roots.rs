use super::{TlsError, certificates, provider, read};
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How this node checks whom it dials over TLS: by the roots that the system trusts, and by those
/// of a PEM file.
///
/// # Errors
/// [`TlsError`]: the file cannot be used.
pub fn client(extra: Option<&Path>) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = RootCertStore::empty();
    // A system without roots can still dial whom the file vouches for.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = extra {
        for certificate in certificates(path, &read(path)?)? {
            let unfit = |e: tokio_rustls::rustls::Error| TlsError::Root { path: path.to_owned(), error: e.to_string() };
            roots.add(certificate).map_err(unfit)?;
        }
    }
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| TlsError::Setup(e.to_string()))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}
