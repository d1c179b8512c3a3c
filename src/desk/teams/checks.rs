//! What a team and a session type may be: every field that cannot be used, in the API's words.

use std::collections::BTreeSet;

use super::Actor;
use crate::booking::FieldError;
use crate::teams::{
    MOST_OPTIONS, MOST_QUESTIONS, MOST_SITES, PlaceKind, Question, QuestionKind, RuleSet, SessionType, Team, is_site,
    is_slug,
};

const DAY: i64 = 86_400;
/// Longest description, in characters.
const LONGEST_DESCRIPTION: usize = 5_000;
/// Most reminders of one session.
const MOST_REMINDERS: usize = 5;

/// What only administrators change.
pub(super) fn may_change(actor: Actor, is_new: bool, old: &Team, new: &Team) -> Vec<FieldError> {
    if actor.admin {
        return Vec::new();
    }
    let mut found = Found::default();
    let message = "Only administrators change this.";
    found.unless(!is_new && old.slug == new.slug, "slug", message);
    found.unless(old.active == new.active, "active", message);
    found.unless(old.notify_admins == new.notify_admins, "notify_admins", message);
    found.0
}

pub(super) fn wrong_team(team: &Team) -> Vec<FieldError> {
    let mut found = Found::default();
    found.names(&team.slug, &team.name, &team.description);
    let known = caldav::ical::zone::Zone::named(&team.timezone).is_some_and(|zone| zone.name() == team.timezone);
    found.unless(known, "timezone", "Please choose a time zone such as Europe/Berlin.");
    found.unless((0..DAY).contains(&team.day_starts), "day_starts", "The day begins between 0:00 and 23:59.");
    let ends = team.day_ends > team.day_starts && team.day_ends <= DAY;
    found.unless(ends, "day_ends", "The day ends after it begins, at 24:00 at the latest.");
    found.rules(&team.rules);
    found.unless(
        team.daily_cap.is_none_or(|cap| (1..=10_000).contains(&cap)),
        "daily_cap",
        "Please use a number from 1 to 10,000, or leave it empty.",
    );
    let sites = team.embed_on.len() <= MOST_SITES && team.embed_on.iter().all(|site| is_site(site));
    found.unless(sites, "embed_on", "Please name at most 20 sites, each such as https://www.example.org.");
    found.0
}

pub(super) fn wrong_type(kind: &SessionType) -> Vec<FieldError> {
    let mut found = Found::default();
    found.names(&kind.slug, &kind.name, &kind.description);
    found.unless((1..=1_440).contains(&kind.minutes), "minutes", "A session takes 1 to 1,440 minutes.");
    let step = kind.step.is_none_or(|step| (60..=DAY).contains(&step) && step % 60 == 0);
    found.unless(step, "step", "Please use 1 minute to 24 hours in whole minutes, or leave it empty.");
    found.rules(&kind.rules);
    found.unless((1..=1_000).contains(&kind.capacity), "capacity", "A session has 1 to 1,000 places.");
    found.unless((0..=10_000).contains(&kind.position), "position", "Please use a number from 0 to 10,000.");
    let told = !matches!(kind.place, PlaceKind::Address | PlaceKind::Custom) || !kind.place_detail.trim().is_empty();
    let detail = is_line(&kind.place_detail, 500) && told;
    found.unless(detail, "place_detail", "Please say where, in one line of at most 500 characters.");
    let color = kind.color.is_empty()
        || kind.color.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    found.unless(color, "color", "Please use a colour such as #0d655b, or leave it empty.");
    let reminders =
        kind.reminders.len() <= MOST_REMINDERS && kind.reminders.iter().all(|before| (300..=30 * DAY).contains(before));
    found.unless(reminders, "reminders", "At most 5 reminders, 5 minutes to 30 days before.");
    if let Some(message) = wrong_questions(&kind.questions) {
        found.unless(false, "questions", message);
    }
    found.0
}

