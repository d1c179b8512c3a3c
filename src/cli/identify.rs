//! `openhour app-password`, `openhour api-token`, `openhour sign-in-link`, `openhour feed-url`: secrets, printed once, alone on the last line.

use std::process::ExitCode;

use serde_json::json;

use super::arguments::Feed;
use super::{Failure, print};
use crate::desk::Desk;
use crate::desk::secrets::{self, Maker};
use crate::keys;
use crate::people::feeds::{self, FeedKind, Rotate};
use crate::people::sign_in::{CreateLink, LINK_LIFETIME};
use crate::people::{self, Person};

/// Whoever sits at the command line.
const COMMAND: Maker = Maker { person: None, token: None };

pub(super) async fn app_password(desk: &Desk, email: &str, label: &str, as_json: bool) -> Result<ExitCode, Failure> {
    let person = known(desk, email).await?;
    let secret = new_app_password(desk, &person, label).await?;
    let address = format!("{}/dav/", desk.config.public_url);
    let text =
        format!("CalDAV address: {address}\nUser: {}\nThe app password is shown this once:\n{secret}", person.email);
    print(as_json, &json!({"url": address, "user": person.email, "password": secret}), &text);
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn api_token(desk: &Desk, email: &str, label: &str, as_json: bool) -> Result<ExitCode, Failure> {
    let person = known(desk, email).await?;
    let token = secrets::api_token(desk, person.id, label, COMMAND).await?;
    let api = format!("{}/api/v1/", desk.config.public_url);
    let text = format!(
        "API: {api}\nSend it as `Authorization: Bearer TOKEN`. It may do what {} may, and is shown this once:\n{token}",
        person.email
    );
    print(as_json, &json!({"url": api, "user": person.email, "token": token}), &text);
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn sign_in_link(desk: &Desk, email: &str, as_json: bool) -> Result<ExitCode, Failure> {
    let person = known(desk, email).await?;
    let link = new_sign_in_link(desk, &person, LINK_LIFETIME).await?;
    print(as_json, &json!({"link": link}), &format!("Works once, for ten minutes:\n{link}"));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn feed_url(
    desk: &Desk,
    email: &str,
    kind: Feed,
    rotate: bool,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let person = known(desk, email).await?;
    let generation = if rotate {
        desk.db.run(Rotate { person: person.id, by: None, now: desk.clock.now() }).await?
    } else {
        let owner = feeds::owner(&mut desk.db.read().await?, person.id).await?;
        owner.ok_or_else(|| Failure::new("this person has just been removed"))?.generation
    };
    let kind = match kind {
        Feed::Open => FeedKind::Open,
        Feed::Sessions => FeedKind::Sessions,
    };
    let url = format!("{}{}", desk.config.public_url, feeds::path(&desk.keys, kind, person.id, generation));
    let said =
        if rotate { "Both feeds have new addresses; this is one:" } else { "Whoever knows the address can read it:" };
    print(as_json, &json!({"url": url}), &format!("{said}\n{url}"));
    Ok(ExitCode::SUCCESS)
}

/// Makes an app password and answers its secret.
pub(super) async fn new_app_password(desk: &Desk, person: &Person, label: &str) -> Result<String, Failure> {
    Ok(secrets::app_password(desk, person.id, label, COMMAND).await?)
}

/// Makes a sign-in link that works for `lifetime` seconds.
pub(super) async fn new_sign_in_link(desk: &Desk, person: &Person, lifetime: i64) -> Result<String, Failure> {
    let secret = keys::random_secret()?;
    let command = CreateLink { person: person.id, digest: keys::digest(&secret), expires: desk.clock.now() + lifetime };
    desk.db.run(command).await?;
    Ok(format!("{}/sign-in/{secret}", desk.config.public_url))
}

async fn known(desk: &Desk, email: &str) -> Result<Person, Failure> {
    people::by_email(&mut desk.db.read().await?, email)
        .await?
        .ok_or_else(|| Failure::new(format!("nobody has the address {email}; add them with `openhour person add`")))
}
