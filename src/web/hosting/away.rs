//! `/host/vacation`: days on which a host cannot be booked.

use maud::{Markup, html};

use super::super::book::field;
use super::super::visitor::token_field;
use super::{News, Visit, looking, pressing};
use crate::desk::offers::{self, Away, Refused};
use crate::surface::{Answer, Call, Form};

const PATH: &str = "/host/vacation";

/// `GET /host/vacation`
pub async fn show(call: Call) -> Answer {
    match looking(&call).await {
        Ok(visit) => {
            let news = visit.news();
            page(&visit, news, None).await
        }
        Err(answer) => answer,
    }
}

/// `POST /host/vacation`
pub async fn add(call: Call) -> Answer {
    let visit = match pressing(&call).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let form = call.form();
    let (person, title) = (&visit.visitor.person, visit.words.away_title);
    match offers::add_away(&call.desk, person, form.text("first"), form.text("last"), title).await {
        Ok(()) => visit.done(PATH, "saved"),
        Err(Refused::Db(error)) => visit.broken(&error),
        Err(refused) => page(&visit, News::refused(refused), Some(&form)).await,
    }
}

/// `POST /host/vacation/remove`
pub async fn remove(call: Call) -> Answer {
    let visit = match pressing(&call).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    let id = call.form().text("away").parse().unwrap_or(0);
    match offers::remove_away(&call.desk, &visit.visitor.person, id).await {
        Ok(()) => visit.done(PATH, "removed"),
        Err(Refused::Db(error)) => visit.broken(&error),
        Err(refused) => page(&visit, News::refused(refused), None).await,
    }
}

async fn page(visit: &Visit<'_>, news: News, typed: Option<&Form>) -> Answer {
    let all = match offers::away(&visit.call.desk, &visit.visitor.person).await {
        Ok(Some(all)) => all,
        Ok(None) => return visit.missing(),
        Err(error) => return visit.broken(&error),
    };
    let (words, reader) = (visit.words, &visit.reader);
    let today = reader.zone.day(reader.now);
    let day = |name: &'static str, label: &str| {
        let wrong = visit.wrong(&news, name);
        field(name, label, None, wrong, |described| {
            html! {
                input id=(name) type="date" name=(name) value=(typed.map_or("", |form| form.text(name))) min=(today) required
                    placeholder="2026-12-24" aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }
        })
    };
    let content = html! {
        p.soft { (words.away_lead) }
        @if all.is_empty() { p { (words.no_away) } }
        ul.cards { @for away in &all { li { (card(visit, away)) } } }
        section.card {
            h2 { (words.add_away) }
            form method="post" action=(reader.link(PATH)) {
                (token_field(visit.call, &visit.visitor))
                div.row { (day("first", words.first_day)) (day("last", words.last_day_away)) }
                p.actions { button type="submit" { (words.add_away) } }
            }
        }
    };
    visit.page(words.away, PATH, visit.home(), &news, &content)
}

fn card(visit: &Visit<'_>, away: &Away) -> Markup {
    let (words, reader) = (visit.words, &visit.reader);
    let days = match away.first == away.last {
        true => reader.date(away.first),
        false => format!("{} {} {}", reader.date(away.first), reader.words.to, reader.date(away.last)),
    };
    html! {
        strong { (days) }
        @if !away.booked.is_empty() {
            div.notice { p { (words.booked_then) } (visit.booked(&away.booked)) }
        }
        form method="post" action=(reader.link("/host/vacation/remove")) {
            (token_field(visit.call, &visit.visitor))
            button.link type="submit" name="away" value=(away.id) aria-label={ (words.back_after_all) ": " (days) } {
                (words.back_after_all)
            }
        }
    }
}
