//! `/api/v1/admin/outgoing`: mails and links that did not go out at once.

use serde_json::{Value, json};

use crate::api::answers::{Reply, broken, done, id, nothing_here, told};
use crate::api::me::caller;
use crate::api::paging::Paging;
use crate::api::times;
use crate::desk::outgoing::{Troubled, TryAgain, troubled};
use crate::surface::Call;

/// `GET /api/v1/admin/outgoing`: the newest first.
pub async fn list(call: Call) -> Reply {
    let paging = Paging::read(&call)?;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let jobs = troubled(&mut conn, paging.after, paging.wanted()).await.map_err(broken(&call))?;
    told(&paging.told("jobs", &jobs, |job| job.id, write))
}

fn write(job: &Troubled) -> Value {
    json!({
        "id": job.id.to_string(),
        "kind": job.kind,
        "state": if job.failed { "given-up" } else { "waiting" },
        "attempts": job.attempts,
        "next_try": (!job.failed).then(|| times::write(job.due)),
        "error": job.error,
        "recipient": job.recipient,
        "subject": job.subject,
    })
}

/// `POST /api/v1/admin/outgoing/{job}/retry`: at once, and for its whole time again.
pub async fn retry(call: Call) -> Reply {
    let actor = caller(&call)?.id;
    let command = TryAgain { job: id(&call, 0), actor, now: call.desk.clock.now() };
    match call.desk.db.run(command).await.map_err(broken(&call))? {
        true => done(),
        false => Err(nothing_here(&call)),
    }
}
