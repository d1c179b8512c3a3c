//! Fetching from an address that somebody else chose: the guard against being sent to places that are none of their
//! business (SSRF), and against answers without end.
//!
//! We resolve the name ourselves, look at every address it has, and connect to one of those we looked at. The same for
//! each redirect. Nothing is sent that another origin must not see: no cookies, no authorisation, no referrer.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

pub use super::public_address::{Address, NoAddress, PrivateHosts};
use super::reach::is_public;
use super::{HEAD, connector, described};

/// Everything together, from the name to the last byte, redirects included.
const PATIENCE: Duration = Duration::from_secs(15);
/// Redirects that are followed.
const REDIRECTS: usize = 3;
const AGENT: HeaderValue = HeaderValue::from_static("Openhour (calendar reader)");

/// An answer, whatever its status, its body already unpacked.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The last answer's, after redirects.
    pub status: StatusCode,
    /// The same.
    pub headers: HeaderMap,
    /// Unpacked; empty unless the status is 200.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFetched {
    /// It leads, at once or by a redirect, where we do not go; or nowhere at all. Nobody is told which.
    Forbidden,
    /// More redirects than we follow.
    Redirects,
    /// More than we read.
    TooLarge,
    /// Not done in time.
    Slow,
    /// The connection failed or broke off.
    Broken(String),
    /// Packed in a way that we cannot unpack.
    Packed,
}

/// Fetches from addresses that somebody else chose. Cheap to clone.
#[derive(Clone)]
pub struct PublicClient {
    tls: TlsConnector,
    private: PrivateHosts,
    patience: Duration,
}

impl PublicClient {
    /// A client that may also ask these private hosts, and takes 15 seconds at most.
    ///
    /// # Errors
    /// The TLS library refuses its own defaults.
    pub fn new(private: PrivateHosts) -> Result<Self, String> {
        Self::within(private, PATIENCE)
    }

    /// The same with another patience.
    ///
    /// # Errors
    /// As [`PublicClient::new`].
    pub fn within(private: PrivateHosts, patience: Duration) -> Result<Self, String> {
        Ok(Self { tls: connector()?, private, patience })
    }

    /// GET, with these headers more, and at most `most` bytes of body, counted while it is read and while it is unpacked.
    ///
    /// # Errors
    /// [`NotFetched`].
    pub async fn get(
        &self,
        address: &Address,
        headers: &[(HeaderName, String)],
        most: usize,
    ) -> Result<Fetched, NotFetched> {
        match tokio::time::timeout(self.patience, self.follow(address, headers, most)).await {
            Ok(result) => result,
            Err(_) => Err(NotFetched::Slow),
        }
    }

    async fn follow(
        &self,
        address: &Address,
        headers: &[(HeaderName, String)],
        most: usize,
    ) -> Result<Fetched, NotFetched> {
        let mut address = address.clone();
        for _ in 0..=REDIRECTS {
            let request = request(&address, headers)?;
            let stream = self.connect(&address).await?;
            let result = match address.secure {
                false => talk(stream, request, most).await,
                true => {
                    let name = ServerName::try_from(address.host.clone()).map_err(|_| NotFetched::Forbidden)?;
                    let stream = self.tls.connect(name, stream).await.map_err(|error| broken(&error))?;
                    talk(stream, request, most).await
                }
            }?;
            let Some(location) = redirect(&result) else { return unpacked(result, most).await };
            address = address.redirected(&location, &self.private).ok_or(NotFetched::Forbidden)?;
        }
        Err(NotFetched::Redirects)
    }

    /// Resolves the name, looks at every address, and connects to the first of them that answers.
    async fn connect(&self, address: &Address) -> Result<TcpStream, NotFetched> {
        let found = tokio::net::lookup_host((address.host.as_str(), address.port)).await;
        let all: Vec<SocketAddr> = found.map_err(|_| NotFetched::Forbidden)?.collect();
        if all.is_empty() || !(self.private.has(&address.host) || all.iter().all(|one| is_public(one.ip()))) {
            return Err(NotFetched::Forbidden);
        }
        let mut last = NotFetched::Forbidden;
        for one in all.into_iter().take(8) {
            match TcpStream::connect(one).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = broken(&error),
            }
        }
        Err(last)
    }
}

