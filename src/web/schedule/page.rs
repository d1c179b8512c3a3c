//! `/s/{secret}`: the times of a schedule for everybody who has its address, in their own zone.

use maud::{Markup, html};

use super::own::calendar_links;
use super::{by_day, live, names, owners_zone, slot_key, with_files, words, zone_options};
use crate::booking::{Booking, Refusal};
use crate::db::DbError;
use crate::desk::booking;
use crate::desk::schedules::{self, Listed, Slot, State, list};
use crate::invitations::BOOKING_TOKEN;
use crate::keys::encode_id;
use crate::schedules::{Door, Schedule};
use crate::surface::{Answer, Call, encode, see_other};
use crate::web::layout::Page;
use crate::web::times::{Zone, machine, time_in_url};
use crate::web::visitor::{is_https, set_cookie};
use crate::web::{failed, missing};

/// Times one browser remembers as its own.
const MOST_OWN: usize = 12;
/// For how long, seconds.
const REMEMBERED: i64 = 400 * 86_400;

/// A schedule as a visitor sees it.
pub(super) struct Visit {
    pub(super) schedule: Schedule,
    pub(super) listed: Listed,
    /// `?tz=`, else its owner's.
    pub(super) zone: Zone,
    /// Whether the zone was asked for, so that links keep it.
    pub(super) zone_asked: bool,
}

impl Visit {
    /// The schedule of this address.
    pub(super) async fn begin(call: &Call) -> Result<Option<Self>, DbError> {
        let Some(schedule) = schedules::open(&call.desk, call.param(0), Door::Page).await? else { return Ok(None) };
        let listed = list(&call.desk, &schedule).await?;
        let asked = call.query().get("tz").and_then(Zone::find);
        let zone_asked = asked.is_some();
        let zone = asked.unwrap_or_else(|| owners_zone(&listed));
        Ok(Some(Self { schedule, listed, zone, zone_asked }))
    }

    /// `?tz=...`, when the visitor asked for a zone.
    pub(super) fn zone_query(&self) -> String {
        if self.zone_asked { format!("?tz={}", encode(&self.zone.name)) } else { String::new() }
    }

    /// What keeps a page of this visit true while it is open.
    pub(super) fn live(&self, call: &Call) -> Markup {
        live(call.param(0), &self.listed)
    }

    /// Where a slot is taken.
    pub(super) fn slot_path(&self, call: &Call, starts: i64) -> String {
        format!("{}/{}{}", base(call), time_in_url(starts), self.zone_query())
    }
}

/// `/s/{secret}`
pub(super) fn base(call: &Call) -> String {
    format!("/s/{}", encode(call.param(0)))
}

/// `GET /s/{secret}`
pub async fn show(call: Call) -> Answer {
    let shown = async {
        let Some(visit) = Visit::begin(&call).await? else { return Ok(missing()) };
        let own = own(&call, &visit.schedule).await?;
        Ok::<_, DbError>(page(&call, &visit, &own))
    };
    shown.await.unwrap_or_else(|error| failed(&call, &error))
}

fn page(call: &Call, visit: &Visit, own: &[Booking]) -> Answer {
    let (owner, subject) = names(&visit.listed);
    let title = words::meeting(subject, owner);
    let days = by_day(&visit.listed, &visit.zone);
    let content = html! {
        h1 { (title) }
        @if call.query().text("done") == "released" { div.notice role="status" { p { (words::GIVEN_BACK) } } }
        @for booking in own { (own_card(call, visit, booking, &title)) }
        @if days.is_empty() {
            div.notice { p { (words::NOTHING) } }
        } @else {
            p.lead { (words::PICK) }
            (zone_form(call, visit))
        }
        @for slots in &days { (day(call, visit, slots, own)) }
        (visit.live(call))
    };
    // The owner's zone is a guess that a script may better.
    let guess = (!visit.zone_asked).then_some(&visit.zone);
    Page::secret(&title).show(&with_files(&content, guess))
}

fn zone_form(call: &Call, visit: &Visit) -> Markup {
    html! {
        details.zones {
            summary { (words::TIMES_IN) " " strong { (visit.zone.label()) } }
            form.zone method="get" action=(base(call)) {
                div.field {
                    label for="tz" { (words::OTHER_ZONE) }
                    select #tz name="tz" { (zone_options(&visit.zone)) }
                }
                button.quiet type="submit" { (words::SHOW) }
            }
        }
    }
}

fn day(call: &Call, visit: &Visit, slots: &[Slot], own: &[Booking]) -> Markup {
    let now = call.desk.clock.now();
    let first = slots.first().map_or(now, |slot| slot.starts);
    html! {
        section.day {
            h2 { (visit.zone.long_day(first, now)) }
            ul.times { @for slot in slots { (one(call, visit, slot, own)) } }
        }
    }
}

