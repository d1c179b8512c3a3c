//! A person's own feeds: how to subscribe, and new addresses when an old one got about.

use maud::{Markup, html};

use super::app_passwords::back;
use super::visitor::{submitting, token_field};
use super::{failed, words};
use crate::db::DbError;
use crate::people::feeds::{self, FeedKind, Rotate};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, encode, see_other};

/// One feed's addresses.
pub(super) struct Addresses {
    /// As it is.
    pub(super) url: String,
    /// What opens the device's own calendar app.
    pub(super) webcal: String,
    /// Adds it to Google Calendar.
    pub(super) google: String,
    /// Adds it to Outlook on the web.
    pub(super) outlook: String,
}

impl Addresses {
    fn new(url: String, name: &str) -> Self {
        let webcal = url.split_once("://").map_or_else(|| url.clone(), |(_, rest)| format!("webcal://{rest}"));
        let google = format!("https://calendar.google.com/calendar/r?cid={}", encode(&webcal));
        let outlook =
            format!("https://outlook.live.com/calendar/0/addfromweb?url={}&name={}", encode(&url), encode(name));
        Self { url, webcal, google, outlook }
    }
}

/// The addresses of both feeds: the person's sessions, and the open slots of their teams.
pub(super) async fn addresses(call: &Call, visitor: &SignedIn) -> Result<[Addresses; 2], DbError> {
    let person = visitor.person.id;
    let owner = feeds::owner(&mut call.desk.db.read().await?, person).await?;
    let generation = owner.map_or(0, |owner| owner.generation);
    let of = |kind, name| Addresses::new(call.absolute(&feeds::path(&call.desk.keys, kind, person, generation)), name);
    Ok([of(FeedKind::Sessions, words::SESSIONS_FEED), of(FeedKind::Open, words::OPEN_FEED)])
}

/// The section of the page at `page`.
pub(super) async fn section(call: &Call, visitor: &SignedIn, page: &str) -> Result<Markup, DbError> {
    let [sessions, open] = addresses(call, visitor).await?;
    Ok(html! {
        h2 #feeds { (words::YOUR_FEEDS) }
        p.soft { (words::YOUR_FEEDS_HELP) }
        ul.cards {
            li { (feed(words::SESSIONS_FEED, words::SESSIONS_FEED_HELP, &sessions)) }
            li { (feed(words::OPEN_FEED, words::OPEN_FEED_HELP, &open)) }
        }
        details {
            summary { (words::NEW_ADDRESSES) }
            p { (words::NEW_ADDRESSES_HELP) }
            form method="post" action="/own-feeds" {
                (token_field(call, visitor))
                input type="hidden" name="back" value=(page);
                p.actions { button.danger type="submit" { (words::NEW_ADDRESSES_BUTTON) } }
            }
        }
    })
}

/// One feed with the ways to subscribe to it.
pub(super) fn feed(name: &str, help: &str, addresses: &Addresses) -> Markup {
    html! {
        strong { (name) }
        p.hint { (help) }
        p.actions {
            a.button.quiet href=(addresses.webcal) aria-label={ (words::SUBSCRIBE) ": " (name) } { (words::SUBSCRIBE) }
            a href=(addresses.google) rel="noreferrer" aria-label={ (words::IN_GOOGLE) ": " (name) } { (words::IN_GOOGLE) }
            a href=(addresses.outlook) rel="noreferrer" aria-label={ (words::IN_OUTLOOK) ": " (name) } { (words::IN_OUTLOOK) }
        }
        p.hint { (words::FEED_ADDRESS) }
        p { code { (addresses.url) } }
    }
}

/// `POST /own-feeds`: new addresses for both.
pub async fn rotate(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match call.desk.db.run(Rotate { person: visitor.person.id }).await {
        Ok(_) => see_other(&format!("{}#feeds", back(call.form().text("back")))),
        Err(error) => failed(&call, &error),
    }
}
