//! Handing mail to the next server by SMTP, over a pool of connections.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::config::Config;

/// Connections to the next server at most.
const CONNECTIONS: u32 = 4;
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(20);

/// How long a whole delivery may take; less than the worker grants an attempt.
const DELIVERY: Duration = Duration::from_secs(60);
/// How long a delivery that took too long may go on before its connection is closed.
const LEFT_ALONE: Duration = Duration::from_secs(600);

/// Where composed mail goes.
pub enum Mailer {
    /// Nowhere: keeping it is its delivery.
    Capture,
    /// To an SMTP server.
    Smtp(Box<Smtp>),
}

/// The next server, and the connections to it.
pub struct Smtp {
    builder: AsyncSmtpTransportBuilder,
    pool: Mutex<Transport>,
    delivery: Duration,
}

type Transport = AsyncSmtpTransport<Tokio1Executor>;

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
    /// The mailer that the settings ask for. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// What is wrong with `smtp_url`.
    pub fn new(config: &Config) -> Result<Self, String> {
        Self::within(config, DELIVERY)
    }

    /// `delivery`: how long handing over one mail may take.
    pub(super) fn within(config: &Config, delivery: Duration) -> Result<Self, String> {
        let Some(url) = &config.smtp_url else { return Ok(Self::Capture) };
        let builder = Transport::from_url(&secured(url)?)
            .map_err(|error| format!("smtp_url: {error}"))?
            .hello_name(ClientId::Domain(config.mail_domain().to_owned()))
            .timeout(Some(CONNECT))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS).idle_timeout(Duration::from_secs(60)));
        let pool = Mutex::new(builder.clone().build());
        Ok(Self::Smtp(Box::new(Smtp { builder, pool, delivery })))
    }

    /// Hands over a mail as it is. `Ok`: the next server has taken it (or it is captured).
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send(&self, from: &str, to: &str, bytes: &[u8]) -> Result<(), SendError> {
        let Self::Smtp(smtp) = self else { return Ok(()) };
        let address =
            |text: &str| text.parse::<Address>().map_err(|error| SendError::Never(format!("{text}: {error}")));
        let envelope = Envelope::new(Some(address(from)?), vec![address(to)?])
            .map_err(|error| SendError::Never(error.to_string()))?;
        smtp.send(envelope, bytes.to_vec()).await
    }
}

impl Smtp {
    /// lettre waits for answers without limit, and puts a connection whose delivery was dropped halfway back into its
    /// pool, where the next mail would read the answers meant for this one. So a delivery that takes too long is left
    /// to itself with its pool, and the next mail gets a new pool.
    async fn send(&self, envelope: Envelope, bytes: Vec<u8>) -> Result<(), SendError> {
        let pool = self.lock().clone();
        let delivery = tokio::spawn(async move {
            tokio::time::timeout(LEFT_ALONE, pool.send_raw(&envelope, &bytes)).await.map(|sent| sent.map(drop))
        });
        match tokio::time::timeout(self.delivery, delivery).await {
            Ok(Ok(Ok(Ok(())))) => Ok(()),
            Ok(Ok(Ok(Err(error)))) if refuses_this_mail(&error) => Err(SendError::Never(described(&error))),
            Ok(Ok(Ok(Err(error)))) => Err(SendError::Later(described(&error))),
            Ok(_) => Err(SendError::Later("the delivery failed unexpectedly".into())),
            Err(_) => {
                *self.lock() = self.builder.clone().build();
                Err(SendError::Later("the mail server took too long to answer".into()))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Transport> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A permanent refusal of this recipient or message. Anything about our connection, commands or sign-in (50x, 521,
/// 530 to 539) is our own trouble: mending the settings cures it, so no mail is given up for it.
fn refuses_this_mail(error: &lettre::transport::smtp::Error) -> bool {
    let code = error.status().map_or(0, u16::from);
    error.is_permanent() && (550..=559).contains(&code)
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

/// The address with encryption made explicit: required, unless the server is this machine or `tls=none` says so.
fn secured(url: &str) -> Result<String, String> {
    if url.starts_with("smtps://") {
        return Ok(url.to_owned());
    }
    let rest = url.strip_prefix("smtp://").ok_or("smtp_url must begin with smtp:// or smtps://")?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let wanted = query.split('&').find_map(|pair| pair.strip_prefix("tls="));
    match wanted {
        Some("none") => Ok(format!("smtp://{place}")),
        Some("required" | "opportunistic") => Ok(url.to_owned()),
        Some(other) => Err(format!("smtp_url: tls={other} is not known; it may be required, opportunistic or none")),
        None if is_loopback(place) => Ok(format!("smtp://{place}")),
        None => Ok(format!("smtp://{place}?tls=required")),
    }
}

/// `place`: `user:password@host:port/name`
fn is_loopback(place: &str) -> bool {
    let authority = place.split('/').next().unwrap_or_default();
    let host_port = authority.rsplit('@').next().unwrap_or_default();
    let host = match host_port.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host_port.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_leaves_the_machine_encrypted_unless_told_otherwise() {
        for (given, used) in [
            ("smtp://mail.example.org", "smtp://mail.example.org?tls=required"),
            ("smtp://u:p@mail.example.org:587", "smtp://u:p@mail.example.org:587?tls=required"),
            ("smtp://localhost.example.org:25", "smtp://localhost.example.org:25?tls=required"),
            ("smtp://127.0.0.1@mail.example.org", "smtp://127.0.0.1@mail.example.org?tls=required"),
            ("smtp://localhost:2525", "smtp://localhost:2525"),
            ("smtp://[::1]:25", "smtp://[::1]:25"),
            ("smtp://mail.example.org?tls=none", "smtp://mail.example.org"),
            ("smtp://mail.example.org?tls=opportunistic", "smtp://mail.example.org?tls=opportunistic"),
            ("smtps://u:p@mail.example.org", "smtps://u:p@mail.example.org"),
        ] {
            assert_eq!(secured(given).as_deref(), Ok(used));
        }
        assert!(secured("smtp://mail.example.org?tls=maybe").is_err());
        assert!(secured("http://mail.example.org").is_err());
    }
}
