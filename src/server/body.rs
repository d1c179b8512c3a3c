//! Reads a request's body, counting what arrives rather than believing Content-Length.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

use super::limits;

/// Why a body was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyError {
    /// More than the route allows.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// The connection broke.
    Broken,
}

/// The whole body, at most `limit` bytes.
pub(super) async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, BodyError> {
    // A length announced beyond the limit: refuse before the client sends (it may be waiting for 100 Continue).
    if body.size_hint().lower() > limit as u64 {
        return Err(BodyError::TooLarge);
    }
    let read = tokio::time::timeout(limits::BODY_TIME, collect(&mut body, limit)).await;
    let result = read.unwrap_or(Err(BodyError::TooSlow));
    if result == Err(BodyError::TooLarge) {
        let _ = tokio::time::timeout(limits::DRAIN_TIME, drain(&mut body)).await;
    }
    result
}

async fn collect(body: &mut Incoming, limit: usize) -> Result<Bytes, BodyError> {
    let mut content = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        if content.len() + data.len() > limit {
            return Err(BodyError::TooLarge);
        }
        content.extend_from_slice(&data);
    }
    Ok(content.freeze())
}

async fn drain(body: &mut Incoming) {
    let mut left = limits::DRAIN;
    while let Some(Ok(frame)) = body.frame().await {
        let size = frame.data_ref().map_or(0, Bytes::len);
        if size >= left {
            return;
        }
        left -= size;
    }
}
