//! A person's own feeds: how to subscribe, and new addresses when an old one got about.

use maud::{Markup, html};

use super::app_passwords::back;
use super::failed;
use super::reader::Reader;
use super::visitor::{submitting, token_field};
use super::words::language::Words;
use super::words::own::Own;
use crate::db::DbError;
use crate::people::PersonId;
use crate::people::feeds::{self, FeedKind, Rotate};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, encode, see_other};
use crate::teams::Team;

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
    /// Of a feed at this address, to be called so.
    pub(super) fn new(url: String, name: &str) -> Self {
        let webcal = url.split_once("://").map_or_else(|| url.clone(), |(_, rest)| format!("webcal://{rest}"));
        let google = format!("https://calendar.google.com/calendar/r?cid={}", encode(&webcal));
        let outlook =
            format!("https://outlook.live.com/calendar/0/addfromweb?url={}&name={}", encode(&url), encode(name));
        Self { url, webcal, google, outlook }
    }
}

/// The addresses of both feeds: the person's sessions, and the open slots of their teams.
pub(super) async fn addresses(call: &Call, own: &Own, person: PersonId) -> Result<[Addresses; 2], DbError> {
    let owner = feeds::owner(&mut call.desk.db.read().await?, person).await?;
    let generation = owner.map_or(0, |owner| owner.generation);
    let of = |kind, name| Addresses::new(call.absolute(&feeds::path(&call.desk.keys, kind, person, generation)), name);
    Ok([of(FeedKind::Sessions, own.sessions_feed), of(FeedKind::Open, own.open_feed)])
}

/// The ways to the feed of a team's open times.
pub(super) fn team_links(call: &Call, words: &Words, team: &Team) -> Markup {
    let feed = Addresses::new(call.absolute(&format!("/teams/{}/open.ics", encode(&team.slug))), &team.name);
    html! { (short(words.subscribe, words, &feed)) }
}

/// The ways to a feed, in one line.
pub(super) fn short(label: &str, words: &Words, feed: &Addresses) -> Markup {
    html! {
        a href=(feed.webcal) { (label) } " · "
        a href=(feed.google) rel="noopener noreferrer" aria-label={ (label) ", " (words.subscribe_google) } { (words.subscribe_google) }
    }
}

/// The section of the page at `page`.
pub(super) async fn section(call: &Call, visitor: &SignedIn, reader: &Reader, page: &str) -> Result<Markup, DbError> {
    let own = reader.words.own;
    let [sessions, open] = addresses(call, own, visitor.person.id).await?;
    Ok(html! {
        h2 #feeds { (own.your_feeds) }
        p.soft { (own.your_feeds_help) }
        ul.cards {
            li { (feed(own, own.sessions_feed, own.sessions_feed_help, &sessions)) }
            li { (feed(own, own.open_feed, own.open_feed_help, &open)) }
        }
        details {
            summary { (own.new_addresses) }
            p { (own.new_addresses_help) }
            form method="post" action=(reader.link("/own-feeds")) {
                (token_field(call, visitor))
                input type="hidden" name="back" value=(page);
                p.actions { button.danger type="submit" { (own.new_addresses_button) } }
            }
        }
    })
}

/// One feed with the ways to subscribe to it.
pub(super) fn feed(own: &Own, name: &str, help: &str, addresses: &Addresses) -> Markup {
    html! {
        strong { (name) }
        p.hint { (help) }
        p.actions {
            a.button.quiet href=(addresses.webcal) aria-label={ (own.subscribe) ": " (name) } { (own.subscribe) }
            a href=(addresses.google) rel="noreferrer" aria-label={ (own.in_google) ": " (name) } { (own.in_google) }
            a href=(addresses.outlook) rel="noreferrer" aria-label={ (own.in_outlook) ": " (name) } { (own.in_outlook) }
        }
        p.hint { (own.feed_address) }
        p { code { (addresses.url) } }
    }
}

/// `POST /own-feeds`: new addresses for both.
pub async fn rotate(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let person = visitor.person.id;
    match call.desk.db.run(Rotate { person, by: Some(person), now: call.desk.clock.now() }).await {
        Ok(_) => {
            let page = Reader::of(&call, "UTC").link(back(call.form().text("back")));
            see_other(&format!("{page}#feeds"))
        }
        Err(error) => failed(&call, &error),
    }
}
