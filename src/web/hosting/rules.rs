//! `/host/rules`: a host's own rules, and what counts with them.

use maud::{Markup, html};

use super::super::book::field;
use super::super::visitor::token_field;
use super::{News, Visit, looking, pressing};
use crate::availability::Rules;
use crate::db::DbError;
use crate::desk::offers::{FieldWrong, Refused, Wrong};
use crate::desk::own_rules::{self, Effective};
use crate::people::settings::{self, OwnRules};
use crate::surface::{Answer, Call, Form};

const PATH: &str = "/host/rules";
const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// The fields, with the seconds of the unit they are typed in; 0: they are counted.
const FIELDS: [(&str, i64); 6] = [
    ("notice", HOUR),
    ("buffer_before", MINUTE),
    ("buffer_after", MINUTE),
    ("booking_window", DAY),
    ("max_per_day", 0),
    ("max_per_week", 0),
];

/// `GET /host/rules`
pub async fn show(call: Call) -> Answer {
    match looking(&call).await {
        Ok(visit) => {
            let news = visit.news();
            page(&visit, news, None).await
        }
        Err(answer) => answer,
    }
}

/// `POST /host/rules`
pub async fn save(call: Call) -> Answer {
    let visit = match pressing(&call).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let form = call.form();
    let saved = match read(&form) {
        Ok(rules) => own_rules::set(&call.desk, &visit.visitor.person, rules, Some(visit.visitor.person.id)).await,
        Err(refused) => Err(refused),
    };
    match saved {
        Ok(()) => visit.done(PATH, "saved"),
        Err(Refused::Db(error)) => visit.broken(&error),
        Err(refused) => page(&visit, News::refused(refused), Some(&form)).await,
    }
}

fn read(form: &Form) -> Result<OwnRules, Refused> {
    let mut wrong = Vec::new();
    let mut number = |(field, unit): (&'static str, i64)| {
        let text = form.text(field).replace(',', ".");
        if text.is_empty() {
            return None;
        }
        // Hours may be half ones; what is counted may not.
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite() && value.abs() < 1e9);
        let seconds = value.map(|value| value * if unit == 0 { 1.0 } else { unit as f64 });
        match seconds.filter(|seconds| seconds.fract() == 0.0) {
            Some(seconds) => Some(seconds as i64),
            None => {
                wrong.push(FieldWrong { field, wrong: Wrong::Number });
                None
            }
        }
    };
    let [notice, buffer_before, buffer_after, booking_window, max_per_day, max_per_week] = FIELDS.map(&mut number);
    let rules = OwnRules { notice, buffer_before, buffer_after, booking_window, max_per_day, max_per_week };
    if wrong.is_empty() { Ok(rules) } else { Err(Refused::Fields(wrong)) }
}

async fn known(visit: &Visit<'_>) -> Result<(OwnRules, Vec<Effective>), DbError> {
    let person = visit.visitor.person.id;
    let rules = settings::rules(&mut visit.call.desk.db.read().await?, person).await?;
    Ok((rules, own_rules::effective(&visit.call.desk, person).await?))
}

async fn page(visit: &Visit<'_>, news: News, typed: Option<&Form>) -> Answer {
    let (rules, effective) = match known(visit).await {
        Ok(known) => known,
        Err(error) => return visit.broken(&error),
    };
    let words = visit.words;
    let values = [
        rules.notice,
        rules.buffer_before,
        rules.buffer_after,
        rules.booking_window,
        rules.max_per_day,
        rules.max_per_week,
    ];
    let labels = [
        (words.notice, Some(words.notice_hint)),
        (words.before, None),
        (words.after, None),
        (words.window, Some(words.window_hint)),
        (words.per_day, None),
        (words.per_week, None),
    ];
    let content = html! {
        p.soft { (words.rules_lead) }
        form method="post" action=(visit.reader.link(PATH)) {
            (token_field(visit.call, &visit.visitor))
            div.pairs {
                @for (((name, unit), value), (label, hint)) in FIELDS.into_iter().zip(values).zip(labels) {
                    @let wrong = visit.wrong(&news, name);
                    @let shown = match typed { Some(form) => form.text(name).to_owned(), None => in_unit(value, unit) };
                    (field(name, label, hint, wrong, |described| html! {
                        input id=(name) type="number" name=(name) value=(shown) min="0" step=(if unit == HOUR { "any" } else { "1" })
                            inputmode="decimal" aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
                    }))
                }
            }
            p.actions { button type="submit" { (words.save) } }
        }
        (counting(visit, &rules, &effective))
    };
    visit.page(words.rules, PATH, visit.home(), &news, &content)
}

/// A rule as it is typed.
fn in_unit(value: Option<i64>, unit: i64) -> String {
    match value {
        None => String::new(),
        Some(value) if unit == 0 => value.to_string(),
        Some(value) if value % unit == 0 => (value / unit).to_string(),
        Some(value) => (value as f64 / unit as f64).to_string(),
    }
}

/// What counts now, once for each team or kind that differs.
fn counting(visit: &Visit<'_>, own: &OwnRules, effective: &[Effective]) -> Markup {
    let words = visit.words;
    let all_same =
        effective.windows(2).all(|pair| matches!(pair, [a, b] if a.rules == b.rules && a.without == b.without));
    let shown = if all_same { effective.get(..1).unwrap_or_default() } else { effective };
    let cap = |value: Option<i64>| value.map_or_else(|| words.no_cap.to_owned(), words.sessions_count);
    html! {
        section.card {
            h2 { (words.counts_now) }
            @if effective.is_empty() { p { (words.in_no_team) } }
            @for one in shown {
                @if !all_same { h3 { (one.kind) " · " (one.team) } }
                dl.facts {
                    (facts(visit, own, &one.rules, &one.without))
                    dt { (words.per_day) } dd { (cap(own.max_per_day)) }
                    dt { (words.per_week) } dd { (cap(own.max_per_week)) }
                }
            }
        }
    }
}

fn facts(visit: &Visit<'_>, own: &OwnRules, rules: &Rules, without: &Rules) -> Markup {
    let words = visit.words;
    let hours = |seconds: i64| {
        let number = in_unit(Some(seconds), HOUR);
        (words.hours_count)(&number, i64::from(number != "1") + 1)
    };
    let minutes = |seconds: i64| (visit.reader.words.minutes)(seconds / MINUTE);
    let days = |seconds: i64| (words.days_count)(seconds / DAY);
    let rows: [(&str, Option<i64>, String, String); 4] = [
        (words.notice, own.notice, hours(rules.notice), hours(without.notice)),
        (words.before, own.buffer_before, minutes(rules.before), minutes(without.before)),
        (words.after, own.buffer_after, minutes(rules.after), minutes(without.after)),
        (words.window, own.booking_window, days(rules.window), days(without.window)),
    ];
    html! {
        @for (label, own, value, without) in rows {
            dt { (label.split(',').next().unwrap_or(label)) }
            dd {
                (value) " "
                span.soft { "(" @if own.is_some() { ((words.without_yours)(&without)) } @else { (words.team_rule) } ")" }
            }
        }
    }
}
