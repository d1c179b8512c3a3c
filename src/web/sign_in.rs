//! Signing in: by a mailed link, by a password for those who have set one, or by a provider ([`super::oidc`]). The page asks for the address; the mail brings a link; GET shows a button, POST uses
//! the link up, so that scanners which follow links in mail only look.
//!
//! A cookie remembers which browser asked. In another one the page names the address and wants an explicit yes, so that
//! nobody is talked into somebody else's account.

use http::{StatusCode, header};
use maud::{Markup, html};
use subtle::ConstantTimeEq;

use super::book::field;
use super::layout::Page;
use super::reader::Reader;
use super::visitor::{browser, give_cookie, is_https, session_digest, set_cookie, visitor};
use super::{failed, refusal, returning};
use crate::config::is_address;
use crate::db::DbError;
use crate::desk::failed_sign_ins::{SignInRefused, link_failed};
use crate::desk::passwords;
use crate::desk::sign_in::{AskRefused, Asking, mail_link};
use crate::keys;
use crate::people::sign_in::{LINK_LIFETIME, Link, LinkRefused, UseLink, link};
use crate::people::web_sessions::{NewSession, SignOut};
use crate::people::{self, PersonId};
use crate::surface::{Answer, Call, Form, problem, see_other, with};

/// `GET /sign-in`
pub async fn ask(call: Call) -> Answer {
    match visitor(&call).await {
        Ok(Some(_)) => see_other(&reader(&call).link("/host")),
        Ok(None) => {
            let reader = reader(&call);
            let words = reader.words;
            Page::public(words.sign_in).reader(&reader, "/sign-in", &[]).show(&html! {
                h1 { (words.sign_in) }
                (ask_form(&reader, "", None))
                (ways(&call, &reader, "", None))
            })
        }
        Err(error) => failed(&call, &error),
    }
}

fn reader(call: &Call) -> Reader {
    Reader::of(call, "UTC")
}

fn ask_form(reader: &Reader, typed: &str, wrong: Option<&str>) -> Markup {
    let (words, own) = (reader.words, reader.words.own);
    html! {
        p.lead { (own.sign_in_lead) }
        form method="post" action=(reader.link("/sign-in")) {
            (field("email", words.your_email, None, wrong, |described| html! {
                input #email type="email" name="email" value=(typed) autocomplete="email" required maxlength="254"
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }))
            p.actions { button type="submit" { (own.mail_link) } }
        }
    }
}

/// The other ways in: providers, and a password for those who have set one.
fn ways(call: &Call, reader: &Reader, typed: &str, wrong: Option<&str>) -> Markup {
    let (words, account) = (reader.words, reader.words.account);
    html! {
        @if !call.desk.config.oidc.is_empty() {
            p.actions {
                @for provider in &call.desk.config.oidc {
                    a.button.quiet href=(reader.link(&format!("/sign-in/with/{}", provider.slug))) rel="nofollow" {
                        ((account.sign_in_with)(&provider.name))
                    }
                }
            }
        }
        details open[wrong.is_some()] {
            summary { (account.with_password) }
            form method="post" action=(reader.link("/sign-in")) {
                input type="hidden" name="with" value="password";
                (field("password-email", words.your_email, None, None, |described| html! {
                    input #password-email type="email" name="email" value=(typed) autocomplete="username" required
                        maxlength="254" aria-describedby=[described];
                }))
                (field("password", account.password, None, wrong, |described| html! {
                    input #password type="password" name="password" autocomplete="current-password" required
                        maxlength=(passwords::LONGEST) aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
                }))
                p.actions { button.quiet type="submit" { (words.sign_in) } }
            }
        }
    }
}

