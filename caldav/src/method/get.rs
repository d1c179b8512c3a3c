//! GET and HEAD. RFC 9110 §9.3; RFC 4791 §5.3.4 (a strong ETag on every calendar object).

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use super::exchange::Exchange;
use super::failure::{Failure, empty, text};
use super::found::Found;
use crate::header::conditional::{Read, read};
use crate::header::date;
use crate::property::dav::content_type;
use crate::store::{Member, Store};

/// Answers with the stored bytes, or with a few words for people who open a collection in a browser.
///
/// # Errors
/// 404, 412, a failing store.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let found = exchange.found().await?;
    let mut response = match &found {
        Found::Member(_, _, member) => match read(exchange.headers(), member)? {
            Read::Failed => return Err(Failure::ConditionFailed),
            Read::NotModified => with_validators(empty(StatusCode::NOT_MODIFIED), member)?,
            Read::Send => object(member)?,
        },
        _ => text(StatusCode::OK, words(&found)),
    };
    if exchange.method() == "HEAD" && response.status() == StatusCode::OK {
        let length = HeaderValue::from(response.body().len());
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
        *response.body_mut() = Bytes::new();
    }
    Ok(response)
}

fn object(member: &Member) -> Result<Response<Bytes>, Failure> {
    let bytes = member.bytes.clone().ok_or(Failure::internal("a member came without its bytes"))?;
    let mut response = with_validators(Response::new(bytes), member)?;
    let kind = HeaderValue::try_from(content_type(member)).map_err(|_| Failure::internal("a media type"))?;
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

fn with_validators(mut response: Response<Bytes>, member: &Member) -> Result<Response<Bytes>, Failure> {
    response.headers_mut().insert(header::ETAG, etag(&member.etag)?);
    if let Some(date) = date::format(member.modified).and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(header::LAST_MODIFIED, date);
    }
    Ok(response)
}

/// The `ETag` header of a strong tag.
///
/// # Errors
/// 500 when the store's tag does not fit into a header.
pub fn etag(tag: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::try_from(format!("\"{tag}\"")).map_err(|_| Failure::internal("an entity tag that is no header value"))
}

fn words(found: &Found) -> String {
    let what = match found {
        Found::Calendar(_, collection) => {
            format!("This is the calendar \"{}\".", collection.display_name.as_deref().unwrap_or(&collection.name))
        }
        Found::Principal(principal) | Found::Home(principal) => {
            format!("These are the calendars of {}.", principal.display_name)
        }
        _ => "Calendars live here.".to_owned(),
    };
    format!("{what}\nAdd this address as a CalDAV account in your calendar app.\n")
}
