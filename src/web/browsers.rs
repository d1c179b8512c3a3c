//! `/browsers`: where somebody is signed in, to be ended one by one or all at once.

use maud::{Markup, html};

use super::layout::Page;
use super::times::{Zone, machine};
use super::visitor::{give_cookie, required, submitting, token_field};
use super::{failed, words};
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
    let content = html! {
        p.back { a href="/host" { (words::YOUR_TIME) } }
        h1 { (words::BROWSERS) }
        p.lead { (words::BROWSERS_LEAD) }
        ul.cards { @for browser in browsers { li { (entry(call, visitor, browser)) } } }
        form method="post" action="/browsers" {
            (token_field(call, visitor))
            p.actions { button.danger type="submit" name="session" value="all" { (words::SIGN_OUT_EVERYWHERE) } }
        }
    };
    Page::secret(words::BROWSERS).visitor(Some(&visitor.person)).show(&content)
}

fn entry(call: &Call, visitor: &SignedIn, browser: &Browser) -> Markup {
    let zone = Zone::choose(visitor.person.timezone.as_deref(), "UTC");
    let now = call.desk.clock.now();
    let day = |instant| html! { time datetime=(machine(instant)) { (zone.long_day(instant, now)) } };
    html! {
        strong { (if browser.browser.is_empty() { words::SOME_BROWSER } else { &browser.browser }) }
        @if browser.id == visitor.session { " · " (words::THIS_BROWSER) }
        p.hint { (words::SINCE) " " (day(browser.created)) ", " (words::LAST_SEEN) " " (day(browser.seen)) }
        @if browser.id != visitor.session {
            form method="post" action="/browsers" {
                (token_field(call, visitor))
                button.link type="submit" name="session" value=(browser.id)
                    aria-label={ (words::SIGN_OUT) ": " (browser.browser) } { (words::SIGN_OUT) }
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
    match call.desk.db.run(SignOut { person: visitor.person.id, session }).await {
        Ok(()) => {
            let mut answer = see_other(to);
            if session.is_none() || session == Some(visitor.session) {
                give_cookie(&call, &mut answer, None);
            }
            answer
        }
        Err(error) => failed(&call, &error),
    }
}
