//! `/guest`: what somebody has booked, their feeds and calendar apps.

use maud::html;

use super::host::{account, led_by, set_up};
use super::layout::Page;
use super::reader::Reader;
use super::visitor::required;
use super::your_sessions::list;
use super::{app_passwords, failed, own_feeds};
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
    let led = teams::led_by(&mut conn, person.id).await?;
    drop(conn);
    let zone = person.timezone.as_deref().or_else(|| bookings.first().map(|booking| booking.timezone.as_str()));
    let reader = Reader::own(call, zone, "UTC").speaking(person.language.as_deref());
    let (words, own) = (reader.words, reader.words.own);
    let content = html! {
        h1 { (own.your_sessions) }
        p.soft {
            (words.times_in) " " (reader.zone.label())
            @if is_host { " · " a href=(reader.link("/host")) { (own.as_host) } }
        }
        (list(call, &reader, person.id, &bookings, own.nothing_booked, |bookings| {
            let session = bookings.first().map(|booking| &booking.session);
            let kind = session.and_then(|session| types.get(&session.type_id)).map_or(own.session, String::as_str);
            let host = session.and_then(|session| hosts.get(&session.host)).map_or("", String::as_str);
            (own.kind_with)(kind, host)
        }))
        p.actions { a.button.quiet href=(reader.link("/")) { (words.book_another) } }
        (led_by(&led, &reader))
        (own_feeds::section(call, visitor, &reader, "/guest").await?)
        (set_up(&reader))
        (app_passwords::section(call, visitor, &reader, "/guest", None).await?)
        (account(&reader))
    };
    Ok(Page::secret(own.your_sessions).reader(&reader, "/guest", &[]).visitor(Some(person)).show(&content))
}
