//! `/api/v1/me/feeds`: the secret addresses of the caller's own feeds.

use serde_json::json;

use crate::api::answers::{Reply, broken, nothing_here, told};
use crate::api::me::caller;
use crate::people::PersonId;
use crate::people::feeds::{self, FeedKind, Rotate};
use crate::surface::Call;

/// `GET /api/v1/me/feeds`
pub async fn show(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let owner = feeds::owner(&mut conn, person).await.map_err(broken(&call))?.ok_or_else(|| nothing_here(&call))?;
    written(&call, person, owner.generation)
}

/// `POST /api/v1/me/feeds/rotate`: both get new addresses, and the old ones answer no more.
pub async fn rotate(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let rotated = call.desk.db.run(Rotate { person, by: Some(person), now: call.desk.clock.now() }).await;
    written(&call, person, rotated.map_err(broken(&call))?)
}

fn written(call: &Call, person: PersonId, generation: i64) -> Reply {
    let url = |kind| call.absolute(&feeds::path(&call.desk.keys, kind, person, generation));
    told(&json!({ "sessions": url(FeedKind::Sessions), "open": url(FeedKind::Open) }))
}
