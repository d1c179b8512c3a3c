//! App passwords: made on a person's own page, shown once, listed, taken back.

use http::StatusCode;
use maud::{Markup, html};

use super::book::field;
use super::failed;
use super::layout::Page;
use super::reader::Reader;
use super::times::machine;
use super::visitor::{submitting, token_field};
use crate::db::DbError;
use crate::desk::secrets::{self, Maker};
use crate::people::app_passwords::{self, AppPassword, AppPasswordRefused, RevokeAppPassword};
use crate::people::labels;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, see_other};

/// The pages that show the section, so that its buttons lead back.
const PAGES: [&str; 2] = ["/host", "/guest"];

/// A label that cannot be taken, as it was typed, with what to do about it.
pub(super) struct Typed<'a> {
    label: &'a str,
    wrong: &'static str,
}

/// The section of the page at `page`.
pub(super) async fn section(
    call: &Call,
    visitor: &SignedIn,
    reader: &Reader,
    page: &str,
    typed: Option<&Typed<'_>>,
) -> Result<Markup, DbError> {
    let all = app_passwords::of(&mut call.desk.db.read().await?, visitor.person.id).await?;
    let wrong = typed.map(|typed| typed.wrong);
    let own = reader.words.own;
    Ok(html! {
        h2 #app-passwords { (own.app_passwords) }
        p.soft { (own.app_passwords_help) }
        @if !all.is_empty() { ul.cards { @for one in &all { li { (entry(call, visitor, reader, page, one)) } } } }
        form method="post" action=(reader.link("/app-passwords")) {
            (token_field(call, visitor))
            input type="hidden" name="back" value=(page);
            (field("label", own.app_password_label, Some(own.app_password_label_hint), wrong, |described| html! {
                input #label type="text" name="label" value=(typed.map_or("", |typed| typed.label)) required
                    maxlength=(labels::LONGEST) aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }))
            p.actions { button.quiet type="submit" { (own.make_app_password) } }
        }
    })
}

fn entry(call: &Call, visitor: &SignedIn, reader: &Reader, page: &str, one: &AppPassword) -> Markup {
    let own = reader.words.own;
    let day = |at| html! { time datetime=(machine(at)) { (reader.day(at)) } };
    html! {
        strong { (one.label) }
        p.hint {
            (own.made) " " (day(one.created)) " · "
            @match one.last_used {
                Some(used) => { (own.last_used) " " (day(used)) },
                None => (own.never_used),
            }
        }
        form method="post" action=(reader.link("/app-passwords/revoke")) {
            (token_field(call, visitor))
            input type="hidden" name="back" value=(page);
            button.link type="submit" name="id" value=(one.id) aria-label={ (own.revoke) ": " (one.label) } {
                (own.revoke)
            }
        }
    }
}

/// `POST /app-passwords`: makes one and shows it, this once.
pub async fn make(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let form = call.form();
    let back = back(form.text("back"));
    let reader =
        Reader::own(&call, visitor.person.timezone.as_deref(), "UTC").speaking(visitor.person.language.as_deref());
    let own = reader.words.own;
    match create(&call, &visitor, &reader, form.text("label")).await {
        Ok(secret) => {
            let content = html! {
                p.back { a href=(reader.link(back)) { (own.back) } }
                h1 { (own.app_password_made) }
                (account(&call, &visitor, &reader, &secret))
                p.actions { a.button href={ (reader.link(back)) "#app-passwords" } { (own.noted) } }
            };
            Page::secret(own.app_password_made).reader_only(&reader).visitor(Some(&visitor.person)).show(&content)
        }
        Err(NotMade::Because(wrong)) => {
            again(&call, &visitor, &reader, back, &Typed { label: form.text("label"), wrong }).await
        }
        Err(NotMade::Db(error)) => failed(&call, &error),
    }
}

async fn again(call: &Call, visitor: &SignedIn, reader: &Reader, back: &str, typed: &Typed<'_>) -> Answer {
    let words = reader.words;
    match section(call, visitor, reader, back, Some(typed)).await {
        Ok(section) => {
            let content = html! {
                p.back { a href=(reader.link(back)) { (words.own.back) } }
                h1 { (words.not_changed) }
                (section)
            };
            let page = Page::secret(words.not_changed).reader_only(reader).visitor(Some(&visitor.person));
            page.status(StatusCode::UNPROCESSABLE_ENTITY).show(&content)
        }
        Err(error) => failed(call, &error),
    }
}

/// What a calendar app asks for. The secret is grouped for people who type it; apps may send it with hyphens.
pub(super) fn account(call: &Call, visitor: &SignedIn, reader: &Reader, secret: &str) -> Markup {
    let own = reader.words.own;
    html! {
        div.card {
            dl.facts {
                dt { (own.server) } dd { code { (call.absolute("/dav/")) } }
                dt { (own.user) } dd { code { (visitor.person.email) } }
                dt { (own.password) } dd { code.secret { (grouped(secret)) } }
            }
        }
        p { strong { (own.shown_once) } }
    }
}

fn grouped(secret: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    characters.chunks(7).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Why no app password was made.
pub(super) enum NotMade {
    /// Something the person can change.
    Because(&'static str),
    /// The database failed.
    Db(DbError),
}

impl From<DbError> for NotMade {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

/// Makes an app password and answers its secret.
pub(super) async fn create(call: &Call, visitor: &SignedIn, reader: &Reader, label: &str) -> Result<String, NotMade> {
    let own = reader.words.own;
    if !labels::is_usable(label) {
        return Err(NotMade::Because(own.wrong_label));
    }
    let person = visitor.person.id;
    match secrets::app_password(&call.desk, person, label, Maker { person: Some(person), token: None }).await {
        Ok(secret) => Ok(secret),
        Err(AppPasswordRefused::TooMany | AppPasswordRefused::NotAllowed) => {
            Err(NotMade::Because(own.many_app_passwords))
        }
        Err(AppPasswordRefused::Db(error)) => Err(error.into()),
    }
}

/// `POST /app-passwords/revoke`
pub async fn revoke(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let form = call.form();
    let id = form.text("id").parse().unwrap_or(0);
    match call.desk.db.run(RevokeAppPassword { person: visitor.person.id, id, now: call.desk.clock.now() }).await {
        Ok(_) => {
            let page = Reader::of(&call, "UTC").link(back(form.text("back")));
            see_other(&format!("{page}#app-passwords"))
        }
        Err(error) => failed(&call, &error),
    }
}

/// The page a form came from.
pub(super) fn back(asked: &str) -> &'static str {
    PAGES.into_iter().find(|page| *page == asked).unwrap_or("/host")
}
