//! `/host`: a host's sessions, what they offer as the server sees it, and their calendar apps and feeds.

use maud::{Markup, html};

use super::hosting::arrange;
use super::layout::Page;
use super::reader::Reader;
use super::times::machine;
use super::visitor::required;
use super::words::leading::leading;
use super::your_sessions::list;
use super::{app_passwords, calendars, failed, own_feeds};
use crate::booking;
use crate::calendars::{OccurrenceRow, Scope, occurrences};
use crate::db::DbError;
use crate::desk::remarks::{self, Remark};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, encode, see_other};
use crate::teams::{self, Role, Team};

const DAY: i64 = 86_400;
/// How far ahead offers are shown, seconds.
const AHEAD: i64 = 14 * DAY;
/// How far ahead events are looked at that may have been meant as offers, seconds.
const REMARKED: i64 = 60 * DAY;

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
        return Ok(see_other(&Reader::of(call, "UTC").link("/guest")));
    }
    let mut offers = occurrences::of(&mut conn, &call.desk.offer_words(), &[person.id], now, now + AHEAD).await?;
    offers.retain(|row| row.offer);
    let teams = teams::of_person(&mut conn, person.id).await?;
    let hosted = teams::hosted_by(&mut conn, person.id).await?;
    let led = teams::led_by(&mut conn, person.id).await?;
    let types: Vec<_> = bookings.iter().map(|booking| booking.session.type_id).collect();
    let types = teams::type_names(&mut conn, &types).await?;
    let remarks = remarks::of(&mut conn, &call.desk, person.id, &offers, (now, now + REMARKED)).await?;
    drop(conn);
    offers.retain(|row| !remarks.iter().any(|remark| remark.is_about(row)));
    let own_zone = person.timezone.as_deref();
    let fallback = teams.first().map_or("UTC", |team| &team.timezone);
    let reader = Reader::own(call, own_zone, fallback).speaking(person.language.as_deref());
    let (words, own) = (reader.words, reader.words.own);
    let content = html! {
        h1 { (words.your_time) }
        p.soft { (words.times_in) " " (reader.zone.label()) " · " a href=(reader.link("/guest")) { (own.as_guest) } }
        (list(call, &reader, person.id, &bookings, own.no_sessions_ahead, |bookings| {
            let names: Vec<&str> = bookings.iter().map(|booking| booking.name.as_str()).collect();
            let kind = bookings.first().and_then(|booking| types.get(&booking.session.type_id));
            (own.kind_with)(kind.map_or(own.session, String::as_str), &names.join(", "))
        }))
        (book_for(&hosted, &reader))
        (led_by(&led, &reader))
        (remarked(&remarks, &reader))
        (arrange(&reader))
        (offered(&offers, &reader))
        (set_up(&reader))
        (calendars::section(call, visitor, &reader).await?)
        (app_passwords::section(call, visitor, &reader, "/host", None).await?)
        (own_feeds::section(call, visitor, &reader, "/host").await?)
        (teams_of(&teams, &reader))
        (account(&reader))
    };
    Ok(Page::secret(words.your_time).reader(&reader, "/host", &[]).visitor(Some(person)).show(&content))
}

/// The ways to book a guest oneself: one for each team.
fn book_for(hosted: &[Team], reader: &Reader) -> Markup {
    let words = leading(reader.words.code);
    html! {
        @if !hosted.is_empty() {
            p.actions {
                @for team in hosted {
                    a.button.quiet href=(reader.link(&format!("/host/book/{}", encode(&team.slug)))) {
                        (words.book_for) @if hosted.len() > 1 { ": " (team.name) }
                    }
                }
            }
        }
    }
}

/// What may have been meant as an offer and is none, with what to change.
fn remarked(remarks: &[Remark], reader: &Reader) -> Markup {
    let own = reader.words.own;
    html! {
        @if !remarks.is_empty() {
            section.notice aria-labelledby="remarks" {
                h2 #remarks { (own.remarks) }
                ul {
                    @for remark in remarks {
                        li {
                            @match remark {
                                Remark::Almost { title } => ((own.almost)(title)),
                                Remark::UnknownKind { name, known } => {
                                    ((own.unknown_kind)(name)) " " (known.join(", ")) "."
                                }
                                Remark::Slip { title, slip } => ((own.slip)(title, &slip.text, slip.wrong)),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The offers of the next two weeks, by day, as the server reads them out of the calendars.
fn offered(offers: &[OccurrenceRow], reader: &Reader) -> Markup {
    let own = reader.words.own;
    let zone = &reader.zone;
    let begin = |row: &OccurrenceRow| row.starts.max(reader.now);
    html! {
        h2 { (own.your_offers) }
        @if offers.is_empty() { p { (own.no_offers) } } @else { p.soft { (own.your_offers_help) } }
        dl.facts {
            @for day in offers.chunk_by(|a, b| zone.day(begin(a)) == zone.day(begin(b))) {
                @if let Some(row) = day.first() {
                    dt { time datetime=(machine(begin(row))) { (reader.day(begin(row))) } }
                }
                dd {
                    @for row in day {
                        div {
                            @if row.all_day { (own.all_day) } @else { (reader.span(row.starts, row.ends)) }
                            @if let Scope::Named(name) = Scope::read(row.scope.as_deref()) { " · " ((own.only)(&name)) }
                        }
                    }
                }
            }
        }
        details open[offers.is_empty()] {
            summary { (own.how_to_offer) }
            ul { @for line in own.how_to_offer_lines { li { (line) } } li { (own.rules_in_event) } }
        }
    }
}

/// The way to the guides.
pub(super) fn set_up(reader: &Reader) -> Markup {
    let own = reader.words.own;
    html! {
        h2 #set-up { (own.add_calendar) }
        p { (own.add_calendar_help) }
        p.actions { a.button href=(reader.link("/setup")) { (own.choose_device) } }
    }
}

/// The ways to the teams that somebody looks after.
pub(super) fn led_by(teams: &[Team], reader: &Reader) -> Markup {
    let words = leading(reader.words.code);
    html! {
        @if !teams.is_empty() {
            h2 { (words.you_lead) }
            ul.cards.two {
                @for team in teams {
                    li {
                        a href=(reader.link(&format!("/lead/{}", encode(&team.slug)))) { (team.name) }
                        p.hint { (words.you_lead_help) }
                    }
                }
            }
        }
    }
}

/// What belongs to the account itself.
pub(super) fn account(reader: &Reader) -> Markup {
    let (own, account) = (reader.words.own, reader.words.account);
    let pages = [
        ("/profile", reader.words.hosting.profile),
        ("/browsers", own.browsers),
        ("/password", account.password),
        ("/api-tokens", account.api_tokens),
        ("/your-data", account.your_data),
    ];
    html! {
        h2 { (account.your_account) }
        p.more {
            @for (number, (path, name)) in pages.iter().enumerate() {
                @if number > 0 { " · " }
                a href=(reader.link(path)) { (name) }
            }
        }
    }
}

fn teams_of(teams: &[Team], reader: &Reader) -> Markup {
    let own = reader.words.own;
    html! {
        @if !teams.is_empty() {
            h2 { (own.your_teams) }
            ul.cards { @for team in teams { li { a href=(reader.link(&format!("/book/{}", encode(&team.slug)))) { (team.name) } } } }
        }
    }
}
