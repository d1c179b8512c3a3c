//! Basic authentication (RFC 7617) with an address and an app password.

use std::net::IpAddr;

use data_encoding::BASE64;
use http::{HeaderMap, header};

use crate::desk::Desk;
use crate::desk::failed_sign_ins::{SignInRefused, by_app_password};
use crate::people::Person;
use crate::people::app_passwords::Used;

/// The value of `WWW-Authenticate` in a 401.
pub const CHALLENGE: &str = "Basic realm=\"Openhour\", charset=\"UTF-8\"";
/// Longest credentials looked at, in bytes.
const LONGEST: usize = 1_024;

/// Who sends these headers from that address, and by which address they go there: one they have, or had when their
/// calendar app was set up. One indexed look-up, no password hashing. Clients ask first without
/// credentials, so that counts as no failure. The password's use is recorded, at most once an hour.
///
/// # Errors
/// [`SignInRefused`].
pub async fn authenticate(desk: &Desk, headers: &HeaderMap, client: IpAddr) -> Result<(Person, String), SignInRefused> {
    let (email, secret) = credentials(headers).ok_or(SignInRefused::Wrong)?;
    let owner = by_app_password(desk, &email, &secret, client).await?;
    let now = desk.clock.now();
    if owner.is_due(now)
        && let Err(error) = desk.db.run(Used { app_password: owner.app_password, now }).await
    {
        // What was asked for can be answered all the same.
        tracing::warn!(%error, "the use of an app password could not be recorded");
    }
    Ok((owner.person, email.trim().to_lowercase()))
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok().filter(|value| value.len() <= LONGEST)?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    let (email, secret) = decoded.split_once(':')?;
    (!email.is_empty() && !secret.is_empty()).then(|| (email.to_owned(), secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        credentials(&headers)
    }

    #[test]
    fn basic_credentials_are_read_and_nothing_else() {
        let basic = |text: &str| format!("basic {}", BASE64.encode(text.as_bytes()));
        assert_eq!(read(&basic("mary@example.org:a:b")), Some(("mary@example.org".into(), "a:b".into())));
        for wrong in [basic("mary@example.org"), basic("mary@example.org:"), basic(":x"), basic(&"x".repeat(2_000))] {
            assert_eq!(read(&wrong), None);
        }
        for wrong in ["Basic", "Basic %%%", "Bearer abc", ""] {
            assert_eq!(read(wrong), None);
        }
        assert_eq!(credentials(&HeaderMap::new()), None);
    }
}
