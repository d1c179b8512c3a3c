//! `/host/hours`: the usual week as one form.

use maud::html;

use super::super::book::field;
use super::super::times::Zone;
use super::super::visitor::token_field;
use super::{News, Visit, looking, pressing};
use crate::desk::offers::{self, DAYS, Refused, hours_in_words};
use crate::surface::{Answer, Call};

const PATH: &str = "/host/hours";

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

async fn page(visit: &Visit<'_>, news: News, typed: Option<&[String; 7]>) -> Answer {
    let hours = match offers::hours(&visit.call.desk, &visit.visitor.person).await {
        Ok(Some(hours)) => hours,
        Ok(None) => return visit.missing(),
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
        @if hours.others > 0 {
            p.soft { ((words.other_offers)(hours.others)) " " a href=(reader.link("/host/offers")) { (words.offers) } }
        }
    };
    visit.page(words.hours, PATH, visit.home(), &news, &content)
}
