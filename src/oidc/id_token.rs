//! The provider's signed statement (OpenID Connect Core 1.0 §3.1.3.7).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use super::Refused;
use super::keys_of::KeySet;

/// The longest statement looked at, in bytes.
const LONGEST: usize = 16 * 1024;
/// Clocks differ a little, seconds.
const SKEW: i64 = 60;

/// What the statement must say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    /// UTC seconds.
    pub(super) now: i64,
}

/// The name of the key that a statement says to be signed with.
pub(super) fn kid(token: &str) -> Result<Option<String>, Refused> {
    let (header, ..) = parts(token)?;
    Ok(header.get("kid").and_then(Value::as_str).map(str::to_owned))
}

/// The claims of a statement that is right in every respect.
pub(super) fn verified(token: &str, keys: &KeySet, expected: &Expected<'_>) -> Result<Map<String, Value>, Refused> {
    let (header, claims, message, signature) = parts(token)?;
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let alg = text("alg").unwrap_or_default();
    // Named one by one: neither `none` nor a secret that we share.
    if !matches!(alg, "RS256" | "ES256") {
        return Err(Refused::Wrong("it is not signed with RS256 or ES256"));
    }
    if header.contains_key("crit") || !keys.verify(alg, text("kid"), message.as_bytes(), &signature) {
        return Err(Refused::Wrong("its signature"));
    }
    check(&claims, expected)?;
    Ok(claims)
}

fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Refused> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    if text("iss") != expected.issuer {
        return Err(Refused::Wrong("its issuer"));
    }
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let azp = claims.get("azp").and_then(Value::as_str);
    let ours = audience.contains(&expected.client)
        && azp.is_none_or(|azp| azp == expected.client)
        && (audience.len() == 1 || azp.is_some());
    if !ours {
        return Err(Refused::Wrong("its audience"));
    }
    let in_time = number("exp").is_some_and(|until| expected.now < until.saturating_add(SKEW))
        && number("iat").is_some_and(|made| made.saturating_sub(SKEW) <= expected.now)
        && number("nbf").is_none_or(|from| from.saturating_sub(SKEW) <= expected.now);
    if !in_time {
        return Err(Refused::Wrong("its time"));
    }
    if !bool::from(text("nonce").as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err(Refused::Wrong("its nonce"));
    }
    if text("sub").is_empty() {
        return Err(Refused::Wrong("it is about nobody"));
    }
    Ok(())
}

type Parts<'t> = (Map<String, Value>, Map<String, Value>, &'t str, Vec<u8>);

/// Header, claims, what is signed, and the signature (RFC 7515 §7.1).
fn parts(token: &str) -> Result<Parts<'_>, Refused> {
    let wrong = || Refused::Wrong("it is no JWT");
    if token.len() > LONGEST {
        return Err(wrong());
    }
    let (message, signature) = token.rsplit_once('.').ok_or_else(wrong)?;
    let (header, claims) = message.split_once('.').filter(|(_, claims)| !claims.contains('.')).ok_or_else(wrong)?;
    let decode = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| wrong());
    let object = |text: &str| serde_json::from_slice(&decode(text)?).map_err(|_| wrong());
    Ok((object(header)?, object(claims)?, message, decode(signature)?))
}
