//! `calendar-query`: the objects that match a filter. RFC 4791 §7.8.

use bytes::Bytes;
use http::Response;

use crate::element::calendar_query::CalendarQuery;
use crate::element::multistatus::Multistatus;
use crate::element::timezone;
use crate::header::Depth;
use crate::ical::filter::{Filter, TimeContext, matches};
use crate::ical::limits::Limits;
use crate::ical::object::CalendarObject;
use crate::ical::zone::Zone;
use crate::method::exchange::Exchange;
use crate::method::failure::Failure;
use crate::method::found::Found;
use crate::property::selection::MAX_INSTANCES;
use crate::property::{Resource, Selection};
use crate::store::{Candidates, Collection, Member, Store};
use crate::xml::Element;

/// Members loaded at once.
const PAGE: usize = 100;
/// How far the store's reading of a floating time may be from the query's: the widest difference of two zones.
const FLOATING: i64 = 26 * 3600;

/// Answers with the matching objects of the calendar, or of each calendar of a home with `Depth: infinity`.
///
/// # Errors
/// A bad body or filter; 404; a failing store. An answer that grows too large is cut and says so (507).
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>, body: &Element) -> Result<Response<Bytes>, Failure> {
    let request = CalendarQuery::read(body)?;
    let selection = Selection::of_report(&request.properties, exchange.prefer.minimal)?.in_zone(request.zone.clone());
    // Quirk: RFC 3253 §3.6 takes a missing Depth for 0, which never finds anything in a calendar; clients that leave it
    // out mean 1.
    let depth = Depth::of(exchange.headers())?.unwrap_or(Depth::One);
    let found = exchange.found().await?;
    let mut query =
        Query { exchange, left: request.limit.unwrap_or(usize::MAX), request, selection, answer: Multistatus::new() };
    let complete = match (&found, depth) {
        (Found::Member(_, collection, member), _) => {
            let times = query.times(collection);
            query.test(collection, member, &times)
        }
        (Found::Calendar(_, collection), Depth::One | Depth::Infinity) => query.collection(collection).await?,
        (Found::Home(principal), Depth::Infinity) => {
            let mut complete = true;
            for collection in exchange.store.collections(&principal.email).await? {
                complete = complete && query.collection(&collection).await?;
            }
            complete
        }
        _ => true,
    };
    Ok(if complete { query.answer.finish(None) } else { exchange.cut_short(query.answer) })
}

struct Query<'a, S> {
    exchange: &'a Exchange<'a, S>,
    request: CalendarQuery,
    selection: Selection,
    answer: Multistatus,
    left: usize,
}

impl<S: Store> Query<'_, S> {
    /// `false` when the answer is full.
    async fn collection(&mut self, collection: &Collection) -> Result<bool, Failure> {
        let wanted = candidates(&self.request.filter);
        let times = self.times(collection);
        let mut after: Option<String> = None;
        loop {
            let page = self.exchange.store.members(collection, &wanted, after.as_deref(), PAGE, true).await?;
            for member in &page.members {
                if !self.test(collection, member, &times) {
                    return Ok(false);
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(true),
            }
        }
    }

    /// Adds the member when it matches; `false` when it does and the answer is full.
    fn test(&mut self, collection: &Collection, member: &Member, times: &TimeContext) -> bool {
        let Some(bytes) = member.bytes.clone() else { return true };
        // What the store holds was valid when it came; if rules have become stricter since, it matches nothing.
        let Ok(object) = CalendarObject::parse(bytes, &Limits::default()) else { return true };
        if !matches(&object, &self.request.filter, times) {
            return true;
        }
        if self.left == 0 || self.answer.is_full() {
            return false;
        }
        self.left -= 1;
        let owner = self.exchange.caller;
        let resource = Resource::Member { owner, collection, member };
        let href = self.exchange.site.member(owner, &collection.name, &member.name);
        let Self { exchange, selection, answer, .. } = self;
        answer.response(&href, |writer| selection.write(&exchange.view(), &resource, writer));
        true
    }

    /// RFC 4791 §9.8: the zone of the request, else of the calendar, else UTC.
    fn times(&self, collection: &Collection) -> TimeContext {
        let own = || collection.timezone.as_deref().and_then(timezone::of_text);
        let floating = self.request.zone.clone().or_else(own).unwrap_or_else(Zone::utc);
        TimeContext { floating, instances: MAX_INSTANCES }
    }
}

fn candidates(filter: &Filter) -> Candidates {
    let widen = |range: crate::ical::filter::TimeRange| {
        (range.first().saturating_sub(FLOATING), range.last().saturating_add(FLOATING))
    };
    Candidates { kind: filter.kind(), range: filter.event_range().map(widen), uid: None }
}
