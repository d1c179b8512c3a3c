//! `openhour serve`: everything in one process, until it is asked to stop.

use std::fs::{File, TryLockError};
use std::io::{IsTerminal, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Failure, demo, open};
use crate::clock::Clock;
use crate::config::{Config, LogLevel};
use crate::desk::{Desk, erasures};
use crate::mail::Mailer;
use crate::{mail_in, meeting_links, server, worker};

/// Connections that may wait to be accepted; the kernel has its own limit, mostly 4096.
const BACKLOG: u32 = 4096;

/// Starts the server and runs until SIGTERM or Ctrl-C; then finishes what is under way.
pub(super) async fn serve(mut config: Config, with_demo: bool) -> Result<(), Failure> {
    log(config.log);
    config.demo = with_demo;
    if with_demo && !config.listen.ip().is_loopback() {
        return Err(Failure::new(format!(
            "setting `listen` is {}; the demo shows all mail to whoever asks, so it only listens on 127.0.0.1",
            config.listen
        )));
    }
    if !config.rate_limits {
        tracing::warn!("rate limits are off: for load tests only");
    }
    Mailer::new(&config).map_err(Failure::new)?;
    meeting_links::configured(&config, &Clock::system()).map_err(Failure::new)?;
    let address = config.listen;
    let desk = Arc::new(open(config, Clock::system()).await?);
    let _lock = lock(&desk.config)?;
    // What was restored may hold people who were removed since it was copied.
    let again = erasures::replay(&desk, &erasures::read(&erasures::file(&desk))?).await?;
    if again > 0 {
        tracing::warn!(people = again, "people who were back in this database were removed or banned again");
    }
    let listener = listen(address)
        .map_err(|error| Failure::new(format!("setting `listen`: cannot listen on {address}: {error}")))?;
    let ways = mail_in::Ways::open(&desk.config)
        .await
        .map_err(|error| Failure::new(format!("setting `lmtp_listen`: cannot listen there: {error}")))?;
    let welcome = if with_demo { demo::prepare(&desk).await? } else { plain_welcome(&desk) };
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(worker::run(desk.clone(), stopped.clone()));
    let arriving = tokio::spawn(mail_in::run(desk.clone(), ways, stopped.clone()));
    let serving = tokio::spawn(server::serve(listener, desk.clone(), until(stopped)));
    println!("{welcome}");
    asked_to_stop().await?;
    tracing::info!("stopping");
    let _ = stop.send(true);
    serving.await?;
    arriving.await?;
    work.await?.map_err(Failure::new)?;
    desk.db.close().await;
    Ok(())
}

/// Listens with a queue in which a few thousand newcomers can wait; the usual 128 resets some of 400 at once.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restart need not wait until the old connections are forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn plain_welcome(desk: &Desk) -> String {
    let url = &desk.config.public_url;
    let mail = match &desk.config.smtp_url {
        Some(_) => format!("Mail goes out from {}.", desk.config.mail_from),
        None => "Mail is kept, not sent: set OPENHOUR_SMTP_URL and OPENHOUR_MAIL_FROM to send it.".to_owned(),
    };
    format!("Openhour is at {url}/ with calendars at {url}/dav/\n{mail}")
}

/// One server per data folder: two would each believe that the other's leases are dead.
fn lock(config: &Config) -> Result<File, Failure> {
    let path = config.data_dir.join("serve.lock");
    let file = File::create(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Failure::new(format!("setting `data_dir`: another server is running on {}", config.data_dir.display())))
        }
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // A dropped sender means that the program is ending: stop as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn asked_to_stop() -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

fn log(level: LogLevel) {
    let level = match level {
        LogLevel::Error => tracing::Level::ERROR,
        LogLevel::Warn => tracing::Level::WARN,
        LogLevel::Info => tracing::Level::INFO,
        LogLevel::Debug => tracing::Level::DEBUG,
    };
    // A second call (in tests) keeps the first subscriber.
    let _ = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
}

/// Asks the server on this machine for `/healthz`; for containers, which have no other tool.
pub(super) async fn healthcheck(config: &Config) -> Result<ExitCode, Failure> {
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        let here: IpAddr = if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
        address.set_ip(here);
    }
    let answer = tokio::task::spawn_blocking(move || ask(address)).await??;
    if answer.starts_with("HTTP/1.1 200") {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(format!("the server at {address} is not well")))
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let patience = Duration::from_secs(3);
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(4096).read_to_string(&mut answer)?;
    Ok(answer)
}
