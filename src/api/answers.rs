//! What every handler of the API gives back.

use http::{StatusCode, header};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::refusals;
use crate::db::DbError;
use crate::surface::problem::{self, Problem};
use crate::surface::{self, Answer, Call};

/// An answer, or the refusal that was met on the way to it.
pub(super) type Reply = Result<Answer, Box<Answer>>;

/// An answer that nobody but the caller may keep.
pub(super) fn personal(status: StatusCode, body: &Value) -> Answer {
    surface::with(surface::json(status, body), header::CACHE_CONTROL, "no-store")
}

/// The same with status 200, as a handler gives it.
pub(super) fn told(body: &Value) -> Reply {
    Ok(personal(StatusCode::OK, body))
}

/// Nothing more to say.
pub(super) fn done() -> Reply {
    Ok(surface::empty(StatusCode::NO_CONTENT))
}

/// Turns a failure of the database into its refusal.
pub(super) fn broken(call: &Call) -> impl Fn(DbError) -> Box<Answer> + '_ {
    |error| Box::new(refusals::database(call, &error))
}

/// A problem, perhaps with what it is about.
pub(super) fn refused(call: &Call, problem: &Problem, detail: Option<&str>) -> Box<Answer> {
    Box::new(problem.answer(&call.desk.config.public_url, detail, Map::new()))
}

/// 404.
pub(super) fn nothing_here(call: &Call) -> Box<Answer> {
    refused(call, &problem::NOT_FOUND, None)
}

/// 422 with one field.
pub(super) fn wrong_field(call: &Call, field: &str, message: &str) -> Box<Answer> {
    let mut fields = Fields::empty();
    fields.wrong(field, message);
    wrong_fields(call, fields)
}

/// 422 with the fields noted.
pub(super) fn wrong_fields(call: &Call, fields: Fields) -> Box<Answer> {
    match fields.finish(&call.desk.config.public_url) {
        Err(answer) => answer,
        Ok(()) => refused(call, &problem::INVALID, None),
    }
}

/// The number in an address; 0, which nothing has, when it is none.
pub(super) fn id(call: &Call, index: usize) -> i64 {
    call.param(index).parse().unwrap_or(0)
}
