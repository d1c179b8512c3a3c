//! `/admin` and `/host`: what somebody signed in sees first.

use maud::{Markup, html};

use super::layout::Page;
use super::sign_in::please;
use super::times::{Zone, machine};
use super::visitor::signed_in;
use super::{failed, missing, words};
use crate::args;
use crate::booking::{self, Booking};
use crate::db::{Conn, DbError};
use crate::people::{self, Person};
use crate::surface::{Answer, Call, encode};
use crate::teams::{self, Team};

/// `/admin`
pub async fn admin(call: Call) -> Answer {
    match admin_page(&call).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

/// What the installation holds.
#[derive(sqlx::FromRow)]
struct Counts {
    people: i64,
    teams: i64,
    sessions: i64,
    waiting: i64,
    failed: i64,
    undelivered: i64,
}

async fn counts(conn: &mut Conn, now: i64) -> Result<Counts, DbError> {
    conn.one(
        "SELECT (SELECT COUNT(*) FROM people WHERE email NOT LIKE $2) AS people,
                (SELECT COUNT(*) FROM teams WHERE active AND NOT hidden) AS teams,
                (SELECT COUNT(*) FROM sessions WHERE status = 'open' AND ends > $1) AS sessions,
                (SELECT COUNT(*) FROM jobs WHERE finished IS NULL) AS waiting,
                (SELECT COUNT(*) FROM jobs WHERE outcome = 'failed') AS failed,
                (SELECT COUNT(*) FROM mails WHERE undelivered IS NOT NULL) AS undelivered",
        args![now, format!("%{}", people::PRIVATE)],
    )
    .await
}

async fn admin_page(call: &Call) -> Result<Answer, DbError> {
    let Some(person) = signed_in(call).await? else { return Ok(please(call)) };
    if !person.admin {
        return Ok(missing());
    }
    let mut conn = call.desk.db.read().await?;
    let counts = counts(&mut conn, call.desk.clock.now()).await?;
    let teams: Vec<(String, String, bool, i64)> = conn
        .all(
            "SELECT t.slug, t.name, t.public,
                    (SELECT COUNT(*) FROM memberships m WHERE m.team = t.id AND m.role = 'host' AND m.active)
             FROM teams t WHERE t.active AND NOT t.hidden ORDER BY t.name, t.id LIMIT 200",
            vec![],
        )
        .await?;
    drop(conn);
    let content = html! {
        h1 { (words::ADMIN) }
        dl.facts {
            dt { (words::PEOPLE) } dd { (counts.people) }
            dt { (words::TEAMS) } dd { (counts.teams) }
            dt { (words::SESSIONS_AHEAD) } dd { (counts.sessions) }
            dt { (words::WAITING_TO_LEAVE) } dd { (counts.waiting) }
            dt { (words::GIVEN_UP) } dd { (counts.failed) }
            dt { (words::DID_NOT_ARRIVE) } dd { (counts.undelivered) }
        }
        @if call.desk.config.demo { p { a href="/mail" { (words::MAIL) } } }
        h2 { (words::TEAMS) }
        @if teams.is_empty() { p.soft { (words::NO_TEAMS) } }
        ul.cards {
            @for (slug, name, public, hosts) in &teams {
                li {
                    a href={ "/book/" (encode(slug)) } { (name) }
                    p.hint { (words::hosts(*hosts)) " · " (if *public { words::PUBLIC } else { words::FOR_MEMBERS }) }
                    @if *public { p.hint { a href={ "/teams/" (encode(slug)) "/open.ics" } { (words::FEED) } } }
                }
            }
        }
        p.soft { (words::ADMIN_BY_COMMAND) }
    };
    Ok(Page::secret(words::ADMIN).visitor(Some(&person)).show(&content))
}

/// `/host`
pub async fn host(call: Call) -> Answer {
    match host_page(&call).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn host_page(call: &Call) -> Result<Answer, DbError> {
    let Some(person) = signed_in(call).await? else { return Ok(please(call)) };
    let now = call.desk.clock.now();
    let mut conn = call.desk.db.read().await?;
    let teams = teams::of_person(&mut conn, person.id).await?;
    let ahead = booking::of_host(&mut conn, person.id, now).await?;
    drop(conn);
    let zone = Zone::choose(person.timezone.as_deref(), "UTC");
    let content = html! {
        h1 { (words::YOUR_TIME) }
        (sessions_ahead(call, &person, &ahead, &zone, now))
        (calendar_account(call, &person))
        (teams_of(&teams))
    };
    Ok(Page::secret(words::YOUR_TIME).visitor(Some(&person)).show(&content))
}

fn sessions_ahead(call: &Call, person: &Person, ahead: &[Booking], zone: &Zone, now: i64) -> Markup {
    let link = |booking: &Booking| {
        let token = call.desk.keys.token("booking", booking.id, person.id, booking.generation);
        format!("/b/{token}")
    };
    html! {
        h2 { (words::SESSIONS_AHEAD) }
        @if ahead.is_empty() { p.soft { (words::NO_SESSIONS_AHEAD) } }
        ul.cards {
            @for booking in ahead.iter().take(50) {
                li {
                    a href=(link(booking)) {
                        time datetime=(machine(booking.session.starts)) {
                            (zone.long_day(booking.session.starts, now)) ", "
                            (zone.span(booking.session.starts, booking.session.ends))
                        }
                    }
                    p.hint { (words::with(&booking.name)) }
                }
            }
        }
    }
}

fn calendar_account(call: &Call, person: &Person) -> Markup {
    html! {
        h2 { (words::ADD_CALENDAR) }
        p { (words::ADD_CALENDAR_HELP) }
        div.card {
            dl.facts {
                dt { (words::SERVER) } dd { code { (call.absolute("/dav/")) } }
                dt { (words::USER) } dd { code { (person.email) } }
                dt { (words::PASSWORD) } dd { (words::PASSWORD_HELP) " " code { "openhour app-password " (person.email) } }
            }
        }
        p.soft { (words::DRAW_AVAILABLE) }
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
