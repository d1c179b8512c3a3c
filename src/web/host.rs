//! `/host`: a host's sessions, what they offer as the server sees it, and their calendar apps and feeds.

use maud::{Markup, html};

use super::layout::Page;
use super::times::{Zone, machine};
use super::visitor::required;
use super::your_sessions::{Reader, list};
use super::{app_passwords, failed, own_feeds, words};
use crate::booking;
use crate::calendars::{OccurrenceRow, occurrences};
use crate::db::DbError;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, encode, see_other};
use crate::teams::{self, Role, Team};

const DAY: i64 = 86_400;
/// How far ahead offers are shown, seconds.
const AHEAD: i64 = 14 * DAY;

/// `GET /host`; guests who offer nothing are sent to their own page.
pub async fn host(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match page(&call, &visitor).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn page(call: &Call, visitor: &SignedIn) -> Result<Answer, DbError> {
    let person = &visitor.person;
    let now = call.desk.clock.now();
    let mut conn = call.desk.db.read().await?;
    let roles = teams::roles_anywhere(&mut conn, person.id).await?;
    let bookings = booking::of_host(&mut conn, person.id, now).await?;
    if !roles.contains(&Role::Host) && bookings.is_empty() {
        return Ok(see_other("/guest"));
    }
    let words = call.desk.offer_words();
    let mut offers = occurrences::of(&mut conn, &words, &[person.id], now, now + AHEAD).await?;
    offers.retain(|row| row.offer);
    let teams = teams::of_person(&mut conn, person.id).await?;
    let types: Vec<_> = bookings.iter().map(|booking| booking.session.type_id).collect();
    let types = teams::type_names(&mut conn, &types).await?;
    drop(conn);
    let own_zone = person.timezone.as_deref();
    let fallback = teams.first().map_or("UTC", |team| &team.timezone);
    let zone = Zone::choose(own_zone, fallback);
    let reader = Reader { person: person.id, zone, now };
    let content = html! {
        h1 { (words::YOUR_TIME) }
        p.soft { (words::TIMES_IN) " " (reader.zone.label()) " · " a href="/guest" { (words::AS_GUEST) } }
        (list(call, &reader, &bookings, words::NO_SESSIONS_AHEAD, |bookings| {
            let names: Vec<&str> = bookings.iter().map(|booking| booking.name.as_str()).collect();
            let kind = bookings.first().and_then(|booking| types.get(&booking.session.type_id));
            words::kind_with(kind.map_or(words::SESSION, String::as_str), &names.join(", "))
        }))
        (offered(&offers, &reader))
        (set_up())
        (app_passwords::section(call, visitor, "/host", None).await?)
        (own_feeds::section(call, visitor, "/host").await?)
        (teams_of(&teams))
        p { a href="/browsers" { (words::BROWSERS) } }
    };
    Ok(Page::secret(words::YOUR_TIME).visitor(Some(person)).show(&content))
}

/// The offers of the next two weeks, by day, as the server reads them out of the calendars.
fn offered(offers: &[OccurrenceRow], reader: &Reader) -> Markup {
    let Reader { zone, now, .. } = reader;
    let begin = |row: &OccurrenceRow| row.starts.max(*now);
    html! {
        h2 { (words::YOUR_OFFERS) }
        @if offers.is_empty() { p { (words::NO_OFFERS) } } @else { p.soft { (words::YOUR_OFFERS_HELP) } }
        dl.facts {
            @for day in offers.chunk_by(|a, b| zone.day(begin(a)) == zone.day(begin(b))) {
                @if let Some(row) = day.first() {
                    dt { time datetime=(machine(begin(row))) { (zone.long_day(begin(row), *now)) } }
                }
                dd {
                    @for row in day {
                        div {
                            @if row.all_day { (words::ALL_DAY) } @else { (zone.span(row.starts, row.ends)) }
                            @if let Some(scope) = &row.scope { " · " (words::only(scope)) }
                        }
                    }
                }
            }
        }
        details open[offers.is_empty()] {
            summary { (words::HOW_TO_OFFER) }
            ul { @for line in words::HOW_TO_OFFER_LINES { li { (line) } } }
        }
    }
}

/// The way to the guides.
pub(super) fn set_up() -> Markup {
    html! {
        h2 #set-up { (words::ADD_CALENDAR) }
        p { (words::ADD_CALENDAR_HELP) }
        p.actions { a.button href="/setup" { (words::CHOOSE_DEVICE) } }
    }
}

fn teams_of(teams: &[Team]) -> Markup {
    html! {
        @if !teams.is_empty() {
            h2 { (words::YOUR_TEAMS) }
            ul.cards { @for team in teams { li { a href={ "/book/" (encode(&team.slug)) } { (team.name) } } } }
        }
    }
}
