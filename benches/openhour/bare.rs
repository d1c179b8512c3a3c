//! What the machine can do at best, measured in the same run: a bare hyper answer and bare SQLite commits.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor};
use tokio::net::TcpListener;

/// Answers every request with the same bytes: 304 without a body on `/304`, else 200 and `size` bytes (`/{size}`).
pub(crate) async fn serve(address: SocketAddr) -> std::io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| async move {
                let path = request.uri().path().trim_start_matches('/');
                let mut answer = Response::new(Full::new(Bytes::new()));
                if path == "304" {
                    *answer.status_mut() = StatusCode::NOT_MODIFIED;
                } else {
                    static ZEROS: [u8; 1 << 20] = [b'x'; 1 << 20];
                    let size = path.parse().unwrap_or(0).min(ZEROS.len());
                    *answer.body_mut() = Full::new(Bytes::from_static(&ZEROS[..size]));
                }
                Ok::<_, Infallible>(answer)
            });
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// Bytes of a row: about the size of an event.
const ROW: usize = 700;

/// One-row commits a second: WAL, `synchronous=FULL`, one connection, one after the other.
pub(crate) async fn sqlite_commits(folder: &Path, time: Duration) -> Result<f64, sqlx::Error> {
    let mut connection = SqliteConnectOptions::new()
        .filename(folder.join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await?;
    connection.execute("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)").await?;
    let row = vec![b'x'; ROW];
    let begun = Instant::now();
    let mut count = 0u32;
    while begun.elapsed() < time {
        connection.execute("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO rows (bytes) VALUES ($1)").bind(&row).execute(&mut connection).await?;
        connection.execute("COMMIT").await?;
        count += 1;
    }
    let rate = f64::from(count) / begun.elapsed().as_secs_f64();
    connection.close().await?;
    Ok(rate)
}
