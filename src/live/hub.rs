//! Who listens to which team, or to one of its hosts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, broadcast, watch};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::places::Places;
use super::recent::Recent;
use super::{limits, watcher};
use crate::desk::Desk;
use crate::people::PersonId;
use crate::teams::TeamId;

/// What listeners hear.
#[derive(Debug, Clone)]
pub(super) enum News {
    /// A message to pass on.
    Say(Utf8Bytes),
    /// The team is not for everybody any more: ask again at the door.
    Leave,
}

/// Whose slots a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Shown {
    pub(super) team: TeamId,
    /// Only of this host.
    pub(super) host: Option<PersonId>,
    /// With what only members see.
    pub(super) member: bool,
}

/// All live connections of this process, and what they listen to.
pub struct Hub {
    channels: Mutex<HashMap<Shown, Arc<Channel>>>,
    pub(super) places: Arc<Places>,
    pub(super) looking: Semaphore,
    stopping: watch::Sender<bool>,
}

/// One team's or host's news.
pub(super) struct Channel {
    news: broadcast::Sender<News>,
    /// `None` until the watcher has looked for the first time.
    recent: Mutex<Option<Recent>>,
    begun: watch::Sender<bool>,
}

/// One connection's ears.
pub(super) struct Listener {
    /// What it has to hear first.
    pub(super) missed: Vec<Utf8Bytes>,
    pub(super) news: broadcast::Receiver<News>,
    pub(super) stopping: watch::Receiver<bool>,
}

impl Hub {
    /// No connection yet.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            channels: Mutex::default(),
            places: Places::new(),
            looking: Semaphore::new(limits::LOOKING),
            stopping: watch::Sender::new(false),
        })
    }

    /// Says goodbye to all connections and waits a few seconds until they are gone.
    pub async fn stop(&self) {
        self.stopping.send_replace(true);
        let _ = tokio::time::timeout(limits::SHUTDOWN, self.places.all_free()).await;
    }

    /// Becomes true when the server stops.
    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Listens; `None`: it cannot be watched. `since` is the version the client knows.
    pub(super) async fn listen(
        self: &Arc<Self>,
        desk: &Arc<Desk>,
        shown: Shown,
        since: Option<&str>,
    ) -> Option<Listener> {
        let (channel, early) = self.channel(desk, shown);
        let mut begun = channel.begun.subscribe();
        tokio::time::timeout(limits::BEGIN, begun.wait_for(|begun| *begun)).await.ok()?.ok()?;
        let recent = channel.recent();
        let news = channel.news.subscribe();
        drop(early);
        let known = recent.as_ref()?;
        let missed = known.since(since.unwrap_or(known.version()));
        Some(Listener { missed, news, stopping: self.stopping() })
    }

    /// The channel, with a watcher at work, and a first listener that keeps it there.
    fn channel(self: &Arc<Self>, desk: &Arc<Desk>, shown: Shown) -> (Arc<Channel>, broadcast::Receiver<News>) {
        let mut channels = self.channels();
        let channel = channels.entry(shown).or_insert_with(|| {
            let channel = Arc::new(Channel::new());
            tokio::spawn(watcher::watch(desk.clone(), self.clone(), channel.clone(), shown));
            channel
        });
        (channel.clone(), channel.news.subscribe())
    }

    /// Takes a channel out when nobody listens; `true`: it is out.
    pub(super) fn forget_if_unheard(&self, shown: Shown, channel: &Channel) -> bool {
        let mut channels = self.channels();
        let unheard = channel.news.receiver_count() == 0;
        if unheard {
            channels.remove(&shown);
        }
        unheard
    }

    /// Takes a channel out, and sends whoever listens away.
    pub(super) fn forget(&self, shown: Shown, channel: &Channel) {
        self.channels().remove(&shown);
        // Nobody listens: nobody to send away.
        let _ = channel.news.send(News::Leave);
        channel.recent().take();
        channel.begun.send_replace(true);
    }

    fn channels(&self) -> MutexGuard<'_, HashMap<Shown, Arc<Channel>>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Channel {
    fn new() -> Self {
        Self {
            news: broadcast::Sender::new(limits::WAITING),
            recent: Mutex::default(),
            begun: watch::Sender::new(false),
        }
    }

    fn recent(&self) -> MutexGuard<'_, Option<Recent>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody listens.
    pub(super) fn is_heard(&self) -> bool {
        self.news.receiver_count() > 0
    }

    /// The first version that is known.
    pub(super) fn begin(&self, version: &str) {
        self.recent().get_or_insert_with(|| Recent::from(version.to_owned()));
        self.begun.send_replace(true);
    }

    /// Tells a step to all who listen, and keeps it for those who will ask.
    pub(super) fn tell(&self, version: &str, told: Option<Utf8Bytes>) {
        let mut recent = self.recent();
        let Some(recent) = recent.as_mut() else { return };
        if told.is_none() && recent.version() == version {
            return;
        }
        recent.push(version.to_owned(), told.clone());
        if let Some(text) = told {
            // Nobody listens: whoever comes back finds it in `recent`.
            let _ = self.news.send(News::Say(text));
        }
    }
}

/// How long until the clock has passed an instant, at least a moment; asked again at least once a minute, because clocks
/// are set and machines sleep. Within the last second it looks often: the clock here has whole seconds only.
pub(super) fn pause_until(instant: i64, now: i64) -> Duration {
    match instant.saturating_sub(now) {
        ..=1 => Duration::from_millis(50),
        left => Duration::from_secs(u64::try_from(left - 1).unwrap_or(1).min(60)),
    }
}
