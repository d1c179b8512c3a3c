//! `/admin`: what the installation holds.

use maud::html;

use super::layout::Page;
use super::sign_in::please;
use super::visitor::signed_in;
use super::{dns, failed, missing, words};
use crate::args;
use crate::db::{Conn, DbError};
use crate::people;
use crate::surface::{Answer, Call, encode};

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
        @if let Some(lines) = dns::lines(&call.desk.config.public_url, call.desk.config.mail_domain()) {
            h2 { (words::DNS) }
            p { (words::DNS_HELP) }
            pre tabindex="0" { (lines) }
        }
    };
    Ok(Page::secret(words::ADMIN).visitor(Some(&person)).show(&content))
}
