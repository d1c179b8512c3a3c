//! The HTTP server: accepts connections within limits, routes requests, and stops gracefully.
//!
//! HTTP/1.1 in clear text; TLS (and HTTP/2 towards browsers) is the business of the proxy in front.

mod bearer;
mod body;
mod client_address;
mod connection;
mod dav;
mod health;
mod limits;
mod open_files;
mod origin;
mod refusals;
mod requests;
pub mod rights;
mod router;
mod routes;
mod security;
mod stall;

use std::future::Future;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::desk::Desk;
use crate::live::Hub;
use requests::Requests;

/// Serves until `shutdown` is ready; requests in progress then have a few seconds to finish.
pub async fn serve(listener: TcpListener, desk: Arc<Desk>, shutdown: impl Future<Output = ()>) {
    open_files::raise_limit();
    let hub = Hub::new();
    let requests = Arc::new(Requests::new(desk, &hub));
    let places = Arc::new(Semaphore::new(limits::CONNECTIONS));
    let (stop, stopping) = watch::channel(false);
    let mut open = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        // Without a free place nobody is accepted: newcomers wait in the kernel's queue.
        let next = async {
            let place = places.clone().acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = open.join_next() => {}
            (place, accepted) = next => match accepted {
                Ok((stream, peer)) => {
                    let one = connection::run(stream, peer, requests.clone(), stopping.clone());
                    open.spawn(async move {
                        one.await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(limits::ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    // Nobody listens any more only when all connections are gone already.
    let _ = stop.send(true);
    let finished = async {
        hub.stop().await;
        while open.join_next().await.is_some() {}
    };
    if tokio::time::timeout(limits::SHUTDOWN, finished).await.is_err() {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
}
