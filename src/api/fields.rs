//! Reads the members of a JSON object and collects what is wrong with them, so that one answer tells everything.
//! Members nobody asked for are ignored.

use serde_json::{Map, Value, json};

use super::times;
use crate::surface::{Answer, Call, problem};

/// A JSON object being read.
pub(super) struct Fields {
    object: Map<String, Value>,
    errors: Vec<Value>,
}

impl Fields {
    /// The body of a request; an empty one counts as `{}`.
    ///
    /// # Errors
    /// The answer: 415 for another media type, 400 for what is not a JSON object.
    pub(super) fn read(call: &Call) -> Result<Self, Box<Answer>> {
        let public_url = &call.desk.config.public_url;
        let refuse = |problem: &problem::Problem, detail: &str| {
            Err(Box::new(problem.answer(public_url, Some(detail), Map::new())))
        };
        let media_type = call.header(http::header::CONTENT_TYPE).unwrap_or("application/json");
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence != "application/json" && !essence.ends_with("+json") {
            return refuse(&problem::MEDIA_TYPE, "The body must be application/json.");
        }
        if call.body.is_empty() {
            return Ok(Self::empty());
        }
        match serde_json::from_slice(&call.body) {
            Ok(Value::Object(object)) => Ok(Self { object, errors: Vec::new() }),
            Ok(_) => refuse(&problem::BAD_REQUEST, "The body must be a JSON object."),
            Err(error) => refuse(
                &problem::BAD_REQUEST,
                &format!("The body is no JSON: line {}, column {}.", error.line(), error.column()),
            ),
        }
    }

    /// Nothing to read, for errors found elsewhere.
    pub(super) fn empty() -> Self {
        Self { object: Map::new(), errors: Vec::new() }
    }

    /// Notes what is wrong with a field.
    pub(super) fn wrong(&mut self, field: &str, message: &str) {
        self.errors.push(json!({ "field": field, "message": message }));
    }

    /// A member as it was sent, `null` too; `None`: it was left out.
    pub(super) fn member(&self, field: &str) -> Option<&Value> {
        self.object.get(field)
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, field: &str) -> String {
        let value = self.optional(field);
        if value.is_none() && !self.errors.iter().any(|error| error["field"] == field) {
            self.wrong(field, "is missing");
        }
        value.unwrap_or_default()
    }

    /// A text that may be left out or `null`.
    pub(super) fn optional(&mut self, field: &str) -> Option<String> {
        let mut value = self.object.get(field.split('.').next().unwrap_or_default());
        for part in field.split('.').skip(1) {
            value = value.and_then(|inner| inner.get(part));
        }
        match value.cloned() {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => {
                self.wrong(field, "must be a text");
                None
            }
        }
    }

    /// Yes or no; left out is no.
    pub(super) fn flag(&mut self, field: &str) -> bool {
        match self.object.get(field) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(value)) => *value,
            Some(_) => {
                self.wrong(field, "must be true or false");
                false
            }
        }
    }

    /// A time that must be there.
    pub(super) fn time(&mut self, field: &str) -> i64 {
        let before = self.errors.len();
        let text = self.text(field);
        let read = times::read(&text);
        if read.is_none() && self.errors.len() == before {
            self.wrong(field, "must be a time such as 2026-11-26T18:00:00Z");
        }
        read.unwrap_or_default()
    }

    /// Whether a member is there, `null` or not.
    pub(super) fn has(&self, field: &str) -> bool {
        self.object.contains_key(field)
    }

    /// A whole number that may be left out or `null`.
    pub(super) fn number(&mut self, field: &str) -> Option<i64> {
        let value = self.object.get(field).filter(|value| !value.is_null())?;
        let number = value.as_i64();
        if number.is_none() {
            self.wrong(field, "must be a whole number");
        }
        number
    }

    /// True or false, if it is there.
    pub(super) fn choice(&mut self, field: &str) -> Option<bool> {
        let value = self.object.get(field).filter(|value| !value.is_null())?;
        let choice = value.as_bool();
        if choice.is_none() {
            self.wrong(field, "must be true or false");
        }
        choice
    }

    /// A list of texts that may be left out.
    pub(super) fn texts(&mut self, field: &str) -> Vec<String> {
        let texts = match self.object.get(field) {
            None | Some(Value::Null) => Some(Vec::new()),
            Some(Value::Array(list)) => list.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
            Some(_) => None,
        };
        texts.unwrap_or_else(|| {
            self.wrong(field, "must be a list of texts");
            Vec::new()
        })
    }

    /// An object that may be left out.
    pub(super) fn object(&mut self, field: &str) -> Map<String, Value> {
        match self.object.get(field) {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(object)) => object.clone(),
            Some(_) => {
                self.wrong(field, "must be an object");
                Map::new()
            }
        }
    }

    /// All that was found wrong, as the answer.
    ///
    /// # Errors
    /// The answer: 422 with each field.
    pub(super) fn finish(self, public_url: &str) -> Result<(), Box<Answer>> {
        if self.errors.is_empty() {
            return Ok(());
        }
        let more = Map::from_iter([("errors".to_owned(), Value::Array(self.errors))]);
        Err(Box::new(problem::INVALID.answer(public_url, None, more)))
    }
}
