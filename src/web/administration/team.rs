//! `/lead/{team}`: what is booked in a team.

use std::collections::{BTreeSet, HashMap};

use maud::{Markup, html};

use super::super::layout::Page;
use super::super::reader::Reader;
use super::super::times::machine;
use super::super::visitor::required;
use super::super::words::leading::leading;
use super::super::{failed, missing};
use super::{reader, team_nav, words};
use crate::booking::{self, Booking, Status};
use crate::db::DbError;
use crate::people::{self, PersonId};
use crate::surface::{Answer, Call, encode};
use crate::teams::{self, Team, TypeId};

/// `GET /lead/{team}`
pub async fn team(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let Found { team, bookings, people, kinds } = match found(&call).await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    let reader = reader(&call, visitor.person.timezone.as_deref().or(Some(&team.timezone)));
    let words = words(&reader);
    let leading = leading(reader.words.code);
    let path = format!("/lead/{}", encode(&team.slug));
    let (pending, others): (Vec<&Booking>, Vec<&Booking>) =
        bookings.iter().partition(|booking| booking.status == Status::Pending);
    let content = html! {
        (team_nav(&reader, &team, ""))
        h1 { (team.name) }
        p.actions {
            a.button href={ (path) "/book" } { (leading.book_for) }
            a.button.quiet href={ (path) "/slots" } { (leading.open_slots) }
        }
        @if !pending.is_empty() {
            h2 { (leading.to_answer) }
            ul.cards { @for booking in &pending { (entry(booking, (&people, &kinds), &path, &reader)) } }
        }
        h2 { (words.sessions_ahead) }
        @if others.is_empty() { p.soft { (words.nothing_ahead) } }
        ul.cards { @for booking in &others { (entry(booking, (&people, &kinds), &path, &reader)) } }
        p.soft { (reader.zone_spoken()) }
    };
    Page::secret(&team.name).reader(&reader, &path, &[]).visitor(Some(&visitor.person)).show(&content)
}

/// One booking: when, of which kind, who with whom.
fn entry(
    booking: &Booking,
    (people, kinds): (&HashMap<PersonId, String>, &HashMap<TypeId, String>),
    path: &str,
    reader: &Reader,
) -> Markup {
    let session = &booking.session;
    let own = reader.words.own;
    let kind = kinds.get(&session.type_id).map_or(own.session, String::as_str);
    let host = people.get(&session.host).map_or("", String::as_str);
    html! {
        li {
            a href={ (path) "/" (booking.id) } {
                time datetime=(machine(session.starts)) { (reader.day(session.starts)) ", " (reader.span(session.starts, session.ends)) }
            }
            p.hint {
                (booking.name) " · " ((own.kind_with)(kind, host))
                @if booking.status != Status::Confirmed { " · " (leading(reader.words.code).state(booking.word())) }
            }
        }
    }
}

/// A team's bookings with the names they need.
struct Found {
    team: Team,
    bookings: Vec<Booking>,
    people: HashMap<PersonId, String>,
    kinds: HashMap<TypeId, String>,
}

async fn found(call: &Call) -> Result<Option<Found>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    let bookings = booking::of_team(&mut conn, team.id, call.desk.clock.now()).await?;
    let hosts: Vec<PersonId> =
        bookings.iter().map(|booking| booking.session.host).collect::<BTreeSet<_>>().into_iter().collect();
    let people = people::names(&mut conn, &hosts).await?;
    let types: Vec<TypeId> =
        bookings.iter().map(|booking| booking.session.type_id).collect::<BTreeSet<_>>().into_iter().collect();
    let kinds = teams::type_names(&mut conn, &types).await?;
    Ok(Some(Found { team, bookings, people, kinds }))
}
