//! The way to the mailbox: TCP, TLS, sign-in.

use std::fmt::Debug;
use std::io;
use std::path::Path;
use std::sync::Arc;

use async_imap::Client;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::Lost;
use crate::config::{ImapAccount, Security};

/// Either kind of connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Debug> Stream for T {}

/// A signed-in connection.
pub(super) type Session = async_imap::Session<Box<dyn Stream>>;

/// Connects and signs in.
pub(super) async fn connect(account: &ImapAccount) -> Result<Session, Lost> {
    let plain = TcpStream::connect((account.host.as_str(), account.port)).await?;
    plain.set_nodelay(true)?;
    let client = match account.security {
        Security::None => greeted(Box::new(plain) as Box<dyn Stream>).await?,
        Security::Tls => greeted(secured(plain, account).await?).await?,
        Security::StartTls => {
            let mut client = greeted(plain).await?;
            client.run_command_and_check_ok("STARTTLS", None).await?;
            // Whatever came before TLS is dropped with the client.
            Client::new(secured(client.into_inner(), account).await?)
        }
    };
    client.login(&account.user, &account.password).await.map_err(|(error, _)| error.into())
}

async fn greeted<S: Stream>(stream: S) -> Result<Client<S>, Lost> {
    let mut client = Client::new(stream);
    client.read_response().await?.ok_or(Lost::Strange("the server hung up"))?;
    Ok(client)
}

async fn secured(stream: TcpStream, account: &ImapAccount) -> Result<Box<dyn Stream>, Lost> {
    let name = ServerName::try_from(account.host.clone()).map_err(io::Error::other)?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(authorities(account.authorities.as_deref())?)
        .with_no_client_auth();
    Ok(Box::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await?))
}

fn authorities(file: Option<&Path>) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(roots);
    };
    for certificate in CertificateDer::pem_file_iter(file).map_err(io::Error::other)? {
        roots.add(certificate.map_err(io::Error::other)?).map_err(io::Error::other)?;
    }
    Ok(roots)
}
