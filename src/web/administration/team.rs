//! `/lead/{team}`: what is booked in a team.

use maud::html;

use super::super::layout::Page;
use super::super::times::machine;
use super::super::visitor::required;
use super::super::{failed, missing};
use super::{reader, team_nav, words};
use crate::booking::{self, Booking};
use crate::db::DbError;
use crate::surface::{Answer, Call, encode};
use crate::teams::{self, Team};

/// `GET /lead/{team}`
pub async fn team(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (team, bookings) = match found(&call).await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    let reader = reader(&call, visitor.person.timezone.as_deref().or(Some(&team.timezone)));
    let words = words(&reader);
    let path = format!("/lead/{}", encode(&team.slug));
    let content = html! {
        (team_nav(&reader, &team, ""))
        h1 { (team.name) }
        h2 { (words.sessions_ahead) }
        @if bookings.is_empty() { p.soft { (words.nothing_ahead) } }
        ul.cards {
            @for booking in &bookings {
                li {
                    a href={ (path) "/" (booking.id) } {
                        time datetime=(machine(booking.session.starts)) {
                            (reader.day(booking.session.starts)) ", " (reader.span(booking.session.starts, booking.session.ends))
                        }
                    }
                    p.hint { (booking.name) }
                }
            }
        }
        p.soft { (reader.zone_spoken()) }
    };
    Page::secret(&team.name).reader(&reader, &path, &[]).visitor(Some(&visitor.person)).show(&content)
}

async fn found(call: &Call) -> Result<Option<(Team, Vec<Booking>)>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    let bookings = booking::of_team(&mut conn, team.id, call.desk.clock.now()).await?;
    Ok(Some((team, bookings)))
}
