//! `/admin/outgoing`: mails and links that did not go out at once.

use maud::html;

use super::super::failed;
use super::super::layout::Page;
use super::super::times::machine;
use super::super::visitor::{required, submitting, token_field};
use super::{notice, reader, words};
use crate::db::DbError;
use crate::desk::outgoing::{Troubled, TryAgain, troubled};
use crate::surface::{Answer, Call, see_other};

/// Jobs shown.
const MOST: i64 = 200;

/// `GET /admin/outgoing`
pub async fn outgoing(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let jobs = match found(&call).await {
        Ok(jobs) => jobs,
        Err(error) => return failed(&call, &error),
    };
    let reader = reader(&call, visitor.person.timezone.as_deref());
    let words = words(&reader);
    let content = html! {
        p.back { a href="/admin" { (words.administration) } }
        h1 { (words.outgoing) }
        p.lead { (words.outgoing_help) }
        (notice((call.query().text("done") == "again").then_some(words.again_done), false))
        @if jobs.is_empty() { p.soft { (words.outgoing_empty) } }
        ul.cards {
            @for job in &jobs {
                li {
                    strong { (job.subject.as_deref().unwrap_or(&job.kind)) }
                    @if let Some(recipient) = &job.recipient { p.hint { (recipient) } }
                    @if let Some(error) = &job.error { p { (error) } }
                    p.hint {
                        (words.tries) ": " (job.attempts) " · "
                        @if job.failed { (words.given_up) } @else {
                            (words.next_try) ": "
                            time datetime=(machine(job.due)) { (reader.day(job.due)) ", " (reader.clock(job.due)) }
                        }
                    }
                    form method="post" action="/admin/outgoing" {
                        (token_field(&call, &visitor))
                        button.quiet type="submit" name="job" value=(job.id) { (words.again) }
                    }
                }
            }
        }
    };
    Page::secret(words.outgoing).reader(&reader, "/admin/outgoing", &[]).visitor(Some(&visitor.person)).show(&content)
}

async fn found(call: &Call) -> Result<Vec<Troubled>, DbError> {
    troubled(&mut call.desk.db.read().await?, None, MOST).await
}

/// `POST /admin/outgoing`
pub async fn again(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let job = call.form().text("job").parse().unwrap_or(0);
    match call.desk.db.run(TryAgain { job, actor: visitor.person.id, now: call.desk.clock.now() }).await {
        Ok(_) => see_other("/admin/outgoing?done=again"),
        Err(error) => failed(&call, &error),
    }
}
