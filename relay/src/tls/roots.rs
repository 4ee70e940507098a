use super::{TlsError, certificates, provider, read};
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};

/// The TLS configuration for dialled peers: trusts the system's root certificates and those of a PEM file.
///
/// # Errors
/// [`TlsError`]: the file cannot be used.
pub fn client(extra: Option<&Path>) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = RootCertStore::empty();
    // A system without roots can still use those of the file.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in certificates_of(extra)? {
        let path = extra.unwrap_or(Path::new(""));
        let unfit = |e: tokio_rustls::rustls::Error| TlsError::Root { path: path.to_owned(), error: e.to_string() };
        roots.add(certificate).map_err(unfit)?;
    }
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| TlsError::Setup(e.to_string()))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Like [`client`], for requests to a node's API over https.
///
/// # Errors
/// [`TlsError`]: the file cannot be used.
pub fn http_client(extra: Option<&Path>) -> Result<TlsConfig, TlsError> {
    let trusted = rustls_native_certs::load_native_certs().certs.into_iter().chain(certificates_of(extra)?);
    let roots: Vec<_> = trusted.map(|root| Certificate::from_der(&root).to_owned()).collect();
    Ok(of_provider(RootCerts::new_with_certs(&roots), true))
}

/// For requests to the node of a data directory on this machine, at the address written there. No other program has
/// that port while the node runs, and the node's certificate is for another name.
pub(crate) fn own_machine_client() -> TlsConfig {
    of_provider(RootCerts::new_with_certs(&[]), false)
}

fn of_provider(roots: RootCerts, verify: bool) -> TlsConfig {
    TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(provider())
        .root_certs(roots)
        .disable_verification(!verify)
        .build()
}

fn certificates_of(file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    file.map_or(Ok(Vec::new()), |path| certificates(path, &read(path)?))
}
