//! Asking other servers over HTTPS: those that the administrator chose, here; those that anybody else chose, in
//! [`public`]. One connection a request; bounded in time and size; no redirects, no cookies, no
//! proxy from the environment; the authorities that browsers trust. Meant for a few requests a minute.

pub mod public;
mod public_address;
mod reach;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{HOST, HeaderValue};
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

/// A request, from looking up the name to the last byte of the answer, may take so long.
const PATIENCE: Duration = Duration::from_secs(15);
/// The longest head of an answer, in bytes.
const HEAD: usize = 32 * 1024;
/// The longest body of an answer, in bytes.
const BODY: usize = 256 * 1024;

/// Asks other servers. Cheap to clone.
#[derive(Clone)]
pub struct HttpClient {
    tls: TlsConnector,
    patience: Duration,
}

/// There is no answer, or none that can be used; says why, without what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoAnswer(String);

impl HttpClient {
    /// A client that waits at most 15 seconds for an answer.
    ///
    /// # Errors
    /// The TLS library refuses its own defaults.
    pub fn new() -> Result<Self, String> {
        Self::within(PATIENCE)
    }

    /// A client that waits so long for an answer.
    ///
    /// # Errors
    /// As [`HttpClient::new`].
    pub fn within(patience: Duration) -> Result<Self, String> {
        Ok(Self { tls: connector()?, patience })
    }

    /// Sends a request to the absolute address in its URI. Whatever the status, an answer is an answer.
    ///
    /// # Errors
    /// [`NoAnswer`]: the address is not allowed, the server cannot be reached, is too slow, or says too much.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let answer = tokio::time::timeout(self.patience, self.exchange(request)).await;
        let why = match answer {
            Ok(Ok(response)) => return Ok(response),
            Ok(Err(why)) => why,
            Err(_) => format!("no answer within {} seconds", self.patience.as_secs()),
        };
        Err(NoAnswer(format!("{host}: {why}")))
    }

    async fn exchange(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, String> {
        let place = Place::of(request.uri())?;
        let authority = request.uri().authority().map(|authority| authority.as_str().to_owned()).unwrap_or_default();
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        request.headers_mut().insert(HOST, HeaderValue::from_str(&authority).map_err(|error| error.to_string())?);
        *request.uri_mut() = path.parse().map_err(|_| "the address makes no sense".to_owned())?;
        let stream = TcpStream::connect((place.host.as_str(), place.port)).await.map_err(|error| error.to_string())?;
        // A request is one small write: it should not wait for company.
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        if !place.secure {
            return talk(stream, request).await;
        }
        let name = ServerName::try_from(place.host).map_err(|error| error.to_string())?;
        talk(self.tls.connect(name, stream).await.map_err(|error| error.to_string())?, request).await
    }
}

fn connector() -> Result<TlsConnector, String> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn talk<S>(stream: S, request: Request<Bytes>) -> Result<Response<Bytes>, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| described(&error))?;
    // Dropped at the end, and the connection with it.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = sender.send_request(request.map(Full::new)).await.map_err(|error| described(&error))?;
    let (head, body) = response.into_parts();
    match Limited::new(body, BODY).collect().await {
        Ok(body) => Ok(Response::from_parts(head, body.to_bytes())),
        Err(error) => Err(described(error.as_ref())),
    }
}

/// The error with its cause: "connection error" alone helps nobody.
fn described(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Where a request goes.
struct Place {
    host: String,
    port: u16,
    secure: bool,
}

impl Place {
    fn of(uri: &Uri) -> Result<Self, String> {
        let expected = || "must be https://... (http:// only on this machine)".to_owned();
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(expected)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let secure = uri.scheme_str() == Some("https");
        let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let named = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if named || !(secure || uri.scheme_str() == Some("http") && here) {
            return Err(expected());
        }
        Ok(Self { host, port: uri.port_u16().unwrap_or(if secure { 443 } else { 80 }), secure })
    }
}

/// Reads an address that [`HttpClient::send`] takes: `https://`, or `http://` on this machine.
///
/// # Errors
/// What it must look like.
pub fn address(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|_| "must be https://... (http:// only on this machine)".to_owned())?;
    Place::of(&uri).map(|_| uri)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn only_encrypted_addresses_leave_the_machine() {
        for good in
            ["https://meet.googleapis.com", "https://x.example:8443/a?b=c", "http://127.0.0.1:1", "http://[::1]:1"]
        {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in
            ["http://x.example", "http://localhost.example", "ftp://x.example", "x.example", "/a", "", "https://"]
        {
            assert!(address(bad).is_err(), "{bad}");
        }
        assert!(address("https://user:password@x.example").is_err());
    }

    /// A server that says these bytes to whoever connects, then hangs up, or waits.
    fn server(says: Vec<u8>, waits: bool) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let mut kept = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(&says);
                if waits {
                    kept.push(stream);
                }
            }
        });
        format!("http://{address}/x?y=z")
    }

    async fn ask(address: &str) -> Result<Response<Bytes>, NoAnswer> {
        let client = HttpClient::within(Duration::from_millis(700)).unwrap();
        client.send(Request::post(address).body(Bytes::from_static(b"hello")).unwrap()).await
    }

    #[tokio::test]
    async fn an_answer_is_read_whole_with_its_status() {
        let address = server(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nlate".to_vec(), false);
        let answer = ask(&address).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (503, "7"));
        assert_eq!(answer.body().as_ref(), b"late");
    }

    #[tokio::test]
    async fn what_never_ends_is_no_answer() {
        let huge = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; BODY + 1]].concat();
        let long_head = [b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; HEAD + 1]].concat();
        let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec();
        for (what, says, waits) in [
            ("huge", huge, false),
            ("long head", long_head, true),
            ("cut", cut, false),
            ("silent", Vec::new(), true),
            ("hangs up", Vec::new(), false),
            ("no HTTP", b"220 mail.example.org ESMTP\r\n".to_vec(), false),
        ] {
            let error = ask(&server(says, waits)).await.unwrap_err().to_string();
            assert!(error.starts_with("127.0.0.1: "), "{what}: {error}");
        }
    }

    #[tokio::test]
    async fn encryption_is_spoken_where_it_is_asked_for() {
        let plain = server(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), false).replace("http://", "https://");
        assert!(ask(&plain).await.is_err(), "a server without TLS is not talked to");
    }
}
