//! Who looks at a page: the cookie of a sign-in, and the token that forms of a signed-in person carry.

use http::{HeaderValue, header};
use maud::{Markup, html};

use super::{failed, sign_in, words};
use crate::db::DbError;
use crate::keys;
use crate::people::Person;
use crate::people::web_sessions::{self, SESSION_LIFETIME, Seen, SignedIn};
use crate::surface::{Answer, Call, Upload};

/// What form tokens are derived for: another site cannot know them.
const FORM: &str = "signed-in form";

/// The person signed in, if somebody is.
pub async fn signed_in(call: &Call) -> Result<Option<Person>, DbError> {
    Ok(visitor(call).await?.map(|visitor| visitor.person))
}

/// The person signed in and their session; that it was seen is recorded once an hour.
pub(super) async fn visitor(call: &Call) -> Result<Option<SignedIn>, DbError> {
    let Some(secret) = call.cookie(cookie_name(call)) else { return Ok(None) };
    let now = call.desk.clock.now();
    let found = web_sessions::find(&mut call.desk.db.read().await?, secret, now).await?;
    if let Some(visitor) = found.as_ref().filter(|visitor| visitor.is_due(now)) {
        call.desk.db.run(Seen { session: visitor.session, now }).await?;
    }
    Ok(found)
}

/// The visitor of a personal page, or the page that asks to sign in.
pub(super) async fn required(call: &Call) -> Result<SignedIn, Answer> {
    match visitor(call).await {
        Ok(Some(visitor)) => Ok(visitor),
        Ok(None) => Err(sign_in::please(call)),
        Err(error) => Err(failed(call, &error)),
    }
}

/// The visitor who submitted a form of one of their own pages.
pub(super) async fn submitting(call: &Call) -> Result<SignedIn, Answer> {
    submitting_with(call, call.form().text("form")).await
}

/// The same where the form sent a file, too.
pub(super) async fn uploading(call: &Call) -> Result<(SignedIn, Upload<'_>), Answer> {
    let upload = Upload::parse(call.header(header::CONTENT_TYPE).unwrap_or_default(), &call.body);
    Ok((submitting_with(call, upload.text("form")).await?, upload))
}

async fn submitting_with(call: &Call, token: &str) -> Result<SignedIn, Answer> {
    let visitor = required(call).await?;
    if call.desk.keys.verify(token, FORM, visitor.session, visitor.person.id, 0) {
        Ok(visitor)
    } else {
        Err(sign_in::stale(call))
    }
}

/// The hidden field that [`submitting`] looks for.
pub(super) fn token_field(call: &Call, visitor: &SignedIn) -> Markup {
    let token = call.desk.keys.derive(FORM, visitor.session, visitor.person.id, 0);
    html! { input type="hidden" name="form" value=(token); }
}

/// Digest of the session's secret that the browser sent.
pub(super) fn session_digest(call: &Call) -> Option<Vec<u8>> {
    call.cookie(cookie_name(call)).map(keys::digest)
}

/// The browser in words, from what it says of itself.
pub(super) fn browser(call: &Call) -> String {
    words::browser(call.header(header::USER_AGENT).unwrap_or_default())
}

/// Gives the browser a session's secret, or takes it away.
pub(super) fn give_cookie(call: &Call, answer: &mut Answer, secret: Option<&str>) {
    let age = if secret.is_some() { SESSION_LIFETIME } else { 0 };
    set_cookie(call, answer, cookie_name(call), secret.unwrap_or_default(), age);
}

/// Adds a cookie for this host alone that no script can read.
pub(super) fn set_cookie(call: &Call, answer: &mut Answer, name: &str, value: &str, age: i64) {
    let secure = if is_https(call) { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Whether pages travel encrypted: then cookies may be bound to this very host.
pub(super) fn is_https(call: &Call) -> bool {
    call.desk.config.public_url.starts_with("https:")
}

/// The session cookie's name. Browsers accept the prefix only together with `Secure`, which plain http cannot have.
fn cookie_name(call: &Call) -> &'static str {
    if is_https(call) { "__Host-openhour" } else { "openhour" }
}
