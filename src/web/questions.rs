//! What a booking form asks besides name, address and agenda: the telephone number and the type's own questions.

use maud::{Markup, html};
use serde_json::{Map, Value};

use super::book::field;
use super::words::language::Words;
use crate::booking::{Booking, FieldError};
use crate::surface::Form;
use crate::teams::{PhoneWish, Question, QuestionKind, SessionType};

/// What somebody has typed.
#[derive(Debug, Clone, Default)]
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

    /// What a booking says.
    pub(super) fn of(booking: &Booking, kind: &SessionType) -> Self {
        let answer = |question: &Question| match booking.answers.get(&question.label) {
            Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
            other => other.and_then(Value::as_str).unwrap_or_default().to_owned(),
        };
        let phone = booking.phone.clone().unwrap_or_default();
        Self { phone, answers: kind.questions.iter().map(answer).collect() }
    }

    /// With the empty ones, which take an answer back.
    pub(super) fn all_answers(&self, kind: &SessionType) -> Map<String, Value> {
        let given = kind.questions.iter().zip(&self.answers);
        given.map(|(question, answer)| (question.label.clone(), Value::String(answer.clone()))).collect()
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

/// Whether a type asks anything.
pub(super) fn any(kind: &SessionType) -> bool {
    kind.phone != PhoneWish::Off || !kind.questions.is_empty()
}

/// The fields, with what was typed and what is wrong with it.
pub(super) fn fields(words: &Words, kind: &SessionType, replies: &Replies, errors: &[FieldError]) -> Markup {
    shown(words, kind, replies, errors, false)
}

/// The same for somebody who answers for a guest: nothing need be answered.
pub(super) fn for_a_guest(words: &Words, kind: &SessionType, replies: &Replies, errors: &[FieldError]) -> Markup {
    shown(words, kind, replies, errors, true)
}

fn shown(words: &Words, kind: &SessionType, replies: &Replies, errors: &[FieldError], open: bool) -> Markup {
    let wrong = |name: &str| errors.iter().any(|error| error.field == name);
    html! {
        @if kind.phone != PhoneWish::Off {
            @let required = kind.phone == PhoneWish::Required && !open;
            @let refused = wrong("guest.phone").then_some(words.wrong_phone);
            @let label = if open { words.phone } else { words.your_phone };
            (field("phone", label, (!required).then_some(words.may_stay_empty), refused, |described| html! {
                input #phone type="tel" name="phone" value=(replies.phone) autocomplete="tel" required[required] maxlength="64"
                    aria-invalid=[refused.map(|_| "true")] aria-describedby=[described];
            }))
        }
        @for (number, question) in kind.questions.iter().enumerate() {
            @let refused = wrong(&format!("answers.{}", question.label)).then_some(words.wrong_answer);
            @let typed = replies.answers.get(number).map_or("", String::as_str);
            (asked(words, question, (&name(number), question.required && !open), typed, refused))
        }
    }
}

fn asked(
    words: &Words,
    question: &Question,
    (id, required): (&str, bool),
    typed: &str,
    refused: Option<&str>,
) -> Markup {
    let hint = (!required).then_some(words.may_stay_empty);
    let invalid = refused.map(|_| "true");
    let yes_no = [("yes", words.yes), ("no", words.no)];
    let options: Vec<(&str, &str)> = match question.kind {
        QuestionKind::YesNo => yes_no.to_vec(),
        _ => question.options.iter().map(|option| (option.as_str(), option.as_str())).collect(),
    };
    field(id, &question.label, hint, refused, |described| match question.kind {
        QuestionKind::Short => html! {
            input type="text" id=(id) name=(id) value=(typed) required[required] maxlength=(question.longest())
                aria-invalid=[invalid] aria-describedby=[described];
        },
        QuestionKind::Long => html! {
            textarea id=(id) name=(id) rows="4" required[required] maxlength=(question.longest())
                aria-invalid=[invalid] aria-describedby=[described] { (typed) }
        },
        QuestionKind::Choice | QuestionKind::YesNo => html! {
            select id=(id) name=(id) required[required] aria-invalid=[invalid] aria-describedby=[described] {
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
