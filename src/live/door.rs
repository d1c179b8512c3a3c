//! `GET /live/teams/{team}` and `GET /live/schedules/{secret}`: from a request to a connection (RFC 6455 §4.2).

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::allowed_origin::is_allowed;
use super::hub::{Hub, Listener, Shown};
use super::places::Place;
use super::{limits, socket};
use crate::db::DbError;
use crate::desk::schedules;
use crate::schedules::Door;
use crate::surface::{self, Answer, Call, set, text, with};
use crate::web;

/// What the address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A team, for those who may see it.
    Team,
    /// A schedule, for those who know its address for everybody.
    Schedule,
}

/// Lets a client in, or says why not.
pub async fn enter(hub: Arc<Hub>, topic: Topic, mut call: Call) -> Answer {
    let (Some(upgrade), Some(accept)) = (call.upgrade.take(), accept_key(&call)) else {
        let answer = text(StatusCode::UPGRADE_REQUIRED, "This address speaks WebSocket, version 13.\n");
        let answer = with(with(answer, header::UPGRADE, "websocket"), header::CONNECTION, "upgrade");
        return with(answer, header::SEC_WEBSOCKET_VERSION, "13");
    };
    if !is_allowed(call.header(header::ORIGIN), &call.desk.config.public_url) {
        return text(StatusCode::FORBIDDEN, "That page is not ours.\n");
    }
    match admit(&hub, topic, &call).await {
        Ok(Ok((place, listener))) => {
            tokio::spawn(converse(upgrade, place, listener));
            let mut answer = surface::empty(StatusCode::SWITCHING_PROTOCOLS);
            answer.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
            set(&mut answer, header::SEC_WEBSOCKET_ACCEPT, &accept);
            answer
        }
        Ok(Err(refused)) => *refused,
        Err(error) => {
            tracing::error!(id = call.id, %error, "the database failed");
            with(text(StatusCode::SERVICE_UNAVAILABLE, "Just a moment, please.\n"), header::RETRY_AFTER, "5")
        }
    }
}

/// The answer to the client's key; `None`: this is no opening handshake.
fn accept_key(call: &Call) -> Option<String> {
    let has = |name, wanted: &str| {
        call.headers
            .get_all(name)
            .iter()
            .filter_map(|value: &HeaderValue| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|token| token.trim().eq_ignore_ascii_case(wanted))
    };
    let key = call.header(header::SEC_WEBSOCKET_KEY)?.trim();
    let is_key = data_encoding::BASE64.decode(key.as_bytes()).is_ok_and(|bytes| bytes.len() == 16);
    let asks = has(header::CONNECTION, "upgrade") && has(header::UPGRADE, "websocket");
    (is_key && asks && has(header::SEC_WEBSOCKET_VERSION, "13")).then(|| derive_accept_key(key.as_bytes()))
}

/// A place and ears, if the visitor may know of the team and there is room.
async fn admit(hub: &Arc<Hub>, topic: Topic, call: &Call) -> Result<Result<(Place, Listener), Box<Answer>>, DbError> {
    let desk = &call.desk;
    let Some(place) = hub.places.take(call.client, desk.config.rate_limits) else {
        let answer = text(StatusCode::SERVICE_UNAVAILABLE, "Too many pages are open at the moment.\n");
        return Ok(Err(Box::new(with(answer, header::RETRY_AFTER, "60"))));
    };
    let unknown = || Ok(Err(Box::new(text(StatusCode::NOT_FOUND, "There is nothing here.\n"))));
    let Some(shown) = shown(topic, call).await? else { return unknown() };
    let query = call.query();
    // Answers give `state.version`; messages give the state alone.
    let since = query.get("since").map(|point| point.split('.').next().unwrap_or_default());
    match hub.listen(desk, shown, since).await {
        Some(listener) => Ok(Ok((place, listener))),
        None => unknown(),
    }
}

/// Whose slots the address is about; `?host=` counts where the team shows its hosts.
async fn shown(topic: Topic, call: &Call) -> Result<Option<Shown>, DbError> {
    if topic == Topic::Schedule {
        let schedule = schedules::open(&call.desk, call.param(0), Door::Page).await?;
        return Ok(schedule.map(|schedule| Shown { team: schedule.team, host: None, member: true }));
    }
    let visitor = web::signed_in(call).await?;
    let Some(facts) = surface::teams::visible(&call.desk, call.param(0), visitor.as_ref()).await? else {
        return Ok(None);
    };
    let asked = call.query().get("host").and_then(|host| host.parse().ok());
    let host = asked.filter(|id| facts.team.show_hosts && facts.hosts.iter().any(|host| host.person == *id));
    let member = surface::teams::is_member(&call.desk, &facts, visitor.as_ref()).await?;
    Ok(Some(Shown { team: facts.team.id, host, member }))
}

async fn converse(upgrade: OnUpgrade, place: Place, listener: Listener) {
    if let Ok(Ok(upgraded)) = tokio::time::timeout(limits::UPGRADE, upgrade).await {
        socket::run(TokioIo::new(upgraded), listener).await;
    }
    drop(place);
}
