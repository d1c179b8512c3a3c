//! `/guest`: what somebody has booked, their feeds and calendar apps.

use maud::html;

use super::host::set_up;
use super::layout::Page;
use super::times::Zone;
use super::visitor::required;
use super::your_sessions::{Reader, list};
use super::{app_passwords, failed, own_feeds, words};
use crate::booking;
use crate::db::DbError;
use crate::people;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call};
use crate::teams::{self, Role};

/// `GET /guest`
pub async fn guest(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match page(&call, &visitor).await {
        Ok(answer) => answer,
        Err(error) => failed(&call, &error),
    }
}

async fn page(call: &Call, visitor: &SignedIn) -> Result<Answer, DbError> {
    let person = &visitor.person;
    let now = call.desk.clock.now();
    let mut conn = call.desk.db.read().await?;
    let bookings = booking::of_guest(&mut conn, person.id, now).await?;
    let hosts: Vec<_> = bookings.iter().map(|booking| booking.session.host).collect();
    let hosts = people::names(&mut conn, &hosts).await?;
    let types: Vec<_> = bookings.iter().map(|booking| booking.session.type_id).collect();
    let types = teams::type_names(&mut conn, &types).await?;
    let is_host = teams::roles_anywhere(&mut conn, person.id).await?.contains(&Role::Host);
    drop(conn);
    let zone = person.timezone.as_deref().or_else(|| bookings.first().map(|booking| booking.timezone.as_str()));
    let reader = Reader { person: person.id, zone: Zone::choose(zone, "UTC"), now };
    let content = html! {
        h1 { (words::YOUR_SESSIONS) }
        p.soft {
            (words::TIMES_IN) " " (reader.zone.label())
            @if is_host { " · " a href="/host" { (words::AS_HOST) } }
        }
        (list(call, &reader, &bookings, words::NOTHING_BOOKED, |bookings| {
            let session = bookings.first().map(|booking| &booking.session);
            let kind = session.and_then(|session| types.get(&session.type_id)).map_or(words::SESSION, String::as_str);
            let host = session.and_then(|session| hosts.get(&session.host)).map_or("", String::as_str);
            words::kind_with(kind, host)
        }))
        p.actions { a.button.quiet href="/" { (words::BOOK_ANOTHER) } }
        (own_feeds::section(call, visitor, "/guest").await?)
        (set_up())
        (app_passwords::section(call, visitor, "/guest", None).await?)
        p { a href="/browsers" { (words::BROWSERS) } }
    };
    Ok(Page::secret(words::YOUR_SESSIONS).visitor(Some(person)).show(&content))
}
