//! `/host/hours`: the usual week as one form.

use maud::{Markup, html};

use super::super::book::field;
use super::super::times::Zone;
use super::super::visitor::token_field;
use super::{News, Visit, looking, pressing};
use crate::desk::offers::{self, DAYS, DayWish, Refused, SpecialDay, hours_in_words};
use crate::surface::{Answer, Call};

const PATH: &str = "/host/hours";
const DAY: &str = "/host/hours/day";

/// `GET /host/hours`
pub async fn show(call: Call) -> Answer {
    match looking(&call).await {
        Ok(visit) => {
            let news = visit.news();
            page(&visit, news, None).await
        }
        Err(answer) => answer,
    }
}

/// `POST /host/hours`
pub async fn save(call: Call) -> Answer {
    let visit = match pressing(&call).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let form = call.form();
    let typed = DAYS.map(|day| form.text(day).to_owned());
    match offers::set_hours(&call.desk, &visit.visitor.person, &typed).await {
        Ok(()) => visit.done(PATH, "saved"),
        Err(Refused::Db(error)) => visit.broken(&error),
        Err(refused) => page(&visit, News::refused(refused), Some(&typed)).await,
    }
}

/// `POST /host/hours/day`: the hours of one day, or the usual ones.
pub async fn save_day(call: Call) -> Answer {
    let visit = match pressing(&call).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let form = call.form();
    let wish = match form.text("usual") {
        "yes" => DayWish::Usual,
        _ => DayWish::Hours(form.text("hours").to_owned()),
    };
    match offers::set_day(&call.desk, &visit.visitor.person, form.text("date"), &wish).await {
        Ok(()) => visit.done(PATH, "saved"),
        Err(Refused::Db(error)) => visit.broken(&error),
        Err(refused) => page(&visit, News::refused(refused), None).await,
    }
}

async fn page(visit: &Visit<'_>, news: News, typed: Option<&[String; 7]>) -> Answer {
    let (desk, person) = (&visit.call.desk, &visit.visitor.person);
    let found = async { Ok((offers::hours(desk, person).await?, offers::special_days(desk, person).await?)) };
    let (hours, special) = match found.await {
        Ok((Some(hours), special)) => (hours, special.unwrap_or_default()),
        Ok((None, _)) => return visit.missing(),
        Err(error) => return visit.broken(&error),
    };
    let (words, reader) = (visit.words, &visit.reader);
    let shown: Vec<String> = hours.days.iter().map(|day| hours_in_words(day)).collect();
    let values = typed.map_or(shown.as_slice(), |typed| typed.as_slice());
    let days = DAYS.into_iter().zip(reader.words.weekdays).zip(values);
    let content = html! {
        p.soft { (words.hours_lead) }
        p.hint { (words.clock_of) " " (Zone::choose(None, hours.zone.name()).label()) }
        @if !hours.at_home { p.notice { (words.hours_elsewhere) } }
        form method="post" action=(reader.link(PATH)) {
            (token_field(visit.call, &visit.visitor))
            p.hint #hours-hint { (words.hours_hint) }
            @for ((name, day), value) in days {
                @let wrong = visit.wrong(&news, name);
                (field(name, day, None, wrong, |described| html! {
                    input id=(name) type="text" name=(name) value=(value) maxlength="200" autocomplete="off"
                        aria-invalid=[wrong.map(|_| "true")]
                        aria-describedby={ "hours-hint" @if let Some(described) = described { " " (described) } };
                }))
            }
            p.actions { button type="submit" { (words.save) } }
        }
        (one_day(visit, &news, &special))
        @if hours.others > 0 {
            p.soft { ((words.other_offers)(hours.others)) " " a href=(reader.link("/host/offers")) { (words.offers) } }
        }
    };
    visit.page(words.hours, PATH, visit.home(), &news, &content)
}

/// The days that are not like every week, and the form that makes one.
fn one_day(visit: &Visit<'_>, news: &News, special: &[SpecialDay]) -> Markup {
    let (words, reader) = (visit.words, &visit.reader);
    let form = visit.call.form();
    let today = reader.zone.day(reader.now);
    let (wrong_date, wrong_hours) = (visit.wrong(news, "date"), visit.wrong(news, "hours"));
    html! {
        section.card {
            h2 { (words.day_hours) }
            p.soft { (words.day_hours_lead) }
            @if !special.is_empty() { ul.cards { @for day in special { li { (card(visit, day)) } } } }
            form method="post" action=(reader.link(DAY)) {
                (token_field(visit.call, &visit.visitor))
                (field("date", words.day_hours_date, None, wrong_date, |described| html! {
                    input #date type="date" name="date" value=(form.text("date")) min=(today) required
                        placeholder="2026-12-24" aria-invalid=[wrong_date.map(|_| "true")] aria-describedby=[described];
                }))
                (field("hours", words.day_hours_then, Some(words.hours_hint), wrong_hours, |described| html! {
                    input #hours type="text" name="hours" value=(form.text("hours")) maxlength="200" autocomplete="off"
                        aria-invalid=[wrong_hours.map(|_| "true")] aria-describedby=[described];
                }))
                p.actions { button type="submit" { (words.save) } }
            }
        }
    }
}

fn card(visit: &Visit<'_>, day: &SpecialDay) -> Markup {
    let (words, reader) = (visit.words, &visit.reader);
    let date = reader.date(day.date);
    html! {
        strong { (date) } ": "
        @if day.hours.is_empty() { (words.no_hours) } @else { (hours_in_words(&day.hours)) }
        form method="post" action=(reader.link(DAY)) {
            (token_field(visit.call, &visit.visitor))
            input type="hidden" name="date" value=(day.date);
            button.link type="submit" name="usual" value="yes" aria-label={ (words.as_usual) ": " (date) } { (words.as_usual) }
        }
    }
}
