//! Everything that ends a request early, and the one place that turns it into a response.

use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use super::allowed;
use crate::element::multistatus::xml;
use crate::element::{Unexpected, error};
use crate::header::BadHeader;
use crate::precondition::Precondition;
use crate::site::{Path, Site};
use crate::store::StoreError;
use crate::xml::XmlError;

/// Why a store failed, among the extensions of a 500 response: for the log, never for the client.
#[derive(Debug, Clone)]
pub struct Cause(pub Arc<dyn Error + Send + Sync>);

/// Why a request was not carried out.
#[derive(Debug)]
pub enum Failure {
    /// 400, with a sentence.
    BadRequest(String),
    /// 404.
    NotFound,
    /// 405 with `Allow`.
    MethodNotAllowed,
    /// 409: the collection that should hold the resource does not exist. RFC 4918 §9.7.1.
    NoParent,
    /// 403: COPY or MOVE onto itself. RFC 4918 §9.8.5.
    SamePlace,
    /// 502: COPY or MOVE to another server. RFC 4918 §9.8.5.
    Elsewhere,
    /// 412: a condition of the request does not hold.
    ConditionFailed,
    /// 413.
    TooLarge,
    /// 415.
    UnsupportedMediaType,
    /// A named precondition.
    Refused(Precondition),
    /// 503.
    Busy,
    /// 500.
    Internal(Arc<dyn Error + Send + Sync>),
}

impl Failure {
    /// A fault of this program.
    pub fn internal(what: &'static str) -> Self {
        Self::Internal(Arc::from(Box::<dyn Error + Send + Sync>::from(what)))
    }

    /// The answer. `at` is what the request named.
    pub fn response(self, site: &Site, at: &Path) -> Response<Bytes> {
        let (status, sentence) = match self {
            Self::Refused(precondition) => {
                let mut response = xml(precondition.status(), error::document(&precondition, site, at));
                if response.status() == StatusCode::METHOD_NOT_ALLOWED {
                    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed(at)));
                }
                return response;
            }
            Self::BadRequest(sentence) => return text(StatusCode::BAD_REQUEST, sentence),
            Self::NotFound => return not_found(),
            Self::MethodNotAllowed => {
                let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "That cannot be done here.\n".into());
                response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed(at)));
                return response;
            }
            Self::Busy => {
                let mut response = text(StatusCode::SERVICE_UNAVAILABLE, "Busy. Please try again shortly.\n".into());
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
                return response;
            }
            Self::Internal(cause) => {
                let sentence = "Something went wrong here. Please try again later.\n";
                let mut response = text(StatusCode::INTERNAL_SERVER_ERROR, sentence.into());
                response.extensions_mut().insert(Cause(cause));
                return response;
            }
            Self::NoParent => (StatusCode::CONFLICT, "The calendar for it does not exist.\n"),
            Self::SamePlace => (StatusCode::FORBIDDEN, "It is there already.\n"),
            Self::Elsewhere => (StatusCode::BAD_GATEWAY, "That place is not on this server.\n"),
            Self::ConditionFailed => (StatusCode::PRECONDITION_FAILED, "It was changed in the meantime.\n"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "The request is too large.\n"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The request body must be XML.\n"),
        };
        text(status, sentence.to_owned())
    }
}

/// 404, the same for what does not exist and for what belongs to somebody else.
pub fn not_found() -> Response<Bytes> {
    text(StatusCode::NOT_FOUND, "There is nothing here.\n".to_owned())
}

/// A response with a sentence.
pub fn text(status: StatusCode, sentence: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(sentence));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// A response without a body.
pub fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::ConditionFailed => Self::ConditionFailed,
            StoreError::Refused(precondition) => Self::Refused(precondition),
            StoreError::Busy => Self::Busy,
            StoreError::Failed(cause) => Self::Internal(Arc::from(cause)),
        }
    }
}

impl From<Precondition> for Failure {
    fn from(precondition: Precondition) -> Self {
        Self::Refused(precondition)
    }
}

impl From<XmlError> for Failure {
    fn from(error: XmlError) -> Self {
        match error {
            XmlError::TooLarge => Self::TooLarge,
            _ => Self::BadRequest(format!("{error}\n")),
        }
    }
}

impl From<BadHeader> for Failure {
    fn from(error: BadHeader) -> Self {
        Self::BadRequest(format!("{error}\n"))
    }
}

impl From<Unexpected> for Failure {
    fn from(error: Unexpected) -> Self {
        Self::BadRequest(format!("{error}\n"))
    }
}