fn wrong_questions(questions: &[Question]) -> Option<&'static str> {
    if questions.len() > MOST_QUESTIONS {
        return Some("At most 10 questions.");
    }
    let labels: BTreeSet<&str> = questions.iter().map(|question| question.label.as_str()).collect();
    if labels.len() < questions.len() {
        return Some("Each question needs words of its own.");
    }
    for question in questions {
        if question.label.trim().is_empty() || !is_line(&question.label, 200) {
            return Some("A question is one line of at most 200 characters.");
        }
        let different: BTreeSet<&String> = question.options.iter().collect();
        let few = (2..=MOST_OPTIONS).contains(&different.len()) && different.len() == question.options.len();
        let usable = question.options.iter().all(|option| !option.trim().is_empty() && is_line(option, 200));
        match question.kind {
            QuestionKind::Choice if !few || !usable => {
                return Some("A choice has 2 to 20 different options of at most 200 characters.");
            }
            QuestionKind::Choice => {}
            _ if !question.options.is_empty() => return Some("Only a choice has options."),
            _ => {}
        }
    }
    None
}

fn is_line(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.chars().any(char::is_control)
}

#[derive(Default)]
struct Found(Vec<FieldError>);

impl Found {
    fn unless(&mut self, good: bool, field: &'static str, message: &str) {
        if !good {
            self.0.push(FieldError { field: field.into(), message: message.into() });
        }
    }

    fn names(&mut self, slug: &str, name: &str, description: &str) {
        self.unless(is_slug(slug), "slug", "Please use lower-case letters, digits and hyphens, such as code-review.");
        self.unless(!name.trim().is_empty() && is_line(name, 255), "name", "Please use 1 to 255 ordinary characters.");
        let text = description.chars().count() <= LONGEST_DESCRIPTION
            && !description.chars().any(|c| c.is_control() && c != '\n');
        self.unless(text, "description", "Please use at most 5,000 ordinary characters.");
    }

    fn rules(&mut self, rules: &RuleSet) {
        let within =
            |value: Option<i64>, range: std::ops::RangeInclusive<i64>| value.is_none_or(|v| range.contains(&v));
        self.unless(within(rules.notice, 0..=366 * DAY), "notice", "Please use at most 366 days, such as 24h.");
        self.unless(within(rules.buffer_before, 0..=DAY), "buffer_before", "Please use at most 24 hours, such as 15m.");
        self.unless(within(rules.buffer_after, 0..=DAY), "buffer_after", "Please use at most 24 hours, such as 15m.");
        let window = within(rules.booking_window, DAY..=3_660 * DAY);
        self.unless(window, "booking_window", "Please use 1 to 3,660 days, such as 60d.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind() -> SessionType {
        SessionType { slug: "talk".into(), name: "A talk".into(), minutes: 60, capacity: 1, ..SessionType::default() }
    }

    fn fields(errors: Vec<FieldError>) -> Vec<String> {
        errors.into_iter().map(|error| error.field.into_owned()).collect()
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        assert_eq!(fields(wrong_type(&kind())), Vec::<String>::new());
        let wrong = SessionType {
            slug: "A talk".into(),
            minutes: 0,
            place: PlaceKind::Address,
            color: "red".into(),
            reminders: vec![1],
            ..kind()
        };
        assert_eq!(fields(wrong_type(&wrong)), ["slug", "minutes", "place_detail", "color", "reminders"]);
    }

    #[test]
    fn questions_have_words_and_options_of_their_own() {
        let question = |label: &str, kind, options: &[&str]| Question {
            label: label.into(),
            kind,
            required: false,
            options: options.iter().map(|option| (*option).to_owned()).collect(),
        };
        let good = [question("Which?", QuestionKind::Choice, &["a", "b"]), question("Why?", QuestionKind::Long, &[])];
        assert_eq!(wrong_questions(&good), None);
        assert!(wrong_questions(&[question("Which?", QuestionKind::Choice, &["a", "a"])]).is_some());
        assert!(wrong_questions(&[question("Why?", QuestionKind::Short, &[]), good[1].clone()]).is_some());
        assert!(wrong_questions(&vec![good[1].clone(); 11]).is_some());
    }

    #[test]
    fn a_lead_changes_no_address_and_switches_nothing_off() {
        let team = Team { slug: "coaches".into(), active: true, ..Team::default() };
        let lead = Actor { person: Some(1), admin: false };
        let off = Team { active: false, name: "New".into(), ..team.clone() };
        assert_eq!(fields(may_change(lead, false, &team, &off)), ["active"]);
        assert!(may_change(Actor::COMMAND_LINE, false, &team, &off).is_empty());
    }
}
