use super::{TlsError, certificates, provider, read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

/// Interval of checks of the files.
const INTERVAL: Duration = Duration::from_secs(60);

/// A certificate and its key, from two files that may change while the node runs.
#[derive(Debug)]
pub struct Certificate {
    certificate_file: PathBuf,
    key_file: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
    /// The files' contents at the last check, valid or not.
    seen: Mutex<Files>,
}

/// The two files' bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate chain and its private key, both in PEM.
    ///
    /// # Errors
    /// [`TlsError`], one variant per reason.
    pub fn load(certificate_file: &Path, key_file: &Path) -> Result<Self, TlsError> {
        let seen = Files::read(certificate_file, key_file)?;
        let current = seen.certified(certificate_file, key_file)?;
        Ok(Self {
            certificate_file: certificate_file.to_owned(),
            key_file: key_file.to_owned(),
            current: RwLock::new(Arc::new(current)),
            seen: Mutex::new(seen),
        })
    }

    /// Reads the files again and uses their contents for new connections. Returns whether they have changed.
    ///
    /// # Errors
    /// [`TlsError`]: the files cannot be used, so the old certificate stays. Reported once per change.
    pub fn reload(&self) -> Result<bool, TlsError> {
        let files = Files::read(&self.certificate_file, &self.key_file)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == files {
            return Ok(false);
        }
        *seen = files.clone();
        let fresh = files.certified(&self.certificate_file, &self.key_file)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(true)
    }

    /// An acceptor of TLS connections with this certificate, for HTTP/1.1.
    ///
    /// # Errors
    /// [`TlsError::Setup`].
    pub fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, TlsError> {
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|e| TlsError::Setup(e.to_string()))?;
        let resolver: Arc<Self> = Arc::clone(self);
        let mut config = config.with_no_client_auth().with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Files {
    fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        Ok(Self { certificate: read(certificate)?, key: read(key)? })
    }

    /// Parses the files' contents; errors name the files.
    fn certified(&self, certificate_file: &Path, key_file: &Path) -> Result<CertifiedKey, TlsError> {
        let chain = certificates(certificate_file, &self.certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|e| TlsError::Form {
            path: key_file.to_owned(),
            what: "private key",
            error: e.to_string(),
        })?;
        CertifiedKey::from_der(chain, key, &provider()).map_err(|e| TlsError::Unusable {
            certificate: certificate_file.to_owned(),
            key: key_file.to_owned(),
            error: e.to_string(),
        })
    }
}

/// Reloads the certificate's files every minute, and at SIGHUP. If files cannot be used, logs that and keeps the old
/// certificate. SIGHUP does not end a node without a certificate either, because service managers send it for reload.
/// Must be called within the runtime.
pub fn watch(certificate: Option<Arc<Certificate>>) -> impl Future<Output = ()> {
    #[cfg(unix)]
    let mut hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok();
    async move {
        loop {
            #[cfg(unix)]
            let asked = async {
                match &mut hangup {
                    Some(hangup) => hangup.recv().await,
                    None => std::future::pending().await,
                }
            };
            #[cfg(not(unix))]
            let asked = std::future::pending::<()>();
            let by_signal = tokio::select! {
                () = tokio::time::sleep(INTERVAL) => false,
                _ = asked => true,
            };
            match certificate.as_deref().map(Certificate::reload) {
                None if by_signal => tracing::info!("SIGHUP: this node has no TLS certificate to read again"),
                Some(Ok(true)) => tracing::info!("new TLS certificate in use"),
                None | Some(Ok(false)) => {}
                Some(Err(error)) => tracing::warn!("the old TLS certificate stays in use: {error}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn make(dir: &Path, name: &str) -> (PathBuf, PathBuf) {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let (certificate, key) = (dir.join(format!("{name}.pem")), dir.join(format!("{name}.key")));
        fs::write(&certificate, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        (certificate, key)
    }

    fn shown(certificate: &Certificate) -> Vec<u8> {
        certificate.current.read().unwrap().cert[0].to_vec()
    }

    #[test]
    fn a_bad_file_is_reported_once_and_the_old_certificate_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (first, second) = (make(dir.path(), "first"), make(dir.path(), "second"));
        let certificate = Certificate::load(&first.0, &first.1).unwrap();
        let old = shown(&certificate);
        assert_eq!(certificate.reload(), Ok(false));
        // The certificate has been replaced, its key not yet.
        fs::copy(&second.0, &first.0).unwrap();
        assert!(matches!(certificate.reload(), Err(TlsError::Unusable { .. })));
        assert_eq!((certificate.reload(), shown(&certificate)), (Ok(false), old));
        fs::copy(&second.1, &first.1).unwrap();
        assert_eq!(certificate.reload(), Ok(true));
        assert_eq!(shown(&certificate), shown(&Certificate::load(&second.0, &second.1).unwrap()));
        fs::remove_file(&first.1).unwrap();
        assert!(matches!(certificate.reload(), Err(TlsError::Io { .. })));
    }

    #[test]
    fn each_bad_file_gets_its_error() {
        let dir = tempfile::tempdir().unwrap();
        let (certificate, key) = make(dir.path(), "good");
        let (_, other) = make(dir.path(), "other");
        let rubbish = dir.path().join("rubbish");
        fs::write(&rubbish, "rubbish").unwrap();
        assert!(matches!(Certificate::load(&rubbish, &key), Err(TlsError::Form { what: "certificate", .. })));
        assert!(matches!(Certificate::load(&certificate, &rubbish), Err(TlsError::Form { what: "private key", .. })));
        assert!(matches!(Certificate::load(&certificate, &other), Err(TlsError::Unusable { .. })));
        assert!(matches!(Certificate::load(&dir.path().join("no"), &key), Err(TlsError::Io { .. })));
        assert!(matches!(super::super::client(Some(&rubbish)), Err(TlsError::Form { .. })));
        assert!(super::super::client(Some(&certificate)).is_ok());
    }
}
