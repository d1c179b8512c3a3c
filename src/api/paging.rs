//! Long lists in parts: `limit` says how many at once, `after` is the `next` of the part before.

use serde_json::{Value, json};

use super::fields::Fields;
use crate::surface::{Answer, Call};

/// How many at once unless `limit` says so, and at most.
const USUAL: i64 = 50;
const MOST: i64 = 200;

/// Which part is asked for.
pub(super) struct Paging {
    /// The last one of the part before.
    pub(super) after: Option<i64>,
    limit: i64,
}

impl Paging {
    /// # Errors
    /// The answer: 422 for what cannot be.
    pub(super) fn read(call: &Call) -> Result<Self, Box<Answer>> {
        let query = call.query();
        let mut fields = Fields::empty();
        let mut number = |name: &str, good: std::ops::RangeInclusive<i64>, message: &str| match query.text(name) {
            "" => None,
            text => {
                let number = text.parse().ok().filter(|number| good.contains(number));
                if number.is_none() {
                    fields.wrong(name, message);
                }
                number
            }
        };
        let after = number("after", 1..=i64::MAX, "must be the `next` of an earlier answer");
        let limit = number("limit", 1..=MOST, "must be a number from 1 to 200");
        fields.finish(&call.desk.config.public_url)?;
        Ok(Self { after, limit: limit.unwrap_or(USUAL) })
    }

    /// How many to look for: one more than is told shows whether there are more.
    pub(super) fn wanted(&self) -> i64 {
        self.limit + 1
    }

    /// The part under its name, with `next` where there is more.
    pub(super) fn told<T>(
        &self,
        name: &str,
        found: &[T],
        id: impl Fn(&T) -> i64,
        write: impl Fn(&T) -> Value,
    ) -> Value {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let part = found.get(..limit).unwrap_or(found);
        let next = part.last().filter(|_| found.len() > limit).map(|last| id(last).to_string());
        json!({ name: part.iter().map(write).collect::<Vec<_>>(), "next": next })
    }
}
