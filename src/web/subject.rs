//! What a booking page is about: a team's kind of session, for this visitor, in their zone and language.

use std::sync::Arc;

use maud::{Markup, html};

use super::embed::Frame;
use super::face::face;
use super::live_region;
use super::reader::Reader;
use super::times::{Zone, time_in_url};
use super::visitor::signed_in;
use super::words::language::Words;
use crate::availability::PooledSlot;
use crate::db::DbError;
use crate::desk::slots::pooled;
use crate::desk::team_facts::TeamFacts;
use crate::people::{Person, PersonId};
use crate::surface::{self, Call, encode};
use crate::teams::{Host, PlaceKind, SessionType};

const DAY: i64 = 86_400;
/// How far ahead the pages leaf, seconds.
pub(super) const FARTHEST: i64 = 366 * DAY;

/// What a booking page is about.
pub(super) struct Subject {
    pub(super) facts: Arc<TeamFacts>,
    pub(super) kind: SessionType,
    pub(super) visitor: Option<Person>,
    pub(super) reader: Reader,
    /// `?host=`, where the team shows its hosts.
    pub(super) host: Option<PersonId>,
    /// Where another site shows the page in a frame.
    pub(super) frame: Option<Frame>,
}

/// Open slots and the version of the answer they came with.
pub(super) struct Open {
    pub(super) slots: Vec<PooledSlot>,
    pub(super) version: String,
}

impl Subject {
    /// Team and type of a route that begins with them; `None`: unknown, or not for this visitor.
    pub(super) async fn find(call: &Call) -> Result<Option<Self>, DbError> {
        Self::about(call, signed_in(call).await?, None).await
    }

    /// The same in another site's frame: as anybody sees it, whoever is signed in.
    pub(super) async fn framed(call: &Call) -> Result<Option<Self>, DbError> {
        Self::about(call, None, Some(Frame::of(call))).await
    }

    async fn about(call: &Call, visitor: Option<Person>, frame: Option<Frame>) -> Result<Option<Self>, DbError> {
        let Some(facts) = surface::teams::visible(&call.desk, call.param(0), visitor.as_ref()).await? else {
            return Ok(None);
        };
        let Some(kind) = facts.types.iter().find(|one| one.slug == call.param(1)).cloned() else { return Ok(None) };
        if kind.internal && !surface::teams::is_member(&call.desk, &facts, visitor.as_ref()).await? {
            return Ok(None);
        }
        let mut reader = Reader::of(call, &facts.team.timezone);
        let asked: Option<PersonId> = call.query().get("host").and_then(|host| host.parse().ok());
        let host = asked.filter(|id| facts.team.show_hosts && facts.hosts.iter().any(|host| host.person == *id));
        if let Some(host) = host {
            reader.keep("host", host.to_string());
        }
        if let Some(theme) = frame.and_then(|frame| frame.theme) {
            reader.keep("theme", theme.to_owned());
        }
        Ok(Some(Self { facts, kind, visitor, reader, host, frame }))
    }

    /// `/book/{team}/{type}`, or `/embed/{team}/{type}` in a frame.
    pub(super) fn path(&self) -> String {
        self.path_below(if self.frame.is_some() { "/embed" } else { "/book" })
    }

    /// `/book/{team}/{type}`
    pub(super) fn booking_path(&self) -> String {
        self.path_below("/book")
    }

    fn path_below(&self, top: &str) -> String {
        format!("{top}/{}/{}", encode(&self.facts.team.slug), encode(&self.kind.slug))
    }

    /// The page of all times.
    pub(super) fn link(&self) -> String {
        self.reader.link(&self.path())
    }

    /// The page of a day in the reader's zone.
    pub(super) fn day_link(&self, date: jiff::civil::Date) -> String {
        self.reader.link(&format!("{}/{date}", self.path()))
    }

    /// Where a slot is booked; never in a frame.
    pub(super) fn slot_link(&self, start: i64) -> String {
        let path = format!("{}/{}/{}", self.booking_path(), self.reader.zone.day(start), time_in_url(start));
        self.reader.link_without(&path, "theme")
    }

