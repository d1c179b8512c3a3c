//! `/calendars`: a host's calendars by secret address: what is read from each, how it goes, and the way out when it does
//! not.

use http::StatusCode;
use maud::{Markup, html};

use super::book::field;
use super::failed;
use super::layout::Page;
use super::reader::Reader;
use super::times::machine;
use super::visitor::{required, submitting, token_field};
use super::words::calendars::Calendars;
use crate::db::DbError;
use crate::http_client::public::NoAddress;
use crate::people::web_sessions::SignedIn;
use crate::sources::{self, AddRefused, Checked, Provider, Remove, SetUse, Source, SourceId};
use crate::surface::{Answer, Call, see_other};
use crate::teams::{self, Role};

/// For so long the page says that a calendar is well again, seconds.
const WELL_AGAIN: i64 = 7 * 86_400;

/// The page's words in the reader's language.
pub(super) fn words(reader: &Reader) -> &'static Calendars {
    reader.words.calendars
}

/// An address that was not taken, as it was typed, with what to do about it.
struct Typed<'a> {
    address: &'a str,
    offers: bool,
    wrong: &'static str,
}

/// `GET /calendars`
pub async fn show(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match page(&call, &visitor, None).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn page(call: &Call, visitor: &SignedIn, typed: Option<&Typed<'_>>) -> Result<Answer, DbError> {
    let mut conn = call.desk.db.read().await?;
    let person = &visitor.person;
    let hosts = teams::roles_anywhere(&mut conn, person.id).await?.contains(&Role::Host);
    let all = sources::of_person(&mut conn, person.id).await?;
    let teams = teams::of_person(&mut conn, person.id).await?;
    drop(conn);
    let fallback = teams.first().map_or("UTC", |team| &team.timezone);
    let reader = Reader::own(call, person.timezone.as_deref(), fallback);
    let said = words(&reader);
    let content = html! {
        p.back { a href=(reader.link("/host")) { (reader.words.your_time) } }
        h1 { (said.title) }
        p.lead { (said.lead) }
        p.soft { (said.private) }
        @if all.is_empty() { p { (said.none) } } @else {
            ul.cards { @for source in &all { li id={ "c" (source.id) } { (card(call, visitor, &reader, source)) } } }
        }
        @if hosts { (form(call, visitor, &reader, typed)) } @else { div.notice { p { (said.only_hosts) } } }
        (guides(&reader))
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::secret(said.title).reader(&reader, "/calendars", &[]).visitor(Some(person));
    Ok(page.status(status).show(&content))
}

/// The product's name, where the host tells it.
fn product(provider: Provider, said: &Calendars) -> &'static str {
    match provider {
        Provider::Google => "Google Calendar",
        Provider::Outlook => "Outlook",
        Provider::Apple => "iCloud",
        Provider::Other => said.other,
    }
}

fn card(call: &Call, visitor: &SignedIn, reader: &Reader, source: &Source) -> Markup {
    let said = words(reader);
    let name = format!("{}, {}", product(source.provider(), said), source.host);
    let button = |path: &str, class: &str, label: &str| {
        html! {
            form method="post" action=(reader.link(path)) {
                (token_field(call, visitor))
                button class=(class) type="submit" name="id" value=(source.id) aria-label={ (label) ": " (name) } { (label) }
            }
        }
    };
    let (other_use, to) = if source.offers { (said.use_busy, "busy") } else { (said.use_offers, "offers") };
    html! {
        strong { (product(source.provider(), said)) } " "
        span.soft { (source.host) }
        p.hint { (if source.offers { said.offers_and_busy } else { said.busy_only }) }
        (health(reader, source))
        div.actions {
            (button("/calendars/check", "quiet", said.check_now))
            (button(&format!("/calendars/use/{to}"), "link", other_use))
        }
        details {
            summary { (said.remove) }
            p { (said.remove_help) }
            (button("/calendars/remove", "danger", said.remove))
        }
    }
}

/// How the reading goes, in plain words, with the way out.
fn health(reader: &Reader, source: &Source) -> Markup {
    let said = words(reader);
    let when = |at: i64| moment(reader, at);
    let now = reader.now;
    let reading = source.is_being_read(now);
    html! {
        @match (source.problem(), source.succeeded) {
            (Some(problem), last) => {
                @let (what, way_out) = (said.problem)(problem, source.provider());
                div.notice.alert {
                    p { strong { (what) } " " (way_out) }
                    p {
                        @match last { Some(last) => ((said.still_counts)(&when(last))), None => (said.nothing_read) } " "
                        @if reading { (said.being_read) }
                        @else if source.not_before > now { ((said.wait_until)(&when(source.not_before))) }
                        @else { ((said.next)(&when(source.due.max(now)))) }
                    }
                }
            },
            (None, None) => p { (said.first_reading) },
            (None, Some(last)) => {
                p { ((said.read)(source.offers_read, source.busy_read, source.offers)) }
                p.hint { @if reading { (said.being_read) } @else { ((said.times)(&when(last), &when(source.due.max(now)))) } }
            },
        }
        @if let Some(at) = source.well_again.filter(|at| source.problem().is_none() && at + WELL_AGAIN > now) {
            p.hint { ((said.well_again)(&when(at))) }
        }
        @if source.unreadable > 0 {
            div.notice { p { ((said.unreadable)(source.unreadable, source.unreadable_why.as_deref().unwrap_or_default())) } }
        }
    }
}

/// `18:00` today, `Thursday, 26 November, 18:00` on other days.
fn moment(reader: &Reader, at: i64) -> String {
    let zone = &reader.zone;
    let clock = reader.clock(at);
    if zone.day(at) == zone.day(reader.now) { clock } else { format!("{}, {clock}", reader.day(at)) }
}

fn form(call: &Call, visitor: &SignedIn, reader: &Reader, typed: Option<&Typed<'_>>) -> Markup {
    let said = words(reader);
    let wrong = typed.map(|typed| typed.wrong);
    let offers = typed.is_none_or(|typed| typed.offers);
    html! {
        h2 #add { (said.add) }
        form method="post" action=(reader.link("/calendars")) {
            (token_field(call, visitor))
            (field("address", said.address, Some(said.address_hint), wrong, |described| html! {
                input #address type="text" name="address" inputmode="url" value=(typed.map_or("", |typed| typed.address))
                    required maxlength="2000" autocomplete="off" autocapitalize="none" spellcheck="false"
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }))
            fieldset.field {
                legend { (said.what_for) }
                label.pick { input type="radio" name="use" value="offers" checked[offers]; " " (said.offers_and_busy) }
                label.pick { input type="radio" name="use" value="busy" checked[!offers]; " " (said.busy_only) }
            }
            p.actions { button type="submit" { (said.add_button) } }
        }
    }
}

/// Where each product shows the address.
fn guides(reader: &Reader) -> Markup {
    let said = words(reader);
    let all = [
        ("Google Calendar", said.google_steps),
        ("Outlook", said.outlook_steps),
        ("iCloud", said.apple_steps),
        (said.other, said.other_steps),
    ];
    html! {
        h2 #where { (said.where_is_it) }
        @for (name, steps) in all {
            details { summary { (name) } ol.steps { @for step in steps { li { (step) } } } }
        }
    }
}

/// The section of a device's guide, for those who keep their calendar where it is.
pub(super) fn guide_section(reader: &Reader, slug: &str) -> Markup {
    let said = words(reader);
    let found = match slug {
        "google" => Some((said.offer_from_google, said.google_steps)),
        "outlook" => Some((said.offer_from_outlook, said.outlook_steps)),
        _ => None,
    };
    html! {
        @if let Some((title, steps)) = found {
            h2 { (title) }
            ol.steps { @for step in steps { li { (step) } } }
            p.actions { a.button href={ (reader.link("/calendars")) "#add" } { (said.add) } }
        }
    }
}

/// `POST /calendars`: adds one, and waits a moment for what is read from it.
pub async fn add(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let form = call.form();
    let (address, offers) = (form.text("address"), form.text("use") != "busy");
    let reader = Reader::of(&call, "UTC");
    let person = &visitor.person;
    let wrong = match sources::add(&call.desk, person, address, offers, Some(person.id)).await {
        Ok(source) => {
            if let Err(error) = sources::read_in_time(&call.desk, source.id).await {
                return failed(&call, &error);
            }
            return see_other(&format!("{}#c{}", reader.link("/calendars"), source.id));
        }
        Err(AddRefused::Db(error)) => return failed(&call, &error),
        Err(refused) => told(&refused, words(&reader)),
    };
    match page(&call, &visitor, Some(&Typed { address, offers, wrong })).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

fn told(refused: &AddRefused, said: &Calendars) -> &'static str {
    match refused {
        AddRefused::Address(NoAddress::NotHttps) => said.not_https,
        AddRefused::Address(NoAddress::UserInfo) => said.user_info,
        AddRefused::Address(NoAddress::Port) => said.port,
        AddRefused::Address(NoAddress::Nonsense) | AddRefused::Db(_) => said.nonsense,
        AddRefused::Known => said.known,
        AddRefused::TooMany => said.too_many,
        AddRefused::NoHost => said.only_hosts,
    }
}

/// `POST /calendars/check`: reads one at once.
pub async fn check(call: Call) -> Answer {
    act(call, async |call: &Call, visitor: &SignedIn, id| {
        match sources::check_now(&call.desk, visitor.person.id, id).await? {
            Checked::Due => sources::read_in_time(&call.desk, id).await,
            Checked::Already | Checked::NotBefore(_) | Checked::Missing => Ok(()),
        }
    })
    .await
}

/// `POST /calendars/use/{use}`: `offers` or `busy`.
pub async fn set_use(call: Call) -> Answer {
    act(call, async |call: &Call, visitor: &SignedIn, id| {
        let (offers, now) = (call.param(0) == "offers", call.desk.clock.now());
        let person = visitor.person.id;
        match call.desk.db.run(SetUse { person, id, offers, actor: Some(person), now }).await? {
            true => sources::read_in_time(&call.desk, id).await,
            false => Ok(()),
        }
    })
    .await
}

/// `POST /calendars/remove`
pub async fn remove(call: Call) -> Answer {
    act(call, async |call: &Call, visitor: &SignedIn, id| {
        let (person, now) = (visitor.person.id, call.desk.clock.now());
        call.desk.db.run(Remove { person, id, actor: Some(person), now }).await.map(drop)
    })
    .await
}

/// Does something to the calendar that a button names, and shows the page.
async fn act(call: Call, what: impl AsyncFnOnce(&Call, &SignedIn, SourceId) -> Result<(), DbError>) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let id = call.form().text("id").parse().unwrap_or(0);
    match what(&call, &visitor, id).await {
        Ok(()) => see_other(&format!("{}#c{id}", Reader::of(&call, "UTC").link("/calendars"))),
        Err(error) => failed(&call, &error),
    }
}

