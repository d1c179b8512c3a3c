//! `/browsers`: where somebody is signed in, to be ended one by one or all at once.

use maud::{Markup, html};

use super::failed;
use super::layout::Page;
use super::reader::Reader;
use super::times::machine;
use super::visitor::{give_cookie, required, submitting, token_field};
use crate::db::DbError;
use crate::people::web_sessions::{self, Browser, SignOut, SignedIn};
use crate::surface::{Answer, Call, see_other};

/// `GET /browsers`
pub async fn show(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match browsers(&call, &visitor).await {
        Ok(browsers) => page(&call, &visitor, &browsers),
        Err(error) => failed(&call, &error),
    }
}

async fn browsers(call: &Call, visitor: &SignedIn) -> Result<Vec<Browser>, DbError> {
    web_sessions::of(&mut call.desk.db.read().await?, visitor.person.id, call.desk.clock.now()).await
}

fn page(call: &Call, visitor: &SignedIn, browsers: &[Browser]) -> Answer {
    let reader =
        Reader::own(call, visitor.person.timezone.as_deref(), "UTC").speaking(visitor.person.language.as_deref());
    let (words, own) = (reader.words, reader.words.own);
    let content = html! {
        p.back { a href=(reader.link("/host")) { (words.your_time) } }
        h1 { (own.browsers) }
        p.lead { (own.browsers_lead) }
        ul.cards { @for browser in browsers { li { (entry(call, visitor, &reader, browser)) } } }
        form method="post" action=(reader.link("/browsers")) {
            (token_field(call, visitor))
            p.actions { button.danger type="submit" name="session" value="all" { (own.sign_out_everywhere) } }
        }
    };
    Page::secret(own.browsers).reader(&reader, "/browsers", &[]).visitor(Some(&visitor.person)).show(&content)
}

fn entry(call: &Call, visitor: &SignedIn, reader: &Reader, browser: &Browser) -> Markup {
    let (words, own) = (reader.words, reader.words.own);
    let day = |instant| html! { time datetime=(machine(instant)) { (reader.day(instant)) } };
    html! {
        strong { (if browser.browser.is_empty() { own.some_browser } else { &browser.browser }) }
        @if browser.id == visitor.session { " · " (own.this_browser) }
        p.hint { (own.since) " " (day(browser.created)) ", " (own.last_seen) " " (day(browser.seen)) }
        @if browser.id != visitor.session {
            form method="post" action=(reader.link("/browsers")) {
                (token_field(call, visitor))
                button.link type="submit" name="session" value=(browser.id)
                    aria-label={ (words.sign_out) ": " (browser.browser) } { (words.sign_out) }
            }
        }
    }
}

/// `POST /browsers`: ends one session, or all.
pub async fn end(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let form = call.form();
    let (session, to) = match form.text("session") {
        "all" => (None, "/"),
        one => (Some(one.parse().unwrap_or(0)), "/browsers"),
    };
    match call.desk.db.run(SignOut { person: visitor.person.id, session, now: call.desk.clock.now() }).await {
        Ok(_) => {
            let mut answer = see_other(&Reader::of(&call, "UTC").link(to));
            if session.is_none() || session == Some(visitor.session) {
                give_cookie(&call, &mut answer, None);
            }
            answer
        }
        Err(error) => failed(&call, &error),
    }
}
