//! `/host/offers/{offer}`: one offer, its next times, and what can be done with it.

use maud::{Markup, html};

use super::super::book::field;
use super::super::times::machine;
use super::super::visitor::token_field;
use super::said::hour;
use super::{News, Visit, looking, pressing};
use crate::desk::offers::{self, Entry, OfferChange, Origin, Refused};
use crate::surface::{Answer, Call, Form};

const LIST: &str = "/host/offers";

/// `GET /host/offers/{offer}`
pub async fn show(call: Call) -> Answer {
    match looking(&call).await {
        Ok(visit) => {
            let news = visit.news();
            page(&visit, news, None).await
        }
        Err(answer) => answer,
    }
}

/// `POST /host/offers/{offer}`
pub async fn change(call: Call) -> Answer {
    let visit = match pressing(&call).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let form = call.form();
    let Some(wanted) = read(&form) else { return visit.missing() };
    let (person, id) = (&visit.visitor.person, id(&call));
    match offers::change(&call.desk, person, id, &wanted).await {
        Ok(()) => match offers::one(&call.desk, person.id, id).await {
            Ok(Some(_)) => visit.done(&format!("{LIST}/{id}"), "changed"),
            Ok(None) => visit.done(LIST, "removed"),
            Err(error) => visit.broken(&error),
        },
        Err(Refused::Db(error)) => visit.broken(&error),
        Err(Refused::NotFound) => visit.missing(),
        Err(refused) => page(&visit, News::refused(refused), Some(&form)).await,
    }
}

fn id(call: &Call) -> i64 {
    call.param(0).parse().unwrap_or(0)
}

fn read(form: &Form) -> Option<OfferChange> {
    let instance = |name: &str| form.text(name).parse::<i64>().ok();
    Some(match form.text("wish") {
        "one" => OfferChange::CancelOne(instance("time")?),
        "from" => OfferChange::CancelFrom(instance("time")?),
        "all" => OfferChange::CancelAll,
        "hours" => {
            let text = |name: &str| form.text(name).to_owned();
            OfferChange::Retime { from: instance("first"), starts: text("starts"), ends: text("ends") }
        }
        _ => return None,
    })
}

async fn page(visit: &Visit<'_>, news: News, typed: Option<&Form>) -> Answer {
    let id = id(visit.call);
    let entry = match offers::one(&visit.call.desk, visit.visitor.person.id, id).await {
        Ok(Some(entry)) => entry,
        Ok(None) => return visit.missing(),
        Err(error) => return visit.broken(&error),
    };
    let words = visit.words;
    let said = visit.said(&entry);
    let content = html! {
        p.lead { (said) }
        p.hint {
            (visit.served(&entry.scope))
            @if !entry.calendar.is_empty() { " · " ((words.in_calendar)(&entry.calendar)) }
        }
        @match entry.origin {
            Origin::Mailed => p { (words.mailed) },
            Origin::Address => p { (words.elsewhere) },
            Origin::Own => {
                @if entry.when.repeats { (times(visit, &entry)) }
                @if !entry.when.all_day { (hours(visit, &entry, &news, typed)) }
                (removal(visit, &entry))
            }
        }
    };
    visit.page(words.change_offer, &format!("{LIST}/{id}"), (LIST, words.offers), &news, &content)
}

fn form(visit: &Visit<'_>, entry: &Entry, fields: &Markup) -> Markup {
    html! {
        form method="post" action=(visit.reader.link(&format!("{LIST}/{}", entry.id))) {
            (token_field(visit.call, &visit.visitor))
            (fields)
        }
    }
}

/// The next times, each with the way out.
fn times(visit: &Visit<'_>, entry: &Entry) -> Markup {
    let words = visit.words;
    html! {
        h2 { (words.next_times) }
        @if entry.next.is_empty() { p.soft { (words.no_times) } }
        ul.lines {
            @for next in &entry.next {
                @let when = visit.when(next.starts, next.ends);
                li {
                    time datetime=(machine(next.starts)) { (when) }
                    (form(visit, entry, &html! {
                        input type="hidden" name="time" value=(next.instance);
                        button.link type="submit" name="wish" value="one" aria-label={ (words.not_this) ": " (when) } {
                            (words.not_this)
                        }
                        " "
                        button.link type="submit" name="wish" value="from" aria-label={ (words.not_from_here) ": " (when) } {
                            (words.not_from_here)
                        }
                    }))
                }
            }
        }
    }
}

fn hours(visit: &Visit<'_>, entry: &Entry, news: &News, typed: Option<&Form>) -> Markup {
    let words = visit.words;
    let wrong = |name: &str| visit.wrong(news, name);
    let invalid = |name: &str| wrong(name).map(|_| "true");
    let kept = |name: &str, now: String| match typed.map(|form| form.text(name)).filter(|text| !text.is_empty()) {
        Some(text) => text.to_owned(),
        None => now,
    };
    let (starts, ends) = (entry.when.starts.time(), entry.when.ends.time());
    let first = typed.map_or("", |form| form.text("first"));
    html! {
        section.card {
            h2 { (words.other_hours) }
            @if let Some(zone) = visit.other_zone(entry.when.zone.name()) { p.hint { (words.clock_of) " " (zone) } }
            (form(visit, entry, &html! {
                input type="hidden" name="wish" value="hours";
                div.row {
                    (field("starts", words.from, None, wrong("starts"), |described| html! {
                        input #starts type="time" name="starts" value=(kept("starts", hour(starts))) required
                            aria-invalid=[invalid("starts")] aria-describedby=[described];
                    }))
                    (field("ends", words.until_clock, None, wrong("ends"), |described| html! {
                        input #ends type="time" name="ends" value=(kept("ends", hour(ends))) required
                            aria-invalid=[invalid("ends")] aria-describedby=[described];
                    }))
                    @if entry.when.repeats {
                        (field("first", words.from_when, None, None, |described| html! {
                            select #first name="first" aria-describedby=[described] {
                                option value="" { (words.all_of_them) }
                                @for next in &entry.next {
                                    option value=(next.instance) selected[first == next.instance.to_string()] {
                                        (visit.reader.day(next.starts))
                                    }
                                }
                            }
                        }))
                    }
                }
                p.actions { button type="submit" { (words.save) } }
            }))
        }
    }
}

fn removal(visit: &Visit<'_>, entry: &Entry) -> Markup {
    let words = visit.words;
    html! {
        section.card {
            h2 { (words.remove_offer) }
            p { (words.remove_help) }
            (form(visit, entry, &html! {
                p.actions { button.danger type="submit" name="wish" value="all" { (words.remove_button) } }
            }))
        }
    }
}
