//! `/host/offers`: what a host offers, event by event, and a form to add to it.

use maud::{Markup, html};

use super::super::book::field;
use super::super::times::machine;
use super::super::visitor::token_field;
use super::{News, Visit, looking, pressing};
use crate::desk::offers::{self, DAYS, Entry, NewOffer, Origin, Refused};
use crate::surface::{Answer, Call, Form};
use crate::teams::{SessionType, Team};
use jiff::civil::Weekday;

const PATH: &str = "/host/offers";
/// Next times shown of each offer.
const NEXT: usize = 3;

/// `GET /host/offers`
pub async fn show(call: Call) -> Answer {
    match looking(&call).await {
        Ok(visit) => {
            let news = visit.news();
            page(&visit, &news, &NewOffer::default()).await
        }
        Err(answer) => answer,
    }
}

/// `POST /host/offers`: adds one.
pub async fn add(call: Call) -> Answer {
    let visit = match pressing(&call).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let typed = read(&call.form());
    match offers::add(&call.desk, &visit.visitor.person, &typed).await {
        Ok(_) => visit.done(PATH, "added"),
        Err(Refused::Db(error)) => visit.broken(&error),
        Err(refused) => page(&visit, &News::refused(refused), &typed).await,
    }
}

fn read(form: &Form) -> NewOffer {
    let text = |name: &str| form.text(name).to_owned();
    let ticked = DAYS.iter().zip(0..).filter(|(name, _)| form.get(name).is_some());
    NewOffer {
        date: text("date"),
        starts: text("starts"),
        ends: text("ends"),
        repeat: text("repeat"),
        days: ticked.filter_map(|(_, day)| Weekday::from_monday_zero_offset(day).ok()).collect(),
        until: text("until"),
        kind: text("kind"),
    }
}

async fn page(visit: &Visit<'_>, news: &News, typed: &NewOffer) -> Answer {
    let person = visit.visitor.person.id;
    let read = async {
        let kinds = offers::kinds(&mut visit.call.desk.db.read().await?, person).await?;
        Ok((kinds, offers::upcoming(&visit.call.desk, person).await?))
    };
    let (kinds, entries) = match read.await {
        Ok(read) => read,
        Err(error) => return visit.broken(&error),
    };
    let words = visit.words;
    let content = html! {
        p.soft { (words.offers_lead) " " (visit.reader.words.times_in) " " (visit.reader.zone.label()) "." }
        p.more {
            a href=(visit.reader.link("/host/hours")) { (words.hours) } " · "
            a href=(visit.reader.link("/host/vacation")) { (words.away) } " · "
            a href=(visit.reader.link("/host/why")) { (words.why) }
        }
        @if entries.is_empty() { p { (words.no_offers) } }
        ul.cards { @for entry in &entries { li { (card(visit, entry)) } } }
        (form(visit, news, typed, &kinds))
    };
    visit.page(words.offers, PATH, visit.home(), news, &content)
}

fn card(visit: &Visit<'_>, entry: &Entry) -> Markup {
    let words = visit.words;
    let said = visit.said(entry);
    let mut letters = said.chars();
    let said: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    html! {
        @match entry.origin {
            Origin::Own => a href=(visit.reader.link(&format!("{PATH}/{}", entry.id))) { (said) },
            _ => strong { (said) },
        }
        p.hint {
            (visit.served(&entry.scope))
            @if !entry.calendar.is_empty() { " · " ((words.in_calendar)(&entry.calendar)) }
        }
        @if entry.when.repeats {
            p.hint {
                (words.next_times) ": "
                @for (index, next) in entry.next.iter().take(NEXT).enumerate() {
                    @if index > 0 { "; " }
                    time datetime=(machine(next.starts)) { (visit.reader.day(next.starts)) }
                }
            }
        }
        @match entry.origin {
            Origin::Own => p.actions {
                a href=(visit.reader.link(&format!("{PATH}/{}", entry.id))) aria-label={ (words.change_offer) ": " (said) } {
                    (words.change_offer)
                }
            },
            Origin::Mailed => p.hint { (words.mailed) },
            Origin::Address => p.hint { (words.elsewhere) },
        }
    }
}

fn form(visit: &Visit<'_>, news: &News, typed: &NewOffer, kinds: &[(Team, SessionType, String)]) -> Markup {
    let (words, reader) = (visit.words, &visit.reader);
    let wrong = |name: &str| visit.wrong(news, name);
    let invalid = |name: &str| wrong(name).map(|_| "true");
    let today = reader.zone.day(reader.now);
    let weekly = typed.repeat == "weekly";
    let is_on = |index: usize| typed.days.iter().any(|day| super::super::words::hosting::index(*day) == index);
    html! {
        section.card {
            h2 #add { (words.add_offer) }
            p.hint { (words.add_help) }
            form method="post" action=(reader.link(PATH)) {
                (token_field(visit.call, &visit.visitor))
                div.row {
                    (field("date", words.day, None, wrong("date"), |described| html! {
                        input #date type="date" name="date" value=(typed.date) min=(today) required
                            placeholder="2026-11-26" aria-invalid=[invalid("date")] aria-describedby=[described];
                    }))
                    (field("starts", words.from, None, wrong("starts"), |described| html! {
                        input #starts type="time" name="starts" value=(typed.starts) required placeholder="18:00"
                            aria-invalid=[invalid("starts")] aria-describedby=[described];
                    }))
                    (field("ends", words.until_clock, None, wrong("ends"), |described| html! {
                        input #ends type="time" name="ends" value=(typed.ends) required placeholder="20:00"
                            aria-invalid=[invalid("ends")] aria-describedby=[described];
                    }))
                }
                p.hint { (words.until_clock_hint) }
                fieldset.plain {
                    legend { (words.repeat) }
                    label.tick { input type="radio" name="repeat" value="once" checked[!weekly]; " " (words.once) }
                    label.tick { input type="radio" name="repeat" value="weekly" checked[weekly]; " " (words.weekly) }
                    @if let Some(wrong) = wrong("repeat") { p.wrong { (wrong) } }
                }
                details open[weekly] {
                    summary { (words.weekly_more) }
                    fieldset.plain aria-describedby="days-hint" {
                        legend { (words.on_days) }
                        p.hint #days-hint { (words.on_days_hint) }
                        @for (index, (name, day)) in DAYS.iter().zip(reader.words.weekdays).enumerate() {
                            label.tick { input type="checkbox" name=(name) value="yes" checked[is_on(index)]; " " (day) }
                        }
                    }
                    (field("until", words.last_day, Some(words.last_day_hint), wrong("until"), |described| html! {
                        input #until type="date" name="until" value=(typed.until) min=(today)
                            aria-invalid=[invalid("until")] aria-describedby=[described];
                    }))
                }
                @if kinds.len() > 1 || wrong("kind").is_some() {
                    (field("kind", words.for_kind, None, wrong("kind"), |described| html! {
                        select #kind name="kind" aria-invalid=[invalid("kind")] aria-describedby=[described] {
                            option value="" { (words.every_kind) }
                            @for (team, kind, word) in kinds {
                                option value=(word) selected[typed.kind == *word] { (kind.name) " (" (team.name) ")" }
                            }
                        }
                    }))
                }
                p.actions { button type="submit" { (words.add) } }
            }
        }
    }
}
