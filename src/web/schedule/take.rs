//! `/s/{secret}/{time}`: who takes a slot.

use http::{StatusCode, header};
use maud::{Markup, html};

use super::page::{Visit, base, remember, remembered};
use super::{names, slot_key, with_files, words, wrong};
use crate::booking::{FieldError, Refusal};
use crate::db::DbError;
use crate::desk::schedules::{self, Slot, State, Wish};
use crate::keys;
use crate::surface::{Answer, Call, encode, see_other, with};
use crate::web::book::field;
use crate::web::layout::Page;
use crate::web::live_region;
use crate::web::times::{Zone, machine, read_time};
use crate::web::words::en::EN;
use crate::web::{failed, missing};

/// Other times shown when one is gone.
const OTHERS: usize = 4;

/// `GET /s/{secret}/{time}`: the form.
pub async fn form(call: Call) -> Answer {
    let shown = async {
        let Some((visit, starts)) = begin(&call).await? else { return Ok(missing()) };
        let wish = Wish { starts, once: keys::random_secret().unwrap_or_default(), ..Wish::default() };
        Ok::<_, DbError>(match open(&visit, starts) {
            Some(slot) => page(&call, &visit, slot, &wish, &[]),
            None => lost(&call, &visit, &wish, None),
        })
    };
    shown.await.unwrap_or_else(|error| failed(&call, &error))
}

async fn begin(call: &Call) -> Result<Option<(Visit, i64)>, DbError> {
    let Some(starts) = read_time(call.param(1)) else { return Ok(None) };
    Ok(Visit::begin(call).await?.map(|visit| (visit, starts)))
}

fn open(visit: &Visit, starts: i64) -> Option<&Slot> {
    visit.listed.slots.iter().find(|slot| slot.starts == starts && slot.state == State::Open)
}

/// `POST /s/{secret}/{time}`: takes it, and back to the times, where it is marked as theirs.
pub async fn take(call: Call) -> Answer {
    let begun = match begin(&call).await {
        Ok(begun) => begun,
        Err(error) => return failed(&call, &error),
    };
    let Some((visit, starts)) = begun else { return missing() };
    let form = call.form();
    let typed_zone = Zone::find(form.text("timezone"));
    let zone = typed_zone.as_ref().unwrap_or(&visit.zone).name.clone();
    let wish = Wish {
        starts,
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        timezone: zone,
        once: form.text("once").to_owned(),
    };
    match schedules::take(&call.desk, &visit.schedule, wish.clone(), &call.client.to_string()).await {
        Ok(booked) => {
            let mut answer = see_other(&format!("{}?tz={}", base(&call), encode(&visit.zone.name)));
            let mut own = remembered(&call, &visit.schedule);
            own.retain(|token| *token != booked.token);
            own.push(booked.token);
            remember(&call, &mut answer, &visit.schedule, &own);
            answer
        }
        Err(Refusal::Db(error)) => failed(&call, &error),
        Err(Refusal::Invalid(errors)) => match open(&visit, starts) {
            Some(slot) => page(&call, &visit, slot, &wish, &errors),
            None => lost(&call, &visit, &wish, None),
        },
        Err(refusal) => lost(&call, &visit, &wish, Some(&refusal)),
    }
}

fn page(call: &Call, visit: &Visit, slot: &Slot, wish: &Wish, errors: &[FieldError]) -> Answer {
    let (owner, subject) = names(&visit.listed);
    let title = words::meeting(subject, owner);
    let now = call.desk.clock.now();
    let zone = &visit.zone;
    let content = html! {
        (back(call, visit))
        h1 { (title) }
        div.card {
            dl.facts {
                dt { (words::WHEN) }
                dd {
                    time datetime=(machine(slot.starts)) {
                        (zone.long_day(slot.starts, now)) br; (zone.span(slot.starts, slot.ends))
                    }
                    span.soft { " · " (zone.label()) }
                }
                @if !slot.note.is_empty() { dt { (words::NOTE) } dd { (slot.note) } }
            }
        }
        form method="post" data-slot=(slot_key(&visit.listed, slot)) {
            @if !errors.is_empty() { div.notice.alert role="alert" { p { (words::LOOK_AGAIN) } } }
            (fields(visit, wish, errors))
            (live_region::lost(&EN))
            p.actions { button type="submit" { (words::TAKE) } }
        }
        (visit.live(call))
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::secret(&title).status(status).show(&with_files(&content, None))
}

fn back(call: &Call, visit: &Visit) -> Markup {
    html! { p.back { a href={ (base(call)) (visit.zone_query()) } { (words::OTHER_TIMES) } } }
}

fn fields(visit: &Visit, wish: &Wish, errors: &[FieldError]) -> Markup {
    let (name, email) = (wrong(errors, "guest.name"), wrong(errors, "guest.email"));
    html! {
        (field("name", words::YOUR_NAME, None, name, |described| html! {
            input #name type="text" name="name" value=(wish.name) autocomplete="name" required maxlength="255"
                aria-invalid=[name.map(|_| "true")] aria-describedby=[described];
        }))
        (field("email", words::EMAIL, Some(words::EMAIL_HINT), email, |described| html! {
            input #email type="email" name="email" value=(wish.email) autocomplete="email" maxlength="254"
                aria-invalid=[email.map(|_| "true")] aria-describedby=[described];
        }))
        input type="hidden" name="timezone" value=(visit.zone.name);
        input type="hidden" name="once" value=(wish.once);
    }
}

/// The time is not free: others, each a button, with everything typed kept.
fn lost(call: &Call, visit: &Visit, wish: &Wish, refusal: Option<&Refusal>) -> Answer {
    let now = call.desk.clock.now();
    let (title, help) = refusal.map_or((words::LOST, words::LOST_HELP), words::refused);
    let mut others: Vec<&Slot> =
        visit.listed.slots.iter().filter(|slot| slot.state == State::Open && slot.starts != wish.starts).collect();
    others.sort_by_key(|slot| slot.starts.abs_diff(wish.starts));
    others.truncate(OTHERS);
    others.sort_by_key(|slot| slot.starts);
    let when =
        |slot: &Slot| format!("{}, {}", visit.zone.long_day(slot.starts, now), visit.zone.span(slot.starts, slot.ends));
    let limited = matches!(refusal, Some(Refusal::RateLimited { .. }));
    let content = html! {
        (back(call, visit))
        h1 { (title) }
        p { (help) }
        @if others.is_empty() && !limited { p { (words::NONE_LEFT) } }
        @if !others.is_empty() && !limited {
            @if refusal.is_some() {
                form method="post" {
                    p { (words::STILL_HERE) }
                    (fields(visit, wish, &[]))
                    p.hint { (words::TIMES_IN) " " (visit.zone.label()) }
                    div.actions {
                        @for slot in others {
                            button type="submit" formaction=(visit.slot_path(call, slot.starts)) { (when(slot)) }
                        }
                    }
                }
            } @else {
                p.hint { (words::TIMES_IN) " " (visit.zone.label()) }
                ul.times {
                    @for slot in others {
                        li {
                            a.time href=(visit.slot_path(call, slot.starts)) data-slot=(slot_key(&visit.listed, slot)) {
                                time datetime=(machine(slot.starts)) { (when(slot)) }
                            }
                        }
                    }
                }
            }
        }
    };
    let status = match refusal {
        Some(Refusal::RateLimited { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::GONE,
    };
    let answer = Page::secret(title).status(status).show(&with_files(&content, None));
    match refusal {
        Some(Refusal::RateLimited { retry_after }) => with(answer, header::RETRY_AFTER, &retry_after.to_string()),
        _ => answer,
    }
}