fn one(call: &Call, visit: &Visit, slot: &Slot, own: &[Booking]) -> Markup {
    let key = slot_key(&visit.listed, slot);
    let span = visit.zone.span(slot.starts, slot.ends);
    let time = html! { time datetime=(machine(slot.starts)) { (span) } };
    let note = html! { @if !slot.note.is_empty() { span.note { (slot.note) } } };
    let is_own = matches!(&slot.state, State::Taken(booking) if own.iter().any(|own| own.id == booking.id));
    html! {
        li {
            @match slot.state {
                State::Open => {
                    a.time href=(visit.slot_path(call, slot.starts)) data-slot=(key) { (time) span.word { (words::OPEN) } }
                    (note)
                }
                // What somebody else has says nothing about them, not even its note.
                _ if is_own => { span.time.own { (time) span.word { (words::YOURS) } } (note) }
                _ => { span.time.taken data-slot=(key) { (time) span.word { (words::TAKEN) } } }
            }
        }
    }
}

fn own_card(call: &Call, visit: &Visit, booking: &Booking, title: &str) -> Markup {
    let now = call.desk.clock.now();
    let (zone, session) = (&visit.zone, &booking.session);
    let token = token_of(call, booking);
    html! {
        section.card.mine {
            h2 { (if booking.stands() { words::YOUR_TIME } else { words::CANCELLED }) }
            p {
                time datetime=(machine(session.starts)) {
                    strong { (zone.long_day(session.starts, now)) ", " (zone.span(session.starts, session.ends)) }
                }
                span.soft { " · " (zone.label()) }
            }
            @if booking.stands() {
                @if !booking.agenda.is_empty() { p.note { (booking.agenda) } }
                (calendar_links(call, title, booking))
                p.hint { a href={ "/b/" (token) } { (words::YOUR_LINK) } ": " (words::YOUR_LINK_HELP) }
                form method="post" action={ (base(call)) "/release" (visit.zone_query()) } {
                    input type="hidden" name="booking" value=(token);
                    p.actions { button.danger type="submit" { (words::GIVE_BACK) } }
                }
            } @else if let Some(reason) = &booking.reason {
                p { (words::REASON) ": " (reason) }
            }
        }
    }
}

/// What this browser has taken and what is still ahead, by start; what its owner cancelled as well.
async fn own(call: &Call, schedule: &Schedule) -> Result<Vec<Booking>, DbError> {
    let now = call.desk.clock.now();
    let mut found = Vec::new();
    for token in remembered(call, schedule) {
        match booking::holder(&call.desk, &token).await {
            Ok(holder) if holder.booking.session.host == schedule.host => found.push(holder.booking),
            Ok(_) => {}
            Err(Refusal::Db(error)) => return Err(error),
            Err(_) => {}
        }
    }
    found.retain(|booking| booking.session.ends > now && !booking.is_waiting());
    found.sort_by_key(|booking| (booking.session.starts, booking.id));
    found.dedup_by_key(|booking| booking.id);
    Ok(found)
}

fn token_of(call: &Call, booking: &Booking) -> String {
    call.desk.keys.token(BOOKING_TOKEN, booking.id, booking.guest, booking.generation)
}

/// `POST /s/{secret}/release`: gives back what this browser, or whoever has its link, has taken.
pub async fn release(call: Call) -> Answer {
    let schedule = match schedules::open(&call.desk, call.param(0), Door::Page).await {
        Ok(Some(schedule)) => schedule,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    let form = call.form();
    let token = form.text("booking");
    let done = async {
        let holder = booking::holder(&call.desk, token).await?;
        if holder.booking.session.host != schedule.host {
            return Err(Refusal::NotFound);
        }
        booking::cancel(&call.desk, &holder, None).await
    };
    match done.await {
        Ok(_) => {
            let zone = call.query().get("tz").and_then(Zone::find);
            let zone = zone.map(|zone| format!("&tz={}", encode(&zone.name))).unwrap_or_default();
            let mut answer = see_other(&format!("{}?done=released{zone}", base(&call)));
            let left: Vec<String> = remembered(&call, &schedule).into_iter().filter(|own| own != token).collect();
            remember(&call, &mut answer, &schedule, &left);
            answer
        }
        Err(Refusal::Db(error)) => failed(&call, &error),
        // Too late: its page says so.
        Err(Refusal::TooLate { .. }) => see_other(&format!("/b/{}", encode(token))),
        Err(_) => missing(),
    }
}

/// The tokens this browser keeps for a schedule, oldest first.
pub(super) fn remembered(call: &Call, schedule: &Schedule) -> Vec<String> {
    let cookie = call.cookie(&cookie_name(call, schedule)).unwrap_or_default();
    cookie.split('.').filter(|token| token.len() == 39).take(MOST_OWN).map(str::to_owned).collect()
}

/// Gives the browser these tokens to keep.
pub(super) fn remember(call: &Call, answer: &mut Answer, schedule: &Schedule, tokens: &[String]) {
    let newest = tokens.get(tokens.len().saturating_sub(MOST_OWN)..).unwrap_or_default();
    let age = if newest.is_empty() { 0 } else { REMEMBERED };
    set_cookie(call, answer, &cookie_name(call, schedule), &newest.join("."), age);
}

fn cookie_name(call: &Call, schedule: &Schedule) -> String {
    let prefix = if is_https(call) { "__Host-" } else { "" };
    format!("{prefix}openhour-s-{}", encode_id(schedule.id))
}
