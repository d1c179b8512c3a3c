//! `/feeds/{secret}/open.ics` and `/feeds/{secret}/sessions.ics`: a person's own feeds under addresses only they know.
//!
//! 410 tells Thunderbird to give a calendar up for good, so it is for addresses that were revoked. What was never an
//! address of ours is 404, without a look into the database. Nothing else but 200 and 304 is ever answered: any other
//! refusal would switch the calendar off for a while.

use std::sync::Arc;

use http::{HeaderName, StatusCode, header};

use super::answer::{DAY, DAYS, MOST, answer};
use super::open_slots::Feed;
use super::own_sessions;
use super::writer::Writer;
use crate::db::DbError;
use crate::desk::feeds::FeedCopy;
use crate::desk::slots::{self, Pooled};
use crate::desk::team_facts::{self, TeamFacts};
use crate::people::PersonId;
use crate::people::feeds::{FeedKind, FeedOwner, mark, owner, read};
use crate::surface::{self, Answer, Call};
use crate::teams;

/// `/feeds/{secret}/open.ics`
pub async fn open(call: Call) -> Answer {
    feed(call, FeedKind::Open).await
}

/// `/feeds/{secret}/sessions.ics`
pub async fn sessions(call: Call) -> Answer {
    feed(call, FeedKind::Sessions).await
}

async fn feed(call: Call, kind: FeedKind) -> Answer {
    let Some((person, generation)) = read(&call.desk.keys, kind, call.param(0)) else {
        return surface::text(StatusCode::NOT_FOUND, "There is no such feed.\n");
    };
    let key = format!("{}/{person}/{generation}", kind.word());
    let mut found = match current(&call, kind, person, generation, &key).await {
        Ok(Some(copy)) => answer(&call, &copy),
        Ok(None) => {
            surface::text(StatusCode::GONE, "This address was replaced. The new one stands on your own page.\n")
        }
        Err(error) => match call.desk.feeds.last(&key) {
            Some(copy) => {
                tracing::warn!(id = call.id, %error, "a feed is served from its last copy");
                answer(&call, &copy)
            }
            None => {
                tracing::error!(id = call.id, %error, "a feed cannot be written");
                surface::text(StatusCode::NOT_FOUND, "This feed is being prepared.\n")
            }
        },
    };
    surface::set(&mut found, header::CACHE_CONTROL, "private, no-cache");
    surface::set(&mut found, header::REFERRER_POLICY, "no-referrer");
    surface::set(&mut found, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    found
}

/// The feed as it is now; `None`: the address was revoked.
async fn current(
    call: &Call,
    kind: FeedKind,
    person: PersonId,
    generation: i64,
    key: &str,
) -> Result<Option<Arc<FeedCopy>>, DbError> {
    let owner = owner(&mut call.desk.db.read().await?, person).await?;
    let Some(owner) = owner.filter(|owner| !owner.banned && owner.generation == generation) else { return Ok(None) };
    Ok(Some(match kind {
        FeedKind::Open => open_slots(call, person, generation, key).await?,
        FeedKind::Sessions => own(call, person, &owner, key).await?,
    }))
}

/// The person's version changes with each of their sessions, and the day with what is too old.
async fn own(call: &Call, person: PersonId, owner: &FeedOwner, key: &str) -> Result<Arc<FeedCopy>, DbError> {
    let desk = &call.desk;
    let now = desk.clock.now();
    let made_from = format!("{} {}", owner.version, now.div_euclid(DAY));
    if let Some(copy) = desk.feeds.last(key).filter(|copy| copy.made_from == made_from) {
        return Ok(copy);
    }
    let content = own_sessions::write(desk, person, now).await?;
    Ok(desk.feeds.keep(key, made_from, content, now))
}

/// The open slots of all teams the person belongs to.
async fn open_slots(call: &Call, person: PersonId, generation: i64, key: &str) -> Result<Arc<FeedCopy>, DbError> {
    let desk = &call.desk;
    let now = desk.clock.now();
    let to = (now.div_euclid(DAY) + 1 + DAYS) * DAY;
    let own_teams = teams::of_person(&mut desk.db.read().await?, person).await?;
    let mut pools: Vec<(Arc<TeamFacts>, Pooled)> = Vec::new();
    let mut made_from = String::new();
    for team in own_teams {
        let Some(facts) = team_facts::facts(desk, team.id).await? else { continue };
        let pooled = slots::pooled(desk, &facts.team, &[], now, to).await?;
        made_from += &format!("{} {} {} {}\n", team.id, facts.team.version, pooled.version, pooled.changed_at);
        pools.push((facts, pooled));
    }
    if let Some(copy) = desk.feeds.last(key).filter(|copy| copy.made_from == made_from) {
        return Ok(copy);
    }
    let mark = mark(&desk.keys, person, generation);
    let mut writer = Writer::begin("Open slots");
    let mut left = MOST;
    for (facts, pooled) in &pools {
        let count = left.min(pooled.slots.len());
        left -= count;
        let feed = Feed {
            team: &facts.team,
            types: &facts.types,
            slots: pooled.slots.get(..count).unwrap_or_default(),
            changed: pooled.changed_at.max(facts.team.changed),
            public_url: &desk.config.public_url,
            reader: Some(&mark),
            domain: desk.config.mail_domain(),
        };
        feed.events(&mut writer);
    }
    Ok(desk.feeds.keep(key, made_from, writer.end(), now))
}
