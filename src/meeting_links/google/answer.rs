//! What Google's answers mean: a room, a token, or a reason in words for an administrator. What Google says is quoted
//! short and harmless.

use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::assertion::SCOPE;
use crate::booking::Room;
use crate::invitations::clean;

/// The longest pause that Google may ask for.
const LONGEST_PAUSE: u64 = 3600;

/// Why there is no room or token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    /// The access token is not taken.
    Token(String),
    /// Too many requests; the pause that Google asks for.
    TooMany(String, Option<Duration>),
    /// Worth another try; the pause that Google asks for.
    Later(String, Option<Duration>),
    /// It will not get better by itself.
    Never(String),
}

#[derive(Deserialize)]
struct Space {
    name: String,
    #[serde(rename = "meetingUri")]
    uri: String,
}

/// Reads the answer to `POST /v2/spaces`.
pub(super) fn room(response: &Response<Bytes>) -> Result<Room, Refused> {
    if response.status() != StatusCode::OK {
        return Err(refused(response));
    }
    let odd = || Refused::Later("Google Meet answered something that is no space".into(), None);
    let space: Space = serde_json::from_slice(response.body()).map_err(|_| odd())?;
    let name = space.name.strip_prefix("spaces/").unwrap_or_default();
    let name_is_good =
        (1..=128).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    let rest = space.uri.strip_prefix("https://").unwrap_or_default();
    let link_is_good =
        (1..=200).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
    if name_is_good && link_is_good { Ok(Room { link: space.uri, space: Some(space.name) }) } else { Err(odd()) }
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

/// Reads the answer of the token server: the token and how long it is good.
pub(super) fn token(response: &Response<Bytes>) -> Result<(String, Duration), Refused> {
    let status = response.status();
    if status == StatusCode::OK {
        let odd = || Refused::Later("Google's token server answered something that is no token".into(), None);
        let token: Token = serde_json::from_slice(response.body()).map_err(|_| odd())?;
        let good = (1..=8192).contains(&token.access_token.len())
            && token.access_token.bytes().all(|byte| byte.is_ascii_graphic());
        let lives = Duration::from_secs(token.expires_in.unwrap_or(3600).clamp(1, 86_400));
        return if good { Ok((token.access_token, lives)) } else { Err(odd()) };
    }
    let body: Value = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    let (code, description) = (text(&body["error"]), text(&body["error_description"]));
    let said = format!("Google says \"{code}: {description}\"");
    match (status.as_u16(), code.as_str()) {
        (429, _) => Err(Refused::TooMany(format!("Google gives no more tokens just now ({status})"), pause(response))),
        (400..=499, "invalid_grant") => Err(Refused::Never(format!(
            "Google no longer accepts the account in the `google:` file: its consent or key was withdrawn or ran out, or \
             this machine's clock is wrong. Make a new refresh token or key (docs/meeting-links.md). {said}"
        ))),
        (400..=499, "unauthorized_client") => Err(Refused::Never(format!(
            "Google does not let this service account ask for its `subject`: allow its client id the scope {SCOPE} under \
             domain-wide delegation (it may take a day to count). {said}"
        ))),
        (400..=499, "invalid_client" | "deleted_client" | "disabled_client") => Err(Refused::Never(format!(
            "Google does not know `client_id` and `client_secret` of the `google:` file. {said}"
        ))),
        (400..=499, code) if !code.is_empty() => Err(Refused::Never(format!("Google gives no token. {said}"))),
        _ => Err(Refused::Later(format!("Google's token server answered {status}"), pause(response))),
    }
}

fn refused(response: &Response<Bytes>) -> Refused {
    let status = response.status();
    let body: Value = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    let error = &body["error"];
    let (message, word) = (text(&error["message"]), text(&error["status"]));
    let said = format!("Google Meet answered {} {word}: {message}", status.as_u16());
    match status.as_u16() {
        401 => Refused::Token(format!("Google takes no token of the account in the `google:` file. {said}")),
        429 => Refused::TooMany(said, pause(response)),
        403 if word == "RESOURCE_EXHAUSTED" || names(error, &QUOTA) => Refused::TooMany(said, pause(response)),
        403 if names(error, &["SERVICE_DISABLED", "accessNotConfigured"]) => Refused::Never(format!(
            "The Google Meet REST API is switched off in the project of the account: switch it on in the Cloud console. {said}"
        )),
        403 if names(error, &["ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"]) => {
            Refused::Never(format!("The refresh token was not made for the scope {SCOPE}: make a new one. {said}"))
        }
        403 if error.is_object() => Refused::Never(format!(
            "The account may not make Google Meet spaces; a service account needs a `subject` with domain-wide \
             delegation. {said}"
        )),
        // Whatever has no error of Google's in it comes from something in between.
        400 | 402..=499 if error.is_object() && status != StatusCode::REQUEST_TIMEOUT => Refused::Never(said),
        _ => Refused::Later(format!("Google Meet answered {status}"), pause(response)),
    }
}

const QUOTA: [&str; 5] =
    ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded", "RATE_LIMIT_EXCEEDED"];

/// Whether the error names one of these reasons, in its newer or its older form.
fn names(error: &Value, reasons: &[&str]) -> bool {
    let lists = [&error["details"], &error["errors"]];
    let mut found = lists.into_iter().filter_map(Value::as_array).flatten().filter_map(|item| item["reason"].as_str());
    found.any(|reason| reasons.contains(&reason))
}

/// Retry-After in seconds (RFC 9110 §10.2.3); the form with a date is not used by Google.
fn pause(response: &Response<Bytes>) -> Option<Duration> {
    let value = response.headers().get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds: u64 = value.parse().ok()?;
    Some(Duration::from_secs(seconds.clamp(1, LONGEST_PAUSE)))
}

fn text(value: &Value) -> String {
    clean::name(value.as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response<Bytes> {
        Response::builder().status(status).header("Retry-After", "7").body(Bytes::from(body.to_owned())).unwrap()
    }

    const SEVEN: Option<Duration> = Some(Duration::from_secs(7));

    #[test]
    fn a_space_is_its_name_and_its_link() {
        let body = r#"{"name":"spaces/jQCFfuBOdN5z","meetingUri":"https://meet.google.com/abc-mnop-xyz","meetingCode":"abc-mnop-xyz","config":{}}"#;
        let wanted =
            Room { link: "https://meet.google.com/abc-mnop-xyz".into(), space: Some("spaces/jQCFfuBOdN5z".into()) };
        assert_eq!(room(&answer(200, body)), Ok(wanted));
    }

    #[test]
    fn what_is_no_space_is_asked_for_again() {
        for body in [
            "<html>Sign in to the hotel's network</html>",
            "{}",
            r#"{"name":"spaces/x","meetingUri":"javascript:alert(1)"}"#,
            r#"{"name":"spaces/x","meetingUri":"https://meet.google.com/a\r\nATTENDEE:x"}"#,
            r#"{"name":"spaces/../x","meetingUri":"https://meet.google.com/a"}"#,
        ] {
            assert!(matches!(room(&answer(200, body)), Err(Refused::Later(..))), "{body}");
        }
    }

    #[test]
    fn quota_and_trouble_pass_and_prohibitions_stay() {
        let quota = r#"{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}"#;
        assert!(matches!(room(&answer(429, quota)), Err(Refused::TooMany(_, SEVEN))));
        let older = r#"{"error":{"code":403,"message":"x","errors":[{"domain":"usageLimits","reason":"userRateLimitExceeded"}]}}"#;
        assert!(matches!(room(&answer(403, older)), Err(Refused::TooMany(_, SEVEN))));
        let denied =
            r#"{"error":{"code":403,"message":"Permission denied on resource Space","status":"PERMISSION_DENIED"}}"#;
        let Err(Refused::Never(words)) = room(&answer(403, denied)) else { panic!() };
        assert!(words.contains("domain-wide") && words.contains("Permission denied on resource Space"), "{words}");
        for status in [500, 502, 503, 504, 408, 404, 302, 204] {
            let answer = room(&answer(status, "<h1>oops</h1>"));
            assert!(matches!(answer, Err(Refused::Later(_, SEVEN))), "{status}: {answer:?}");
        }
        let off = r#"{"error":{"code":403,"message":"off","status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}"#;
        assert!(matches!(room(&answer(403, off)), Err(Refused::Never(words)) if words.contains("switched off")));
        assert!(matches!(room(&answer(401, "")), Err(Refused::Token(_))));
        let bad = r#"{"error":{"code":400,"message":"Invalid value","status":"INVALID_ARGUMENT"}}"#;
        assert!(matches!(room(&answer(400, bad)), Err(Refused::Never(_))));
    }

    #[test]
    fn tokens_are_refused_in_plain_words() {
        assert_eq!(
            token(&answer(200, r#"{"access_token":"ya29.x","expires_in":3599,"scope":"s","token_type":"Bearer"}"#)),
            Ok(("ya29.x".into(), Duration::from_secs(3599)))
        );
        let gone = r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#;
        let Err(Refused::Never(words)) = token(&answer(400, gone)) else { panic!() };
        assert!(words.contains("new refresh token") && words.contains("expired or revoked"), "{words}");
        for (status, body) in
            [(500, gone), (503, ""), (400, "<html>"), (200, "{}"), (200, r#"{"access_token":"a\nb"}"#)]
        {
            assert!(matches!(token(&answer(status, body)), Err(Refused::Later(..))), "{status} {body}");
        }
    }
}
