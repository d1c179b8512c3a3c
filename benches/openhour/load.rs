//! Loads an HTTP server over loopback: a bounded time, a fixed number of connections, one request at a time on each.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a run came to.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    /// Answers with the expected status.
    pub(crate) good: u64,
    /// Other answers and broken connections.
    pub(crate) bad: u64,
    /// The status of the last unexpected answer.
    pub(crate) last_bad: u16,
    /// Seconds measured.
    pub(crate) seconds: f64,
    /// Bytes of the last good answer, head included.
    pub(crate) bytes: usize,
    /// Half of the good answers took at most so long.
    pub(crate) median: Duration,
    /// 99 of 100 took at most so long.
    pub(crate) p99: Duration,
}

impl Figures {
    /// Good answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.good as f64 / self.seconds
    }
}

/// Makes the bytes of the n-th request.
pub(crate) type Requests = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// Rounds in which two take turns.
const ROUNDS: u32 = 5;

/// Loads a server and does something else, `time` each, in turns: what else the machine does meets both alike. Gives the
/// server's figures and the mean of the rates that the other came to.
pub(crate) async fn in_turns<E>(
    (server, requests): (SocketAddr, Requests),
    connections: usize,
    time: Duration,
    expected: u16,
    other: impl AsyncFn(Duration) -> Result<f64, E>,
) -> Result<(Figures, f64), E> {
    let (mut tally, mut rates) = (Tally::default(), 0.0);
    for _ in 0..ROUNDS {
        tally.add(load(server, connections, time / ROUNDS, expected, requests.clone()).await);
        rates += other(time / ROUNDS).await?;
    }
    Ok((tally.figures(), rates / f64::from(ROUNDS)))
}

/// Sends requests for `time` on `connections` connections and counts answers with status `expected`.
pub(crate) async fn run(
    server: SocketAddr,
    connections: usize,
    time: Duration,
    expected: u16,
    requests: Requests,
) -> Figures {
    load(server, connections, time, expected, requests).await.figures()
}

async fn load(server: SocketAddr, connections: usize, time: Duration, expected: u16, requests: Requests) -> Tally {
    let counter = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let begun = Instant::now();
    let tasks: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(one(server, expected, requests.clone(), counter.clone(), stop.clone())))
        .collect();
    tokio::time::sleep(time).await;
    stop.store(true, Ordering::Relaxed);
    let mut tally = Tally::default();
    for task in tasks {
        tally.add(task.await.unwrap_or_default());
    }
    tally.seconds = begun.elapsed().as_secs_f64();
    tally
}

/// What was counted on the way to [`Figures`].
#[derive(Default)]
struct Tally {
    times: Vec<Duration>,
    seconds: f64,
    bad: u64,
    last_bad: u16,
    bytes: usize,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.times.extend(other.times);
        self.seconds += other.seconds;
        self.bad += other.bad;
        self.last_bad = self.last_bad.max(other.last_bad);
        self.bytes = self.bytes.max(other.bytes);
    }

    fn figures(mut self) -> Figures {
        self.times.sort_unstable();
        let times = &self.times;
        let at = |share: f64| {
            let index = ((times.len() as f64) * share) as usize;
            times.get(index.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
        };
        Figures {
            good: times.len() as u64,
            bad: self.bad,
            last_bad: self.last_bad,
            seconds: self.seconds,
            bytes: self.bytes,
            median: at(0.5),
            p99: at(0.99),
        }
    }
}

async fn one(
    server: SocketAddr,
    expected: u16,
    requests: Requests,
    counter: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
) -> Tally {
    let mut part = Tally::default();
    let mut connection: Option<Connection> = None;
    while !stop.load(Ordering::Relaxed) {
        let request = requests(counter.fetch_add(1, Ordering::Relaxed));
        let begun = Instant::now();
        let mut open = match connection.take() {
            Some(open) => open,
            None => match Connection::open(server).await {
                Ok(open) => open,
                Err(_) => {
                    part.bad += 1;
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                }
            },
        };
        match open.ask(&request).await {
            Ok(answer) => {
                if answer.status == expected {
                    part.times.push(begun.elapsed());
                    part.bytes = answer.bytes;
                } else {
                    part.bad += 1;
                    part.last_bad = answer.status;
                }
                if answer.keep {
                    connection = Some(open);
                }
            }
            Err(_) => part.bad += 1,
        }
    }
    part
}

/// One answer: its status, its size, whether the connection stays open.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) bytes: usize,
    pub(crate) keep: bool,
    pub(crate) head: String,
}

/// A connection that asks and reads the whole answer.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head_end = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).to_ascii_lowercase();
        let status: u16 = head.get(9..12).and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut keep = head.starts_with("http/1.1") && !head.contains("connection: close");
        let bodiless = matches!(status, 204 | 304) || request.starts_with(b"HEAD ");
        match head
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next()?.trim().parse::<usize>().ok())
        {
            _ if bodiless => {}
            Some(length) => {
                while self.buffer.len() < head_end + length {
                    if self.stream.read_buf(&mut self.buffer).await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
            }
            None if head.contains("transfer-encoding: chunked") => {
                while !self.buffer.ends_with(b"0\r\n\r\n") {
                    if self.stream.read_buf(&mut self.buffer).await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
            }
            None => {
                while self.stream.read_buf(&mut self.buffer).await? != 0 {}
                keep = false;
            }
        }
        Ok(Answer { status, bytes: self.buffer.len(), keep, head })
    }

    /// The body of the answer just read.
    pub(crate) fn body(&self) -> &[u8] {
        find(&self.buffer, b"\r\n\r\n").map_or(&[], |end| &self.buffer[end + 4..])
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// Asks once.
pub(crate) async fn once(server: SocketAddr, request: &[u8]) -> io::Result<(Answer, Vec<u8>)> {
    let mut connection = Connection::open(server).await?;
    let answer = connection.ask(request).await?;
    let body = connection.body().to_vec();
    Ok((answer, body))
}
