//! COPY and MOVE of calendar objects between calendars of one person. RFC 4918 §9.8, §9.9.
//!
//! A move is a write to the new place and then a delete at the old one, each a command of its own. What fails in
//! between leaves the object in both places, never in none, and the same request again finishes it.

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
use crate::store::{Change, Conditions, Edit, Member, Outcome, Store, TagList, check_conditions};

/// Copies: 201, or 204 where something was replaced.
///
/// # Errors
/// What PUT at the destination refuses; 403 onto itself; 409 without a calendar there; 412; 502 outside of this site.
pub async fn copy<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let source = source(exchange).await?;
    write(exchange, &source).await
}

/// Moves: as [`copy`], and the source is gone.
///
/// # Errors
/// As [`copy`]; `need-privileges` where the source may not be deleted.
pub async fn move_away<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    if !exchange.collection().await?.writable {
        return Err(Precondition::NeedPrivileges.into());
    }
    let source = source(exchange).await?;
    let response = write(exchange, &source).await?;
    let unchanged = Conditions { if_match: Some(TagList::Tags(vec![source.etag])), if_none_match: None };
    exchange.store.edit(edit(exchange, &exchange.path, unchanged, Change::Delete)?).await?;
    Ok(response)
}

/// The object to transfer, when the conditions of the request hold for it.
async fn source<S: Store>(exchange: &Exchange<'_, S>) -> Result<Member, Failure> {
    let Path::Member(_, _, name) = &exchange.path else { return Err(Failure::MethodNotAllowed) };
    let collection = exchange.collection().await?;
    let member = exchange.store.member(&collection, name).await?.ok_or(Failure::NotFound)?;
    check_conditions(Some(&member.etag), &conditions(exchange.headers())?)?;
    Ok(member)
}

async fn write<S: Store>(exchange: &Exchange<'_, S>, source: &Member) -> Result<Response<Bytes>, Failure> {
    let target = destination(exchange.headers(), exchange.site)?.ok_or(Failure::Elsewhere)?;
    if target == exchange.path {
        return Err(Failure::SamePlace);
    }
    let Path::Member(owner, collection, _) = &target else { return Err(Failure::NoParent) };
    if owner != exchange.caller || exchange.store.collection(owner, collection).await?.is_none() {
        return Err(Failure::NoParent);
    }
    let only_new = Conditions { if_match: None, if_none_match: Some(TagList::Any) };
    let conditions = if overwrite(exchange.headers())? { Conditions::default() } else { only_new };
    let bytes = source.bytes.clone().ok_or(Failure::internal("a member came without its bytes"))?;
    let object =
        CalendarObject::parse(bytes, &Limits::default()).map_err(|_| Precondition::ValidCalendarObjectResource)?;
    let (status, tag) = match exchange.store.edit(edit(exchange, &target, conditions, Change::Put(object))?).await? {
        Outcome::Created(tag) => (StatusCode::CREATED, tag),
        Outcome::Replaced(tag) => (StatusCode::NO_CONTENT, tag),
        Outcome::Deleted => return Err(Failure::internal("a write was taken for a delete")),
    };
    let mut response = empty(status);
    response.headers_mut().insert(header::ETAG, etag(&tag)?);
    Ok(response)
}

fn edit<S>(exchange: &Exchange<'_, S>, at: &Path, conditions: Conditions, change: Change) -> Result<Edit, Failure> {
    let Path::Member(owner, collection, name) = at else { return Err(Failure::MethodNotAllowed) };
    let (owner, collection, name) = (owner.clone(), collection.clone(), name.clone());
    Ok(Edit { owner, collection, name, by: exchange.caller.to_owned(), conditions, change })
}
