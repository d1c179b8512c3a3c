//! Small constructors for answers.

use bytes::Bytes;
use http::header::{self, HeaderName};
use http::{HeaderValue, Response, StatusCode};

/// What a handler answers: a complete response in memory.
pub type Answer = Response<Bytes>;

/// What a handler gives: an answer, or a refusal that it met on the way.
pub trait IntoAnswer {
    /// As the answer that is sent.
    fn into_answer(self) -> Answer;
}

impl IntoAnswer for Answer {
    fn into_answer(self) -> Answer {
        self
    }
}

impl IntoAnswer for Result<Answer, Box<Answer>> {
    fn into_answer(self) -> Answer {
        self.unwrap_or_else(|refusal| *refusal)
    }
}

/// An answer without a body.
pub fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = status;
    answer
}

/// Any content with its media type.
pub fn bytes(status: StatusCode, media_type: &'static str, content: impl Into<Bytes>) -> Answer {
    let mut answer = empty(status);
    *answer.body_mut() = content.into();
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer
}

/// Plain text.
pub fn text(status: StatusCode, content: impl Into<String>) -> Answer {
    bytes(status, "text/plain; charset=utf-8", content.into())
}

/// A page.
pub fn html(status: StatusCode, content: impl Into<Bytes>) -> Answer {
    bytes(status, "text/html; charset=utf-8", content)
}

/// A JSON value.
pub fn json(status: StatusCode, value: &serde_json::Value) -> Answer {
    bytes(status, "application/json", value.to_string())
}

/// A file to keep: the browser saves it instead of showing it. `name` is ours: plain ASCII without quotes.
pub fn file(media_type: &'static str, name: &str, content: impl Into<Bytes>) -> Answer {
    let answer = bytes(StatusCode::OK, media_type, content);
    with(answer, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))
}

/// Sends the browser elsewhere with the given status; `location` is a local path or one of our own addresses.
pub fn redirect(status: StatusCode, location: &str) -> Answer {
    with(empty(status), header::LOCATION, location)
}

/// After a POST: go and look there (303).
pub fn see_other(location: &str) -> Answer {
    redirect(StatusCode::SEE_OTHER, location)
}

/// The answer with one header field more (or another value of it).
pub fn with(mut answer: Answer, name: HeaderName, value: &str) -> Answer {
    set(&mut answer, name, value);
    answer
}

/// Sets a header field; a value that cannot be one is left out.
pub fn set(answer: &mut Answer, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}
