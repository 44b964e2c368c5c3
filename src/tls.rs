//! TLS for clients: the server's certificate, and the next one when its file changes.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, ServerConfig, SignatureScheme, StreamOwned};

use crate::config::Server;

/// How often it is looked whether the files have changed. Certificates are renewed weeks before they end.
const LOOKED_EVERY: Duration = Duration::from_secs(60);

/// Why there can be no TLS. Says nothing of what is in the files.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate cannot be used.
    #[error("server.tls_certificate: {path} is no certificate in PEM, or cannot be read: {cause}")]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: rustls::pki_types::pem::Error,
    },
    /// The private key cannot be used.
    #[error("server.tls_key: {path} is no private key in PEM, or cannot be read: {cause}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: rustls::pki_types::pem::Error,
    },
    /// They do not belong together, or are of a kind that is not supported.
    #[error("server.tls_key does not fit server.tls_certificate: {0}")]
    Pair(rustls::Error),
}

/// The certificate that clients are shown. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Certificate {
    files: Arc<Files>,
    shown: Arc<RwLock<Arc<CertifiedKey>>>,
}

#[derive(Debug)]
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

impl Certificate {
    /// Reads what the configuration names; `None` when it names nothing.
    pub fn of(server: &Server) -> Result<Option<Self>, TlsError> {
        let (Some(certificate), Some(key)) = (server.tls_certificate.clone(), server.tls_key.clone()) else {
            return Ok(None);
        };
        let files = Files { certificate, key };
        let shown = Arc::new(RwLock::new(Arc::new(files.read()?)));
        Ok(Some(Self { files: Arc::new(files), shown }))
    }

    /// How clients are served.
    pub fn config(&self) -> Result<ServerConfig, TlsError> {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Pair)?;
        Ok(builder.with_no_client_auth().with_cert_resolver(Arc::new(self.clone())))
    }

    /// Reads the files again whenever they change, for ever. What cannot be used leaves what is shown as it is.
    pub async fn watch(self) {
        let mut before = self.files.changed();
        loop {
            tokio::time::sleep(LOOKED_EVERY).await;
            let now = self.files.changed();
            if now == before {
                continue;
            }
            match self.files.read() {
                Ok(read) => {
                    *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(read);
                    log::info!("the certificate has changed");
                    before = now;
                }
                // Perhaps one of the two is written already and the other is not: the next look will tell.
                Err(error) => log::error!("the certificate has changed and cannot be used: {error}"),
            }
        }
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Files {
    fn read(&self) -> Result<CertifiedKey, TlsError> {
        let key =
            PrivateKeyDer::from_pem_file(&self.key).map_err(|cause| TlsError::Key { path: self.key.clone(), cause })?;
        CertifiedKey::from_der(chain(&self.certificate)?, key, &ring::default_provider()).map_err(TlsError::Pair)
    }

    /// When the two were last written.
    fn changed(&self) -> [Option<SystemTime>; 2] {
        [&self.certificate, &self.key].map(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok())
    }
}

/// The certificates of a file, the server's own first.
fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let wrong = |cause| TlsError::Certificate { path: path.to_owned(), cause };
    let all: Vec<_> = CertificateDer::pem_file_iter(path).map_err(wrong)?.collect::<Result<_, _>>().map_err(wrong)?;
    if all.is_empty() { Err(wrong(rustls::pki_types::pem::Error::NoItemsFound)) } else { Ok(all) }
}

/// A connection to this very server, to ask it for its health. Its certificate is made out to a name that nobody calls it by here,
/// and may be about to be exchanged, so that it is not looked at; nothing secret is sent or told.
pub fn to_oneself(
    address: SocketAddr,
    stream: TcpStream,
) -> Result<StreamOwned<ClientConnection, TcpStream>, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), address.ip().into())?;
    Ok(StreamOwned::new(connection, stream))
}

/// Takes whoever answers for the server.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
