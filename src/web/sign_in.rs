//! Signing in by a mailed link. The page asks for the address; the mail brings a link; GET shows a button, POST uses
//! the link up, so that scanners which follow links in mail only look.
//!
//! A cookie remembers which browser asked. In another one the page names the address and wants an explicit yes, so that
//! nobody is talked into somebody else's account.

use http::{StatusCode, header};
use maud::{Markup, html};
use subtle::ConstantTimeEq;

use super::book::field;
use super::layout::Page;
use super::visitor::{browser, give_cookie, is_https, session_digest, set_cookie, visitor};
use super::{failed, refusal, words};
use crate::config::is_address;
use crate::db::DbError;
use crate::desk::failed_sign_ins::{SignInRefused, link_failed};
use crate::desk::sign_in::{AskRefused, mail_link};
use crate::keys;
use crate::people;
use crate::people::sign_in::{LINK_LIFETIME, Link, LinkRefused, UseLink, link};
use crate::people::web_sessions::{NewSession, SignOut};
use crate::surface::{Answer, Call, problem, see_other, with};

/// `GET /sign-in`
pub async fn ask(call: Call) -> Answer {
    match visitor(&call).await {
        Ok(Some(_)) => see_other("/host"),
        Ok(None) => Page::public(words::SIGN_IN).show(&html! {
            h1 { (words::SIGN_IN) }
            (ask_form("", None))
        }),
        Err(error) => failed(&call, &error),
    }
}

fn ask_form(typed: &str, wrong: Option<&str>) -> Markup {
    html! {
        p.lead { (words::SIGN_IN_LEAD) }
        form method="post" action="/sign-in" {
            (field("email", words::YOUR_EMAIL, None, wrong, |described| html! {
                input #email type="email" name="email" value=(typed) autocomplete="email" required maxlength="254"
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }))
            p.actions { button type="submit" { (words::MAIL_LINK) } }
        }
    }
}

/// `POST /sign-in`: the same answer whether anybody has the address or not.
pub async fn mail(call: Call) -> Answer {
    let form = call.form();
    let typed = form.text("email");
    let email = typed.to_lowercase();
    if !is_address(&email) {
        return again(StatusCode::UNPROCESSABLE_ENTITY, typed, words::WRONG_EMAIL);
    }
    let Ok(secret) = keys::random_secret() else {
        return failed(&call, &DbError::Damaged("the system has no random numbers".into()));
    };
    match mail_link(&call.desk, &email, &call.client.to_string(), &secret).await {
        Ok(()) => {
            let content = html! {
                h1 { (words::CHECK_MAIL) }
                p.lead { (words::link_under_way(&email)) }
                p { (words::LINK_UNDER_WAY_HELP) }
                @if call.desk.config.demo { p { a href="/mail" { (words::MAIL) } } }
                p.actions { a.button.quiet href="/sign-in" { (words::OTHER_ADDRESS) } }
            };
            let mut answer = Page::secret(words::CHECK_MAIL).show(&content);
            set_cookie(&call, &mut answer, asking_cookie(&call), &secret, LINK_LIFETIME);
            answer
        }
        Err(AskRefused::TooMany(wait)) => {
            let answer = again(StatusCode::TOO_MANY_REQUESTS, typed, words::MANY_LINKS);
            with(answer, header::RETRY_AFTER, &wait.to_string())
        }
        Err(AskRefused::Db(error)) => failed(&call, &error),
    }
}

fn again(status: StatusCode, typed: &str, wrong: &str) -> Answer {
    let content = html! {
        h1 { (words::SIGN_IN) }
        (ask_form(typed, Some(wrong)))
    };
    Page::secret(words::SIGN_IN).status(status).show(&content)
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
    let content = html! {
        h1 { (words::SIGN_IN) }
        p.lead { (words::SIGN_IN_AS) " " strong { (link.email) } }
        form method="post" {
            @if asked_here(call, link) {
                p { (words::SIGN_IN_HELP) }
                p.actions { button type="submit" { (words::SIGN_IN) } }
            } @else {
                div.notice.alert { p { (words::ASKED_ELSEWHERE) } }
                input type="hidden" name="sure" value=(link.email);
                p.actions { button type="submit" { (words::sign_in_as(&link.email)) } }
            }
        }
    };
    Page::secret(words::SIGN_IN).show(&content)
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
    let command = UseLink {
        link: keys::digest(call.param(0)),
        session: NewSession { digest: keys::digest(&secret), browser: browser(call) },
        before: session_digest(call),
        now: call.desk.clock.now(),
    };
    let id = call.desk.db.run(command).await?;
    let person = people::by_id(&mut call.desk.db.read().await?, id).await?;
    let mut answer = see_other(if person.is_some_and(|person| person.admin) { "/admin" } else { "/host" });
    set_cookie(call, &mut answer, asking_cookie(call), "", 0);
    give_cookie(call, &mut answer, Some(&secret));
    Ok(answer)
}

/// `POST /sign-out`
pub async fn leave(call: Call) -> Answer {
    let left = async {
        if let Some(visitor) = visitor(&call).await? {
            call.desk.db.run(SignOut { person: visitor.person.id, session: Some(visitor.session) }).await?;
        }
        Ok::<_, DbError>(())
    };
    if let Err(error) = left.await {
        return failed(&call, &error);
    }
    let mut answer = see_other("/");
    give_cookie(&call, &mut answer, None);
    answer
}

/// Somebody has to sign in before they see this page.
pub(super) fn please(_: &Call) -> Answer {
    let content = html! {
        h1 { (words::PLEASE_SIGN_IN) }
        (ask_form("", None))
    };
    Page::secret(words::PLEASE_SIGN_IN).status(StatusCode::FORBIDDEN).show(&content)
}

/// A form that was not made for this sign-in: nothing was done.
pub(super) fn stale() -> Answer {
    let content = html! {
        h1 { (words::NOT_CHANGED) }
        p { (words::STALE_FORM) }
        p.actions { a.button.quiet href="/host" { (words::YOUR_TIME) } }
    };
    Page::secret(words::NOT_CHANGED).status(StatusCode::UNPROCESSABLE_ENTITY).show(&content)
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
    let content = html! {
        h1 { (words::LINK_SPENT) }
        p { (words::LINK_SPENT_HELP) }
        (ask_form("", None))
    };
    Page::secret(words::LINK_SPENT).status(problem::NOT_FOUND.http_status()).show(&content)
}

/// Remembers that this browser asked for a link.
fn asking_cookie(call: &Call) -> &'static str {
    if is_https(call) { "__Host-openhour-asked" } else { "openhour-asked" }
}