/// `POST /sign-in`: the same answer whether anybody has the address or not.
pub async fn mail(call: Call) -> Answer {
    let form = call.form();
    if form.text("with") == "password" {
        return by_password(&call, &form).await;
    }
    let reader = reader(&call);
    let (words, own) = (reader.words, reader.words.own);
    let typed = form.text("email");
    let email = typed.to_lowercase();
    if !is_address(&email) {
        return again(&call, &reader, StatusCode::UNPROCESSABLE_ENTITY, typed, own.wrong_email);
    }
    let Ok(secret) = keys::random_secret() else {
        return failed(&call, &DbError::Damaged("the system has no random numbers".into()));
    };
    match mail_link(&call.desk, &email, &call.client.to_string(), &secret, words.language()).await {
        Ok(()) => {
            let content = html! {
                h1 { (words.check_mail) }
                p.lead { ((own.link_under_way)(&email)) }
                p { (own.link_under_way_help) }
                @if call.desk.config.demo { p { a href=(reader.link("/mail")) { (own.mail) } } }
                p.actions { a.button.quiet href=(reader.link("/sign-in")) { (own.other_address) } }
            };
            let mut answer = Page::secret(words.check_mail).reader_only(&reader).show(&content);
            set_cookie(&call, &mut answer, asking_cookie(&call), &secret, LINK_LIFETIME);
            answer
        }
        Err(AskRefused::TooMany(wait)) => {
            let answer = again(&call, &reader, StatusCode::TOO_MANY_REQUESTS, typed, own.many_links);
            with(answer, header::RETRY_AFTER, &wait.to_string())
        }
        Err(AskRefused::Db(error)) => failed(&call, &error),
    }
}

/// The same form with an address and a password in it. The password is never sent back.
async fn by_password(call: &Call, form: &Form) -> Answer {
    let reader = reader(call);
    let account = reader.words.account;
    let typed = form.text("email");
    let Ok(secret) = keys::random_secret() else {
        return failed(call, &DbError::Damaged("the system has no random numbers".into()));
    };
    let (email, password) = (typed.to_lowercase(), form.get("password").unwrap_or_default());
    let given = (email.as_str(), password);
    match passwords::sign_in(&call.desk, given, asking(call, &secret), call.client).await {
        Ok(person) => match is_in(call, person, &secret).await {
            Ok(answer) => answer,
            Err(error) => failed(call, &error),
        },
        Err(SignInRefused::Wrong) => {
            by_password_again(call, &reader, StatusCode::UNPROCESSABLE_ENTITY, typed, account.wrong_password)
        }
        Err(SignInRefused::TooMany { retry_after }) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let answer = by_password_again(call, &reader, status, typed, account.many_failures);
            with(answer, header::RETRY_AFTER, &retry_after.to_string())
        }
        Err(SignInRefused::Db(error)) => failed(call, &error),
    }
}

fn by_password_again(call: &Call, reader: &Reader, status: StatusCode, typed: &str, wrong: &str) -> Answer {
    let words = reader.words;
    let content = html! {
        h1 { (words.sign_in) }
        div.notice.alert role="alert" { p { (wrong) } }
        (ask_form(reader, typed, None))
        (ways(call, reader, typed, Some(wrong)))
    };
    Page::secret(words.sign_in).status(status).reader(reader, "/sign-in", &[]).show(&content)
}

/// This browser, which is to get this session's secret.
pub(super) fn asking(call: &Call, secret: &str) -> Asking {
    Asking {
        session: NewSession { digest: keys::digest(secret), browser: browser(call) },
        before: session_digest(call),
        language: reader(call).words.language(),
    }
}

/// The answer to somebody who has just signed in, with their session's secret.
pub(super) async fn is_in(call: &Call, person: PersonId, secret: &str) -> Result<Answer, DbError> {
    let person = people::by_id(&mut call.desk.db.read().await?, person).await?;
    let home = if person.is_some_and(|person| person.admin) { "/admin" } else { "/host" };
    let mut answer = see_other(&reader(call).link(returning::remembered(call).unwrap_or(home)));
    returning::forget(call, &mut answer);
    set_cookie(call, &mut answer, asking_cookie(call), "", 0);
    give_cookie(call, &mut answer, Some(secret));
    Ok(answer)
}

fn again(call: &Call, reader: &Reader, status: StatusCode, typed: &str, wrong: &str) -> Answer {
    let words = reader.words;
    let content = html! {
        h1 { (words.sign_in) }
        (ask_form(reader, typed, Some(wrong)))
        (ways(call, reader, typed, None))
    };
    Page::secret(words.sign_in).status(status).reader(reader, "/sign-in", &[]).show(&content)
}

/// `GET /sign-in/{secret}`
pub async fn show(call: Call) -> Answer {
    match find(&call).await {
        Ok(Some(link)) => confirm(&call, &link),
        Ok(None) => spent(&call).await,
        Err(error) => failed(&call, &error),
    }
}

async fn find(call: &Call) -> Result<Option<Link>, DbError> {
    link(&mut call.desk.db.read().await?, call.param(0), call.desk.clock.now()).await
}

