//! DELETE of a calendar object or a whole calendar. RFC 4918 §9.6.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::exchange::Exchange;
use super::failure::{Failure, empty};
use crate::header::{Depth, conditions};
use crate::precondition::Precondition;
use crate::site::Path;
use crate::store::{Change, Conditions, Edit, Store, TagList};

/// Deletes: 204.
///
/// # Errors
/// 404, 412; 403 for a calendar that belongs to the installation; 405 for anything but objects and calendars.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    match &exchange.path {
        Path::Member(owner, collection, name) => {
            let edit = Edit {
                owner: owner.clone(),
                collection: collection.clone(),
                name: name.clone(),
                by: exchange.caller.to_owned(),
                conditions: conditions(exchange.headers())?,
                change: Change::Delete,
            };
            exchange.store.edit(edit).await?;
        }
        Path::Collection(owner, name) => {
            if matches!(Depth::of(exchange.headers())?, Some(Depth::Zero | Depth::One)) {
                return Err(Failure::BadRequest("A calendar is deleted with everything in it.\n".to_owned()));
            }
            let collection = exchange.collection().await?;
            exists_under(&conditions(exchange.headers())?)?;
            if collection.built_in {
                return Err(Precondition::NeedPrivileges.into());
            }
            exchange.store.delete_collection(owner, name).await?;
        }
        _ => return Err(Failure::MethodNotAllowed),
    }
    Ok(empty(StatusCode::NO_CONTENT))
}

/// A calendar exists and has no entity tag: only `If-Match: *` holds, only `If-None-Match: *` does not.
fn exists_under(conditions: &Conditions) -> Result<(), Failure> {
    let fails =
        matches!(conditions.if_match, Some(TagList::Tags(_))) || matches!(conditions.if_none_match, Some(TagList::Any));
    if fails { Err(Failure::ConditionFailed) } else { Ok(()) }
}
