//! `/setup`: one's calendar app connected, device by device. A POST makes an app password named for the device and
//! answers with Apple's profile, or with the account to type in.

use http::{HeaderName, StatusCode, header};
use maud::{Markup, html};

use super::app_passwords::{NotMade, account, create};
use super::apple_profile::Profile;
use super::layout::Page;
use super::visitor::{is_https, required, submitting, token_field};
use super::words::{self, Guide};
use super::{failed, missing, own_feeds, qr};
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

/// The devices, in the order of the list: the last part of the address, the way, the words.
const DEVICES: &[(&str, Way, &Guide)] = &[
    ("iphone", Way::Profile, &words::IPHONE),
    ("mac", Way::Profile, &words::MAC),
    ("android", Way::Davx5, &words::ANDROID),
    ("thunderbird", Way::Account, &words::THUNDERBIRD),
    ("evolution", Way::Account, &words::EVOLUTION),
    ("google", Way::Feeds, &words::GOOGLE),
    ("outlook", Way::Feeds, &words::OUTLOOK),
    ("other", Way::Account, &words::OTHER_APP),
];

/// `GET /setup`
pub async fn choose(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let content = html! {
        p.back { a href="/host" { (words::YOUR_TIME) } }
        h1 { (words::SET_UP) }
        p.lead { (words::SET_UP_LEAD) }
        ul.cards {
            @for (slug, _, guide) in DEVICES {
                li { a href={ "/setup/" (slug) } { (guide.name) } p.hint { (guide.about) } }
            }
        }
    };
    Page::secret(words::SET_UP).visitor(Some(&visitor.person)).show(&content)
}

fn device(call: &Call) -> Option<(&'static str, Way, &'static Guide)> {
    DEVICES.iter().find(|(slug, ..)| *slug == call.param(0)).copied()
}

/// `GET /setup/{device}`
pub async fn guide(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let Some((slug, way, guide)) = device(&call) else { return missing() };
    match body(&call, &visitor, slug, way, guide).await {
        Ok(body) => page(&visitor, guide, StatusCode::OK, &body),
        Err(error) => failed(&call, &error),
    }
}

fn page(visitor: &SignedIn, guide: &Guide, status: StatusCode, body: &Markup) -> Answer {
    let content = html! {
        p.back { a href="/setup" { (words::OTHER_DEVICE) } }
        h1 { (guide.name) }
        (body)
    };
    Page::secret(guide.name).visitor(Some(&visitor.person)).status(status).show(&content)
}

async fn body(call: &Call, visitor: &SignedIn, slug: &str, way: Way, guide: &Guide) -> Result<Markup, DbError> {
    if way == Way::Feeds {
        return feeds(call, visitor, guide).await;
    }
    let (button, by_hand) = match way {
        Way::Profile => (words::GET_PROFILE, true),
        _ => (words::MAKE_ACCOUNT, false),
    };
    let scan = matches!(slug, "iphone" | "android");
    Ok(html! {
        p.lead { (guide.about) }
        @if !is_https(call) { div.notice { p { (words::NEEDS_HTTPS) } } }
        form method="post" action={ "/setup/" (slug) } {
            (token_field(call, visitor))
            p.actions {
                button type="submit" { (button) }
                @if by_hand { button.link type="submit" name="by" value="hand" { (words::BY_HAND) } }
            }
        }
        h2 { (words::STEPS) }
        (steps(guide.steps))
        @if scan { (phone(call, slug)) }
    })
}

fn steps(steps: &[&str]) -> Markup {
    html! { ol.steps { @for step in steps { li { (step) } } } }
}

/// For somebody who reads this on another screen.
fn phone(call: &Call, slug: &str) -> Markup {
    html! {
        h2 { (words::ON_THE_PHONE) }
        p { (words::ON_THE_PHONE_HELP) }
        (qr::svg(&call.absolute(&format!("/setup/{slug}")), words::PAGE_TO_SCAN))
    }
}

async fn feeds(call: &Call, visitor: &SignedIn, guide: &Guide) -> Result<Markup, DbError> {
    let [sessions, open] = own_feeds::addresses(call, visitor).await?;
    Ok(html! {
        p.lead { (guide.about) }
        ul.cards {
            li { (own_feeds::feed(words::SESSIONS_FEED, words::SESSIONS_FEED_HELP, &sessions)) }
            li { (own_feeds::feed(words::OPEN_FEED, words::OPEN_FEED_HELP, &open)) }
        }
        h2 { (words::STEPS) }
        (steps(guide.steps))
    })
}

/// `POST /setup/{device}`: an app password for it.
pub async fn make(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let Some((_, way, guide)) = device(&call).filter(|(_, way, _)| *way != Way::Feeds) else { return missing() };
    let secret = match create(&call, &visitor, guide.name).await {
        Ok(secret) => secret,
        Err(NotMade::Because(wrong)) => {
            let body = html! {
                div.notice.alert role="alert" { p { (wrong) } }
                p.actions { a.button href="/host#app-passwords" { (words::APP_PASSWORDS) } }
            };
            return page(&visitor, guide, StatusCode::UNPROCESSABLE_ENTITY, &body);
        }
        Err(NotMade::Db(error)) => return failed(&call, &error),
    };
    if way == Way::Profile && call.form().text("by") != "hand" {
        return profile(&call, &visitor, &secret);
    }
    let by_hand = if way == Way::Profile { guide.by_hand } else { guide.steps };
    let body = html! {
        (account(&call, &visitor, &secret))
        @if way == Way::Davx5 { (davx5(&call)) }
        h2 { (words::STEPS) }
        (steps(by_hand))
        p.actions { a.button.quiet href="/host" { (words::NOTED) } }
    };
    page(&visitor, guide, StatusCode::OK, &body)
}

fn profile(call: &Call, visitor: &SignedIn, password: &str) -> Answer {
    let public_url = &call.desk.config.public_url;
    let profile = Profile { public_url, user: &visitor.person.email, password, name: words::NAME };
    let mut answer = file("application/x-apple-aspen-config", "openhour.mobileconfig", profile.write());
    set(&mut answer, header::CACHE_CONTROL, "no-store");
    set(&mut answer, header::REFERRER_POLICY, "no-referrer");
    set(&mut answer, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    answer
}

/// Opens DAVx⁵ with the server filled in: `caldavs:` stands for https there, `caldav:` for http.
fn davx5(call: &Call) -> Markup {
    let address = call.absolute("/dav/");
    let address = address.strip_prefix("http").map_or_else(|| address.clone(), |rest| format!("caldav{rest}"));
    html! {
        p.actions { a.button href=(address) { (words::OPEN_DAVX5) } }
        p.hint { (words::SCAN_DAVX5) }
        (qr::svg(&address, words::OPEN_DAVX5))
    }
}
