//! `/api/v1/me/tokens` and `/api/v1/me/app-passwords`: made, shown once, listed, taken back. What is made with a token
//! ends with it.

use http::StatusCode;
use serde_json::{Value, json};

use crate::api::answers::{Reply, broken, done, id, nothing_here, personal, refused, told};
use crate::api::fields::Fields;
use crate::api::me::caller;
use crate::api::times;
use crate::desk::secrets::{self, Maker};
use crate::people::api_tokens::{self, ApiToken, ApiTokenRefused, RevokeApiToken};
use crate::people::app_passwords::{self, AppPassword, AppPasswordRefused, RevokeAppPassword};
use crate::people::{Person, labels};
use crate::surface::{Answer, Call, problem};

/// `GET /api/v1/me/tokens`
pub async fn tokens(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let all = api_tokens::of(&mut conn, person).await.map_err(broken(&call))?;
    let write = |token: &ApiToken| {
        let mut body = listed(token.id, token.made_with, &token.label, token.created, token.last_used);
        body["current"] = (call.token == Some(token.id)).into();
        body
    };
    told(&json!({ "tokens": all.iter().map(write).collect::<Vec<_>>() }))
}

/// `GET /api/v1/me/app-passwords`
pub async fn app_passwords(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let all = app_passwords::of(&mut conn, person).await.map_err(broken(&call))?;
    let write = |one: &AppPassword| listed(one.id, one.made_with, &one.label, one.created, one.last_used);
    told(&json!({ "app_passwords": all.iter().map(write).collect::<Vec<_>>() }))
}

fn listed(id: i64, made_with: Option<i64>, label: &str, created: i64, last_used: Option<i64>) -> Value {
    json!({
        "id": id.to_string(),
        "label": label,
        "created": times::write(created),
        "last_used": last_used.map(times::write),
        "made_with": made_with.map(|token| token.to_string()),
    })
}

/// `POST /api/v1/me/tokens`: `label`.
pub async fn make_token(call: Call) -> Reply {
    let (person, label) = named(&call)?;
    match secrets::api_token(&call.desk, person.id, &label, maker(&call, person)).await {
        Ok(token) => made(&json!({ "label": label, "token": token })),
        Err(why @ ApiTokenRefused::TooMany) => Err(refused(&call, &problem::TOO_MANY, Some(&why.to_string()))),
        Err(ApiTokenRefused::NotAllowed) => Err(refused(&call, &problem::SIGN_IN, None)),
        Err(ApiTokenRefused::Db(error)) => Err(broken(&call)(error)),
    }
}

/// `POST /api/v1/me/app-passwords`: `label`.
pub async fn make_app_password(call: Call) -> Reply {
    let (person, label) = named(&call)?;
    match secrets::app_password(&call.desk, person.id, &label, maker(&call, person)).await {
        Ok(password) => {
            let url = call.absolute("/dav/");
            made(&json!({ "label": label, "url": url, "user": person.email, "password": password }))
        }
        Err(why @ AppPasswordRefused::TooMany) => Err(refused(&call, &problem::TOO_MANY, Some(&why.to_string()))),
        Err(AppPasswordRefused::NotAllowed) => Err(refused(&call, &problem::SIGN_IN, None)),
        Err(AppPasswordRefused::Db(error)) => Err(broken(&call)(error)),
    }
}

fn made(body: &Value) -> Reply {
    Ok(personal(StatusCode::CREATED, body))
}

fn maker(call: &Call, person: &Person) -> Maker {
    Maker { person: Some(person.id), token: call.token }
}

fn named(call: &Call) -> Result<(&Person, String), Box<Answer>> {
    let person = caller(call)?;
    let mut fields = Fields::read(call)?;
    let label = fields.text("label").trim().to_owned();
    if !labels::is_usable(&label) && fields.has("label") {
        fields.wrong("label", "must be 1 to 100 ordinary characters");
    }
    fields.finish(&call.desk.config.public_url)?;
    Ok((person, label))
}

/// `DELETE /api/v1/me/tokens/{token}`: with everything that was made with it.
pub async fn revoke_token(call: Call) -> Reply {
    let command = RevokeApiToken { person: caller(&call)?.id, id: id(&call, 0), now: call.desk.clock.now() };
    let gone = call.desk.db.run(command).await;
    if gone.map_err(broken(&call))? { done() } else { Err(nothing_here(&call)) }
}

/// `DELETE /api/v1/me/app-passwords/{password}`
pub async fn revoke_app_password(call: Call) -> Reply {
    let command = RevokeAppPassword { person: caller(&call)?.id, id: id(&call, 0), now: call.desk.clock.now() };
    let gone = call.desk.db.run(command).await;
    if gone.map_err(broken(&call))? { done() } else { Err(nothing_here(&call)) }
}
