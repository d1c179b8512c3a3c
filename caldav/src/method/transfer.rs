//! COPY and MOVE of calendar objects between calendars of one person. RFC 4918 §9.8, §9.9.
//!
//! A copy is a write of what was read. A move is one write of the store, all or nothing.

use bytes::Bytes;
use http::{Response, StatusCode, header};

use super::exchange::Exchange;
use super::failure::{Failure, empty};
use super::get::etag;
use crate::header::conditions;
use crate::header::destination::destination;
use crate::header::overwrite::overwrite;
use crate::ical::limits::Limits;
use crate::ical::object::CalendarObject;
use crate::precondition::Precondition;
use crate::site::Path;
use crate::store::{Change, Conditions, Edit, Move, Outcome, Store, TagList, check_conditions};

/// Copies: 201, or 204 where something was replaced.
///
/// # Errors
/// What PUT at the destination refuses; 403 onto itself; 409 without a calendar there; 412; 502 outside of this site.
pub async fn copy<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let Path::Member(_, _, name) = &exchange.path else { return Err(Failure::MethodNotAllowed) };
    let calendar = exchange.collection().await?;
    let source = exchange.store.member(&calendar, name).await?.ok_or(Failure::NotFound)?;
    check_conditions(Some(&source.etag), &conditions(exchange.headers())?)?;
    let target = target(exchange).await?;
    let only_new = Conditions { if_match: None, if_none_match: Some(TagList::Any) };
    let conditions = if overwrite(exchange.headers())? { Conditions::default() } else { only_new };
    let bytes = source.bytes.ok_or(Failure::internal("a member came without its bytes"))?;
    let object =
        CalendarObject::parse(bytes, &Limits::default()).map_err(|_| Precondition::ValidCalendarObjectResource)?;
    let Place { owner, collection, name } = target;
    let by = exchange.caller.to_owned();
    let edit = Edit { owner, collection, name, by, conditions, change: Change::Put(object) };
    answer(exchange.store.edit(edit).await?)
}

/// Moves: as [`copy`], and the source is gone.
///
/// # Errors
/// As [`copy`]; `need-privileges` where the source may not be deleted.
pub async fn move_away<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let Path::Member(owner, collection, name) = &exchange.path else { return Err(Failure::MethodNotAllowed) };
    let target = target(exchange).await?;
    let wanted = Move {
        owner: owner.clone(),
        collection: collection.clone(),
        name: name.clone(),
        to_collection: target.collection,
        to_name: target.name,
        overwrite: overwrite(exchange.headers())?,
        by: exchange.caller.to_owned(),
        conditions: conditions(exchange.headers())?,
    };
    answer(exchange.store.relocate(wanted).await?)
}

/// Where it goes: a member of a calendar of the caller.
struct Place {
    owner: String,
    collection: String,
    name: String,
}

async fn target<S: Store>(exchange: &Exchange<'_, S>) -> Result<Place, Failure> {
    let target = destination(exchange.headers(), exchange.site)?.ok_or(Failure::Elsewhere)?;
    if target == exchange.path {
        return Err(Failure::SamePlace);
    }
    let Path::Member(owner, collection, name) = target else { return Err(Failure::NoParent) };
    if owner != exchange.caller || exchange.store.collection(&owner, &collection).await?.is_none() {
        return Err(Failure::NoParent);
    }
    Ok(Place { owner, collection, name })
}

fn answer(outcome: Outcome) -> Result<Response<Bytes>, Failure> {
    let (status, tag) = match outcome {
        Outcome::Created(tag) => (StatusCode::CREATED, tag),
        Outcome::Replaced(tag) => (StatusCode::NO_CONTENT, tag),
        Outcome::Rewritten | Outcome::Deleted => return Err(Failure::internal("a write was taken for a delete")),
    };
    let mut response = empty(status);
    response.headers_mut().insert(header::ETAG, etag(&tag)?);
    Ok(response)
}
