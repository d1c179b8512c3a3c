//! `GET /api/v1/admin/log`: who changed what.

use serde_json::{Value, json};

use crate::api::answers::{Reply, broken, told};
use crate::api::paging::Paging;
use crate::api::times;
use crate::audit::{self, Line};
use crate::surface::Call;

/// The newest lines first.
pub async fn list(call: Call) -> Reply {
    let paging = Paging::read(&call)?;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let lines = audit::newest(&mut conn, paging.after, paging.wanted()).await.map_err(broken(&call))?;
    told(&paging.told("lines", &lines, |line| line.id, write))
}

fn write(line: &Line) -> Value {
    let named = |id: Option<i64>, name: &Option<String>| id.map(|id| json!({ "id": id.to_string(), "name": name }));
    json!({
        "at": times::write(line.at),
        "actor": named(line.actor_id, &line.actor),
        "action": line.action,
        "object": named(line.object_id, &line.object),
        "detail": line.detail,
    })
}
