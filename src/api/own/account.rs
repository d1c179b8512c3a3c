//! `/api/v1/me/data`, `/copy` and `/erase`: everything about the caller, to take along or to end.

use serde_json::json;

use crate::api::admin::people::{download, refuse};
use crate::api::answers::{Reply, broken, told, wrong_field};
use crate::api::bookings::read_one;
use crate::api::me::caller;
use crate::own_data;
use crate::surface::Call;

/// `GET /api/v1/me/data`: as in the copy that people take from `/your-data`; calendars are read over CalDAV.
pub async fn data(call: Call) -> Reply {
    let person = caller(&call)?.id;
    told(&own_data::as_json(&call.desk, person, person).await.map_err(broken(&call))?)
}

/// `POST /api/v1/me/copy`: the same with the calendars, as a ZIP file.
pub async fn copy(call: Call) -> Reply {
    let person = caller(&call)?;
    download(&call, person, person.id).await
}

/// `POST /api/v1/me/erase`: `address`, the caller's own, so that nobody is erased by mistake.
pub async fn erase(call: Call) -> Reply {
    let person = caller(&call)?;
    let address = read_one(&call, |fields| fields.text("address"))?;
    if address.trim().to_lowercase() != person.email {
        return Err(wrong_field(&call, "address", "must be your own address, as `GET /api/v1/me` tells it"));
    }
    match own_data::erase(&call.desk, person.id).await {
        Ok(cancelled) => told(&json!({ "cancelled": cancelled })),
        Err(refused) => Err(refuse(&call, refused)),
    }
}