fn confirm(call: &Call, link: &Link) -> Answer {
    let reader = reader(call);
    let (words, own) = (reader.words, reader.words.own);
    let content = html! {
        h1 { (words.sign_in) }
        p.lead { (own.about_to_sign_in_as) " " strong { (link.email) } }
        form method="post" action=(reader.link(call.uri.path())) {
            @if asked_here(call, link) {
                p { (own.sign_in_help) }
                p.actions { button type="submit" { (words.sign_in) } }
            } @else {
                div.notice.alert { p { (own.asked_elsewhere) } }
                input type="hidden" name="sure" value=(link.email);
                p.actions { button type="submit" { ((own.sign_in_as)(&link.email)) } }
            }
        }
    };
    Page::secret(words.sign_in).reader(&reader, call.uri.path(), &[]).show(&content)
}

/// Whether this browser asked for the link.
fn asked_here(call: &Call, link: &Link) -> bool {
    match (&link.browser, call.cookie(asking_cookie(call))) {
        (Some(asked), Some(cookie)) => asked.as_slice().ct_eq(&keys::digest(cookie)).into(),
        _ => false,
    }
}

/// `POST /sign-in/{secret}`
pub async fn enter(call: Call) -> Answer {
    match entered(&call).await {
        Ok(answer) => answer,
        Err(LinkRefused::Spent) => spent(&call).await,
        Err(LinkRefused::Db(error)) => failed(&call, &error),
    }
}

async fn entered(call: &Call) -> Result<Answer, LinkRefused> {
    let link = find(call).await?.ok_or(LinkRefused::Spent)?;
    if !asked_here(call, &link) && call.form().text("sure") != link.email {
        return Ok(confirm(call, &link));
    }
    let secret = keys::random_secret().map_err(|error| DbError::Damaged(error.to_string()))?;
    let Asking { session, before, language } = asking(call, &secret);
    let command = UseLink { link: keys::digest(call.param(0)), session, before, language, now: call.desk.clock.now() };
    let id = call.desk.db.run(command).await?;
    Ok(is_in(call, id, &secret).await?)
}

/// `POST /sign-out`
pub async fn leave(call: Call) -> Answer {
    let left = async {
        if let Some(visitor) = visitor(&call).await? {
            let (person, session) = (visitor.person.id, Some(visitor.session));
            call.desk.db.run(SignOut { person, session, now: call.desk.clock.now() }).await?;
        }
        Ok::<_, DbError>(())
    };
    if let Err(error) = left.await {
        return failed(&call, &error);
    }
    let mut answer = see_other(&reader(&call).link("/"));
    give_cookie(&call, &mut answer, None);
    answer
}

/// Somebody has to sign in before they see this page.
pub fn please(call: &Call) -> Answer {
    let reader = reader(call);
    let own = reader.words.own;
    let content = html! {
        h1 { (own.please_sign_in) }
        (ask_form(&reader, "", None))
        (ways(call, &reader, "", None))
    };
    let page = Page::secret(own.please_sign_in).status(StatusCode::FORBIDDEN);
    let mut answer = page.reader(&reader, call.uri.path(), &[]).show(&content);
    returning::remember(call, &mut answer);
    answer
}

/// A form that was not made for this sign-in: nothing was done.
pub(super) fn stale(call: &Call) -> Answer {
    let reader = reader(call);
    let words = reader.words;
    let content = html! {
        h1 { (words.not_changed) }
        p { (words.stale_form) }
        p.actions { a.button.quiet href=(reader.link("/host")) { (words.your_time) } }
    };
    Page::secret(words.not_changed).reader_only(&reader).status(StatusCode::UNPROCESSABLE_ENTITY).show(&content)
}

/// A link that is none: counted, and after too many of them no longer answered.
async fn spent(call: &Call) -> Answer {
    match link_failed(&call.desk, call.client).await {
        SignInRefused::Wrong => {}
        SignInRefused::TooMany { retry_after } => {
            return with(refusal(&problem::RATE_LIMITED, None), header::RETRY_AFTER, &retry_after.to_string());
        }
        SignInRefused::Db(error) => return failed(call, &error),
    }
    let reader = reader(call);
    let own = reader.words.own;
    let content = html! {
        h1 { (own.link_spent) }
        p { (own.link_spent_help) }
        (ask_form(&reader, "", None))
    };
    Page::secret(own.link_spent).reader_only(&reader).status(problem::NOT_FOUND.http_status()).show(&content)
}

/// Remembers that this browser asked for a link.
fn asking_cookie(call: &Call) -> &'static str {
    if is_https(call) { "__Host-openhour-asked" } else { "openhour-asked" }
}
