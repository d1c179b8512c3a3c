//! Handing mail to the next server by SMTP, over a few connections that are kept. RFC 5321.
//!
//! What a refusal means depends on when it comes: of the connection, the sign-in or our own address it says that
//! something is to be mended, of the recipient or the message that it never will be taken.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::AsyncSmtpConnection as Connection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use tokio::sync::Semaphore;

use super::next_server::{NextServer, Tls};
use crate::config::Config;

/// Connections to the next server at most.
const CONNECTIONS: usize = 4;
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(20);
/// How long a whole delivery may take; less than the worker grants an attempt.
const DELIVERY: Duration = Duration::from_secs(60);
/// How long a connection is kept without use.
const IDLE: Duration = Duration::from_secs(60);
/// How long a server may take to answer our goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// Where composed mail goes.
pub enum Mailer {
    /// Nowhere: keeping it is its delivery.
    Capture,
    /// To an SMTP server.
    Smtp(Box<Smtp>),
}

/// The next server, and the connections to it.
pub struct Smtp {
    server: NextServer,
    open: Semaphore,
    idle: Mutex<Vec<(Instant, Connection)>>,
    delivery: Duration,
}

/// Why the next server did not take a mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Worth another try later.
    #[error("{0}")]
    Later(String),
    /// It never will be taken.
    #[error("{0}")]
    Never(String),
}

impl Mailer {
    /// The mailer that the settings ask for.
    ///
    /// # Errors
    /// What is wrong with `smtp_url`.
    pub fn new(config: &Config) -> Result<Self, String> {
        Self::within(config, DELIVERY)
    }

    /// `delivery`: how long handing over one mail may take.
    pub(super) fn within(config: &Config, delivery: Duration) -> Result<Self, String> {
        let Some(url) = &config.smtp_url else { return Ok(Self::Capture) };
        let server = NextServer::read(url, config.mail_domain())?;
        let (open, idle) = (Semaphore::new(CONNECTIONS), Mutex::new(Vec::new()));
        Ok(Self::Smtp(Box::new(Smtp { server, open, idle, delivery })))
    }

    /// Hands over a mail as it is. `Ok`: the next server has taken it (or it is captured).
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send(&self, from: &str, to: &str, bytes: &[u8]) -> Result<(), SendError> {
        let Self::Smtp(smtp) = self else { return Ok(()) };
        let address =
            |text: &str| text.parse::<Address>().map_err(|error| SendError::Never(format!("{text}: {error}")));
        let (from, to) = (address(from)?, address(to)?);
        // A delivery that takes too long takes its connection along: nobody reads answers meant for another mail.
        match tokio::time::timeout(smtp.delivery, smtp.send(from, to, bytes)).await {
            Ok(result) => result,
            Err(_) => Err(SendError::Later("the mail server took too long to answer".into())),
        }
    }
}

impl Smtp {
    async fn send(&self, from: Address, to: Address, bytes: &[u8]) -> Result<(), SendError> {
        let _room = self.open.acquire().await.map_err(|error| SendError::Later(error.to_string()))?;
        let mut connection = self.connection().await.map_err(|error| SendError::Later(described(&error)))?;
        match hand_over(&mut connection, from, to, bytes).await {
            Ok(()) => {
                self.idle().push((Instant::now(), connection));
                Ok(())
            }
            Err(error) => {
                goodbye(connection);
                Err(error)
            }
        }
    }

    /// A connection that answers: one that was kept, or a new one.
    async fn connection(&self) -> Result<Connection, Error> {
        loop {
            let Some((since, mut connection)) = self.idle().pop() else { return self.connect().await };
            if since.elapsed() > IDLE {
                goodbye(connection);
            } else if connection.test_connected().await {
                return Ok(connection);
            }
        }
    }

    async fn connect(&self) -> Result<Connection, Error> {
        let NextServer { host, port, tls, credentials, hello } = &self.server;
        let wrapped = match tls {
            Tls::Wrapped(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let mut connection =
            Connection::connect_tokio1((host.as_str(), *port), Some(CONNECT), hello, wrapped, None).await?;
        match tls {
            Tls::Required(parameters) => connection.starttls(parameters.clone(), hello).await?,
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), hello).await?;
            }
            _ => {}
        }
        if let Some(credentials) = credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<(Instant, Connection)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One mail over a connection that is signed in.
async fn hand_over(connection: &mut Connection, from: Address, to: Address, bytes: &[u8]) -> Result<(), SendError> {
    // All mail has this sender: a server that does not like it would refuse every mail until the settings are mended.
    let ours = |error: Error| SendError::Later(described(&error));
    let of_this_mail = |error: Error| match error.status().map_or(0, u16::from) {
        // 50x, 521 and 53x are about our commands, the server and the sign-in.
        550..=559 if error.is_permanent() => SendError::Never(described(&error)),
        _ => SendError::Later(described(&error)),
    };
    connection.command(Mail::new(Some(from), Vec::new())).await.map_err(ours)?;
    connection.command(Rcpt::new(to, Vec::new())).await.map_err(of_this_mail)?;
    connection.command(Data).await.map_err(of_this_mail)?;
    connection.message(bytes).await.map_err(of_this_mail)?;
    Ok(())
}

/// Takes leave without waiting for it.
fn goodbye(mut connection: Connection) {
    tokio::spawn(async move {
        let _ = tokio::time::timeout(GOODBYE, connection.abort()).await;
    });
}

/// The error with what caused it: "Connection error" alone helps nobody.
fn described(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
