//! `/lead/{team}/slots`: what can be booked with whom, to be taken back with a reason.

use http::StatusCode;
use maud::{Markup, html};

use super::super::layout::Page;
use super::super::reader::Reader;
use super::super::times::machine;
use super::super::visitor::{required, submitting, token_field};
use super::super::words::leading::{Leading, leading};
use super::super::{failed, missing};
use super::notice;
use crate::desk::team_facts::team;
use crate::desk::withdraw::{self, Stretch, WithdrawRefused};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, encode, see_other};
use crate::teams::Host;

/// Times shown of one host.
const MOST: usize = 100;

/// `GET /lead/{team}/slots`
pub async fn show(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    page(&call, &visitor, None, "").await
}

/// `POST /lead/{team}/slots`: `time` as often as there are, each `host-start-end`, and `reason`.
pub async fn take_back(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let facts = match team(&call.desk, call.param(0)).await {
        Ok(Some(facts)) => facts,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    let form = call.form();
    let typed = form.text("reason").replace("\r\n", "\n");
    let times: Vec<Stretch> = form.all("time").filter_map(read).collect();
    match withdraw::withdraw(&call.desk, &facts.team, &times, &visitor.person, &typed).await {
        Ok(()) => see_other(&format!("/lead/{}/slots?done=taken-back", encode(&facts.team.slug))),
        Err(WithdrawRefused::Db(error)) => failed(&call, &error),
        Err(refused) => page(&call, &visitor, Some(&refused), &typed).await,
    }
}

fn read(text: &str) -> Option<Stretch> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse().ok());
    Some(Stretch { host: parts.next()??, starts: parts.next()??, ends: parts.next()?? })
}

/// What one host can be booked for, each time once.
struct OfHost<'a> {
    host: &'a Host,
    times: Vec<(i64, i64)>,
}

async fn page(call: &Call, visitor: &SignedIn, refused: Option<&WithdrawRefused>, typed: &str) -> Answer {
    let facts = match team(&call.desk, call.param(0)).await {
        Ok(Some(facts)) => facts,
        Ok(None) => return missing(),
        Err(error) => return failed(call, &error),
    };
    let open = match withdraw::open_times(&call.desk, &facts.team).await {
        Ok(open) => open,
        Err(error) => return failed(call, &error),
    };
    let reader = super::reader(call, visitor.person.timezone.as_deref().or(Some(&facts.team.timezone)));
    let words = leading(reader.words.code);
    let hosts: Vec<OfHost<'_>> = facts
        .hosts
        .iter()
        .map(|host| {
            let of_host = open.iter().filter(|time| time.host == host.person);
            OfHost { host, times: of_host.map(|time| (time.starts, time.ends)).take(MOST).collect() }
        })
        .filter(|of_host| !of_host.times.is_empty())
        .collect();
    let wrong = refused.map(|refused| match refused {
        WithdrawRefused::Number => words.choose_times,
        WithdrawRefused::Reason => words.wrong_reason,
        _ => words.not_open_any_more,
    });
    let slug = encode(&facts.team.slug);
    let content = html! {
        p.back { a href={ "/lead/" (slug) } { (facts.team.name) } }
        h1 { (words.open_slots) }
        p.lead { (words.open_slots_help) }
        (notice((call.query().text("done") == "taken-back").then_some(words.taken_back), false))
        (notice(wrong, true))
        @if hosts.is_empty() { p.soft { (words.no_times) } } @else {
            form method="post" action={ "/lead/" (slug) "/slots" } {
                (token_field(call, visitor))
                @for of_host in &hosts { (times(of_host, &reader)) }
                div.card { (reason(words, typed)) }
            }
        }
        p.soft { (reader.zone_spoken()) }
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let path = format!("/lead/{slug}/slots");
    let page = Page::secret(words.open_slots).reader(&reader, &path, &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}

fn times(of_host: &OfHost<'_>, reader: &Reader) -> Markup {
    let person = of_host.host.person;
    let day = |time: &(i64, i64)| reader.zone.day(time.0);
    html! {
        h2 { (of_host.host.name) }
        @for times in of_host.times.chunk_by(|one, other| day(one) == day(other)) {
            fieldset.day {
                @if let Some((starts, _)) = times.first() { legend { (reader.day(*starts)) } }
                div.slots {
                    @for (starts, ends) in times {
                        label {
                            input type="checkbox" name="time" value={ (person) "-" (starts) "-" (ends) };
                            time datetime=(machine(*starts)) { (reader.span(*starts, *ends)) }
                        }
                    }
                }
            }
        }
    }
}

fn reason(words: &Leading, typed: &str) -> Markup {
    html! {
        div.field {
            label for="reason" { (words.take_back_reason) }
            textarea #reason name="reason" rows="3" maxlength="1000" { (typed) }
        }
        p.actions { button.danger type="submit" { (words.take_back) } }
    }
}
