//! A form's values and what is wrong with them: as stored, or as somebody typed them; and the fields that show them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::TeamWords;
use crate::booking::FieldError;
use crate::config::duration;
use crate::surface::Form;

/// Values by the names of their fields, and errors.
#[derive(Default)]
pub(super) struct Entered {
    values: BTreeMap<String, String>,
    pub(super) errors: Vec<FieldError>,
}

impl Entered {
    /// What was typed into these fields.
    pub(super) fn typed(form: &Form, names: &[&str]) -> Self {
        let values = names.iter().map(|name| {
            let value = form.get(name).unwrap_or_default().replace("\r\n", "\n");
            ((*name).to_owned(), value.trim().to_owned())
        });
        Self { values: values.collect(), errors: Vec::new() }
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    pub(super) fn tick(&mut self, name: &str, ticked: bool) {
        self.set(name, if ticked { "yes" } else { "" });
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    pub(super) fn ticked(&self, name: &str) -> bool {
        self.text(name) == "yes"
    }

    pub(super) fn refuse(&mut self, name: &str) {
        self.errors.push(FieldError { field: name.to_owned().into(), message: String::new() });
    }

    /// A word one chooses.
    pub(super) fn word<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        let read = self.text(name).parse().ok();
        if read.is_none() {
            self.refuse(name);
        }
        read
    }

    /// A number that must be there.
    pub(super) fn number(&mut self, name: &str) -> Option<i64> {
        let read = self.text(name).parse().ok();
        if read.is_none() {
            self.refuse(name);
        }
        read
    }

    /// A number, or nothing.
    pub(super) fn optional_number(&mut self, name: &str) -> Option<Option<i64>> {
        if self.text(name).is_empty() { Some(None) } else { self.number(name).map(Some) }
    }

    /// A duration such as `24h`, or nothing.
    pub(super) fn optional_duration(&mut self, name: &str) -> Option<Option<i64>> {
        if self.text(name).is_empty() {
            return Some(None);
        }
        let read = duration(self.text(name)).ok();
        if read.is_none() {
            self.refuse(name);
        }
        read.map(Some)
    }

    /// Durations, one after a comma.
    pub(super) fn durations(&mut self, name: &str) -> Option<Vec<i64>> {
        let parts = self.text(name).split(',').map(str::trim).filter(|part| !part.is_empty());
        let read = parts.map(duration).collect::<Result<Vec<_>, _>>().ok();
        if read.is_none() {
            self.refuse(name);
        }
        read
    }

    /// A clock time such as `09:00`, as seconds after midnight.
    pub(super) fn clock(&mut self, name: &str) -> Option<i64> {
        let read = self.text(name).split_once(':').and_then(|(hours, minutes)| {
            let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
            ((0..=24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 3_600 + minutes * 60)
        });
        if read.is_none() {
            self.refuse(name);
        }
        read
    }

    /// What is wrong with a field, in the reader's language.
    pub(super) fn wrong<'w>(&self, words: &'w TeamWords, name: &str) -> Option<&'w str> {
        let error = self.errors.iter().find(|error| error.field == name)?;
        Some(match &*error.message {
            message if message.contains("has this address") || message.contains("already") => words.taken,
            message if message.contains("banned") => words.banned_address,
            message if message.contains("administrators") => words.only_admins,
            _ => words.wrong_value,
        })
    }
}

/// `90m`, `24h`, `2d`: what [`duration`] reads back.
pub(super) fn spell(seconds: i64) -> String {
    match seconds {
        0 => "0".into(),
        _ if seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
        _ if seconds % 3_600 == 0 => format!("{}h", seconds / 3_600),
        _ if seconds % 60 == 0 => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

/// `09:00`
pub(super) fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
}

/// One form's fields in the reader's language.
pub(super) struct Fields<'a> {
    pub(super) entered: &'a Entered,
    pub(super) words: &'static TeamWords,
}

/// Label and hint.
type Said = (&'static str, &'static str);