fn request(address: &Address, headers: &[(HeaderName, String)]) -> Result<Request<Empty<Bytes>>, NotFetched> {
    let mut request = Request::get(address.path.as_str())
        .header(header::HOST, address.authority())
        .header(header::USER_AGENT, AGENT)
        .header(header::ACCEPT, "text/calendar, */*;q=0.5")
        .header(header::ACCEPT_ENCODING, "gzip");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Empty::new()).map_err(|_| NotFetched::Forbidden)
}

async fn talk<S>(stream: S, request: Request<Empty<Bytes>>, most: usize) -> Result<Fetched, NotFetched>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let builder = || {
        let mut builder = http1::Builder::new();
        builder.max_buf_size(HEAD);
        builder
    };
    let (mut sender, connection) = builder().handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
    // Dropped at the end, and the connection with it.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = sender.send_request(request).await.map_err(|error| broken(&error))?;
    let (head, body) = response.into_parts();
    // What is said beside an error is of no use, and a redirect's page neither.
    let body = if head.status == StatusCode::OK { read(body, most).await? } else { Bytes::new() };
    Ok(Fetched { status: head.status, headers: head.headers, body })
}

async fn read(mut body: Incoming, most: usize) -> Result<Bytes, NotFetched> {
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(&error))?;
        let Some(data) = frame.data_ref() else { continue };
        if all.len() + data.len() > most {
            return Err(NotFetched::TooLarge);
        }
        all.extend_from_slice(data);
    }
    Ok(all.freeze())
}

fn redirect(answer: &Fetched) -> Option<String> {
    let moved = matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = answer.headers.get(header::LOCATION).filter(|_| moved)?;
    location.to_str().ok().map(str::to_owned).or_else(|| Some(String::new()))
}

/// Unpacks gzip, counting what comes out.
async fn unpacked(mut answer: Fetched, most: usize) -> Result<Fetched, NotFetched> {
    let encoding = answer.headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase());
    match encoding.as_deref() {
        None | Some(b"" | b"identity") => Ok(answer),
        Some(b"gzip" | b"x-gzip") => {
            let packed = std::mem::take(&mut answer.body);
            let work = move || inflated(&packed, most);
            answer.body = tokio::task::spawn_blocking(work).await.map_err(|_| NotFetched::Packed)??;
            Ok(answer)
        }
        Some(_) if answer.body.is_empty() => Ok(answer),
        Some(_) => Err(NotFetched::Packed),
    }
}

fn inflated(packed: &[u8], most: usize) -> Result<Bytes, NotFetched> {
    use std::io::Read;
    if packed.is_empty() {
        return Ok(Bytes::new());
    }
    let mut out = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = flate2::read::MultiGzDecoder::new(packed).take(limit).read_to_end(&mut out);
    match read {
        _ if out.len() > most => Err(NotFetched::TooLarge),
        Ok(_) => Ok(out.into()),
        Err(_) => Err(NotFetched::Packed),
    }
}

fn broken(error: &dyn std::error::Error) -> NotFetched {
    NotFetched::Broken(described(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_counted_while_it_comes_out() {
        use std::io::Write;
        let pack = |bytes: &[u8]| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        assert_eq!(inflated(&pack(b"hello"), 5).unwrap(), "hello");
        assert_eq!(inflated(&pack(b"hello"), 4), Err(NotFetched::TooLarge));
        let bomb = pack(&vec![b'x'; 50_000_000]);
        assert!(bomb.len() < 100_000);
        assert_eq!(inflated(&bomb, 8 << 20), Err(NotFetched::TooLarge));
        let whole = pack(b"hello there, how are you?");
        assert_eq!(inflated(&whole[..whole.len() - 4], 100), Err(NotFetched::Packed), "cut off");
        assert_eq!(inflated(b"no gzip at all", 100), Err(NotFetched::Packed));
    }

    #[tokio::test]
    async fn names_and_numbers_of_this_machine_are_not_connected_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = PublicClient::new(PrivateHosts::default()).unwrap();
        for host in
            ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "no-such-host.invalid"]
        {
            let address = Address::parse(&format!("https://{host}/a"), &PrivateHosts::default()).unwrap();
            assert_eq!(client.get(&address, &[], 10).await.unwrap_err(), NotFetched::Forbidden, "{host}");
        }
        assert!(tokio::time::timeout(Duration::from_millis(20), listener.accept()).await.is_err(), "nobody came");
    }
}
