//! Reads what may be given of something that is changed: what is left out stays, `null` unsets.

use std::str::FromStr;

use serde_json::Value;

use super::fields::Fields;

impl Fields {
    /// A text that may be given.
    pub(super) fn given_text(&mut self, field: &str) -> Option<String> {
        self.given(field, "must be a text", |value| value.as_str().map(str::to_owned))
    }

    /// Yes or no that may be given.
    pub(super) fn given_flag(&mut self, field: &str) -> Option<bool> {
        self.given(field, "must be true or false", Value::as_bool)
    }

    /// A whole number that may be given.
    pub(super) fn given_number(&mut self, field: &str) -> Option<i64> {
        self.given(field, "must be a whole number", Value::as_i64)
    }

    /// A whole number or `null` that may be given.
    pub(super) fn given_or_null(&mut self, field: &str) -> Option<Option<i64>> {
        self.given(field, "must be a whole number or null", |value| match value {
            Value::Null => Some(None),
            other => other.as_i64().map(Some),
        })
    }

    /// Whole numbers that may be given.
    pub(super) fn given_numbers(&mut self, field: &str) -> Option<Vec<i64>> {
        self.given(field, "must be a list of whole numbers", |value| {
            value.as_array()?.iter().map(Value::as_i64).collect()
        })
    }

    /// Texts that may be given.
    pub(super) fn given_texts(&mut self, field: &str) -> Option<Vec<String>> {
        self.given(field, "must be a list of texts", |value| {
            value.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect()
        })
    }

    /// One of some words that may be given.
    pub(super) fn given_word<T: FromStr<Err = String>>(&mut self, field: &str) -> Option<T> {
        match self.given_text(field)?.parse() {
            Ok(word) => Some(word),
            Err(message) => {
                self.wrong(field, &message);
                None
            }
        }
    }

    /// Something that may be given, as `read` reads it.
    pub(super) fn given<T>(&mut self, field: &str, must: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let read = read(self.member(field)?);
        if read.is_none() {
            self.wrong(field, must);
        }
        read
    }
}
