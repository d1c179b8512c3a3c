//! `/lead/{team}/{booking}`: one booking with its history, to be cancelled with a reason.

use http::StatusCode;
use maud::html;

use super::super::layout::Page;
use super::super::times::machine;
use super::super::visitor::{required, submitting, token_field};
use super::super::{failed, missing};
use super::{notice, reader, reason_field, words};
use crate::booking::{self, Booking, Happened, Refusal};
use crate::db::DbError;
use crate::desk::booking::cancel_as;
use crate::people::web_sessions::SignedIn;
use crate::people::{self, Person};
use crate::surface::{Answer, Call, encode, see_other};
use crate::teams::{self, SessionType, Team};

/// Everything about one booking.
struct Found {
    team: Team,
    kind: SessionType,
    host: Person,
    booking: Booking,
    history: Vec<Happened>,
}

/// `GET /lead/{team}/{booking}`
pub async fn show(call: Call) -> Answer {
    match required(&call).await {
        Ok(visitor) => page(&call, &visitor, None, "").await,
        Err(answer) => answer,
    }
}

/// `POST /lead/{team}/{booking}/cancel`
pub async fn cancel(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let found = match found(&call).await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    let form = call.form();
    let typed = form.get("reason").unwrap_or_default().replace("\r\n", "\n");
    match cancel_as(&call.desk, found.booking.id, visitor.person.id, &typed).await {
        Ok(_) => see_other(&path(&found)),
        Err(Refusal::Db(error)) => failed(&call, &error),
        Err(Refusal::NotFound) => missing(),
        Err(refusal) => page(&call, &visitor, Some(&refusal), &typed).await,
    }
}

fn path(found: &Found) -> String {
    format!("/lead/{}/{}", encode(&found.team.slug), found.booking.id)
}

/// The booking, if it is one of this team's.
async fn found(call: &Call) -> Result<Option<Found>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    let id = call.param(1).parse().unwrap_or(0);
    let booking = booking::by_id(&mut conn, id).await?.filter(|booking| booking.session.team == team.id);
    let Some(booking) = booking else { return Ok(None) };
    let kind = teams::type_by_id(&mut conn, booking.session.type_id).await?;
    let host = people::by_id(&mut conn, booking.session.host).await?;
    let (Some(kind), Some(host)) = (kind, host) else { return Ok(None) };
    let history = booking::history(&mut conn, booking.id).await?;
    Ok(Some(Found { team, kind, host, booking, history }))
}

async fn page(call: &Call, visitor: &SignedIn, refusal: Option<&Refusal>, typed: &str) -> Answer {
    let found = match found(call).await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return failed(call, &error),
    };
    let reader = reader(call, visitor.person.timezone.as_deref().or(Some(&found.team.timezone)));
    let words = words(&reader);
    let wrong = refusal.map(|refusal| match refusal {
        Refusal::Invalid(_) => words.reason_wrong,
        _ => words.too_late,
    });
    let reason_wrong = wrong.filter(|_| matches!(refusal, Some(Refusal::Invalid(_))));
    let Found { team, kind, host, booking, history } = &found;
    let session = &booking.session;
    let title = format!("{}: {}", kind.name, booking.name);
    let content = html! {
        p.back { a href={ "/lead/" (encode(&team.slug)) } { (team.name) } }
        h1 { (title) }
        (notice(wrong, true))
        div.card {
            dl.facts {
                dt { (words.when) }
                dd { time datetime=(machine(session.starts)) { (reader.day(session.starts)) ", " (reader.span(session.starts, session.ends)) } }
                dt { (words.host) } dd { (host.name) }
                dt { (words.guest) } dd { (booking.name) ", " (booking.email) }
                dt { (words.state) } dd { (booking.status.word()) }
                @if let Some(reason) = &booking.reason { dt { (words.reason) } dd { (reason) } }
                @if !booking.agenda.is_empty() { dt { (words.agenda) } dd { (booking.agenda) } }
            }
        }
        h2 { (words.history) }
        ol.steps {
            @for line in history {
                li {
                    (line.action) ": " (line.actor.as_deref().unwrap_or(words.server)) ", "
                    time datetime=(machine(line.at)) { (reader.day(line.at)) ", " (reader.clock(line.at)) }
                }
            }
        }
        @if booking::must_be_ahead(booking, call.desk.clock.now()).is_ok() {
            form.card method="post" action={ (path(&found)) "/cancel" } {
                (token_field(call, visitor))
                h2 { (words.cancel) }
                p { (words.cancel_help) }
                (reason_field(words, "reason", typed, reason_wrong))
                p.actions { button.danger type="submit" { (words.cancel) } }
            }
        }
        p.soft { (reader.zone_spoken()) }
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let address = path(&found);
    let page = Page::secret(&title).reader(&reader, &address, &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}
