//! `/admin/log`: who changed what.

use maud::html;

use super::super::failed;
use super::super::layout::Page;
use super::super::times::machine;
use super::super::visitor::required;
use super::{reader, words};
use crate::audit::{self, Line};
use crate::db::DbError;
use crate::surface::{Answer, Call};

/// Lines shown.
const MOST: i64 = 200;

/// `GET /admin/log`
pub async fn log(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let lines = match newest(&call).await {
        Ok(lines) => lines,
        Err(error) => return failed(&call, &error),
    };
    let reader = reader(&call, visitor.person.timezone.as_deref());
    let words = words(&reader);
    let content = html! {
        p.back { a href="/admin" { (words.administration) } }
        h1 { (words.log) }
        p.lead { (words.log_help) }
        @if lines.is_empty() { p.soft { (words.log_empty) } }
        ul.cards {
            @for line in &lines {
                li {
                    strong { (line.action) @if let Some(object) = &line.object { ": " (object) } }
                    @if !line.detail.is_empty() { p { (line.detail) } }
                    p.hint {
                        time datetime=(machine(line.at)) { (reader.day(line.at)) ", " (reader.clock(line.at)) }
                        " · " (line.actor.as_deref().unwrap_or(words.server))
                    }
                }
            }
        }
    };
    Page::secret(words.log).reader(&reader, "/admin/log", &[]).visitor(Some(&visitor.person)).show(&content)
}

async fn newest(call: &Call) -> Result<Vec<Line>, DbError> {
    audit::newest(&mut call.desk.db.read().await?, None, MOST).await
}
