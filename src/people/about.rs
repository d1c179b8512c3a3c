//! What is kept of a person in this folder's tables, for the copy of their data. No secret is in it, nor its digest.

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::PersonId;
use crate::args;
use crate::clock::rfc3339;
use crate::db::{Conn, DbError};

type Account = (String, String, String, Option<String>, Option<String>, bool, bool, bool, i64);
type Secret = (String, i64, Option<i64>);

/// The account: who they are, and with what they sign in.
///
/// # Errors
/// [`DbError`].
pub async fn about(conn: &mut Conn, person: PersonId) -> Result<Value, DbError> {
    let row: Account = conn
        .one(
            "SELECT email, former_emails, name, timezone, language, reminders, admin, password IS NOT NULL, created FROM people
             WHERE id = $1",
            args![person],
        )
        .await?;
    let (email, former, name, timezone, language, reminders, admin, password, created) = row;
    let sql = "SELECT label, created, last_used FROM app_passwords WHERE person = $1 ORDER BY id";
    let app_passwords = secrets(conn.all(sql, args![person]).await?);
    let sql = "SELECT label, created, last_used FROM api_tokens WHERE person = $1 ORDER BY id";
    let api_tokens = secrets(conn.all(sql, args![person]).await?);
    let browsers: Vec<(String, i64, i64)> = conn
        .all("SELECT browser, created, seen FROM web_sessions WHERE person = $1 ORDER BY id", args![person])
        .await?;
    let browsers: Vec<Value> = browsers
        .into_iter()
        .map(|(browser, since, seen)| json!({"browser": browser, "since": rfc3339(since), "seen": rfc3339(seen)}))
        .collect();
    let picture = super::pictures::of(conn, person).await?;
    Ok(json!({
        "email": email,
        "former_emails": former.split_whitespace().collect::<Vec<_>>(),
        "name": name,
        "timezone": timezone,
        "language": language,
        "reminders": reminders,
        "admin": admin,
        "has_password": password,
        "since": rfc3339(created),
        "app_passwords": app_passwords,
        "api_tokens": api_tokens,
        "browsers": browsers,
        "picture": picture.map(|bytes| json!({"type": "image/jpeg", "base64": BASE64.encode(&bytes)})),
    }))
}

fn secrets(rows: Vec<Secret>) -> Vec<Value> {
    rows.into_iter()
        .map(|(label, made, used)| json!({"label": label, "made": rfc3339(made), "last_used": used.map(rfc3339)}))
        .collect()
}
