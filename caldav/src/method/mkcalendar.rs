//! MKCALENDAR (RFC 4791 §5.3.1) and extended MKCOL for calendars (RFC 5689 §3).

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use super::exchange::Exchange;
use super::failure::{Failure, empty};
use super::proppatch::{gather, propstats};
use crate::element::collection_request::{mkcalendar, mkcol};
use crate::element::multistatus::xml;
use crate::element::property_update::Instruction;
use crate::precondition::Precondition;
use crate::site::Path;
use crate::store::Store;
use crate::xml::{CALDAV, DAV, Element, Writer};

/// Makes a calendar: 201.
///
/// # Errors
/// `resource-must-be-null`, `calendar-collection-location-ok`, 409 without a home, a bad body.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let properties = match exchange.xml()? {
        None => Vec::new(),
        Some(root) => mkcalendar(&root)?,
    };
    make(exchange, properties, (CALDAV, "mkcalendar-response")).await
}

/// Makes a calendar when the body asks for one: 201.
///
/// # Errors
/// `valid-resourcetype` for other collections, which includes a MKCOL without body; as [`respond`].
pub async fn respond_mkcol<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let mut properties = match exchange.xml()? {
        None => Vec::new(),
        Some(root) => mkcol(&root)?,
    };
    location(exchange).await?;
    let calendar = |element: &Element| element.is(DAV, "resourcetype") && element.child(CALDAV, "calendar").is_some();
    if !properties.iter().any(calendar) {
        return Err(Precondition::ValidResourcetype.into());
    }
    properties.retain(|element| !element.is(DAV, "resourcetype"));
    make(exchange, properties, (DAV, "mkcol-response")).await
}

async fn make<S: Store>(
    exchange: &Exchange<'_, S>,
    properties: Vec<Element>,
    answer: (&str, &str),
) -> Result<Response<Bytes>, Failure> {
    let (owner, name) = location(exchange).await?;
    let instructions: Vec<Instruction> = properties.into_iter().map(Instruction::Set).collect();
    let changes = match gather(&instructions, true) {
        Ok(changes) => changes,
        Err(results) => {
            let results: Vec<_> = results.into_iter().map(Some).collect();
            let mut writer = Writer::document(answer.0, answer.1);
            propstats(&instructions, &results, exchange.site, &exchange.path, &mut writer);
            return Ok(xml(StatusCode::FORBIDDEN, writer.end_document(answer.0, answer.1)));
        }
    };
    exchange.store.create_collection(owner, name, changes).await?;
    let mut response = empty(StatusCode::CREATED);
    // RFC 4791 §5.3.1: the answer must not be cached.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Owner and name of the new calendar, when one may be made there.
async fn location<'a, S: Store>(exchange: &'a Exchange<'_, S>) -> Result<(&'a str, &'a str), Failure> {
    match &exchange.path {
        Path::Collection(owner, name) => {
            if exchange.store.principal(owner).await?.is_none() {
                return Err(Failure::NoParent);
            }
            if exchange.store.collection(owner, name).await?.is_some() {
                return Err(Precondition::ResourceMustBeNull.into());
            }
            Ok((owner, name))
        }
        Path::Member(..) => Err(Precondition::CalendarCollectionLocationOk.into()),
        _ => Err(Precondition::ResourceMustBeNull.into()),
    }
}
