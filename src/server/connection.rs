//! One connection from its first byte to its last.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::limits;
use super::requests::Requests;
use super::stall::Stalling;

/// Serves one connection. A client that connects and says nothing is let go after the header time: hyper's own timer
/// starts with the first byte only.
pub(super) async fn run(
    stream: TcpStream,
    peer: SocketAddr,
    requests: Arc<Requests>,
    mut stopping: watch::Receiver<bool>,
) {
    // Without it answers of several packets wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    let mut first = [0_u8; 1];
    tokio::select! {
        said = tokio::time::timeout(limits::HEADER_TIME, stream.peek(&mut first)) => {
            if !matches!(said, Ok(Ok(1))) {
                return;
            }
        }
        () = stopped(&mut stopping) => return,
    }
    let service = service_fn(move |request| {
        let requests = requests.clone();
        async move { Ok::<_, Infallible>(requests.answer(peer.ip(), request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADER_TIME)
        .max_buf_size(limits::HEADERS)
        .serve_connection(TokioIo::new(Stalling::new(stream, limits::WRITE_STALL)), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Waits until the server stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which is the same.
    let _ = stopping.wait_for(|stop| *stop).await;
}