/// What a host's own page says of calendars by address: the way there, and which of them cannot be read.
pub(super) async fn section(call: &Call, visitor: &SignedIn, reader: &Reader) -> Result<Markup, DbError> {
    let all = sources::of_person(&mut call.desk.db.read().await?, visitor.person.id).await?;
    let said = words(reader);
    let failing: Vec<(&Source, String)> = all
        .iter()
        .filter_map(|source| Some((source, (said.problem)(source.problem()?, source.provider()).0)))
        .collect();
    Ok(html! {
        h2 #by-address { (said.title) }
        p { (said.set_up_help) }
        @for (source, what) in &failing {
            div.notice.alert { p { strong { (source.host) ": " } (what) " " a href={ (reader.link("/calendars")) "#c" (source.id) } { (said.see_what_helps) } } }
        }
        @for source in all.iter().filter(|source| source.problem().is_none()) {
            p.hint {
                (source.host) ": "
                @match source.succeeded {
                    Some(last) => {
                        ((said.read)(source.offers_read, source.busy_read, source.offers)) " "
                        time datetime=(machine(last)) { (moment(reader, last)) }
                    },
                    None => (said.first_reading),
                }
            }
        }
        p.actions { a.button.quiet href=(reader.link("/calendars")) { (if all.is_empty() { said.add } else { said.title }) } }
    })
}
