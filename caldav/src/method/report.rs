//! REPORT. RFC 3253 §3.6; the reports themselves are in [`crate::report`].

use bytes::Bytes;
use http::{Response, StatusCode};

use super::exchange::Exchange;
use super::failure::Failure;
use super::propfind::applied;
use crate::report;
use crate::store::Store;

/// Answers the REPORT that the body asks for.
///
/// # Errors
/// A missing or bad body, what the REPORT refuses.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let body = exchange.xml()?.ok_or(Failure::BadRequest("The request body is missing.\n".to_owned()))?;
    let mut response = report::respond(exchange, &body).await?;
    if exchange.prefer.minimal && response.status() == StatusCode::MULTI_STATUS {
        applied(&mut response);
    }
    Ok(response)
}
