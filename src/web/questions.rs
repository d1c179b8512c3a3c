//! What a booking form asks besides name, address and agenda: the telephone number and the type's own questions.

use maud::{Markup, html};
use serde_json::{Map, Value};

use super::book::field;
use super::words::language::Words;
use crate::booking::FieldError;
use crate::surface::Form;
use crate::teams::{PhoneWish, Question, QuestionKind, SessionType};

/// What somebody has typed.
#[derive(Default)]
pub(super) struct Replies {
    pub(super) phone: String,
    /// In the order of the type's questions.
    answers: Vec<String>,
}

impl Replies {
    pub(super) fn read(form: &Form, kind: &SessionType) -> Self {
        let answers = (0..kind.questions.len()).map(|number| form.text(&name(number)).replace("\r\n", "\n"));
        Self { phone: form.text("phone").to_owned(), answers: answers.collect() }
    }

    /// As the desk takes them.
    pub(super) fn answers(&self, kind: &SessionType) -> Map<String, Value> {
        let given = kind.questions.iter().zip(&self.answers).filter(|(_, answer)| !answer.is_empty());
        given.map(|(question, answer)| (question.label.clone(), Value::String(answer.clone()))).collect()
    }

    /// Everything in one text: the same for the same form.
    pub(super) fn all(&self) -> String {
        format!("{}\0{}", self.phone, self.answers.join("\0"))
    }
}

fn name(number: usize) -> String {
    format!("q{number}")
}

/// The id of the control that an error is about, if it is one of these.
pub(super) fn id_of(kind: &SessionType, field: &str) -> Option<String> {
    if field == "guest.phone" {
        return Some("phone".into());
    }
    let label = field.strip_prefix("answers.")?;
    kind.questions.iter().position(|question| question.label == label).map(name)
}

/// The fields, with what was typed and what is wrong with it.
pub(super) fn fields(words: &Words, kind: &SessionType, replies: &Replies, errors: &[FieldError]) -> Markup {
    let wrong = |name: &str| errors.iter().any(|error| error.field == name);
    html! {
        @if kind.phone != PhoneWish::Off {
            @let required = kind.phone == PhoneWish::Required;
            @let refused = wrong("guest.phone").then_some(words.wrong_phone);
            (field("phone", words.your_phone, (!required).then_some(words.may_stay_empty), refused, |described| html! {
                input #phone type="tel" name="phone" value=(replies.phone) autocomplete="tel" required[required] maxlength="64"
                    aria-invalid=[refused.map(|_| "true")] aria-describedby=[described];
            }))
        }
        @for (number, question) in kind.questions.iter().enumerate() {
            @let refused = wrong(&format!("answers.{}", question.label)).then_some(words.wrong_answer);
            @let typed = replies.answers.get(number).map_or("", String::as_str);
            (asked(words, question, &name(number), typed, refused))
        }
    }
}

fn asked(words: &Words, question: &Question, id: &str, typed: &str, refused: Option<&str>) -> Markup {
    let hint = (!question.required).then_some(words.may_stay_empty);
    let invalid = refused.map(|_| "true");
    let yes_no = [("yes", words.yes), ("no", words.no)];
    let options: Vec<(&str, &str)> = match question.kind {
        QuestionKind::YesNo => yes_no.to_vec(),
        _ => question.options.iter().map(|option| (option.as_str(), option.as_str())).collect(),
    };
    field(id, &question.label, hint, refused, |described| match question.kind {
        QuestionKind::Short => html! {
            input type="text" id=(id) name=(id) value=(typed) required[question.required] maxlength=(question.longest())
                aria-invalid=[invalid] aria-describedby=[described];
        },
        QuestionKind::Long => html! {
            textarea id=(id) name=(id) rows="4" required[question.required] maxlength=(question.longest())
                aria-invalid=[invalid] aria-describedby=[described] { (typed) }
        },
        QuestionKind::Choice | QuestionKind::YesNo => html! {
            select id=(id) name=(id) required[question.required] aria-invalid=[invalid] aria-describedby=[described] {
                option value="" { (words.please_choose) }
                @for (value, told) in &options { option value=(value) selected[*value == typed] { (told) } }
            }
        },
    })
}

/// An answer in words.
pub(super) fn told<'a>(words: &Words, answer: &'a Value) -> &'a str
where
    'static: 'a,
{
    match answer {
        Value::Bool(true) => words.yes,
        Value::Bool(false) => words.no,
        other => other.as_str().unwrap_or_default(),
    }
}
