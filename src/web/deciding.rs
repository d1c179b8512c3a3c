//! What `/b/{token}` shows while a booking waits for yes or no, and how a session went: for its host to decide.

use maud::{Markup, html};

use super::booking::{base, token_field};
use super::booking_actions::{finished, opened};
use super::reader::Reader;
use super::words::leading::{Leading, leading};
use crate::booking::{Outcome, Refusal};
use crate::desk::booking::{self, BookingView, Holder, HolderRole};
use crate::surface::{Answer, Call};

/// The words of these parts in the reader's language.
pub(super) fn words(reader: &Reader) -> &'static Leading {
    leading(reader.words.code)
}

/// Until when a pending booking waits: `Thursday, 26 November, 18:00`.
fn until(view: &BookingView, reader: &Reader) -> String {
    let until = view.booking.expires.unwrap_or(view.booking.session.starts);
    format!("{}, {}", reader.day(until), reader.clock(until))
}

/// The title of a pending booking's page.
pub(super) fn asked_title(view: &BookingView, reader: &Reader) -> String {
    match view.role {
        HolderRole::Guest => words(reader).asked.to_owned(),
        HolderRole::Host => (words(reader).asks)(&view.booking.name),
    }
}

/// What a pending booking waits for; for its host the buttons.
pub(super) fn question(call: &Call, view: &BookingView, reader: &Reader) -> Markup {
    let words = words(reader);
    html! {
        @match view.role {
            HolderRole::Guest => p { ((words.asked_help)(&until(view, reader))) },
            HolderRole::Host => {
                p { ((words.asks_help)(&until(view, reader))) }
                form method="post" action={ (base(call)) "/approve" } {
                    (token_field(call, view))
                    p.actions { button type="submit" { (words.approve) } }
                }
                details {
                    summary { (words.reject) }
                    form method="post" action={ (base(call)) "/reject" } {
                        (token_field(call, view))
                        div.field {
                            label for="no" { (words.reject_reason) }
                            input #no type="text" name="reason" maxlength="1000";
                        }
                        p.actions { button.danger type="submit" { (words.reject) } }
                    }
                }
            }
        }
    }
}

/// How a session went, for its host to say once it has begun.
pub(super) fn outcome(call: &Call, view: &BookingView, reader: &Reader) -> Markup {
    let session = &view.booking.session;
    if view.role != HolderRole::Host || !view.booking.takes_place() || reader.now < session.starts {
        return html! {};
    }
    html! {
        form method="post" action={ (base(call)) "/outcome" } {
            (token_field(call, view))
            (outcome_buttons(words(reader), session.outcome))
        }
    }
}

/// What was said of how a session went, and the buttons that say something else.
pub(super) fn outcome_buttons(words: &Leading, said: Option<Outcome>) -> Markup {
    html! {
        h2 { (words.how_was_it) }
        @if let Some(said) = said { p { strong { (spoken(words, said)) } } }
        div.actions {
            @for one in [Outcome::Completed, Outcome::NoShow] {
                @if said != Some(one) {
                    button.quiet type="submit" name="outcome" value=(one.word()) { (spoken(words, one)) }
                }
            }
            @if said.is_some() { button.quiet type="submit" name="outcome" value="" { (words.undo_outcome) } }
        }
    }
}

/// How a session went, in words.
pub(super) fn spoken(words: &Leading, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => words.completed,
        Outcome::NoShow => words.no_show,
    }
}

/// `POST /b/{token}/approve`
pub async fn approve(call: Call) -> Answer {
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let result = match host(&holder) {
        Ok(()) => booking::approve(&call.desk, holder.booking.id, holder.person).await,
        Err(refusal) => Err(refusal),
    };
    finished(&call, &view, result, Default::default(), "?done=approved").await
}

/// `POST /b/{token}/reject`
pub async fn reject(call: Call) -> Answer {
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let result = match host(&holder) {
        Ok(()) => booking::reject(&call.desk, holder.booking.id, holder.person, call.form().text("reason")).await,
        Err(refusal) => Err(refusal),
    };
    finished(&call, &view, result, Default::default(), "").await
}

/// `POST /b/{token}/outcome`: `completed`, `no-show`, or nothing to take it back.
pub async fn record_outcome(call: Call) -> Answer {
    let (view, holder) = match opened(&call).await {
        Ok(both) => both,
        Err(answer) => return *answer,
    };
    let said = Outcome::of(call.form().text("outcome"));
    let result = match host(&holder) {
        Ok(()) => booking::set_outcome(&call.desk, holder.booking.id, said, holder.person).await,
        Err(refusal) => Err(refusal),
    };
    finished(&call, &view, result, Default::default(), "?done=saved").await
}

/// Only the host decides.
fn host(holder: &Holder) -> Result<(), Refusal> {
    if holder.role == HolderRole::Host { Ok(()) } else { Err(Refusal::NotAllowed) }
}
