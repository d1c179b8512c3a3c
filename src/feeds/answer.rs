//! `/teams/{team}/open.ics`: the public feed of open slots, with conditional requests.
//!
//! Never an error but 404: one 5xx or 429 makes Thunderbird switch the calendar off for a while.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderValue, StatusCode, header};

use super::open_slots::Feed;
use crate::db::DbError;
use crate::desk::Desk;
use crate::desk::feeds::FeedCopy;
use crate::desk::slots::{self, Pooled};
use crate::desk::standing::Stands;
use crate::desk::team_facts::TeamFacts;
use crate::surface::{self, Answer, Call};

/// How far ahead feeds of open slots look.
pub(super) const DAYS: i64 = 60;
pub(super) const DAY: i64 = 86_400;
/// Most events; Google gives up on feeds of more than about a megabyte.
pub(super) const MOST: usize = 1_500;

/// `/teams/{team}/open.ics`
pub async fn open(call: Call) -> Answer {
    let slug = call.param(0);
    let (commits, now) = (call.desk.db.commits(), call.desk.clock.now());
    if let Some(copy) = call.desk.standing_feeds.find(slug, commits, now) {
        return answer(&call, &copy);
    }
    // On the heap: most polls are answered above.
    match Box::pin(current(&call, slug)).await {
        Ok(Some(copy)) => answer(&call, &copy),
        Ok(None) => surface::text(StatusCode::NOT_FOUND, "There is no such feed.\n"),
        Err(error) => match call.desk.feeds.last(slug) {
            Some(copy) => {
                tracing::warn!(id = call.id, %error, "a feed is served from its last copy");
                answer(&call, &copy)
            }
            None => {
                tracing::error!(id = call.id, %error, "a feed cannot be written");
                surface::text(StatusCode::NOT_FOUND, "This feed is being prepared.\n")
            }
        },
    }
}

/// The feed as it is now; from memory while neither the slots nor the day have changed.
async fn current(call: &Call, slug: &str) -> Result<Option<Arc<FeedCopy>>, DbError> {
    let desk = &call.desk;
    let (commits, now) = (desk.db.commits(), desk.clock.now());
    let Some(facts) = surface::teams::visible(desk, slug, None).await? else { return Ok(None) };
    let tomorrow = (now.div_euclid(DAY) + 1) * DAY;
    let to = tomorrow + DAYS * DAY;
    let Some(types) = facts.for_everybody() else { return Ok(None) };
    let pooled = slots::pooled(desk, &facts.team, &types, now, to).await?;
    let made_from = format!("{} {} {}", facts.team.version, pooled.version, pooled.changed_at);
    let copy = match desk.feeds.last(slug).filter(|copy| copy.made_from == made_from) {
        Some(copy) => copy,
        None => desk.feeds.keep(slug, made_from, write(desk, &facts, &pooled), now),
    };
    let stands = Stands { commits, from: now, until: pooled.valid_until.min(tomorrow) };
    desk.standing_feeds.keep(slug, stands, copy.content.len(), copy.clone());
    Ok(Some(copy))
}

fn write(desk: &Desk, facts: &TeamFacts, pooled: &Pooled) -> String {
    let feed = Feed {
        team: &facts.team,
        types: &facts.types,
        slots: pooled.slots.get(..MOST).unwrap_or(&pooled.slots),
        changed: pooled.changed_at.max(facts.team.changed),
        public_url: &desk.config.public_url,
        reader: None,
        domain: desk.config.mail_domain(),
    };
    feed.write()
}

/// The copy, or 304 when the client has it.
pub(super) fn answer(call: &Call, copy: &FeedCopy) -> Answer {
    if surface::fresh(&call.headers, &copy.etag, Some(copy.modified)) {
        let mut answer = surface::empty(StatusCode::NOT_MODIFIED);
        surface::set(&mut answer, header::ETAG, &copy.etag);
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        return answer;
    }
    let mut answer = surface::bytes(StatusCode::OK, "text/calendar; charset=utf-8", copy.content.clone());
    let modified = UNIX_EPOCH + Duration::from_secs(u64::try_from(copy.modified).unwrap_or(0));
    surface::set(&mut answer, header::ETAG, &copy.etag);
    surface::set(&mut answer, header::LAST_MODIFIED, &httpdate::fmt_http_date(modified));
    surface::set(&mut answer, header::CACHE_CONTROL, "no-cache");
    surface::set(&mut answer, header::CONTENT_DISPOSITION, "inline; filename=\"open.ics\"");
    answer
}
