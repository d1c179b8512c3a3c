//! A guest's answers on `/b/{token}` to what the type asks: given after booking, where nobody could ask before, or changed.

use maud::{Markup, html};

use super::booking::{News, base, token_field};
use super::booking_actions::{finished, opened};
use super::questions::{self, Replies};
use super::words::language::Words;
use crate::booking::{FieldError, Refusal};
use crate::desk::booking::{self, BookingView};
use crate::surface::{Answer, Call};
use crate::teams::Needed;

/// The form, open where an answer is missing.
pub(super) fn form(call: &Call, view: &BookingView, news: &News<'_>, words: &Words) -> Markup {
    if !questions::any(&view.kind) {
        return html! {};
    }
    let errors: &[FieldError] = match (news.refusal, news.typed_replies) {
        (Some(Refusal::Invalid(errors)), Some(_)) => errors,
        _ => &[],
    };
    let booking = &view.booking;
    let lacking = !Needed::of(&view.kind).lacking(booking.phone.as_deref(), &booking.answers).is_empty();
    let known = Replies::of(booking, &view.kind);
    let replies = news.typed_replies.unwrap_or(&known);
    html! {
        details #answers open[lacking || !errors.is_empty()] {
            summary { @if lacking { (words.please_answer) } @else { (words.change_answers) } }
            @if lacking { p.hint { (words.please_answer_help) } }
            form method="post" action={ (base(call)) "/answers" } {
                (token_field(call, view))
                (questions::fields(words, &view.kind, replies, errors))
                p.actions { button type="submit" { (words.save) } }
            }
        }
    }
}

/// `POST /b/{token}/answers`: what the type asks.
pub async fn answers(call: Call) -> Answer {
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let replies = Replies::read(&call.form(), &view.kind);
    let given = replies.all_answers(&view.kind);
    let result = booking::set_answers(&call.desk, &holder, Some(&replies.phone), &given).await;
    let news = News { typed_replies: Some(&replies), ..News::default() };
    finished(&call, &view, result, news, "?done=saved").await
}
