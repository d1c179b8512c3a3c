//! The mail job `reminder`. Whether it still makes sense is decided when it is due: the session stands where it stood
//! when the job was written, its reader wants to be reminded, and the next reminder is not due yet.

use serde::Deserialize;

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::booking::{self, Booking, Status};
use crate::db::{Conn, DbError};
use crate::desk::Desk;
use crate::invitations::{Message, Surroundings, Writer};
use crate::jobs::{Attempt, Job};
use crate::people::reminders;

/// Until a cancellation that nobody took back has been carried out, seconds.
const A_MOMENT: i64 = 10;

/// What the payload says; to the guest of a booking, or to the host of a session.
#[derive(Debug, Deserialize)]
struct Order {
    #[serde(default)]
    booking: Option<i64>,
    #[serde(default)]
    session: Option<i64>,
    /// The start of which it reminds.
    starts: i64,
    /// From then on it comes too late.
    until: i64,
}

/// What is to be done now.
enum Now {
    Send(Box<Message>),
    /// There is nothing to remind of.
    Never,
    /// Somebody may still take their cancellation back, until then.
    At(i64),
}

/// One attempt.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    let message = match decide(desk, &mut conn, &order, now).await? {
        Now::Never => return Ok(Attempt::Obsolete),
        Now::At(later) => {
            let reason = "a cancellation can still be taken back".into();
            return Ok(Attempt::AgainIn { seconds: (later - now).max(1), reason });
        }
        Now::Send(message) => message,
    };
    let kept = of_job(&mut conn, job.id).await?;
    drop(conn);
    let mail = match kept {
        Some(mail) => mail,
        None => match composed(desk, job, &message) {
            Ok(mail) => mail,
            Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
        },
    };
    deliver(desk, mailer, job, mail).await
}

async fn decide(desk: &Desk, conn: &mut Conn, order: &Order, now: i64) -> Result<Now, DbError> {
    let mut bookings: Vec<Booking> = match (order.booking, order.session) {
        (Some(id), _) => booking::by_id(conn, id).await?.into_iter().collect(),
        (None, Some(id)) => booking::of_session(conn, id).await?,
        (None, None) => Vec::new(),
    };
    bookings.retain(|booking| booking.takes_place() && booking.session.starts == order.starts);
    let Some(first) = bookings.first().filter(|_| now < order.until) else { return Ok(Now::Never) };
    let to_guest = order.booking.is_some();
    let reader = if to_guest { first.guest } else { first.session.host };
    if !reminders::wanted(conn, reader).await?.unwrap_or(false) {
        return Ok(Now::Never);
    }
    if bookings.iter().all(|booking| booking.status == Status::Cancelling) {
        let settled = bookings.iter().filter_map(|booking| booking.expires).max().unwrap_or(now);
        return Ok(Now::At(settled + A_MOMENT));
    }
    let around = Surroundings::of(conn, &first.session).await?;
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    Ok(Now::Send(Box::new(match to_guest {
        true => writer.to_guest_soon(first, &around),
        false => writer.to_host_soon(&first.session, &bookings, &around),
    })))
}
