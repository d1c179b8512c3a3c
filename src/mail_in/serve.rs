//! The ways in that a running server keeps open.

use std::io;
use std::sync::Arc;

use tokio::sync::watch;

use super::{Inbox, imap, lmtp};
use crate::config::Config;
use crate::desk::Desk;

/// What listens, ready before the server says that it is.
pub struct Ways {
    lmtp: Option<lmtp::Listener>,
}

impl Ways {
    /// Opens what the settings ask for.
    ///
    /// # Errors
    /// The port or the socket file cannot be had.
    pub async fn open(config: &Config) -> io::Result<Self> {
        let lmtp = match &config.lmtp_listen {
            Some(place) => Some(lmtp::Listener::bind(place).await?),
            None => None,
        };
        Ok(Self { lmtp })
    }
}

/// Takes mail until `stop` becomes true; then finishes what is under way.
pub async fn run(desk: Arc<Desk>, ways: Ways, stop: watch::Receiver<bool>) {
    let account = desk.config.imap.clone();
    if ways.lmtp.is_none() && account.is_none() {
        return;
    }
    let inbox = Arc::new(Inbox::new(desk));
    let listening = async {
        if let Some(listener) = ways.lmtp {
            listener.serve(inbox.clone(), stop.clone()).await;
        }
    };
    let watching = async {
        if let Some(account) = account {
            imap::watch(&inbox, &account, stop.clone()).await;
        }
    };
    tokio::join!(listening, watching);
}
