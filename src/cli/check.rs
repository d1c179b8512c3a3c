//! `openhour check`: every invariant against the live database.

use std::process::ExitCode;

use serde_json::json;

use super::{Failure, print};
use crate::desk::Desk;
use crate::{booking, calendars, jobs, sources};

/// Prints what is wrong, a sentence a line; the exit status tells whether anything is.
pub(super) async fn check(desk: &Desk, as_json: bool) -> Result<ExitCode, Failure> {
    let now = desk.clock.now();
    let mut wrong = desk.db.check().await?;
    let mut conn = desk.db.read().await?;
    wrong.extend(booking::check::check(&mut conn, now).await?);
    wrong.extend(jobs::check::check(&mut conn).await?);
    wrong.extend(calendars::check::check(&mut conn, &desk.offer_words(), now).await?);
    wrong.extend(sources::check(&mut conn, &desk.keys, &desk.config.fetch_private_hosts).await?);
    let text = match wrong.len() {
        0 => "everything is as it must be".to_owned(),
        1 => format!("{}\none thing is wrong", wrong[0]),
        count => format!("{}\n{count} things are wrong", wrong.join("\n")),
    };
    print(as_json, &json!({"ok": wrong.is_empty(), "wrong": wrong}), &text);
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
