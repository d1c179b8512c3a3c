//! `/admin/server`: how the server is, and the settings it runs with, without secrets.

use maud::html;

use super::super::failed;
use super::super::layout::Page;
use super::super::times::machine;
use super::super::visitor::required;
use super::{reader, team_words};
use crate::db::Target;
use crate::desk::health::health;
use crate::surface::{Answer, Call};

/// `GET /admin/server`
pub async fn server(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let now = call.desk.clock.now();
    let health = match health(&call.desk).await {
        Ok(health) => health,
        Err(error) => return failed(&call, &error),
    };
    let reader = reader(&call, visitor.person.timezone.as_deref());
    let words = team_words(&reader);
    let when = |at: Option<i64>| {
        html! {
            @match at {
                Some(at) => time datetime=(machine(at)) { (reader.day(at)) ", " (reader.clock(at)) },
                None => (words.never),
            }
        }
    };
    let settings = call.desk.config.told();
    let database = match call.desk.config.database {
        Target::Sqlite(_) => "SQLite",
        Target::Postgres(_) => "PostgreSQL",
    };
    let content = html! {
        p.back { a href="/admin" { (reader.words.admin) } }
        h1 { (words.server) }
        p.lead { (words.server_help) }
        h2 { (words.health) }
        dl.facts {
            dt { (words.database) } dd { (database) ", " (words.works) }
            dt { (words.queue) } dd { (health.waiting) }
            dt { (words.oldest) }
            dd { @match health.oldest_due { Some(due) => ((words.since)((now - due).max(0))), None => (words.nothing_waits) } }
            dt { (words.given_up) } dd { a href="/admin/outgoing" { (health.failed) } }
            dt { (words.last_sent) } dd { (when(health.last_sent)) }
            dt { (words.undelivered) } dd { (health.undelivered) }
            dt { (words.last_received) } dd { (when(health.last_received)) }
        }
        h2 { (words.effective) }
        p { (words.effective_help) }
        div.table tabindex="0" role="region" aria-label=(words.effective) {
            table.fold {
                thead { tr { th scope="col" { (words.setting) } th scope="col" { (words.value) } th scope="col" { (words.set_in) } } }
                tbody {
                    @for setting in &settings {
                        tr {
                            td { code { (setting.name) } }
                            td { (setting.value) }
                            td { @match &setting.origin { Some(origin) => (origin.to_string()), None => (words.default) } }
                        }
                    }
                }
            }
        }
    };
    Page::secret(words.server).reader(&reader, "/admin/server", &[]).visitor(Some(&visitor.person)).show(&content)
}