impl Fields<'_> {
    /// A line of text.
    pub(super) fn line(&self, name: &str, said: Said) -> Markup {
        self.framed(name, said, |described, wrong| html! {
            input type="text" id=(name) name=(name) value=(self.entered.text(name)) aria-invalid=[wrong.then_some("true")]
                aria-describedby=(described) autocomplete="off" maxlength="500";
        })
    }

    /// Some lines of text.
    pub(super) fn lines(&self, name: &str, said: Said) -> Markup {
        self.framed(name, said, |described, wrong| {
            html! {
                textarea id=(name) name=(name) maxlength="5000" aria-invalid=[wrong.then_some("true")]
                    aria-describedby=(described) { (self.entered.text(name)) }
            }
        })
    }

    /// One of some words.
    pub(super) fn choice(&self, name: &str, said: Said, all: &[(&str, &str)]) -> Markup {
        self.framed(name, said, |described, wrong| {
            html! {
                select id=(name) name=(name) aria-invalid=[wrong.then_some("true")] aria-describedby=(described) {
                    @for (word, told) in all {
                        option value=(word) selected[self.entered.text(name) == *word] { (told) }
                    }
                }
            }
        })
    }

    /// Yes or no.
    pub(super) fn tick(&self, name: &str, said: Said) -> Markup {
        let wrong = self.entered.wrong(self.words, name);
        html! {
            div.field.tick {
                label for=(name) {
                    input type="checkbox" id=(name) name=(name) value="yes" checked[self.entered.ticked(name)]
                        aria-describedby={ (name) "-hint" @if wrong.is_some() { " " (name) "-wrong" } };
                    " " (said.0)
                }
                p.hint id={ (name) "-hint" } { (said.1) }
                @if let Some(wrong) = wrong { p.wrong id={ (name) "-wrong" } { (wrong) } }
            }
        }
    }

    /// Label, hint and what is wrong around a control of one's own.
    pub(super) fn framed(&self, name: &str, said: Said, control: impl FnOnce(String, bool) -> Markup) -> Markup {
        let wrong = self.entered.wrong(self.words, name);
        let described = if wrong.is_some() { format!("{name}-hint {name}-wrong") } else { format!("{name}-hint") };
        html! {
            div.field {
                label for=(name) { (said.0) }
                p.hint id={ (name) "-hint" } { (said.1) }
                (control(described, wrong.is_some()))
                @if let Some(wrong) = wrong { p.wrong id={ (name) "-wrong" } { (wrong) } }
            }
        }
    }

    /// Everything that is wrong, above the form, each with the way to its field; `label` names one.
    pub(super) fn summary(&self, label: impl Fn(&str) -> &'static str) -> Markup {
        html! {
            @if !self.entered.errors.is_empty() {
                div.notice.alert role="alert" tabindex="-1" autofocus {
                    p { (self.words.look_again) }
                    ul {
                        @for error in &self.entered.errors {
                            li { a href={ "#" (error.field) } { (label(&error.field)) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spelt_as_they_are_read() {
        for seconds in [0, 30, 90, 900, 5_400, 7_200, 86_400, 90_000, 172_800] {
            assert_eq!(duration(&spell(seconds)), Ok(seconds));
        }
        assert_eq!((spell(5_400).as_str(), clock(32_400).as_str()), ("90m", "09:00"));
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_name() {
        let form = Form::parse(b"notice=soon&day_starts=9&reminders=24h%2C+1h&daily_cap=");
        let mut entered = Entered::typed(&form, &["notice", "day_starts", "reminders", "daily_cap"]);
        assert_eq!(entered.optional_duration("notice"), None);
        assert_eq!(entered.clock("day_starts"), None);
        assert_eq!(entered.durations("reminders"), Some(vec![86_400, 3_600]));
        assert_eq!(entered.optional_number("daily_cap"), Some(None));
        let fields: Vec<&str> = entered.errors.iter().map(|error| &*error.field).collect();
        assert_eq!(fields, ["notice", "day_starts"]);
    }
}
