//! App passwords: made on a person's own page, shown once, listed, taken back.

use http::StatusCode;
use maud::{Markup, html};

use super::book::field;
use super::layout::Page;
use super::times::{Zone, machine};
use super::visitor::{submitting, token_field};
use super::{failed, words};
use crate::db::DbError;
use crate::keys;
use crate::people::app_passwords::{
    self, AppPassword, AppPasswordRefused, CreateAppPassword, LONGEST_LABEL, RevokeAppPassword,
};
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
    page: &str,
    typed: Option<&Typed<'_>>,
) -> Result<Markup, DbError> {
    let all = app_passwords::of(&mut call.desk.db.read().await?, visitor.person.id).await?;
    let wrong = typed.map(|typed| typed.wrong);
    Ok(html! {
        h2 #app-passwords { (words::APP_PASSWORDS) }
        p.soft { (words::APP_PASSWORDS_HELP) }
        @if !all.is_empty() { ul.cards { @for one in &all { li { (entry(call, visitor, page, one)) } } } }
        form method="post" action="/app-passwords" {
            (token_field(call, visitor))
            input type="hidden" name="back" value=(page);
            (field("label", words::APP_PASSWORD_LABEL, Some(words::APP_PASSWORD_LABEL_HINT), wrong, |described| html! {
                input #label type="text" name="label" value=(typed.map_or("", |typed| typed.label)) required
                    maxlength=(LONGEST_LABEL) aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }))
            p.actions { button.quiet type="submit" { (words::MAKE_APP_PASSWORD) } }
        }
    })
}

fn entry(call: &Call, visitor: &SignedIn, page: &str, one: &AppPassword) -> Markup {
    let zone = Zone::choose(visitor.person.timezone.as_deref(), "UTC");
    let day = |at| html! { time datetime=(machine(at)) { (zone.long_day(at, call.desk.clock.now())) } };
    html! {
        strong { (one.label) }
        p.hint {
            (words::MADE) " " (day(one.created)) " · "
            @match one.last_used {
                Some(used) => { (words::LAST_USED) " " (day(used)) },
                None => (words::NEVER_USED),
            }
        }
        form method="post" action="/app-passwords/revoke" {
            (token_field(call, visitor))
            input type="hidden" name="back" value=(page);
            button.link type="submit" name="id" value=(one.id) aria-label={ (words::REVOKE) ": " (one.label) } {
                (words::REVOKE)
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
    match create(&call, &visitor, form.text("label")).await {
        Ok(secret) => {
            let content = html! {
                p.back { a href=(back) { (words::BACK) } }
                h1 { (words::APP_PASSWORD_MADE) }
                (account(&call, &visitor, &secret))
                p.actions { a.button href={ (back) "#app-passwords" } { (words::NOTED) } }
            };
            Page::secret(words::APP_PASSWORD_MADE).visitor(Some(&visitor.person)).show(&content)
        }
        Err(NotMade::Because(wrong)) => again(&call, &visitor, back, &Typed { label: form.text("label"), wrong }).await,
        Err(NotMade::Db(error)) => failed(&call, &error),
    }
}

async fn again(call: &Call, visitor: &SignedIn, back: &str, typed: &Typed<'_>) -> Answer {
    match section(call, visitor, back, Some(typed)).await {
        Ok(section) => {
            let content = html! {
                p.back { a href=(back) { (words::BACK) } }
                h1 { (words::NOT_CHANGED) }
                (section)
            };
            let page = Page::secret(words::NOT_CHANGED).visitor(Some(&visitor.person));
            page.status(StatusCode::UNPROCESSABLE_ENTITY).show(&content)
        }
        Err(error) => failed(call, &error),
    }
}

/// What a calendar app asks for. The secret is grouped for people who type it; apps may send it with hyphens.
pub(super) fn account(call: &Call, visitor: &SignedIn, secret: &str) -> Markup {
    html! {
        div.card {
            dl.facts {
                dt { (words::SERVER) } dd { code { (call.absolute("/dav/")) } }
                dt { (words::USER) } dd { code { (visitor.person.email) } }
                dt { (words::PASSWORD) } dd { code.secret { (grouped(secret)) } }
            }
        }
        p { strong { (words::SHOWN_ONCE) } }
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
pub(super) async fn create(call: &Call, visitor: &SignedIn, label: &str) -> Result<String, NotMade> {
    if label.is_empty() || label.chars().count() > LONGEST_LABEL || label.chars().any(char::is_control) {
        return Err(NotMade::Because(words::WRONG_LABEL));
    }
    let secret = keys::random_secret().map_err(|error| DbError::Damaged(error.to_string()))?;
    let (person, digest, now) = (visitor.person.id, keys::digest(&secret), call.desk.clock.now());
    match call.desk.db.run(CreateAppPassword { person, label: label.to_owned(), digest, now }).await {
        Ok(()) => Ok(secret),
        Err(AppPasswordRefused::TooMany) => Err(NotMade::Because(words::MANY_APP_PASSWORDS)),
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
    match call.desk.db.run(RevokeAppPassword { person: visitor.person.id, id }).await {
        Ok(()) => see_other(&format!("{}#app-passwords", back(form.text("back")))),
        Err(error) => failed(&call, &error),
    }
}

/// The page a form came from.
pub(super) fn back(asked: &str) -> &'static str {
    PAGES.into_iter().find(|page| *page == asked).unwrap_or("/host")
}
