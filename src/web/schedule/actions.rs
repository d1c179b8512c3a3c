//! What the buttons of a dashboard do. Its address is secret, so whoever posts there knows it; after success the browser
//! is sent back to the page.

use super::dashboard::{News, Typed, account, base, page};
use super::words;
use crate::booking::Refusal;
use crate::desk::schedules::{self, Plan, Withdrawn};
use crate::schedules::{Door, Schedule};
use crate::surface::{Answer, Call, see_other};
use crate::web::{failed, missing};

async fn opened(call: &Call) -> Result<Schedule, Answer> {
    match schedules::open(&call.desk, call.param(0), Door::Dashboard).await {
        Ok(Some(schedule)) => Ok(schedule),
        Ok(None) => Err(missing()),
        Err(error) => Err(failed(call, &error)),
    }
}

/// `POST /d/{secret}/slots`
pub async fn add(call: Call) -> Answer {
    let schedule = match opened(&call).await {
        Ok(schedule) => schedule,
        Err(answer) => return answer,
    };
    let form = call.form();
    let text = |name| form.text(name).to_owned();
    let typed = Typed {
        date: text("date"),
        starts: text("starts"),
        ends: text("ends"),
        note: text("note"),
        minutes: text("minutes"),
        weeks: text("weeks"),
    };
    let plan = Plan {
        date: typed.date.parse().ok(),
        starts: typed.starts.parse().ok(),
        ends: typed.ends.parse().ok(),
        // What is no number is refused like one that is too small.
        minutes: (!typed.minutes.is_empty()).then(|| typed.minutes.parse().unwrap_or(0)),
        weeks: if typed.weeks.is_empty() { 1 } else { typed.weeks.parse().unwrap_or(0) },
    };
    match schedules::add(&call.desk, &schedule, &plan, &typed.note).await {
        Ok(count) => see_other(&format!("{}?done=added-{count}", base(&call))),
        Err(Refusal::Invalid(errors)) => page(&call, &schedule, &News { typed, errors, ..News::default() }).await,
        Err(Refusal::Db(error)) => failed(&call, &error),
        Err(_) => missing(),
    }
}

/// `POST /d/{secret}/withdraw`
pub async fn withdraw(call: Call) -> Answer {
    let schedule = match opened(&call).await {
        Ok(schedule) => schedule,
        Err(answer) => return answer,
    };
    let problem = match schedules::withdraw(&call.desk, &schedule, call.form().text("slot")).await {
        Ok(()) => return see_other(&format!("{}?done=deleted", base(&call))),
        Err(Withdrawn::Taken) => words::JUST_TAKEN,
        Err(Withdrawn::Unknown) => words::GONE,
        Err(Withdrawn::Db(error)) => return failed(&call, &error),
    };
    page(&call, &schedule, &News { problem: Some(problem), ..News::default() }).await
}

/// `POST /d/{secret}/cancel`: with a message; the time goes with it unless it is to be offered again.
pub async fn cancel(call: Call) -> Answer {
    let schedule = match opened(&call).await {
        Ok(schedule) => schedule,
        Err(answer) => return answer,
    };
    let form = call.form();
    let reason = form.text("reason").replace("\r\n", "\n");
    let id = form.text("booking").parse().unwrap_or(0);
    let news = match schedules::cancel(&call.desk, &schedule, id, &reason).await {
        Ok(_) => {
            let slot = form.text("slot");
            if !slot.is_empty() && form.get("again").is_none() {
                // Taken again already, or gone: the page shows how it is.
                if let Err(Withdrawn::Db(error)) = schedules::withdraw(&call.desk, &schedule, slot).await {
                    return failed(&call, &error);
                }
            }
            return see_other(&format!("{}?done=cancelled", base(&call)));
        }
        Err(Refusal::Db(error)) => return failed(&call, &error),
        Err(Refusal::Invalid(errors)) => News { errors, message: Some((id, reason)), ..News::default() },
        Err(Refusal::TooLate { .. }) => News { problem: Some(words::CANNOT_CANCEL), ..News::default() },
        Err(_) => News { problem: Some(words::GONE), ..News::default() },
    };
    page(&call, &schedule, &news).await
}

/// `POST /d/{secret}/calendar`: an account for the owner's calendar app.
pub async fn connect(call: Call) -> Answer {
    let schedule = match opened(&call).await {
        Ok(schedule) => schedule,
        Err(answer) => return answer,
    };
    match schedules::calendar_app_password(&call.desk, &schedule).await {
        Ok((host, password)) => account(&call, &host.email, &password),
        Err(Refusal::Db(error)) => failed(&call, &error),
        Err(_) => missing(),
    }
}
