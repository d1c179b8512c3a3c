//! From a calendar object to its rows of the occurrence index: what it offers, and when it makes its owner busy.

use std::cell::RefCell;

use bytes::Bytes;
use caldav::ical::budget::Budget;
use caldav::ical::expand;
use caldav::ical::limits::Limits;
use caldav::ical::object::{CalendarObject, ComponentKind};
use caldav::ical::tree::Component;
use caldav::ical::zone::Zone;
use tokio::sync::Semaphore;

use super::offer::is_address_of;
use super::{Kind, OfferWords, Setting};

const DAY: i64 = 86_400;
/// How far ahead occurrences are listed when an object is written, seconds.
pub(super) const AHEAD: i64 = 400 * DAY;
/// Whatever is listed less far ahead than this is listed anew, seconds.
pub(super) const FRESH: i64 = 380 * DAY;
/// How much time before its end a listing covers, seconds: from 35 days before it was made.
pub(super) const SPAN: i64 = AHEAD + 35 * DAY;
/// `indexed_to` of an object whose rows are gone and have to be made again.
pub(super) const UNLISTED: i64 = -100_000_000_000;
/// The end of time: 9999-12-31.
pub(super) const FAR: i64 = 253_402_214_400;
/// How much wider than its instances an object's extent is kept, for readers in other zones, seconds.
pub(super) const WIDER: i64 = 2 * DAY;
/// The beginning of it: year 1.
const EARLY: i64 = -62_135_596_800;
/// Series with at most so many instances, all before the horizon, are listed whole.
const WHOLE: usize = 500;
/// Rows of one object. A series with more counts as busy from there on, never as free.
const MOST: usize = 5_000;
/// Objects expanded at the same time, so that recurrences never take every core.
static EXPANDING: Semaphore = Semaphore::const_new(2);

/// One offer or busy time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct Row {
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds, later than [`Row::starts`].
    pub ends: i64,
    /// An offer; else a busy time.
    pub offer: bool,
    /// Whole days in the zone of [`Setting::zone`].
    pub all_day: bool,
    /// See [`super::Scope::stored`].
    pub scope: Option<String>,
    /// See [`super::OfferRules::stored`].
    pub rules: Option<String>,
}

/// What the index knows of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Not later than any instance, UTC seconds; two days wider, for readers elsewhere.
    pub starts: i64,
    /// Not earlier than the end of any; `None`: it goes on for ever.
    pub ends: Option<i64>,
    /// It has more than one instance, or may have.
    pub recurring: bool,
    /// The rows cover the [`SPAN`] before this; `None`: all there are.
    pub indexed_to: Option<i64>,
    /// In order.
    pub rows: Vec<Row>,
}

/// Where listings made now end: day by day, so that what is written today agrees.
pub(super) fn horizon(now: i64) -> i64 {
    now.div_euclid(DAY) * DAY + AHEAD
}

/// Up to where an object is to be listed when it is written: the place it had, while that is far enough, so that its
/// rows change only when the event does.
pub fn listing_end(indexed_to: Option<i64>, now: i64) -> i64 {
    indexed_to.filter(|to| *to >= now + FRESH).unwrap_or_else(|| horizon(now))
}

/// Whether the rows of an object are what they should be: not those that wait to be listed anew, which are gone.
pub fn is_listed(indexed_to: Option<i64>) -> bool {
    indexed_to != Some(UNLISTED)
}

/// Lists an object up to `horizon`. A function of its arguments only.
///
/// Costs milliseconds for hostile recurrences: call it from a blocking thread, see [`in_the_background`].
pub fn list(object: &CalendarObject, setting: &Setting, words: &OfferWords, horizon: i64) -> Listing {
    let zone = setting.zone();
    let (starts, ends, recurring) = extent(object, &zone);
    let mut listing = Listing {
        starts: starts.saturating_sub(WIDER).max(EARLY),
        ends: ends.map(|ends| ends.saturating_add(WIDER).min(FAR)),
        recurring,
        indexed_to: None,
        rows: Vec::new(),
    };
    if !counts(object, setting) {
        return listing;
    }
    let reader = Reader { object, setting, words, zone: &zone, last: RefCell::default() };
    if let Some(ends) = ends.filter(|ends| *ends <= horizon) {
        let found = reader.rows(starts - 1, ends.saturating_add(1), WHOLE);
        if found.cut_off.is_none() {
            listing.rows = found.rows;
            return listing;
        }
    }
    listing.indexed_to = Some(horizon);
    listing.rows = reader.rows(horizon - SPAN, horizon, MOST).with_busy_end();
    listing
}

/// The rows of an object in [from, to), for times that no listing covers.
pub(super) fn between(object: &CalendarObject, setting: &Setting, words: &OfferWords, from: i64, to: i64) -> Vec<Row> {
    if !counts(object, setting) {
        return Vec::new();
    }
    let zone = setting.zone();
    Reader { object, setting, words, zone: &zone, last: RefCell::default() }.rows(from, to, MOST).with_busy_end()
}

