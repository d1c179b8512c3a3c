//! `/host/why`: why an hour is offered, or is not. It tells what stands in the host's calendar, so it is theirs alone.

use caldav::ical::zone::Zone;
use jiff::civil::Date;
use maud::{Markup, html};

use super::super::book::field;
use super::super::times::{machine, read_date};
use super::{News, Visit, looking};
use crate::availability::Obstacle;
use crate::desk::offers::{FieldWrong, Refused, Wrong, read_clock};
use crate::desk::why::{Explained, Hidden, Verdict, explain, verdict};
use crate::surface::{Answer, Call};

const PATH: &str = "/host/why";
/// Days shown when none is asked for.
const DAYS: i64 = 7;
const DAY: i64 = 86_400;

/// What is asked: a day, perhaps with a time.
struct Asked {
    from: i64,
    to: i64,
    /// The very start, if one is asked for.
    start: Option<i64>,
    /// The clock skips it on that day.
    skipped: bool,
}

/// `GET /host/why?date=&time=`
pub async fn why(call: Call) -> Answer {
    let visit = match looking(&call).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let (asked, news) = match read(&visit) {
        Ok(asked) => (Some(asked), News::default()),
        Err(wrong) => (None, News::refused(Refused::Fields(vec![wrong]))),
    };
    let explained = match &asked {
        None => Ok(Vec::new()),
        Some(asked) => explain(&call.desk, visit.visitor.person.id, asked.from, asked.to).await,
    };
    let explained = match explained {
        Ok(explained) => explained,
        Err(error) => return visit.broken(&error),
    };
    let words = visit.words;
    let query = call.query();
    let wrong = |name: &str| visit.wrong(&news, name);
    let content = html! {
        p.soft { (words.why_lead) " " (visit.reader.words.times_in) " " (visit.reader.zone.label()) "." }
        form.card method="get" action=(PATH) {
            @for (name, value) in visit.reader.kept() { input type="hidden" name=(name) value=(value); }
            div.row {
                (field("date", words.why_day, None, wrong("date"), |described| html! {
                    input #date type="date" name="date" value=(query.text("date")) placeholder="2026-11-26"
                        aria-invalid=[wrong("date").map(|_| "true")] aria-describedby=[described];
                }))
                (field("time", words.why_clock, Some(words.why_clock_hint), wrong("time"), |described| html! {
                    input #time type="time" name="time" value=(query.text("time")) placeholder="18:00"
                        aria-invalid=[wrong("time").map(|_| "true")] aria-describedby=[described];
                }))
            }
            p.actions { button type="submit" { (words.why_ask) } }
        }
        @if let Some(asked) = &asked { (answer(&visit, asked, &explained)) }
    };
    visit.page(words.why, PATH, visit.home(), &news, &content)
}

fn read(visit: &Visit<'_>) -> Result<Asked, FieldWrong> {
    let query = visit.call.query();
    let zone = Zone::named(&visit.reader.zone.name).unwrap_or_else(Zone::utc);
    let now = visit.reader.now;
    let (date, time) = (query.text("date"), query.text("time"));
    if date.is_empty() && time.is_empty() {
        return Ok(Asked { from: now, to: now + DAYS * DAY, start: None, skipped: false });
    }
    let wrong = |field, wrong| FieldWrong { field, wrong };
    let near = |date: &Date| (zone.to_instant(date.at(12, 0, 0, 0)) - now).abs() < 800 * DAY;
    let date = read_date(date).ok_or_else(|| wrong("date", Wrong::Date))?;
    if !near(&date) {
        return Err(wrong("date", Wrong::Far));
    }
    let midnight = |date: Date| zone.to_instant(date.at(0, 0, 0, 0));
    let (from, to) = (midnight(date), date.tomorrow().map_or(i64::MAX, midnight));
    if time.is_empty() {
        return Ok(Asked { from, to, start: None, skipped: false });
    }
    let wall = date.to_datetime(read_clock(time).ok_or_else(|| wrong("time", Wrong::Clock))?);
    let start = zone.to_instant(wall);
    Ok(Asked { from, to, start: Some(start), skipped: zone.to_wall(start) != wall })
}

fn answer(visit: &Visit<'_>, asked: &Asked, explained: &[Explained]) -> Markup {
    let words = visit.words;
    let (one, rest) = match asked.start {
        None => (None, true),
        Some(_) if asked.skipped => (Some(words.why_skipped.to_owned()), true),
        Some(start) => about(visit, start, explained),
    };
    html! {
        @if let Some(one) = one { div.notice role="status" { p { strong { (visit.reader.clock(asked.start.unwrap_or(0))) } " " (one) } } }
        @if explained.is_empty() { p { (words.why_nothing) } }
        @if rest {
            @for day in explained.chunk_by(|a, b| day_of(visit, asked, a) == day_of(visit, asked, b)) {
                section.day {
                    h2 { (visit.reader.date(day.first().map_or_else(|| visit.reader.zone.day(asked.from), |one| day_of(visit, asked, one)))) }
                    ul.cards { @for one in day { li { (card(visit, one)) } } }
                }
            }
        }
    }
}

fn day_of(visit: &Visit<'_>, asked: &Asked, one: &Explained) -> Date {
    visit.reader.zone.day(one.offer.starts.max(asked.from))
}

/// What is to be said of one start, and whether the offers around it help.
fn about(visit: &Visit<'_>, start: i64, explained: &[Explained]) -> (Option<String>, bool) {
    let words = visit.words;
    let text = match verdict(start, explained, visit.reader.now) {
        Verdict::Over => return (Some(words.why_over.to_owned()), false),
        Verdict::NoOffer => return (None, true),
        Verdict::Open => words.why_open.to_owned(),
        Verdict::Against(obstacle) => (words.obstacle)(&obstacle),
        Verdict::Nothing(nothing) => (words.nothing)(&nothing),
        Verdict::Outside => words.why_outside.to_owned(),
        Verdict::Remainder => words.why_remainder.to_owned(),
        Verdict::OffGrid => words.why_off_grid.to_owned(),
    };
    (Some(text), true)
}

fn card(visit: &Visit<'_>, one: &Explained) -> Markup {
    let (words, reader) = (visit.words, &visit.reader);
    let span = if one.offer.all_day { words.all_day.to_owned() } else { reader.span(one.offer.starts, one.offer.ends) };
    let time = |start: i64| html! { time datetime=(machine(start)) { (reader.clock(start)) } };
    html! {
        strong { (span) }
        @if let Some(nothing) = &one.nothing { p { ((words.nothing)(nothing)) } }
        @if !one.open.is_empty() {
            p {
                (words.open) ": "
                @for (index, start) in one.open.iter().enumerate() { @if index > 0 { ", " } (time(*start)) }
            }
        }
        @if !one.hidden.is_empty() {
            ul {
                @for same in one.hidden.chunk_by(|a, b| a.obstacle == b.obstacle) {
                    li { @for (index, hidden) in same.iter().enumerate() { @if index > 0 { ", " } (time(hidden.start)) } ": " (reason(visit, same)) }
                }
            }
        }
    }
}

fn reason(visit: &Visit<'_>, hidden: &[Hidden]) -> String {
    let obstacle: Option<&Obstacle> = hidden.first().map(|hidden| &hidden.obstacle);
    obstacle.map(visit.words.obstacle).unwrap_or_default()
}
