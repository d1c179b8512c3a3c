//! `/new`: from a name to a schedule.

use http::{StatusCode, header};
use maud::{Markup, html};

use super::{with_files, words, wrong, zone_options};
use crate::booking::{FieldError, Refusal};
use crate::desk::schedules::{self, NewSchedule};
use crate::schedules::Door;
use crate::surface::{Answer, Call, see_other, with};
use crate::web::book::field;
use crate::web::layout::Page;
use crate::web::times::Zone;
use crate::web::{failed, missing};

/// `GET /new`
pub async fn form(call: Call) -> Answer {
    if !call.desk.config.schedules {
        return missing();
    }
    let typed = NewSchedule { owner: String::new(), subject: words::SUBJECT_DEFAULT.into(), timezone: String::new() };
    Page::public(words::NEW).show(&page(&typed, &[], None))
}

/// `POST /new`: makes it, and on to its dashboard.
pub async fn create(call: Call) -> Answer {
    if !call.desk.config.schedules {
        return missing();
    }
    let form = call.form();
    let text = |name| form.text(name).to_owned();
    let typed = NewSchedule { owner: text("owner"), subject: text("subject"), timezone: text("timezone") };
    match schedules::create(&call.desk, typed.clone(), &call.client.to_string()).await {
        Ok(schedule) => see_other(&schedule.path(&call.desk.keys, Door::Dashboard)),
        Err(Refusal::Db(error)) => failed(&call, &error),
        Err(Refusal::Invalid(errors)) => {
            Page::public(words::NEW).status(StatusCode::UNPROCESSABLE_ENTITY).show(&page(&typed, &errors, None))
        }
        Err(Refusal::RateLimited { retry_after }) => {
            let content = page(&typed, &[], Some(words::MANY_SCHEDULES));
            let answer = Page::public(words::NEW).status(StatusCode::TOO_MANY_REQUESTS).show(&content);
            with(answer, header::RETRY_AFTER, &retry_after.to_string())
        }
        Err(_) => missing(),
    }
}

fn page(typed: &NewSchedule, errors: &[FieldError], problem: Option<&str>) -> Markup {
    let zone = Zone::choose(Some(&typed.timezone), "UTC");
    let content = html! {
        h1 { (words::NEW) }
        p.lead { (words::NEW_LEAD) }
        @if let Some(problem) = problem { div.notice.alert role="alert" { p { (problem) } } }
        @if !errors.is_empty() { div.notice.alert role="alert" { p { (words::LOOK_AGAIN) } } }
        form method="post" action="/new" {
            (field("owner", words::OWNER, Some(words::OWNER_HINT), wrong(errors, "owner"), |described| html! {
                input #owner type="text" name="owner" value=(typed.owner) autocomplete="name" required maxlength="100"
                    aria-invalid=[wrong(errors, "owner").map(|_| "true")] aria-describedby=[described];
            }))
            (field("subject", words::SUBJECT, Some(words::SUBJECT_HINT), wrong(errors, "subject"), |described| html! {
                input #subject type="text" name="subject" value=(typed.subject) required maxlength="100"
                    aria-invalid=[wrong(errors, "subject").map(|_| "true")] aria-describedby=[described];
            }))
            (field("timezone", words::ZONE, None, wrong(errors, "timezone"), |described| html! {
                select #timezone name="timezone" data-detect=[typed.timezone.is_empty().then_some("zone")]
                    aria-describedby=[described] { (zone_options(&zone)) }
            }))
            p.actions { button type="submit" { (words::CREATE) } }
        }
    };
    with_files(&content, None)
}