/// What stands in for an object that this program can no longer read: busy, because nobody knows.
pub(super) fn unreadable(starts: i64, ends: Option<i64>, setting: &Setting, horizon: i64) -> Listing {
    let blocks = Kind::of(&setting.kind) != Kind::Sessions && !setting.transparent;
    let busy = Row { starts, ends: ends.unwrap_or(FAR), offer: false, all_day: false, scope: None, rules: None };
    let rows = if blocks && busy.ends > busy.starts { vec![busy] } else { Vec::new() };
    Listing { starts, ends, recurring: false, indexed_to: Some(horizon), rows }
}

/// Reads stored bytes.
pub(super) fn parse(bytes: Vec<u8>) -> Option<CalendarObject> {
    CalendarObject::parse(Bytes::from(bytes), &Limits::default()).ok()
}

/// Runs work on calendar objects on a blocking thread, a bounded number at a time. `None`: it panicked.
pub async fn in_the_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _permit = EXPANDING.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.inspect_err(|error| tracing::error!(%error, "expanding failed")).ok()
}

/// Start, end and whether it recurs. Tasks and journal entries have no place in the index: they may match any time.
fn extent(object: &CalendarObject, zone: &Zone) -> (i64, Option<i64>, bool) {
    let extent = expand::extent(object, zone);
    if object.kind() != ComponentKind::Event {
        return (EARLY, None, extent.recurring);
    }
    (extent.start, extent.end.map(|end| end.max(extent.start)), extent.recurring)
}

/// Whether anything in an object can offer or block.
fn counts(object: &CalendarObject, setting: &Setting) -> bool {
    object.kind() == ComponentKind::Event && Kind::of(&setting.kind) != Kind::Sessions
}

struct Reader<'a> {
    object: &'a CalendarObject,
    setting: &'a Setting,
    words: &'a OfferWords,
    zone: &'a Zone,
    /// The event read last, by its address, and what it offers.
    last: RefCell<Option<(*const Component, Offers)>>,
}

/// Scope and rules of an offer as they are stored; `None`: no offer.
type Offers = Option<(Option<String>, Option<String>)>;

struct Found {
    rows: Vec<Row>,
    /// Busy from here on: a limit cut the series off, and it blocks.
    busy_from: Option<i64>,
    /// A limit cut the series off here.
    cut_off: Option<i64>,
}

impl Reader<'_> {
    fn rows(&self, from: i64, to: i64, most: usize) -> Found {
        let mut expansion = expand::occurrences(self.object, from..to, self.zone, &Budget::default());
        let mut cut_off = expansion.cut_off;
        if expansion.list.len() > most {
            let left_out = expansion.list.drain(most..).map(|occurrence| occurrence.start).min();
            cut_off = cut_off.into_iter().chain(left_out).min();
        }
        let mut rows: Vec<Row> = expansion.list.iter().filter_map(|occurrence| self.row(occurrence)).collect();
        rows.sort();
        rows.dedup();
        let blocks = || self.object.master().is_some_and(|event| self.blocks(event) && self.offers(event).is_none());
        Found { rows, busy_from: cut_off.filter(|_| blocks()), cut_off }
    }

    fn row(&self, occurrence: &expand::Occurrence<'_>) -> Option<Row> {
        let event = occurrence.component;
        let (starts, ends, all_day) = (occurrence.start, occurrence.end, occurrence.all_day);
        if ends <= starts || is_cancelled(event) {
            return None;
        }
        match self.offers(event) {
            Some((scope, rules)) => Some(Row { starts, ends, offer: true, all_day, scope, rules }),
            None => self.blocks(event).then_some(Row { starts, ends, offer: false, all_day, scope: None, rules: None }),
        }
    }

    /// What an event offers, as it is stored. Read once for all occurrences of a series.
    fn offers(&self, event: &Component) -> Offers {
        let read = || self.words.offer(event, &self.setting.addresses);
        let mut last = self.last.borrow_mut();
        let address = std::ptr::from_ref(event);
        if last.as_ref().is_none_or(|(known, _)| *known != address) {
            *last = Some((address, read().map(|offer| (offer.scope.stored(), offer.rules.stored()))));
        }
        last.as_ref().and_then(|(_, stored)| stored.clone())
    }

    /// Opaque, not cancelled, not declined by the owner. Tentative and unanswered invitations block.
    fn blocks(&self, event: &Component) -> bool {
        let transparent = event.get("TRANSP").is_some_and(|line| line.value.trim().eq_ignore_ascii_case("TRANSPARENT"));
        let declined = || {
            event.all("ATTENDEE").any(|attendee| {
                attendee.param("PARTSTAT").is_some_and(|state| state.eq_ignore_ascii_case("DECLINED"))
                    && is_address_of(attendee, &self.setting.addresses)
            })
        };
        !self.setting.transparent && !transparent && !is_cancelled(event) && !declined()
    }
}

impl Found {
    fn with_busy_end(mut self) -> Vec<Row> {
        if let Some(starts) = self.busy_from {
            self.rows.push(Row { starts, ends: FAR, offer: false, all_day: false, scope: None, rules: None });
            self.rows.sort();
        }
        self.rows
    }
}

fn is_cancelled(event: &Component) -> bool {
    event.get("STATUS").is_some_and(|status| status.value.trim().eq_ignore_ascii_case("CANCELLED"))
}
