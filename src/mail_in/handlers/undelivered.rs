//! A report of failed delivery marks the mail it is about, and the booking that mail told of.

use crate::booking::{self, BookingId};
use crate::db::{DbError, Tx};
use crate::desk::Desk;
use crate::mail;
use crate::mail_in::dispatch::{Consequence, Incoming, Outcome, Preparing, Running};

/// Only a mail's readers know its Message-ID, so whoever names it got it, or returns it.
pub(in crate::mail_in) fn prepare<'a>(_: &'a Desk, incoming: &'a Incoming) -> Preparing<'a> {
    Box::pin(async move {
        let Some(bounce) = &incoming.received.bounce else {
            return Ok(Box::new(Outcome::ignored("no report")) as Box<dyn Consequence>);
        };
        if !bounce.failed {
            return Ok(Box::new(Outcome::ignored("a delay, or a report of success")) as Box<dyn Consequence>);
        }
        let mut reason = bounce.diagnostic.clone();
        if let (true, Some(status)) = (reason.is_empty(), &bounce.status) {
            reason.clone_from(status);
        }
        let about = bounce.about.iter().take(5).cloned().collect();
        Ok(Box::new(Mark { about, reason, now: incoming.now }) as Box<dyn Consequence>)
    })
}

struct Mark {
    about: Vec<String>,
    reason: String,
    now: i64,
}

impl Consequence for Mark {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move { Ok(self.mark(tx).await?) })
    }
}

impl Mark {
    async fn mark(&self, tx: &mut Tx) -> Result<Outcome, DbError> {
        for message_id in &self.about {
            let Some(told) = mail::undelivered(tx, message_id, &self.reason, self.now).await? else { continue };
            for booking in bookings(tx, &told).await? {
                let detail = serde_json::json!({"to": told.to, "reason": self.reason});
                booking::note(tx, booking, "undelivered", detail, self.now).await?;
            }
            return Ok(Outcome::done("a mail of ours did not arrive"));
        }
        Ok(Outcome::ignored("a report about a mail that is not ours, or no longer known"))
    }
}

/// The bookings that a mail told of: one, or those of a host's session.
async fn bookings(tx: &mut Tx, told: &mail::Told) -> Result<Vec<BookingId>, DbError> {
    if let Some(booking) = told.booking {
        return Ok(booking::by_id(tx, booking).await?.map(|booking| booking.id).into_iter().collect());
    }
    let Some(session) = told.session else { return Ok(Vec::new()) };
    Ok(booking::of_session(tx, session).await?.into_iter().map(|booking| booking.id).collect())
}