    /// The open slots of the type with starts in a stretch of time, of the host asked for.
    pub(super) async fn open(&self, call: &Call, from: i64, to: i64) -> Result<Open, DbError> {
        let found = pooled(&call.desk, &self.facts.team, &[self.kind.id], from, to).await?;
        let slots = match self.host {
            None => found.slots.to_vec(),
            Some(host) => found.slots.iter().filter(|slot| slot.hosts.contains(&host)).cloned().collect(),
        };
        Ok(Open { slots, version: found.point() })
    }

    /// The first open slot that starts at this time or later, looked for in longer and longer stretches.
    pub(super) async fn first_from(&self, call: &Call, from: i64) -> Result<Option<PooledSlot>, DbError> {
        let end = self.window_end();
        let mut from = from.max(self.reader.now);
        for days in [62, 366] {
            let to = (from + days * DAY).min(end);
            if from < to
                && let Some(slot) = self.open(call, from, to).await?.slots.first()
            {
                return Ok(Some(slot.clone()));
            }
            from = to.max(from);
        }
        Ok(None)
    }

    /// The last instant that can be open: the booking window of type, team or server, or a host's own longer one.
    pub(super) fn window_end(&self) -> i64 {
        let hosts = self.facts.hosts.iter().filter_map(|host| host.rules.booking_window);
        let general = self.kind.rules.booking_window.or(self.facts.team.rules.booking_window);
        let longest = hosts.chain(general).max().unwrap_or(FARTHEST);
        let window = if general.is_none() { FARTHEST } else { longest };
        self.reader.now + window.clamp(DAY, FARTHEST)
    }

    /// How long before its start a session can still be booked, seconds; hosts and offers may want more.
    pub(super) fn notice(&self, call: &Call) -> i64 {
        self.kind.rules.notice.or(self.facts.team.rules.notice).unwrap_or(call.desk.config.notice)
    }

    /// The team's own zone.
    pub(super) fn team_zone(&self) -> Zone {
        Zone::choose(None, &self.facts.team.timezone)
    }

    /// The names of a slot's hosts, where the team shows them.
    pub(super) fn hosts_of(&self, slot: &PooledSlot) -> Vec<&Host> {
        let shown = self.facts.team.show_hosts;
        self.facts.hosts.iter().filter(|host| shown && slot.hosts.contains(&host.person)).collect()
    }

    /// What keeps a page with this answer true while it is open.
    pub(super) fn live(&self, answer: &Open) -> Markup {
        let host = self.host.map(|host| format!("?host={host}")).unwrap_or_default();
        let topic = format!("teams/{}{host}", encode(&self.facts.team.slug));
        live_region::region(self.reader.words, &topic, &self.kind.slug, &answer.version)
    }

    /// With whom, where somebody was asked for.
    pub(super) fn with_host(&self) -> Markup {
        let host = self.facts.hosts.iter().find(|host| self.host == Some(host.person));
        html! {
            @if let Some(host) = host {
                p { (face(host.picture.as_deref())) ((self.reader.words.with_somebody)(&host.name)) }
            }
        }
    }

    /// Title and length of the session, above everything else.
    pub(super) fn heading(&self) -> Markup {
        let words = self.reader.words;
        html! {
            h1 { (swatch(&self.kind.color)) (self.kind.name) }
            p.lead {
                (self.facts.team.name) " · " ((words.minutes)(self.kind.minutes))
                @if self.kind.capacity > 1 { " · " ((words.group)(self.kind.capacity)) }
                @if let Some(place) = place(&self.kind, words) { " · " (place) }
            }
        }
    }
}

/// A type's colour beside its name; it says nothing that words do not.
pub(super) fn swatch(color: &str) -> Markup {
    html! {
        @if !color.is_empty() {
            svg.swatch aria-hidden="true" width="14" height="14" viewBox="0 0 14 14" {
                circle cx="7" cy="7" r="6" fill=(color) stroke="currentColor" {}
            }
        }
    }
}

/// Where people meet, where that is not behind a link.
pub(super) fn place(kind: &SessionType, words: &Words) -> Option<String> {
    match kind.place {
        PlaceKind::Online => None,
        PlaceKind::Phone if kind.place_detail.is_empty() => Some(words.by_phone.to_owned()),
        PlaceKind::Phone => Some(format!("{}: {}", words.by_phone, kind.place_detail)),
        PlaceKind::Address | PlaceKind::Custom => Some(kind.place_detail.clone()),
    }
}
