//! Who calls the API: the owner of the token in `Authorization: Bearer` (RFC 6750 §2.1). Nowhere else is a token looked
//! for: not in the address, which gets into logs, nor in the body.

use http::header;
use serde_json::Map;

use crate::desk::failed_sign_ins::{SignInRefused, by_api_token};
use crate::people::api_tokens::{TokenOwner, TokenUsed};
use crate::surface::{Answer, Call, problem, with};

/// Longest value of the header looked at, in bytes.
const LONGEST: usize = 256;
/// What a 401 asks for (RFC 6750 §3).
const ASKED: &str = "Bearer realm=\"Openhour\"";
/// The same when a token came and is none.
const WRONG: &str = "Bearer realm=\"Openhour\", error=\"invalid_token\"";

/// The token that came with this call, with its owner; `None` when none came. That a token was used is recorded, at most
/// once an hour.
///
/// # Errors
/// The refusal: a token that is none is never taken for no token.
pub(super) async fn owner(call: &Call) -> Result<Option<TokenOwner>, Box<Answer>> {
    let Some(value) = call.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let value = value.to_str().unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    // Credentials of another scheme are somebody else's business: a proxy's in front, a calendar program's.
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Ok(None);
    }
    if value.len() > LONGEST {
        return Err(refused(call, WRONG));
    }
    let owner = match by_api_token(&call.desk, token.trim(), call.client).await {
        Ok(owner) => owner,
        Err(SignInRefused::Wrong) => return Err(refused(call, WRONG)),
        Err(SignInRefused::TooMany { retry_after }) => {
            let answer = problem::RATE_LIMITED.answer(&call.desk.config.public_url, None, Map::new());
            return Err(Box::new(with(answer, header::RETRY_AFTER, &retry_after.to_string())));
        }
        Err(SignInRefused::Db(error)) => {
            tracing::error!(id = call.id, %error, "the database failed");
            let answer = problem::UNAVAILABLE.answer(&call.desk.config.public_url, None, Map::new());
            return Err(Box::new(with(answer, header::RETRY_AFTER, "5")));
        }
    };
    let now = call.desk.clock.now();
    if owner.is_due(now)
        && let Err(error) = call.desk.db.run(TokenUsed { token: owner.token, now }).await
    {
        // What was asked for can be answered all the same.
        tracing::warn!(%error, "the use of a token could not be recorded");
    }
    Ok(Some(owner))
}

/// The refusal of a call that needs a token and has none.
pub(super) fn missing(call: &Call) -> Box<Answer> {
    refused(call, ASKED)
}

fn refused(call: &Call, challenge: &str) -> Box<Answer> {
    let answer = problem::SIGN_IN.answer(&call.desk.config.public_url, None, Map::new());
    Box::new(with(answer, header::WWW_AUTHENTICATE, challenge))
}
