//! `/sign-in/with/{provider}` and `/sign-in/from/{provider}`: going to a provider of OpenID Connect, and coming back.

use http::{StatusCode, header};
use maud::html;

use super::failed;
use super::layout::Page;
use super::problems::missing_for;
use super::reader::Reader;
use super::sign_in::{asking, is_in};
use super::visitor::{is_https, set_cookie};
use crate::db::DbError;
use crate::desk::failed_sign_ins::{SignInRefused, link_failed};
use crate::desk::oidc::{OidcRefused, Returned, sign_in};
use crate::keys;
use crate::oidc::{Going, LIFETIME, Refused};
use crate::surface::{Answer, Call, redirect, with};

/// `GET /sign-in/with/{provider}`: nothing changes here but the browser's own cookie.
pub async fn go(call: Call) -> Answer {
    let Some(provider) = call.desk.oidc.named(call.param(0)) else { return missing_for(&call) };
    let Ok(going) = Going::now(call.desk.clock.now()) else {
        return failed(&call, &DbError::Damaged("the system has no random numbers".into()));
    };
    match provider.way(&going).await {
        Ok(way) => {
            let mut answer = with(redirect(StatusCode::SEE_OTHER, &way), header::CACHE_CONTROL, "no-store");
            set_cookie(&call, &mut answer, cookie(&call), &going.cookie(), LIFETIME);
            answer
        }
        Err(refused) => told(&call, &OidcRefused::Provider(refused)),
    }
}

/// `GET /sign-in/from/{provider}`: the provider sends people here.
pub async fn back(call: Call) -> Answer {
    let Some(provider) = call.desk.oidc.named(call.param(0)) else { return missing_for(&call) };
    let Ok(secret) = keys::random_secret() else {
        return failed(&call, &DbError::Damaged("the system has no random numbers".into()));
    };
    let going = call.cookie(cookie(&call)).and_then(Going::from_cookie);
    let query = call.query();
    let returned = Returned {
        going: going.as_ref(),
        state: query.text("state"),
        code: query.text("code"),
        error: query.get("error"),
        issuer: query.get("iss"),
    };
    let mut answer = match sign_in(&call.desk, &provider, returned, asking(&call, &secret)).await {
        Ok(person) => match is_in(&call, person, &secret).await {
            Ok(answer) => answer,
            Err(error) => failed(&call, &error),
        },
        Err(OidcRefused::Db(error)) => failed(&call, &error),
        Err(refused) => match link_failed(&call.desk, call.client).await {
            SignInRefused::TooMany { retry_after } => {
                let answer = super::refusal(&crate::surface::problem::RATE_LIMITED, None);
                with(answer, header::RETRY_AFTER, &retry_after.to_string())
            }
            _ => told(&call, &refused),
        },
    };
    set_cookie(&call, &mut answer, cookie(&call), "", 0);
    answer
}

/// Why nobody was signed in, and the way that always works.
fn told(call: &Call, refused: &OidcRefused) -> Answer {
    tracing::info!(id = call.id, %refused, "nobody was signed in by OpenID Connect");
    let reader = Reader::of(call, "UTC");
    let (words, account) = (reader.words, reader.words.account);
    let (status, text) = match refused {
        OidcRefused::Provider(Refused::Unusable(_)) => (StatusCode::BAD_GATEWAY, account.provider_unusable.to_owned()),
        OidcRefused::Provider(Refused::Stale) => (StatusCode::UNPROCESSABLE_ENTITY, account.provider_stale.to_owned()),
        OidcRefused::Provider(Refused::Denied(_)) => (StatusCode::FORBIDDEN, account.provider_denied.to_owned()),
        OidcRefused::Provider(Refused::Wrong(_)) => (StatusCode::FORBIDDEN, account.provider_wrong.to_owned()),
        OidcRefused::Provider(Refused::Unverified) => (StatusCode::FORBIDDEN, account.provider_unverified.to_owned()),
        OidcRefused::Unknown(email) => (StatusCode::FORBIDDEN, (account.provider_unknown)(email)),
        OidcRefused::Db(_) => (StatusCode::INTERNAL_SERVER_ERROR, String::new()),
    };
    let content = html! {
        h1 { (account.not_signed_in) }
        p { (text) }
        p.actions { a.button href=(reader.link("/sign-in")) { (words.sign_in) } }
        p.soft { ((words.request)(&call.id)) }
    };
    Page::secret(account.not_signed_in).reader_only(&reader).status(status).show(&content)
}

/// Remembers that this browser went to a provider.
fn cookie(call: &Call) -> &'static str {
    if is_https(call) { "__Host-openhour-oidc" } else { "openhour-oidc" }
}
