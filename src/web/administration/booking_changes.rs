//! What the buttons of `/lead/{team}/{booking}` do; after success the browser is sent back to the page.

use super::super::reader::Reader;
use super::super::times::Zone;
use super::super::visitor::submitting;
use super::super::words::leading::{Leading, leading};
use super::super::{failed, missing};
use super::booking::{Found, News, found, page};
use super::{reader, words};
use crate::booking::{Booking, Outcome, Refusal};
use crate::desk::booking as desk;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, see_other};

/// `POST /lead/{team}/{booking}/cancel`
pub async fn cancel(call: Call) -> Answer {
    let (visitor, found) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let typed = call.form().text("reason").replace("\r\n", "\n");
    let result = desk::cancel_as(&call.desk, found.booking.id, visitor.person.id, &typed).await;
    if let Err(Refusal::Invalid(_)) = &result {
        let words = words(&Reader::of(&call, "UTC"));
        let news = News { reason_wrong: Some(words.reason_wrong), typed: &typed, ..News::default() };
        return page(&call, &visitor, &news).await;
    }
    finished(&call, &visitor, &found, result, "saved").await
}

/// `POST /lead/{team}/{booking}/approve`
pub async fn approve(call: Call) -> Answer {
    let (visitor, found) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let result = desk::approve(&call.desk, found.booking.id, visitor.person.id).await;
    finished(&call, &visitor, &found, result, "approved").await
}

/// `POST /lead/{team}/{booking}/reject`
pub async fn reject(call: Call) -> Answer {
    let (visitor, found) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let result = desk::reject(&call.desk, found.booking.id, visitor.person.id, call.form().text("reason")).await;
    finished(&call, &visitor, &found, result, "saved").await
}

/// `POST /lead/{team}/{booking}/outcome`: `completed`, `no-show`, or nothing to take it back.
pub async fn outcome(call: Call) -> Answer {
    let (visitor, found) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let said = Outcome::of(call.form().text("outcome"));
    let result = desk::set_outcome(&call.desk, found.booking.id, said, visitor.person.id).await;
    finished(&call, &visitor, &found, result, "saved").await
}

/// `POST /lead/{team}/{booking}/reassign`: `host`.
pub async fn reassign(call: Call) -> Answer {
    let (visitor, found) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let Ok(to) = call.form().text("host").parse() else {
        return asked(&call, &visitor, |words| words.wrong_host).await;
    };
    let result = desk::reassign(&call.desk, found.booking.id, to, visitor.person.id).await;
    finished(&call, &visitor, &found, result, "reassigned").await
}

/// `POST /lead/{team}/{booking}/reschedule`: `start` from the list, or a `local` time in `zone`.
pub async fn reschedule(call: Call) -> Answer {
    let (visitor, found) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let form = call.form();
    let typed = Zone::find(form.text("zone")).and_then(|zone| zone.read_local(form.text("local")));
    let Some(start) = typed.or_else(|| form.text("start").parse().ok()) else {
        return asked(&call, &visitor, |words| words.wrong_time).await;
    };
    let result = desk::reschedule_as(&call.desk, found.booking.id, visitor.person.id, start).await;
    finished(&call, &visitor, &found, result, "moved").await
}

/// `POST /lead/{team}/{booking}/resend`
pub async fn resend(call: Call) -> Answer {
    let (visitor, found) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let result = desk::resend(&call.desk, found.booking.id, visitor.person.id).await;
    finished(&call, &visitor, &found, result, "resent").await
}

/// Who submitted the form, and the booking.
async fn opened(call: &Call) -> Result<(SignedIn, Found), Box<Answer>> {
    let visitor = submitting(call).await?;
    match found(call).await {
        Ok(Some(found)) => Ok((visitor, found)),
        Err(Refusal::Db(error)) => Err(Box::new(failed(call, &error))),
        _ => Err(Box::new(missing())),
    }
}

async fn asked(call: &Call, visitor: &SignedIn, wrong: fn(&Leading) -> &'static str) -> Answer {
    let words = leading(reader(call, None).words.code);
    page(call, visitor, &News { wrong: Some(wrong(words)), ..News::default() }).await
}

async fn finished(
    call: &Call,
    visitor: &SignedIn,
    found: &Found,
    result: Result<Booking, Refusal>,
    done: &str,
) -> Answer {
    match result {
        Ok(_) => see_other(&format!("{}?done={done}", found.path())),
        Err(Refusal::Db(error)) => failed(call, &error),
        Err(Refusal::NotFound) => missing(),
        Err(refusal) => {
            let words = leading(reader(call, None).words.code);
            page(call, visitor, &News { wrong: Some(wrong(words, &refusal)), ..News::default() }).await
        }
    }
}

/// Why something about a booking was not done.
pub(super) fn wrong(words: &Leading, refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SlotTaken { .. } => words.wrong_taken,
        Refusal::TooEarly => words.wrong_early,
        Refusal::LimitReached { .. } => words.wrong_limit,
        Refusal::AlreadyBooked { .. } => words.wrong_guest_busy,
        Refusal::NotOffered { .. } => words.wrong_not_offered,
        Refusal::Invalid(_) => words.wrong_reason,
        Refusal::RateLimited { .. } => words.wrong_many,
        _ => words.wrong_late,
    }
}
