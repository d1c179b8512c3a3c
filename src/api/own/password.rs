//! `/api/v1/me/password`: whether the caller has one, and another one for whoever knows the present one.

use http::header;
use serde_json::{Value, json};

use crate::api::answers::{Reply, broken, done, refused, told, wrong_field};
use crate::api::fields::Fields;
use crate::api::me::caller;
use crate::desk::passwords::{self as rules, PasswordRefused};
use crate::people::passwords;
use crate::surface::{Call, problem, with};

/// `GET /api/v1/me/password`
pub async fn show(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    told(&json!({ "set": passwords::has(&mut conn, person).await.map_err(broken(&call))? }))
}

/// `PUT /api/v1/me/password`: `current`, and `password` or `null` for none. A token says nothing of when its owner last
/// signed in, so the present password does; who has none sets the first one on the page.
pub async fn replace(call: Call) -> Reply {
    let person = caller(&call)?;
    let mut fields = Fields::read(&call)?;
    let current = fields.optional("current");
    let password = fields.given("password", "must be a text, or null for none", |value| match value {
        Value::Null => Some(None),
        other => other.as_str().map(|text| Some(text.to_owned())),
    });
    if !fields.has("password") {
        fields.wrong("password", "is missing");
    }
    fields.finish(&call.desk.config.public_url)?;
    let password = password.flatten();
    let Some(current) = current else { return Err(refused(&call, &problem::FRESH_SIGN_IN, None)) };
    match rules::replace(&call.desk, person, (&current, password.as_deref()), call.client).await {
        Ok(()) => done(),
        Err(PasswordRefused::Stale) => {
            let detail = "You have no password yet. Set the first one in the browser, at /password.";
            Err(refused(&call, &problem::FRESH_SIGN_IN, Some(detail)))
        }
        Err(PasswordRefused::Wrong) => Err(wrong_field(&call, "current", "is not the present password")),
        Err(why @ (PasswordRefused::Length | PasswordRefused::Common)) => {
            Err(wrong_field(&call, "password", &why.to_string()))
        }
        Err(PasswordRefused::TooMany { retry_after }) => {
            let answer = refused(&call, &problem::RATE_LIMITED, None);
            Err(Box::new(with(*answer, header::RETRY_AFTER, &retry_after.to_string())))
        }
        Err(PasswordRefused::Busy) => Err(refused(&call, &problem::UNAVAILABLE, None)),
        Err(PasswordRefused::Db(error)) => Err(broken(&call)(error)),
    }
}
