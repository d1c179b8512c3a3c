//! Who listens to which team.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, broadcast, watch};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::places::Places;
use super::recent::Recent;
use super::{limits, watcher};
use crate::desk::Desk;
use crate::teams::TeamId;

/// What listeners hear.
#[derive(Debug, Clone)]
pub(super) enum News {
    /// A message to pass on.
    Say(Utf8Bytes),
    /// The team is not for everybody any more: ask again at the door.
    Leave,
}

/// All live connections of this process, and the teams they listen to.
pub struct Hub {
    teams: Mutex<HashMap<TeamId, Arc<Channel>>>,
    pub(super) places: Arc<Places>,
    pub(super) looking: Semaphore,
    stopping: watch::Sender<bool>,
}

/// One team's news.
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
            teams: Mutex::default(),
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

    /// Listens to a team; `None`: it cannot be watched. `since` is the version the client knows.
    pub(super) async fn listen(
        self: &Arc<Self>,
        desk: &Arc<Desk>,
        team: TeamId,
        since: Option<&str>,
    ) -> Option<Listener> {
        let (channel, early) = self.channel(desk, team);
        let mut begun = channel.begun.subscribe();
        tokio::time::timeout(limits::BEGIN, begun.wait_for(|begun| *begun)).await.ok()?.ok()?;
        let recent = channel.recent();
        let news = channel.news.subscribe();
        drop(early);
        let known = recent.as_ref()?;
        let missed = known.since(since.unwrap_or(known.version()));
        Some(Listener { missed, news, stopping: self.stopping() })
    }

    /// The team's channel, with a watcher at work, and a first listener that keeps it there.
    fn channel(self: &Arc<Self>, desk: &Arc<Desk>, team: TeamId) -> (Arc<Channel>, broadcast::Receiver<News>) {
        let mut teams = self.teams();
        let channel = teams.entry(team).or_insert_with(|| {
            let channel = Arc::new(Channel::new());
            tokio::spawn(watcher::watch(desk.clone(), self.clone(), channel.clone(), team));
            channel
        });
        (channel.clone(), channel.news.subscribe())
    }

    /// Takes a team out when nobody listens; `true`: it is out.
    pub(super) fn forget_if_unheard(&self, team: TeamId, channel: &Channel) -> bool {
        let mut teams = self.teams();
        let unheard = channel.news.receiver_count() == 0;
        if unheard {
            teams.remove(&team);
        }
        unheard
    }

    /// Takes a team out, and sends whoever listens away.
    pub(super) fn forget(&self, team: TeamId, channel: &Channel) {
        self.teams().remove(&team);
        // Nobody listens: nobody to send away.
        let _ = channel.news.send(News::Leave);
        channel.recent().take();
        channel.begun.send_replace(true);
    }

    fn teams(&self) -> MutexGuard<'_, HashMap<TeamId, Arc<Channel>>> {
        self.teams.lock().unwrap_or_else(PoisonError::into_inner)
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
