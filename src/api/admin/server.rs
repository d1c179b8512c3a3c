//! `GET /api/v1/admin/server`: how the server is, and the settings it runs with, without secrets.

use serde_json::{Value, json};

use crate::api::answers::{Reply, broken, told};
use crate::api::times;
use crate::db::Target;
use crate::desk::health::health;
use crate::surface::Call;

/// Health and settings.
pub async fn show(call: Call) -> Reply {
    let health = health(&call.desk).await.map_err(broken(&call))?;
    let settings = call.desk.config.told();
    let settings = settings.iter().map(|setting| {
        let origin = setting.origin.as_ref().map(ToString::to_string);
        json!({ "name": setting.name, "value": setting.value, "set_in": origin })
    });
    let settings: Vec<Value> = settings.collect();
    let database = match call.desk.config.database {
        Target::Sqlite(_) => "sqlite",
        Target::Postgres(_) => "postgresql",
    };
    told(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "database": database,
        "outgoing": {
            "waiting": health.waiting,
            "oldest_due": health.oldest_due.map(times::write),
            "given_up": health.failed,
            "undelivered": health.undelivered,
        },
        "last_sent": health.last_sent.map(times::write),
        "last_received": health.last_received.map(times::write),
        "settings": settings,
    }))
}
