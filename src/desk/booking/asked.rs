//! What a session type asks besides name and address: whether the answers will do, and what is kept of them.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::booking::FieldError;
use crate::teams::{PhoneWish, Question, QuestionKind, SessionType};

/// Fewest digits of a telephone number.
const FEWEST_DIGITS: usize = 3;
/// Characters of an unknown question's name that an error repeats.
const SHOWN: usize = 100;

/// Telephone and answers as they are stored: what was not asked for is not kept.
pub(super) type Answered = (Option<String>, Map<String, Value>);

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The guest, who knows.
    Guest,
    /// Somebody of the team for the guest: what they do not know may stay open.
    Team,
}

/// Reads what was given, by what the type asks. Answers are named by their questions' labels.
///
/// # Errors
/// Every answer that is missing, or will not do, as `answers.<label>`.
pub(super) fn answered(
    kind: &SessionType,
    phone: Option<&str>,
    answers: &Map<String, Value>,
    by: By,
) -> Result<Answered, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let phone = phone.map(str::trim).filter(|phone| !phone.is_empty() && kind.phone != PhoneWish::Off);
    let digits = phone.map_or(0, |phone| phone.chars().filter(char::is_ascii_digit).count());
    let must = by == By::Guest && kind.phone == PhoneWish::Required;
    if (phone.is_some() || must) && digits < FEWEST_DIGITS {
        let message = "Please give a telephone number, such as +49 30 123456.".into();
        wrong.push(FieldError { field: "guest.phone".into(), message });
    }
    let mut kept = Map::new();
    for question in &kind.questions {
        match read(question, answers.get(&question.label), by) {
            Ok(Some(answer)) => drop(kept.insert(question.label.clone(), answer)),
            Ok(None) => {}
            Err(message) => {
                wrong.push(FieldError { field: Cow::Owned(format!("answers.{}", question.label)), message });
            }
        }
    }
    for label in answers.keys().filter(|label| !kind.questions.iter().any(|question| question.label == **label)) {
        let label: String = label.chars().take(SHOWN).collect();
        let message = "This is not asked here.".into();
        wrong.push(FieldError { field: Cow::Owned(format!("answers.{label}")), message });
    }
    if wrong.is_empty() { Ok((phone.map(str::to_owned), kept)) } else { Err(wrong) }
}

/// The answer as it is kept; `None`: none was given, and none is needed.
fn read(question: &Question, given: Option<&Value>, by: By) -> Result<Option<Value>, String> {
    let given = given.filter(|given| !given.is_null() && given.as_str().is_none_or(|text| !text.trim().is_empty()));
    let Some(given) = given else {
        return if question.required && by == By::Guest { Err("Please answer this.".into()) } else { Ok(None) };
    };
    if question.kind == QuestionKind::YesNo {
        return match given {
            Value::Bool(_) => Ok(Some(given.clone())),
            Value::String(text) if text == "yes" || text == "no" => Ok(Some((text == "yes").into())),
            _ => Err("Please answer yes or no.".into()),
        };
    }
    let text = given.as_str().map(|text| text.trim().replace("\r\n", "\n")).ok_or("Please answer in words.")?;
    let lines = question.kind == QuestionKind::Long;
    if text.chars().count() > question.longest() || text.chars().any(|c| c.is_control() && !(lines && c == '\n')) {
        return Err(format!("Please use at most {} ordinary characters.", question.longest()));
    }
    if question.kind == QuestionKind::Choice && !question.options.contains(&text) {
        return Err(format!("Please choose one of: {}.", question.options.join(", ")));
    }
    Ok(Some(text.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn question(label: &str, kind: QuestionKind, required: bool) -> Question {
        let options = if kind == QuestionKind::Choice { vec!["Rust".into(), "Go".into()] } else { vec![] };
        Question { label: label.into(), kind, required, options }
    }

    fn kind(phone: PhoneWish) -> SessionType {
        let questions = vec![
            question("Language?", QuestionKind::Choice, true),
            question("Been here?", QuestionKind::YesNo, false),
            question("Why?", QuestionKind::Long, false),
        ];
        SessionType { phone, questions, ..SessionType::default() }
    }

    fn given(json: Value) -> Map<String, Value> {
        json.as_object().unwrap().clone()
    }

    fn fields(result: Result<Answered, Vec<FieldError>>) -> Vec<String> {
        result.unwrap_err().into_iter().map(|error| error.field.into_owned()).collect()
    }

    #[test]
    fn what_is_asked_is_kept_and_nothing_else() {
        let answers = given(json!({"Language?": "Rust", "Been here?": "no", "Why?": " "}));
        let (phone, kept) = answered(&kind(PhoneWish::Off), Some("+44 20 7946 0000"), &answers, By::Guest).unwrap();
        assert_eq!((phone, Value::Object(kept)), (None, json!({"Language?": "Rust", "Been here?": false})));
        let phone = answered(&kind(PhoneWish::Optional), Some("+44 20 7946 0000"), &answers, By::Guest).unwrap().0;
        assert_eq!(phone.as_deref(), Some("+44 20 7946 0000"));
    }

    #[test]
    fn what_is_missing_or_strange_is_named() {
        let answers = given(json!({"Language?": "Cobol", "Been here?": "maybe", "Shoe size?": "43"}));
        let found = fields(answered(&kind(PhoneWish::Required), None, &answers, By::Guest));
        assert_eq!(found, ["guest.phone", "answers.Language?", "answers.Been here?", "answers.Shoe size?"]);
        assert_eq!(fields(answered(&kind(PhoneWish::Off), None, &Map::new(), By::Guest)), ["answers.Language?"]);
    }

    #[test]
    fn who_books_for_a_guest_leaves_open_what_they_do_not_know_and_nothing_strange() {
        let (phone, kept) = answered(&kind(PhoneWish::Required), Some(" "), &Map::new(), By::Team).unwrap();
        assert_eq!((phone, kept.len()), (None, 0));
        let answers = given(json!({"Language?": "Cobol", "Shoe size?": "43"}));
        let found = fields(answered(&kind(PhoneWish::Required), Some("1"), &answers, By::Team));
        assert_eq!(found, ["guest.phone", "answers.Language?", "answers.Shoe size?"]);
    }
}
