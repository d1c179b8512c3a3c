//! Configuration: `openhour.toml`, overridden by `OPENHOUR_...` variables. No configuration is a working local server.
//!
//! One list of keys serves file and environment: `smtp_url` in the file is `OPENHOUR_SMTP_URL` outside. A wrong key or
//! value stops the start with its name, what it may be, and where it was set.

mod dkim;
mod google;
mod mail_in;
mod oidc;
mod read;
mod told;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use dkim::DkimKey;
pub use google::{GoogleAccount, GoogleMeet, Secret, SigningKey};
pub use mail_in::{ImapAccount, Listen, Security};
pub use oidc::OidcProvider;
pub use read::{ConfigError, Origin, load};
pub use told::{Given, Told};
pub use values::{LogLevel, MailAddresses, MeetingLinks, Network, database, duration, is_address};

use crate::db::Target;
use crate::http_client::public::PrivateHosts;

/// Everything an installation can set, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// The address people use, without a slash at the end. Default: `http://` and [`Config::listen`].
    pub public_url: String,
    /// Where the database and the key live. Default `./openhour-data`.
    pub data_dir: PathBuf,
    /// Which database. Default: an SQLite file in the data folder.
    pub database: Target,
    /// Where outgoing mail goes, `smtp://user:password@host:port`; `None`: mail is captured.
    pub smtp_url: Option<String>,
    /// The one address all mail comes from.
    pub mail_from: String,
    /// The name beside it.
    pub mail_from_name: String,
    /// What mail is signed with; `None`: nothing is.
    pub dkim: Option<DkimKey>,
    /// How tagged addresses (`r-<token>@...`) are written.
    pub mail_addresses: MailAddresses,
    /// The mailbox in which mail arrives; `None`: none is read.
    pub imap: Option<ImapAccount>,
    /// Where our own mail server delivers by LMTP; `None`: nowhere.
    pub lmtp_listen: Option<Listen>,
    /// The name of our own mail server, whose `Authentication-Results` are believed; lower case.
    pub mail_trusted_authserv: Option<String>,
    /// The DNS server to ask for keys of senders; `None`: the system's.
    pub dns_server: Option<SocketAddr>,
    /// Where meeting links come from.
    pub meeting_links: MeetingLinks,
    /// How long invites wait for a meeting service that does not answer before they go out with another link, seconds.
    pub meeting_link_patience: i64,
    /// Hosts in private networks from which calendars may be read. Default: none.
    pub fetch_private_hosts: PrivateHosts,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// The file with the installation's key. Default `secret.key` in the data folder.
    pub secret_key_file: PathBuf,
    /// Off only for load tests.
    pub rate_limits: bool,
    /// Anybody may make a schedule without an account.
    pub schedules: bool,
    /// Where people may sign in besides a mailed link, in the order of the buttons.
    pub oidc: Vec<OidcProvider>,
    /// How long sessions of the past are kept, with their bookings and agendas, seconds; 0: for ever.
    pub keep_bookings: i64,
    /// How long the bodies of sent mails are kept, seconds.
    pub keep_sent_mail: i64,
    /// How long the log of mail that came in says who sent it, seconds.
    pub keep_mail_log: i64,
    /// Titles that make an event an offer, lower case.
    pub offer_words: Vec<String>,
    /// Least time between booking and start where nothing else says, seconds.
    pub notice: i64,
    /// How long a cancellation from a calendar or by mail can be taken back before the other side is told, seconds.
    pub undo_within: i64,
    /// How far ahead one may book where nothing else says, seconds.
    pub booking_window: i64,
    /// What is written to standard error.
    pub log: LogLevel,
    /// Sample data, and captured mail readable in the browser from this machine.
    pub demo: bool,
    /// What was set, and where; see [`Config::told`].
    pub given: Vec<Given>,
}

impl Config {
    /// The domain of [`Config::mail_from`]: of Message-IDs and UIDs.
    pub fn mail_domain(&self) -> &str {
        self.mail_from.rsplit('@').next().unwrap_or("localhost")
    }

    /// The settings of an installation that sets nothing, with its data in `data_dir`.
    pub fn local(data_dir: impl Into<PathBuf>) -> Self {
        let data_dir = data_dir.into();
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Self {
            listen,
            public_url: format!("http://{listen}"),
            database: Target::Sqlite(data_dir.join("openhour.db")),
            smtp_url: None,
            mail_from: "openhour@localhost.localdomain".into(),
            mail_from_name: "Openhour".into(),
            dkim: None,
            mail_addresses: MailAddresses::default(),
            imap: None,
            lmtp_listen: None,
            mail_trusted_authserv: None,
            dns_server: None,
            meeting_links: MeetingLinks::default(),
            meeting_link_patience: 600,
            fetch_private_hosts: PrivateHosts::default(),
            trusted_proxies: Vec::new(),
            secret_key_file: data_dir.join("secret.key"),
            rate_limits: true,
            schedules: true,
            oidc: Vec::new(),
            keep_bookings: 365 * 86_400,
            keep_sent_mail: 7 * 86_400,
            keep_mail_log: 30 * 86_400,
            offer_words: values::default_offer_words(),
            notice: 86_400,
            undo_within: 120,
            booking_window: 366 * 86_400,
            log: LogLevel::default(),
            demo: false,
            given: Vec::new(),
            data_dir,
        }
    }
}
