//! What the buttons of `/b/{token}` do. Each form carries its own token; after success the browser is sent back to the
//! page.

use super::booking::{News, base, holder_of, is_form_token, page};
use super::failed;
use super::problems::missing_for;
use super::times::Zone;
use crate::booking::{Booking, Refusal};
use crate::desk::booking::{self, BookingView, Holder};
use crate::surface::{Answer, Call, see_other};

/// `POST /b/{token}/agenda`
pub async fn agenda(call: Call) -> Answer {
    let form = call.form();
    let text = form.get("agenda").unwrap_or_default().replace("\r\n", "\n");
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let result = booking::set_agenda(&call.desk, &holder, text.trim()).await;
    let news = News { typed_agenda: Some(&text), ..News::default() };
    finished(&call, &view, result, news, "?done=saved").await
}

/// `POST /b/{token}/reschedule`: `start` from the list, or the host's own `local` time in `zone`.
pub async fn reschedule(call: Call) -> Answer {
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let form = call.form();
    let typed = Zone::find(form.text("zone")).and_then(|zone| zone.read_local(form.text("local")));
    let Some(start) = typed.or_else(|| form.text("start").parse().ok()) else {
        return page(&call, &view, &News { wrong: Some(|words| words.choose_time_first), ..News::default() }).await;
    };
    let result = booking::reschedule(&call.desk, &holder, start).await;
    finished(&call, &view, result, News::default(), "?done=moved").await
}

/// `POST /b/{token}/cancel`
pub async fn cancel(call: Call) -> Answer {
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let form = call.form();
    let result = booking::cancel(&call.desk, &holder, Some(form.text("reason"))).await;
    finished(&call, &view, result, News::default(), "").await
}

/// `POST /b/{token}/undo`: takes back a cancellation of the reader's own.
pub async fn undo(call: Call) -> Answer {
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let result = booking::undo(&call.desk, &holder).await;
    finished(&call, &view, result, News::default(), "?done=kept").await
}

/// `POST /b/{token}/confirm`
pub async fn confirm(call: Call) -> Answer {
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let result = booking::confirm(&call.desk, &holder).await;
    finished(&call, &view, result, News::default(), "").await
}

/// `POST /b/{token}/proposal`: `id`, and `answer` `accept` or `decline`.
pub async fn decide(call: Call) -> Answer {
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let form = call.form();
    let id = form.text("id").parse().unwrap_or_default();
    let (result, done) = match form.text("answer") {
        "accept" => (booking::accept_proposal(&call.desk, &holder, id).await, "?done=moved"),
        _ => (booking::decline_proposal(&call.desk, &holder, id).await, ""),
    };
    match result {
        Err(Refusal::NotFound) => see_other(&base(&call)),
        result => finished(&call, &view, result, News::default(), done).await,
    }
}

/// The booking, when the token in the address and the one in the form are right.
pub(super) async fn opened(call: &Call) -> Result<(BookingView, Holder), Box<Answer>> {
    let view = match booking::view(&call.desk, call.param(0)).await {
        Ok(view) => view,
        Err(Refusal::Db(error)) => return Err(Box::new(failed(call, &error))),
        Err(_) => return Err(Box::new(missing_for(call))),
    };
    let form = call.form();
    if !is_form_token(call, &view, form.text("form")) {
        let news = News { wrong: Some(|words| words.stale_form), ..News::default() };
        return Err(Box::new(page(call, &view, &news).await));
    }
    let holder = Holder { booking: view.booking.clone(), person: holder_of(&view), role: view.role };
    Ok((view, holder))
}

/// Back to the page after success; the page with the reason otherwise.
pub(super) async fn finished(
    call: &Call,
    view: &BookingView,
    result: Result<Booking, Refusal>,
    news: News<'_>,
    query: &str,
) -> Answer {
    match result {
        Ok(_) => see_other(&format!("{}{query}", base(call))),
        Err(Refusal::Db(error)) => failed(call, &error),
        Err(Refusal::NotFound) => missing_for(call),
        Err(refusal) => page(call, view, &News { refusal: Some(&refusal), ..news }).await,
    }
}
