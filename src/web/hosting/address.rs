//! The part of `/profile` about one's mail address, and `/profile/address/{secret}`, where the link leads that was mailed to
//! the new one. Whoever follows it must be signed in: a stranger's mailbox alone changes nothing.

use http::StatusCode;
use maud::{Markup, html};

use super::super::book::field;
use super::super::failed;
use super::super::layout::Page;
use super::super::reader::Reader;
use super::super::visitor::{required, submitting, token_field};
use super::super::words::address::{AddressWords, DE, EN};
use super::profile::{self, Wrong};
use crate::desk::address::{self, AddressRefused};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, see_other};

const PATH: &str = "/profile/address";

/// What was typed, and why no link was mailed.
pub(super) struct Typed {
    email: String,
    wrong: AddressRefused,
}

fn words(reader: &Reader) -> &'static AddressWords {
    if reader.words.code == "de" { &DE } else { &EN }
}

fn reader(call: &Call, visitor: &SignedIn) -> Reader {
    let person = &visitor.person;
    Reader::own(call, person.timezone.as_deref(), "UTC").speaking(person.language.as_deref())
}

/// The address, and the form for another one.
pub(super) fn section(call: &Call, visitor: &SignedIn, reader: &Reader, typed: Option<&Typed>) -> Markup {
    let words = words(reader);
    let changed = call.query().text("address") == "changed" && typed.is_none();
    let wrong = typed.map(|typed| match typed.wrong {
        AddressRefused::Same => words.same,
        AddressRefused::Stale => words.stale,
        AddressRefused::TooMany(_) => words.too_many,
        _ => words.invalid,
    });
    let stale = typed.is_some_and(|typed| matches!(typed.wrong, AddressRefused::Stale));
    html! {
        form.card method="post" action=(reader.link(PATH)) {
            (token_field(call, visitor))
            h2 { (reader.words.hosting.address) }
            @if changed { p.soft role="status" { (words.changed) } }
            p { strong { (visitor.person.email) } }
            p { (words.help) }
            (field("email", words.new.0, Some(words.new.1), wrong, |described| html! {
                input #email type="email" name="email" value=(typed.map_or("", |typed| &typed.email)) required
                    maxlength="254" autocomplete="email" autofocus[wrong.is_some()] aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }))
            p.actions {
                button type="submit" { (words.ask) }
                @if stale { a.button.quiet href=(reader.link("/sign-in")) { (reader.words.sign_in) } }
            }
        }
    }
}

/// `POST /profile/address`: the same answer whether anybody has the new address or not.
pub async fn ask(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let reader = reader(&call, &visitor);
    let words = words(&reader);
    let form = call.form();
    let email = form.text("email");
    match address::ask(&call.desk, &visitor, email, reader.words.language()).await {
        Ok(()) => {
            let content = html! {
                h1 { (words.sent) }
                p.lead { ((words.sent_to)(email)) }
                p { (words.sent_help) }
                p.actions { a.button.quiet href=(reader.link("/profile")) { (words.back) } }
            };
            Page::secret(words.sent).reader_only(&reader).visitor(Some(&visitor.person)).show(&content)
        }
        Err(AddressRefused::Db(error)) => failed(&call, &error),
        Err(wrong) => {
            let typed = Typed { email: email.to_owned(), wrong };
            profile::again(&call, &visitor, &Wrong { address: Some(&typed), ..Wrong::default() }).await
        }
    }
}

/// `GET /profile/address/{secret}`
pub async fn show(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match address::wished(&call.desk, &visitor, call.param(0)).await {
        Ok(Some(email)) => confirm(&call, &visitor, &email),
        Ok(None) => refused(&call, &visitor, &AddressRefused::Spent),
        Err(error) => failed(&call, &error),
    }
}

fn confirm(call: &Call, visitor: &SignedIn, email: &str) -> Answer {
    let reader = reader(call, visitor);
    let words = words(&reader);
    let content = html! {
        h1 { (words.change) }
        p.lead { ((words.about_to)(&visitor.person.email, email)) }
        ul { @for what in words.what_follows { li { (what) } } }
        form method="post" action=(reader.link(call.uri.path())) {
            (token_field(call, visitor))
            p.actions { button type="submit" { ((words.button)(email)) } }
        }
    };
    let page = Page::secret(words.change).reader(&reader, call.uri.path(), &[]).visitor(Some(&visitor.person));
    page.show(&content)
}

/// `POST /profile/address/{secret}`
pub async fn change(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match address::change(&call.desk, &visitor, call.param(0)).await {
        Ok(_) => see_other(&Reader::of(&call, "UTC").link_with("/profile", &[("address", "changed")])),
        Err(AddressRefused::Db(error)) => failed(&call, &error),
        Err(why) => refused(&call, &visitor, &why),
    }
}

fn refused(call: &Call, visitor: &SignedIn, why: &AddressRefused) -> Answer {
    let reader = reader(call, visitor);
    let words = words(&reader);
    let (title, text, status) = match why {
        AddressRefused::Unusable => (words.change, words.unusable, StatusCode::CONFLICT),
        AddressRefused::Busy => (words.change, words.busy, StatusCode::CONFLICT),
        _ => (words.spent, words.spent_help, StatusCode::NOT_FOUND),
    };
    let content = html! {
        h1 { (title) }
        p { (text) }
        p.actions { a.button.quiet href=(reader.link("/profile")) { (words.back) } }
    };
    Page::secret(title).status(status).reader_only(&reader).visitor(Some(&visitor.person)).show(&content)
}
