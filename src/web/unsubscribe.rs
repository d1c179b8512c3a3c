//! `/unsubscribe/{token}`: no more reminders, and reminders again. A mail program may stop them by itself (RFC 8058):
//! its POST has no form of ours, and the address alone proves whose they are.

use http::StatusCode;
use maud::html;

use super::failed;
use super::layout::Page;
use super::problems::missing_for;
use super::reader::Reader;
use crate::db::DbError;
use crate::desk::reminders::{SetReminders, of_token};
use crate::surface::{Answer, Call};

/// `GET`: how it stands, and the button that changes it.
pub async fn show(call: Call) -> Answer {
    match of_token(&call.desk, call.param(0)).await {
        Ok(Some((_, wanted))) => page(&call, wanted, false),
        Ok(None) => missing_for(&call),
        Err(error) => failed(&call, &error),
    }
}

/// `POST`: stops them; with `reminders=on` they come again.
pub async fn act(call: Call) -> Answer {
    match acted(&call).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn acted(call: &Call) -> Result<Answer, DbError> {
    let Some((person, _)) = of_token(&call.desk, call.param(0)).await? else { return Ok(missing_for(call)) };
    let wanted = call.form().text("reminders") == "on";
    call.desk.db.run(SetReminders { person, wanted, now: call.desk.clock.now() }).await?;
    Ok(page(call, wanted, true))
}

fn page(call: &Call, wanted: bool, done: bool) -> Answer {
    let reader = Reader::of(call, "UTC");
    let words = reader.words;
    let title = match (wanted, done) {
        (true, false) => words.reminders,
        (true, true) => words.reminders_again,
        (false, _) => words.reminders_off,
    };
    let content = html! {
        h1 { (title) }
        p.lead { (if wanted { words.reminders_help } else { words.reminders_off_help }) }
        form method="post" action=(reader.link(call.uri.path())) {
            @if wanted {
                p.actions { button type="submit" name="reminders" value="off" { (words.stop_reminders) } }
            } @else {
                p.actions { button.quiet type="submit" name="reminders" value="on" { (words.want_reminders) } }
            }
        }
    };
    Page::secret(title).status(StatusCode::OK).reader(&reader, call.uri.path(), &[]).show(&content)
}
