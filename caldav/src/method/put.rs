//! PUT of a calendar object. RFC 4791 §5.3.2.

use bytes::Bytes;
use http::{Response, StatusCode, header};

use super::exchange::Exchange;
use super::failure::{Failure, empty};
use super::get::etag;
use crate::header::{conditions, media_type};
use crate::ical::limits::Limits;
use crate::ical::object::{CalendarObject, InvalidObject};
use crate::precondition::Precondition;
use crate::property::caldav::MAX_RESOURCE_SIZE;
use crate::site::Path;
use crate::store::{Change, Edit, Outcome, Store, StoreError};

/// Stores the body as it is: 201 or 204 with the new ETag.
///
/// # Errors
/// The preconditions of RFC 4791 §5.3.2.1; 405 where no object can be; 409 without a calendar; 412.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let Path::Member(owner, collection, name) = &exchange.path else { return Err(Failure::MethodNotAllowed) };
    if exchange.headers().contains_key(header::CONTENT_RANGE) {
        // RFC 9110 §14.5: a part must not be taken for the whole.
        return Err(Failure::BadRequest("Please send the whole object.\n".to_owned()));
    }
    let edit = Edit {
        owner: owner.clone(),
        collection: collection.clone(),
        name: name.clone(),
        by: exchange.caller.to_owned(),
        conditions: conditions(exchange.headers())?,
        change: Change::Put(read(exchange)?),
    };
    let outcome = match exchange.store.edit(edit).await {
        // Asked only now: nearly always there is one.
        Err(StoreError::NotFound) if exchange.store.collection(owner, collection).await?.is_none() => {
            return Err(Failure::NoParent);
        }
        outcome => outcome?,
    };
    let (status, tag) = match outcome {
        Outcome::Created(tag) => (StatusCode::CREATED, Some(tag)),
        Outcome::Replaced(tag) => (StatusCode::NO_CONTENT, Some(tag)),
        Outcome::Rewritten | Outcome::Deleted => (StatusCode::NO_CONTENT, None),
    };
    let mut response = empty(status);
    if let Some(tag) = tag {
        response.headers_mut().insert(header::ETAG, etag(&tag)?);
    }
    Ok(response)
}

fn read<S: Store>(exchange: &Exchange<'_, S>) -> Result<CalendarObject, Precondition> {
    if !media_type::is_calendar(exchange.headers()) {
        return Err(Precondition::SupportedCalendarData);
    }
    if exchange.body.len() > MAX_RESOURCE_SIZE {
        return Err(Precondition::MaxResourceSize);
    }
    CalendarObject::parse(exchange.body.clone(), &Limits::default()).map_err(|error| match error {
        InvalidObject::NotICalendar(_) => Precondition::ValidCalendarData,
        InvalidObject::NotAnObject(_) => Precondition::ValidCalendarObjectResource,
        InvalidObject::UnsupportedComponent(_) => Precondition::SupportedCalendarComponent,
        InvalidObject::TooLarge(_) => Precondition::MaxResourceSize,
        InvalidObject::TooManyAttendees(_) => Precondition::MaxAttendeesPerInstance,
        InvalidObject::TooManyInstances(_) => Precondition::MaxInstances,
    })
}
