//! What only the clock causes: forgetting old rows, releasing holds nobody confirmed, listing occurrences further ahead.

use std::sync::Arc;
use std::time::Duration;

use crate::calendars::{changes, horizon, reindex};
use crate::desk::{Desk, booking, conduct, erasures, parked, retention, schedules};
use crate::jobs::Purge;
use crate::mail_in;
use crate::people::web_sessions;
use crate::sources;

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// Seconds between two rounds of forgetting.
const FORGET: i64 = 3600;

/// Seconds between two looks for events that are to be listed further ahead, or anew after a change of zone.
const LIST: i64 = 15;
/// Seconds between two looks for cancellations that nobody takes back any more.
const FINISH: i64 = 5;
/// Seconds between two looks for holds that nobody confirmed.
const RELEASE: i64 = 15;

/// Does the chores for ever; a failure is logged and the chore comes again at its next time.
pub(super) async fn run(desk: Arc<Desk>) {
    tokio::join!(index_anew(&desk), by_the_clock(&desk), sources::run(desk.clone()));
}

async fn by_the_clock(desk: &Desk) {
    let (mut forget, mut release, mut list) = (Rhythm::new(FORGET), Rhythm::new(RELEASE), Rhythm::new(LIST));
    let mut finish = Rhythm::new(FINISH);
    loop {
        if finish.is_due(desk.clock.now())
            && let Err(error) = booking::finish_cancelling(desk).await
        {
            tracing::error!(?error, "cancellations could not be carried out");
        }
        if release.is_due(desk.clock.now())
            && let Err(error) = booking::expire_holds(desk).await
        {
            tracing::error!(?error, "holds that nobody confirmed could not be released");
        }
        if list.is_due(desk.clock.now()) {
            list_ahead(desk).await;
        }
        if forget.is_due(desk.clock.now()) {
            purge(desk).await;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// After an update that lists events differently: all of them, while the other chores go on.
async fn index_anew(desk: &Desk) {
    match reindex::if_outdated(&desk.db, &desk.offer_words(), desk.clock.now()).await {
        Ok(None) => {}
        Ok(Some(report)) => {
            tracing::info!(objects = report.objects, differed = report.changed, "events were indexed anew");
        }
        Err(error) => tracing::error!(%error, "events could not be indexed anew; run `openhour reindex`"),
    }
}

async fn list_ahead(desk: &Desk) {
    loop {
        match horizon::extend(&desk.db, &desk.offer_words(), desk.clock.now()).await {
            Ok(count) if horizon::is_all(count) => return,
            Ok(_) => tokio::task::yield_now().await,
            Err(error) => return tracing::error!(%error, "events could not be listed further ahead"),
        }
    }
}

async fn purge(desk: &Desk) {
    if let Err(error) = changes::prune(&desk.db, desk.clock.now()).await {
        tracing::error!(%error, "old deletions could not be forgotten");
    }
    if let Err(error) = conduct::forget_farewells(desk).await {
        tracing::error!(%error, "what is left of removed people could not be forgotten");
    }
    if let Err(error) = erasures::keep(desk).await {
        tracing::error!(%error, "what was erased could not be noted beside the database");
    }
    match retention::forget_old(desk).await {
        Ok((0, 0)) => {}
        Ok((sessions, people)) => tracing::info!(sessions, people, "what is old enough was forgotten"),
        Err(error) => tracing::error!(%error, "sessions of long ago could not be forgotten"),
    }
    if let Err(error) = booking::purge(desk).await {
        tracing::error!(%error, "old attempts and repeated answers could not be removed");
    }
    if let Err(error) = desk.db.run(web_sessions::Purge { now: desk.clock.now() }).await {
        tracing::error!(%error, "old sign-ins could not be removed");
    }
    while let Ok(true) =
        desk.db.run(mail_in::once::Forget { now: desk.clock.now(), keep_sender: desk.config.keep_mail_log }).await
    {
        tokio::task::yield_now().await;
    }
    if let Err(error) = desk.db.run(parked::Forget { now: desk.clock.now() }).await {
        tracing::error!(%error, "requests by mail that nobody confirmed could not be forgotten");
    }
    match schedules::forget_unused(desk).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "unused schedules were deleted"),
        Err(error) => tracing::error!(%error, "unused schedules could not be deleted"),
    }
    loop {
        match desk.db.run(Purge { now: desk.clock.now(), keep_bodies: desk.config.keep_sent_mail }).await {
            Ok(true) => tokio::task::yield_now().await,
            Ok(false) => return,
            Err(error) => return tracing::error!(%error, "old jobs could not be removed"),
        }
    }
}

/// A chore's times: at once, then every `seconds`.
struct Rhythm {
    seconds: i64,
    next: i64,
}

impl Rhythm {
    fn new(seconds: i64) -> Self {
        Self { seconds, next: i64::MIN }
    }

    fn is_due(&mut self, now: i64) -> bool {
        let due = now >= self.next;
        if due {
            self.next = now.saturating_add(self.seconds);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_chore_comes_at_once_and_then_in_its_rhythm() {
        let mut rhythm = super::Rhythm::new(60);
        let due: Vec<i64> = (1_000..1_200).filter(|now| rhythm.is_due(*now)).collect();
        assert_eq!(due, [1_000, 1_060, 1_120, 1_180]);
    }
}
