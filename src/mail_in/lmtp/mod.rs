//! LMTP (RFC 2033): our own mail server hands messages over and learns, recipient by recipient, what became of them.
//!
//! There is no sign-in, so it listens on this machine or on a socket file.

mod conversation;
mod data;
mod lines;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::Inbox;
use crate::config::Listen;

/// Conversations at the same time; each may hold one message of ten megabytes.
const AT_ONCE: usize = 16;
/// After the call to stop, messages under way may take so long.
const STOP: Duration = Duration::from_secs(20);
/// The pause after a failure to accept, such as too many open files.
const RECOVER: Duration = Duration::from_millis(100);

/// A place where mail is handed over.
pub struct Listener(Place);

enum Place {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Either kind of connection.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

impl Listener {
    /// Takes the port, or makes the socket file; one that a dead server left behind is replaced. Its group may use it.
    ///
    /// # Errors
    /// The port is taken, or the file cannot be made.
    pub async fn bind(place: &Listen) -> io::Result<Self> {
        Ok(Self(match place {
            Listen::Tcp(address) => Place::Tcp(TcpListener::bind(address).await?),
            Listen::Unix(path) => Place::Unix(bind_file(path).await?),
        }))
    }

    /// Where it listens, when that is a port.
    pub fn address(&self) -> Option<std::net::SocketAddr> {
        match &self.0 {
            Place::Tcp(listener) => listener.local_addr().ok(),
            Place::Unix(_) => None,
        }
    }

    /// Takes messages until `stop` becomes true; then says goodbye to idle clients and finishes what is under way.
    pub async fn serve(self, inbox: Arc<Inbox>, mut stop: watch::Receiver<bool>) {
        let room = Arc::new(Semaphore::new(AT_ONCE));
        let mut running = JoinSet::new();
        while !*stop.borrow() {
            let accepted = tokio::select! {
                accepted = self.accept() => accepted,
                changed = stop.changed() => if changed.is_err() { break } else { continue },
            };
            while running.try_join_next().is_some() {}
            let Ok(mut stream) = accepted.inspect_err(|error| tracing::warn!(%error, "LMTP cannot accept")) else {
                tokio::time::sleep(RECOVER).await;
                continue;
            };
            match room.clone().try_acquire_owned() {
                Ok(turn) => {
                    let (inbox, stop) = (inbox.clone(), stop.clone());
                    running.spawn(async move {
                        let _turn = turn;
                        conversation::talk(stream, &inbox, stop).await;
                    });
                }
                Err(_) => drop(stream.write_all(b"421 4.3.2 Too many conversations, please come again\r\n").await),
            }
        }
        let rest = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP, rest).await.is_err() {
            tracing::warn!("messages under way were cut off; the mail server brings them again");
        }
    }

    async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match &self.0 {
            Place::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
            Place::Unix(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

async fn bind_file(path: &Path) -> io::Result<UnixListener> {
    let listener = match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && UnixStream::connect(path).await.is_err() => {
            std::fs::remove_file(path)?;
            UnixListener::bind(path)?
        }
        other => other?,
    };
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o660);
    std::fs::set_permissions(path, permissions)?;
    Ok(listener)
}
