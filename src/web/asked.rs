//! `/asked/{token}`: what came by mail in somebody's name, and the button that carries it out. GET shows, POST acts. The
//! form's token names exactly what was shown, so that nothing else is carried out.

use http::StatusCode;
use maud::{Markup, html};
use subtle::ConstantTimeEq;

use super::failed;
use super::layout::Page;
use super::problems::missing_for;
use super::reader::Reader;
use super::times::machine;
use super::words::asked::{Asked, asked};
use crate::db::DbError;
use crate::desk::parked::{self, Parked, Purpose};
use crate::mail_in::asked::{Said, Shown, Wish, carry_out, shown};
use crate::people;
use crate::surface::{Answer, Call};
use crate::teams::Team;

/// What the page says besides the request.
#[derive(Default)]
struct News {
    /// It is another one than the form was about.
    changed: bool,
    /// No team was chosen.
    no_team: bool,
}

/// `GET /asked/{token}`
pub async fn show(call: Call) -> Answer {
    answered(&call, page(&call, News::default()).await)
}

/// `POST /asked/{token}`
pub async fn confirm(call: Call) -> Answer {
    answered(&call, confirmed(&call).await)
}

fn answered(call: &Call, result: Result<Answer, DbError>) -> Answer {
    result.unwrap_or_else(|error| failed(call, &error))
}

async fn confirmed(call: &Call) -> Result<Answer, DbError> {
    let Some(request) = parked::by_token(&call.desk, call.param(0)).await? else { return Ok(gone(call)) };
    let form = call.form();
    if !bool::from(request.digest(&call.desk.keys).as_bytes().ct_eq(form.text("form").as_bytes())) {
        return page(call, News { changed: true, ..News::default() }).await;
    }
    let team = match request.purpose() {
        Purpose::Join => {
            let teams = parked::open_teams(&mut call.desk.db.read().await?).await?;
            let chosen = form.text("team").parse::<i64>().ok();
            let only = if teams.len() == 1 { teams.first().map(|team| team.id) } else { None };
            match chosen.filter(|id| teams.iter().any(|team| team.id == *id)).or(only) {
                None if !teams.is_empty() => return page(call, News { no_team: true, ..News::default() }).await,
                team => team,
            }
        }
        Purpose::Robot | Purpose::Answer => None,
    };
    let said = carry_out(&call.desk, &request, team).await?;
    Ok(outcome(call, &request, &said))
}

async fn page(call: &Call, news: News) -> Result<Answer, DbError> {
    let Some(request) = parked::by_token(&call.desk, call.param(0)).await? else { return Ok(missing_for(call)) };
    let mut conn = call.desk.db.read().await?;
    let person = people::by_email(&mut conn, &request.sender).await?;
    let teams = match request.purpose() {
        Purpose::Join => parked::open_teams(&mut conn).await?,
        Purpose::Robot | Purpose::Answer => Vec::new(),
    };
    drop(conn);
    let zone = person.as_ref().and_then(|person| person.timezone.as_deref());
    let reader = Reader::own(call, zone, teams.first().map_or("UTC", |team| &team.timezone));
    let words = asked(reader.words);
    let joining = request.purpose() == Purpose::Join;
    let title = if joining { words.join_title } else { words.was_this_you };
    let content = html! {
        h1 { (title) }
        @if news.changed { div.notice.alert role="alert" { p { (words.changed) } } }
        p.lead { ((words.came_in_name_of)(&request.sender)) }
        @match shown(&request) {
            None => p { (words.unreadable) },
            Some(found) => {
                p { (lead(words, &found, joining)) }
                (facts(words, &reader, &found))
                @if joining { p { (words.join_help) } }
                form method="post" action=(reader.link(call.uri.path())) {
                    input type="hidden" name="form" value=(request.digest(&call.desk.keys));
                    @if teams.len() > 1 { (choice(words, &teams, news.no_team)) }
                    p.actions { button type="submit" { (if joining { words.yes_join } else { words.yes }) } }
                }
                p.soft { (words.otherwise) }
            }
        }
    };
    let status = if news.no_team || news.changed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Page::secret(title).status(status).reader(&reader, call.uri.path(), &[]).show(&content))
}

fn lead(words: &'static Asked, found: &Shown, joining: bool) -> &'static str {
    match found.wish {
        Wish::File if joining => words.join,
        Wish::File => words.file,
        Wish::Withdraw => words.withdraw,
        Wish::Decline => words.decline,
        Wish::Propose(_) => words.propose,
    }
}

fn facts(words: &Asked, reader: &Reader, found: &Shown) -> Markup {
    html! {
        dl.facts {
            @if !found.title.is_empty() { dt { (words.title) } dd { (found.title) } }
            @if let Some((starts, ends)) = found.times {
                dt { (words.when) }
                dd {
                    time datetime=(machine(starts)) { (reader.day(starts)) ", " (reader.span(starts, ends)) }
                    " (" (reader.zone.label_at(starts)) ")"
                    @if found.repeats { br; (words.repeats) }
                }
            }
        }
    }
}

fn choice(words: &Asked, teams: &[Team], wrong: bool) -> Markup {
    html! {
        fieldset.day aria-describedby=[wrong.then_some("team-wrong")] {
            legend { (words.which_team) }
            div.slots {
                @for team in teams {
                    label { input type="radio" name="team" value=(team.id) required; (team.name) }
                }
            }
            @if wrong { p.wrong #team-wrong { (words.choose_team) } }
        }
    }
}

fn gone(call: &Call) -> Answer {
    let reader = Reader::of(call, "UTC");
    let words = asked(reader.words);
    told(&reader, StatusCode::NOT_FOUND, words.gone, words.gone_help, None)
}

fn outcome(call: &Call, request: &Parked, said: &Said) -> Answer {
    let reader = Reader::of(call, "UTC");
    let words = asked(reader.words);
    match said {
        Said::Gone => gone(call),
        Said::Closed => told(&reader, StatusCode::FORBIDDEN, words.closed, words.closed_help, None),
        Said::Took(outcome) if outcome.word == "done" => match request.purpose() {
            Purpose::Join => told(&reader, StatusCode::OK, words.joined, words.joined_help, Some("/host")),
            Purpose::Robot => told(&reader, StatusCode::OK, words.done, words.done_help, Some("/host")),
            Purpose::Answer => told(&reader, StatusCode::OK, words.done, words.done_answer_help, None),
        },
        Said::Took(outcome) => told(&reader, StatusCode::CONFLICT, words.not_done, &outcome.reason, Some("/host")),
    }
}

fn told(reader: &Reader, status: StatusCode, title: &str, text: &str, next: Option<&str>) -> Answer {
    let content = html! {
        h1 { (title) }
        p.lead { (text) }
        @if let Some(next) = next {
            p.actions { a.button.quiet href=(reader.link(next)) { (reader.words.your_time) } }
        }
    };
    Page::secret(title).status(status).reader_only(reader).show(&content)
}
