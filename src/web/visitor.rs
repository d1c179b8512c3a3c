//! Who looks at a page: the cookie of a sign-in.

use http::header;

use crate::db::DbError;
use crate::people::Person;
use crate::people::sign_in::{self, SESSION_LIFETIME};
use crate::surface::{Answer, Call, set};

/// The person signed in, if somebody is.
pub(super) async fn signed_in(call: &Call) -> Result<Option<Person>, DbError> {
    let Some(secret) = call.cookie(cookie_name(call)) else { return Ok(None) };
    sign_in::person_of_session(&mut call.desk.db.read().await?, secret, call.desk.clock.now()).await
}

/// Whether pages travel encrypted: then the cookie may be bound to this very host.
fn is_https(call: &Call) -> bool {
    call.desk.config.public_url.starts_with("https:")
}

/// The cookie's name. Browsers accept the prefix only together with `Secure`, which plain http cannot have.
pub(super) fn cookie_name(call: &Call) -> &'static str {
    if is_https(call) { "__Host-openhour" } else { "openhour" }
}

/// Gives the browser a session's secret, or takes it away.
pub(super) fn give_cookie(call: &Call, answer: &mut Answer, secret: Option<&str>) {
    let secure = if is_https(call) { "; Secure" } else { "" };
    let age = if secret.is_some() { SESSION_LIFETIME } else { 0 };
    let value = format!(
        "{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}",
        cookie_name(call),
        secret.unwrap_or_default()
    );
    set(answer, header::SET_COOKIE, &value);
}
