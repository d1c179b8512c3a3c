//! What a booking form asks besides name and address. Stored as JSON beside the session type.

use serde_json::{Map, Value, json};

use super::{PhoneWish, QuestionKind, SessionType};

/// Questions one type has at most.
pub const MOST_QUESTIONS: usize = 10;
/// Options one question has at most.
pub const MOST_OPTIONS: usize = 20;

/// A question, and how it is answered. Its label names the answer in a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked: one line, unlike the others of its type.
    pub label: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Nobody books without an answer.
    pub required: bool,
    /// What to choose from; empty for the other kinds.
    pub options: Vec<String>,
}

impl Question {
    /// Longest answer, in characters.
    pub fn longest(&self) -> usize {
        if self.kind == QuestionKind::Long { 2_000 } else { 255 }
    }

    /// As JSON: what is stored, and what the API shows and takes.
    pub fn json(&self) -> Value {
        let mut json = json!({"label": self.label, "kind": self.kind.word(), "required": self.required});
        if self.kind == QuestionKind::Choice {
            json["options"] = self.options.clone().into();
        }
        json
    }

    /// Reads one; `None`: it has another shape. What it says is not judged here.
    pub fn read(json: &Value) -> Option<Self> {
        let object: &Map<String, Value> = json.as_object()?;
        let options = match object.get("options") {
            None | Some(Value::Null) => Vec::new(),
            Some(options) => {
                options.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<_>>()?
            }
        };
        Some(Self {
            label: object.get("label")?.as_str()?.to_owned(),
            kind: object.get("kind")?.as_str()?.parse().ok()?,
            required: object.get("required").is_some_and(|required| required == &Value::Bool(true)),
            options,
        })
    }
}

/// What nobody books without: all that a type wants to know, or what of it a booking lacks, because it was made where
/// nobody could be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needed {
    /// The telephone number.
    pub phone: bool,
    /// The labels of questions.
    pub questions: Vec<String>,
}

impl Needed {
    /// What a type wants to know.
    pub fn of(kind: &SessionType) -> Self {
        let required = kind.questions.iter().filter(|question| question.required);
        Self {
            phone: kind.phone == PhoneWish::Required,
            questions: required.map(|question| question.label.clone()).collect(),
        }
    }

    /// What of it is not answered here.
    pub fn lacking(&self, phone: Option<&str>, answers: &Map<String, Value>) -> Self {
        let open = self.questions.iter().filter(|label| !answers.contains_key(*label));
        Self { phone: self.phone && phone.is_none(), questions: open.cloned().collect() }
    }

    /// Nothing.
    pub fn is_empty(&self) -> bool {
        !self.phone && self.questions.is_empty()
    }
}

/// Questions as they are stored.
pub(super) fn write(questions: &[Question]) -> String {
    Value::Array(questions.iter().map(Question::json).collect()).to_string()
}

/// Questions as they are stored; `None`: the text is damaged.
pub(super) fn read(text: &str) -> Option<Vec<Question>> {
    serde_json::from_str::<Value>(text).ok()?.as_array()?.iter().map(Question::read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        let choice = Question {
            label: "Which language?".into(),
            kind: QuestionKind::Choice,
            required: true,
            options: vec!["Rust".into(), "Go".into()],
        };
        let note =
            Question { label: "Anything else?".into(), kind: QuestionKind::Long, required: false, options: vec![] };
        let all = vec![choice, note];
        assert_eq!(read(&write(&all)), Some(all));
        assert_eq!(read("[]"), Some(vec![]));
        assert_eq!(read("[{\"label\":\"x\",\"kind\":\"essay\"}]"), None);
    }
}
