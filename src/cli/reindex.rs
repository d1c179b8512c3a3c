//! `openhour reindex`: the occurrence index anew from the calendars.

use std::process::ExitCode;

use serde_json::json;

use super::{Failure, print};
use crate::calendars;
use crate::desk::Desk;

pub(super) async fn reindex(desk: &Desk, as_json: bool) -> Result<ExitCode, Failure> {
    let report = calendars::reindex::run(&desk.db, &desk.offer_words(), desk.clock.now()).await?;
    let text = match report.changed {
        0 => format!("{} calendar objects, nothing had to change", report.objects),
        changed => {
            format!("{} calendar objects, {changed} indexed anew:\n{}", report.objects, report.differed.join("\n"))
        }
    };
    print(as_json, &json!({"objects": report.objects, "changed": report.differed}), &text);
    Ok(ExitCode::SUCCESS)
}
