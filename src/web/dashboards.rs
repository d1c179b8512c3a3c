//! `/admin`: what the installation holds.

use maud::html;

use super::layout::Page;
use super::problems::missing_for;
use super::reader::Reader;
use super::sign_in::please;
use super::visitor::signed_in;
use super::{dns, failed};
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
        "SELECT (SELECT COUNT(*) FROM people WHERE email NOT LIKE $2 AND removed IS NULL) AS people,
                (SELECT COUNT(*) FROM teams WHERE active AND NOT hidden) AS teams,
                (SELECT COUNT(*) FROM sessions WHERE status = 'open' AND ends > $1) AS sessions,
                (SELECT COUNT(*) FROM jobs WHERE finished IS NULL AND (due <= $1 OR attempts > 0)) AS waiting,
                (SELECT COUNT(*) FROM jobs WHERE outcome = 'failed') AS failed,
                (SELECT COUNT(*) FROM mails WHERE undelivered IS NOT NULL) AS undelivered",
        args![now, format!("%{}", people::PRIVATE)],
    )
    .await
}

async fn admin_page(call: &Call) -> Result<Answer, DbError> {
    let Some(person) = signed_in(call).await? else { return Ok(please(call)) };
    if !person.admin {
        return Ok(missing_for(call));
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
    let reader = Reader::own(call, person.timezone.as_deref(), "UTC").speaking(person.language.as_deref());
    let (words, own) = (reader.words, reader.words.own);
    let tools = super::administration::words(&reader);
    let teams_words = super::administration::team_words(&reader);
    let content = html! {
        h1 { (words.admin) }
        dl.facts {
            dt { (own.people) } dd { (counts.people) }
            dt { (own.teams) } dd { (counts.teams) }
            dt { (own.sessions_ahead) } dd { (counts.sessions) }
            dt { (own.waiting_to_leave) } dd { (counts.waiting) }
            dt { (own.given_up) } dd { (counts.failed) }
            dt { (own.did_not_arrive) } dd { (counts.undelivered) }
        }
        nav aria-label=(words.admin) {
            p.actions {
                a.button.quiet href=(reader.link("/admin/people")) { (tools.people) }
                a.button.quiet href=(reader.link("/admin/teams")) { (teams_words.teams) }
                a.button.quiet href=(reader.link("/admin/outgoing")) { (tools.outgoing) }
                a.button.quiet href=(reader.link("/admin/log")) { (tools.log) }
                a.button.quiet href=(reader.link("/admin/server")) { (teams_words.server) }
            }
        }
        @if call.desk.config.demo { p { a href=(reader.link("/mail")) { (own.mail) } } }
        h2 { (own.teams) }
        @if teams.is_empty() { p.soft { (words.no_teams) } }
        ul.cards {
            @for (slug, name, public, hosts) in &teams {
                li {
                    a href=(reader.link(&format!("/lead/{}", encode(slug)))) { (name) }
                    p.hint { a href=(reader.link(&format!("/book/{}", encode(slug)))) { (words.book_another) } }
                    p.hint { ((own.hosts)(*hosts)) " · " (if *public { own.public } else { own.for_members }) }
                    @if *public { p.hint { a href={ "/teams/" (encode(slug)) "/open.ics" } { (own.feed) } } }
                }
            }
        }
        p.soft { (own.admin_where) }
        @if let Some(lines) = dns::lines(&call.desk.config.public_url, call.desk.config.mail_domain()) {
            h2 { (own.dns) }
            p { (own.dns_help) }
            pre tabindex="0" { (lines) }
        }
    };
    Ok(Page::secret(words.admin).reader(&reader, "/admin", &[]).visitor(Some(&person)).show(&content))
}
