//! `/setup`: one's calendar app connected, device by device. A POST makes an app password named for the device and
//! answers with Apple's profile, or with the account to type in.

use http::{HeaderName, StatusCode, header};
use maud::{Markup, html};

use super::app_passwords::{NotMade, account, create};
use super::apple_profile::Profile;
use super::layout::Page;
use super::problems::missing_for;
use super::reader::Reader;
use super::visitor::{is_https, required, submitting, token_field};
use super::words::NAME;
use super::words::own::{Guide, Own};
use super::{calendars, failed, own_feeds, qr};
use crate::db::DbError;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, file, set};

/// What a device can do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A profile does it all; typing works, too.
    Profile,
    /// A CalDAV account to type in.
    Account,
    /// DAVx⁵: an account, and a link that opens the app.
    Davx5,
    /// Feeds only.
    Feeds,
}

/// The last part of the address, the way, the words in a language.
type Device = (&'static str, Way, fn(&Own) -> &Guide);

/// The devices, in the order of the list.
const DEVICES: &[Device] = &[
    ("iphone", Way::Profile, |own| &own.iphone),
    ("mac", Way::Profile, |own| &own.mac),
    ("android", Way::Davx5, |own| &own.android),
    ("thunderbird", Way::Account, |own| &own.thunderbird),
    ("evolution", Way::Account, |own| &own.evolution),
    ("google", Way::Feeds, |own| &own.google),
    ("outlook", Way::Feeds, |own| &own.outlook),
    ("other", Way::Account, |own| &own.other_app),
];

/// `GET /setup`
pub async fn choose(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let reader = Reader::of(&call, "UTC");
    let (words, own) = (reader.words, reader.words.own);
    let content = html! {
        p.back { a href=(reader.link("/host")) { (words.your_time) } }
        h1 { (own.set_up) }
        p.lead { (own.set_up_lead) }
        ul.cards {
            @for (slug, _, guide) in DEVICES {
                @let guide = guide(own);
                li { a href=(reader.link(&format!("/setup/{slug}"))) { (guide.name) } p.hint { (guide.about) } }
            }
        }
    };
    Page::secret(own.set_up).reader(&reader, "/setup", &[]).visitor(Some(&visitor.person)).show(&content)
}

fn device(call: &Call, own: &'static Own) -> Option<(&'static str, Way, &'static Guide)> {
    let (slug, way, guide) = DEVICES.iter().find(|(slug, ..)| *slug == call.param(0))?;
    Some((slug, *way, guide(own)))
}

/// `GET /setup/{device}`
pub async fn guide(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let reader = Reader::of(&call, "UTC");
    let Some((slug, way, guide)) = device(&call, reader.words.own) else { return missing_for(&call) };
    match body(&call, &visitor, &reader, slug, way, guide).await {
        Ok(body) => page(&visitor, &reader, slug, guide, StatusCode::OK, &body),
        Err(error) => failed(&call, &error),
    }
}

fn page(visitor: &SignedIn, reader: &Reader, slug: &str, guide: &Guide, status: StatusCode, body: &Markup) -> Answer {
    let content = html! {
        p.back { a href=(reader.link("/setup")) { (reader.words.own.other_device) } }
        h1 { (guide.name) }
        (body)
        p.hint { (reader.words.own.rules_in_event) }
    };
    let page = Page::secret(guide.name).reader(reader, &format!("/setup/{slug}"), &[]);
    page.visitor(Some(&visitor.person)).status(status).show(&content)
}

async fn body(
    call: &Call,
    visitor: &SignedIn,
    reader: &Reader,
    slug: &str,
    way: Way,
    guide: &Guide,
) -> Result<Markup, DbError> {
    let own = reader.words.own;
    if way == Way::Feeds {
        return feeds(call, visitor, reader, slug, guide).await;
    }
    let (button, by_hand) = match way {
        Way::Profile => (own.get_profile, true),
        _ => (own.make_account, false),
    };
    let scan = matches!(slug, "iphone" | "android");
    Ok(html! {
        p.lead { (guide.about) }
        @if !is_https(call) { div.notice { p { (own.needs_https) } } }
        form method="post" action=(reader.link(&format!("/setup/{slug}"))) {
            (token_field(call, visitor))
            p.actions {
                button type="submit" { (button) }
                @if by_hand { button.link type="submit" name="by" value="hand" { (own.by_hand) } }
            }
        }
        h2 { (own.steps) }
        (steps(if way == Way::Account { Some(own.make_account_first) } else { None }, guide.steps))
        @if scan { (phone(call, own, slug)) }
    })
}

fn steps(first: Option<&str>, steps: &[&str]) -> Markup {
    html! { ol.steps { @for step in first.iter().chain(steps) { li { (step) } } } }
}

/// For somebody who reads this on another screen.
fn phone(call: &Call, own: &Own, slug: &str) -> Markup {
    html! {
        h2 { (own.on_the_phone) }
        p { (own.on_the_phone_help) }
        (qr::svg(&call.absolute(&format!("/setup/{slug}")), own.page_to_scan))
    }
}

async fn feeds(call: &Call, visitor: &SignedIn, reader: &Reader, slug: &str, guide: &Guide) -> Result<Markup, DbError> {
    let own = reader.words.own;
    let [sessions, open] = own_feeds::addresses(call, own, visitor.person.id).await?;
    Ok(html! {
        p.lead { (guide.about) }
        ul.cards {
            li { (own_feeds::feed(own, own.sessions_feed, own.sessions_feed_help, &sessions)) }
            li { (own_feeds::feed(own, own.open_feed, own.open_feed_help, &open)) }
        }
        h2 { (own.steps) }
        (steps(None, guide.steps))
        (calendars::guide_section(reader, slug))
    })
}

/// `POST /setup/{device}`: an app password for it.
pub async fn make(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let reader = Reader::of(&call, "UTC");
    let own = reader.words.own;
    let Some((slug, way, guide)) = device(&call, own).filter(|(_, way, _)| *way != Way::Feeds) else {
        return missing_for(&call);
    };
    let secret = match create(&call, &visitor, &reader, guide.name).await {
        Ok(secret) => secret,
        Err(NotMade::Because(wrong)) => {
            let body = html! {
                div.notice.alert role="alert" { p { (wrong) } }
                p.actions { a.button href={ (reader.link("/host")) "#app-passwords" } { (own.app_passwords) } }
            };
            return page(&visitor, &reader, slug, guide, StatusCode::UNPROCESSABLE_ENTITY, &body);
        }
        Err(NotMade::Db(error)) => return failed(&call, &error),
    };
    if way == Way::Profile && call.form().text("by") != "hand" {
        return profile(&call, &visitor, &secret);
    }
    let by_hand = if way == Way::Profile { guide.by_hand } else { guide.steps };
    let body = html! {
        (account(&call, &visitor, &reader, &secret))
        @if way == Way::Davx5 { (davx5(&call, own)) }
        h2 { (own.steps) }
        (steps(None, by_hand))
        p.actions { a.button.quiet href=(reader.link("/host")) { (own.noted) } }
    };
    page(&visitor, &reader, slug, guide, StatusCode::OK, &body)
}

fn profile(call: &Call, visitor: &SignedIn, password: &str) -> Answer {
    let public_url = &call.desk.config.public_url;
    let profile = Profile { public_url, user: &visitor.person.email, password, name: NAME };
    let mut answer = file("application/x-apple-aspen-config", "openhour.mobileconfig", profile.write());
    set(&mut answer, header::CACHE_CONTROL, "no-store");
    set(&mut answer, header::REFERRER_POLICY, "no-referrer");
    set(&mut answer, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    answer
}

/// Opens DAVx⁵ with the server filled in: `caldavs:` stands for https there, `caldav:` for http.
fn davx5(call: &Call, own: &Own) -> Markup {
    let address = call.absolute("/dav/");
    let address = address.strip_prefix("http").map_or_else(|| address.clone(), |rest| format!("caldav{rest}"));
    html! {
        p.actions { a.button href=(address) { (own.open_davx5) } }
        p.hint { (own.scan_davx5) }
        (qr::svg(&address, own.open_davx5))
    }
}
