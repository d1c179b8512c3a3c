//! `/password`: a password for the sign-in form, set, changed and removed by whoever has just signed in.

use http::StatusCode;
use maud::{Markup, html};

use super::book::field;
use super::layout::Page;
use super::reader::Reader;
use super::visitor::{required, submitting, token_field};
use super::{failed, returning};
use crate::desk::passwords::{self as rules, LONGEST, PasswordRefused, SHORTEST};
use crate::people::passwords;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, see_other};

/// `GET /password`
pub async fn show(call: Call) -> Answer {
    match required(&call).await {
        Ok(visitor) => page(&call, &visitor, None).await,
        Err(answer) => answer,
    }
}

async fn page(call: &Call, visitor: &SignedIn, wrong: Option<&str>) -> Answer {
    let has = async { passwords::has(&mut call.desk.db.read().await?, visitor.person.id).await };
    let has = match has.await {
        Ok(has) => has,
        Err(error) => return failed(call, &error),
    };
    let reader = Reader::own(call, visitor.person.timezone.as_deref(), "UTC");
    let (words, account) = (reader.words, reader.words.account);
    let done = match call.query().text("done") {
        "set" => Some(account.password_was_set),
        "removed" => Some(account.password_was_removed),
        _ => None,
    };
    let fresh = rules::is_fresh(visitor, call.desk.clock.now());
    let content = html! {
        p.back { a href=(reader.link("/host")) { (words.your_time) } }
        h1 { (account.password) }
        @if let Some(done) = done { div.notice role="status" { p { (done) } } }
        p.lead { (if has { account.has_password } else { account.has_no_password }) }
        @if fresh {
            (form(call, visitor, &reader, has, wrong))
        } @else {
            (afresh(visitor, &reader))
        }
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::secret(account.password).status(status).reader(&reader, "/password", &[]);
    let mut answer = page.visitor(Some(&visitor.person)).show(&content);
    if !fresh {
        returning::to(call, &mut answer, "/password");
    }
    answer
}

fn form(call: &Call, visitor: &SignedIn, reader: &Reader, has: bool, wrong: Option<&str>) -> Markup {
    let account = reader.words.account;
    html! {
        form method="post" action=(reader.link("/password")) {
            (token_field(call, visitor))
            // For programs that keep passwords.
            input type="hidden" name="username" value=(visitor.person.email) autocomplete="username";
            (field("password", account.new_password, Some(account.password_hint), wrong, |described| html! {
                input #password type="password" name="password" autocomplete="new-password" required
                    minlength=(SHORTEST) maxlength=(LONGEST)
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }))
            p.actions { button type="submit" { (if has { account.change_password } else { account.set_password }) } }
            p.hint { (account.others_signed_out) }
        }
        @if has {
            details {
                summary { (account.remove_password) }
                p { (account.remove_password_help) }
                form method="post" action=(reader.link("/password")) {
                    (token_field(call, visitor))
                    input type="hidden" name="remove" value="yes";
                    p.actions { button.danger type="submit" { (account.remove_password) } }
                }
            }
        }
    }
}

/// A sign-in that is some time ago is not enough: the browser may have been left open.
fn afresh(visitor: &SignedIn, reader: &Reader) -> Markup {
    let (own, account) = (reader.words.own, reader.words.account);
    html! {
        p { (account.sign_in_afresh) }
        form method="post" action=(reader.link("/sign-in")) {
            input type="hidden" name="email" value=(visitor.person.email);
            p.actions { button type="submit" { (own.mail_link) } }
        }
    }
}

/// `POST /password`
pub async fn change(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let form = call.form();
    let remove = form.text("remove") == "yes";
    let password = (!remove).then(|| form.get("password").unwrap_or_default());
    let reader = Reader::of(&call, "UTC");
    let account = reader.words.account;
    let wrong = match rules::set(&call.desk, &visitor, password).await {
        Ok(()) => {
            let done = if remove { "removed" } else { "set" };
            return see_other(&reader.link_with("/password", &[("done", done)]));
        }
        Err(PasswordRefused::Stale | PasswordRefused::Wrong) => account.sign_in_afresh,
        Err(PasswordRefused::Length) => account.password_length,
        Err(PasswordRefused::Common) => account.password_common,
        Err(PasswordRefused::Busy | PasswordRefused::TooMany { .. }) => account.server_busy,
        Err(PasswordRefused::Db(error)) => return failed(&call, &error),
    };
    page(&call, &visitor, Some(wrong)).await
}
