//! The signed statement by which a service account asks for an access token. RFC 7523, RFC 7515 (RS256).

use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::json;

use crate::config::SigningKey;

/// What the tokens are for: making spaces, and nothing else.
pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/meetings.space.created";
/// Google refuses statements that are good for more than an hour, seconds.
const GOOD_FOR: i64 = 3600;
/// Clocks differ a little, seconds.
const EARLIER: i64 = 10;

/// Who states it.
pub(super) struct Statement<'a> {
    pub(super) email: &'a str,
    pub(super) key: &'a SigningKey,
    pub(super) key_id: Option<&'a str>,
    pub(super) subject: Option<&'a str>,
    /// To whom: the address of the token server.
    pub(super) audience: &'a str,
    /// UTC seconds.
    pub(super) now: i64,
}

/// The statement as a signed JWT.
///
/// # Errors
/// The key does not sign.
pub(super) fn signed(statement: &Statement<'_>) -> Result<String, String> {
    let mut header = json!({"alg": "RS256", "typ": "JWT"});
    if let Some(id) = statement.key_id {
        header["kid"] = json!(id);
    }
    let issued = statement.now - EARLIER;
    let mut claims = json!({
        "iss": statement.email,
        "scope": SCOPE,
        "aud": statement.audience,
        "iat": issued,
        "exp": issued + GOOD_FOR,
    });
    if let Some(subject) = statement.subject {
        claims["sub"] = json!(subject);
    }
    let encode = |value: &serde_json::Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let text = format!("{}.{}", encode(&header), encode(&claims));
    let pair = statement.key.pair();
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
        .map_err(|_| "the service account's key does not sign".to_owned())?;
    Ok(format!("{text}.{}", BASE64URL_NOPAD.encode(&signature)))
}
