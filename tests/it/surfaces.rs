//! A server in this process on a real socket, and a small HTTP client to talk to it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use openhour::clock::Clock;
use openhour::config::Config;
use openhour::db::Db;
use openhour::desk::Desk;
use openhour::keys::Keys;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// 2026-11-20T12:00:00Z, a Friday.
pub(crate) const NOW: i64 = 1_795_176_000;

/// A running server over a database of its own.
pub(crate) struct Site {
    pub(crate) desk: Arc<Desk>,
    pub(crate) address: std::net::SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Site {
    /// Starts a server on a free port; the clock stands at [`NOW`].
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with other settings.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = Config::local(folder.path());
        config.listen = address;
        config.public_url = format!("http://{address}");
        change(&mut config);
        let db = Db::open(&config.database).await.unwrap();
        let desk = Arc::new(Desk::new(db, Clock::fixed(NOW), config, Keys::new([1; 32])));
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(openhour::server::serve(listener, desk.clone(), async {
            let _ = stopped.await;
        }));
        Self { desk, address, stop: Some(stop), task: Some(task), _folder: folder }
    }

    /// Asks the server to stop and waits until it has.
    pub(crate) async fn stop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        if let Some(task) = self.task.take() {
            tokio::time::timeout(Duration::from_secs(15), task).await.unwrap().unwrap();
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "").await
    }

    /// Submits a form as a browser does from one of our pages.
    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", openhour::surface::encode(value))).collect();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &headers, &body.join("&")).await
    }

    /// Sends one request on a connection of its own.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        self.raw(format!("{head}\r\n{body}").as_bytes()).await
    }

    /// The same with a body that is no text.
    pub(crate) async fn send_bytes(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut head = format!("POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut request = format!("{head}content-length: {}\r\n\r\n", body.len()).into_bytes();
        request.extend(body);
        self.raw(&request).await
    }

    /// Sends bytes as they are and reads until the server closes.
    pub(crate) async fn raw(&self, request: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
        read.expect("an answer in time").expect("an answer");
        Reply::parse(&answer)
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
    /// `name=value` of every cookie that was set.
    pub(crate) cookies: Vec<String>,
}

impl Reply {
    fn parse(answer: &[u8]) -> Self {
        let text = String::from_utf8_lossy(answer).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_lowercase(), v.to_owned()));
        let cookies =
            head.lines().filter_map(|line| line.split_once(": ")).filter(|(n, _)| n.eq_ignore_ascii_case("set-cookie"));
        let cookies = cookies.map(|(_, value)| value.split(';').next().unwrap_or_default().to_owned()).collect();
        Self { status: status.unwrap_or(0), headers: headers.collect(), body: body.to_owned(), cookies }
    }

    /// A header field; empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}
