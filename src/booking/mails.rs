//! Which jobs a change of a booking causes: the meeting link, and who is to be told. Ids only; the mails are composed
//! from what is stored when they are sent.

use serde_json::json;

use super::reminders::{self, Reminders, Side};
use super::{Booking, BookingId, SessionId};
use crate::args;
use crate::db::{DbError, Tx};
use crate::jobs::{JobId, NewJob, enqueue, enqueue_all, withdraw};
use crate::people::PersonId;
use crate::teams;

/// What the mail does in its reader's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is on, or has changed.
    Invite,
    /// It is off.
    Cancel,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Invite => "invite",
            Kind::Cancel => "cancel",
        }
    }
}

/// A mail to the guest of a booking about this SEQUENCE of their event.
pub(super) fn to_guest(kind: Kind, booking: BookingId, sequence: i64, after: Option<JobId>, now: i64) -> NewJob {
    NewJob {
        key: format!("{}/booking/{booking}/{sequence}/guest", kind.word()),
        kind: kind.word(),
        payload: json!({"booking": booking, "sequence": sequence, "to": "guest"}),
        lane: format!("mail/{booking}/guest"),
        after,
        due: now,
    }
}

/// A mail to the host of a session about this SEQUENCE of their event.
fn to_host(kind: Kind, session: SessionId, sequence: i64, after: Option<JobId>, now: i64) -> NewJob {
    NewJob {
        key: format!("{}/session/{session}/{sequence}/host", kind.word()),
        kind: kind.word(),
        payload: json!({"session": session, "sequence": sequence, "to": "host"}),
        lane: format!("mail/{session}/host"),
        after,
        due: now,
    }
}

/// A mail with the link that confirms a held booking.
pub(super) async fn ask_to_confirm(tx: &mut Tx, booking: BookingId, now: i64) -> Result<(), DbError> {
    let job = NewJob {
        key: format!("confirm-mail/{booking}"),
        kind: "confirm-mail",
        payload: json!({"booking": booking}),
        lane: format!("mail/{booking}/guest"),
        after: None,
        due: now,
    };
    enqueue(tx, &job, now).await?;
    Ok(())
}

/// A mail to the one who cancels, with the link that takes it back until `until`.
pub(super) async fn offer_undo(
    tx: &mut Tx,
    booking: BookingId,
    to_host: bool,
    until: i64,
    now: i64,
) -> Result<(), DbError> {
    let to = if to_host { "host" } else { "guest" };
    let job = NewJob {
        key: format!("undo-mail/{booking}/{until}/{to}"),
        kind: "undo-mail",
        payload: json!({"booking": booking, "to": to}),
        // Not behind an invite that waits: there are two minutes.
        lane: format!("undo/{booking}"),
        after: None,
        due: now,
    };
    enqueue(tx, &job, now).await?;
    Ok(())
}

/// The job that makes a session's meeting link; queued once.
async fn link(tx: &mut Tx, session: SessionId, now: i64) -> Result<JobId, DbError> {
    let job = NewJob {
        key: format!("meeting-link/{session}"),
        kind: "meeting-link",
        payload: json!({"session": session}),
        lane: format!("session/{session}"),
        after: None,
        due: now,
    };
    enqueue(tx, &job, now).await
}

/// Tells these guests of a session (booking and SEQUENCE) and, if it takes or took place for anybody, its host.
/// `confirmed_before`: how many confirmed bookings the session had before the change.
pub(super) async fn tell(
    tx: &mut Tx,
    session: SessionId,
    guests: &[(BookingId, i64)],
    confirmed_before: i64,
    now: i64,
) -> Result<(), DbError> {
    type Row = (i64, i64, i64, bool, bool, bool, i64, String, Option<i64>);
    let (sequence, changed, confirmed, hidden, online, copied, starts, befores, shared): Row = tx
        .one(
            "SELECT s.sequence, s.changed, (SELECT COUNT(*) FROM bookings b WHERE b.session = s.id AND b.status IN ('confirmed', 'cancelling')),
                 t.hidden, k.place = 'online', t.notify_leads OR t.notify_admins, s.starts, k.reminders,
                 (SELECT b.sequence FROM bookings b WHERE b.session = s.id AND b.uid = s.uid)
             FROM sessions s JOIN teams t ON t.id = s.team JOIN session_types k ON k.id = s.type WHERE s.id = $1",
            args![session],
        )
        .await?;
    // A host who was never told of it gets the first SEQUENCE, however long the session was only held.
    let first = confirmed_before == 0 && sequence == 0;
    let own = if first || confirmed_before + confirmed == 0 { sequence } else { sequence + 1 };
    // One event has one SEQUENCE, whoever is told.
    let next = shared.unwrap_or(own);
    // Whoever made a schedule says in its note where people meet; a place that is not online needs no link.
    let after = if confirmed > 0 && online && !hidden { Some(link(tx, session, now).await?) } else { None };
    let mut jobs: Vec<NewJob> =
        guests.iter().map(|(booking, sequence)| to_guest(Kind::Invite, *booking, *sequence, after, now)).collect();
    let news = match (confirmed_before, confirmed) {
        (0, 0) => None,
        (_, 0) => Some((Kind::Cancel, None)),
        _ => Some((Kind::Invite, after)),
    };
    if let Some((kind, after)) = news {
        jobs.push(to_host(kind, session, next, after, now));
        if copied {
            jobs.extend(copies(tx, session, next, kind.word(), now).await?);
        }
    }
    if (next, now) != (sequence, changed) {
        tx.execute("UPDATE sessions SET sequence = $2, changed = $3 WHERE id = $1", args![session, next, now]).await?;
    }
    let plan = Reminders::new(&befores, starts, now);
    // Of a session that was moved the old ones are taken back; what was told for the first time has none.
    let mut before: Vec<String> =
        guests.iter().filter(|(_, sequence)| *sequence > 0).map(|(id, _)| reminders::lane(*id, Side::Guest)).collect();
    if !first {
        before.push(reminders::lane(session, Side::Host));
    }
    withdraw(tx, reminders::KIND, &before).await?;
    jobs.extend(guests.iter().flat_map(|(booking, _)| plan.jobs(*booking, Side::Guest)));
    // The host of a schedule has no address.
    if confirmed > 0 && !hidden {
        jobs.extend(plan.jobs(session, Side::Host));
    }
    enqueue_all(tx, &jobs, now).await?;
    Ok(())
}

/// Tells a guest that their booking is off.
pub(super) async fn tell_cancelled(tx: &mut Tx, booking: BookingId, sequence: i64, now: i64) -> Result<(), DbError> {
    withdraw(tx, reminders::KIND, &[reminders::lane(booking, Side::Guest)]).await?;
    enqueue(tx, &to_guest(Kind::Cancel, booking, sequence, None, now), now).await?;
    Ok(())
}

/// What a team's leads and administrators get of what its host is told, where the team wants that: nobody twice, and
/// nobody who is in the session themself.
async fn copies(tx: &mut Tx, session: SessionId, sequence: i64, news: &str, now: i64) -> Result<Vec<NewJob>, DbError> {
    let (team, host): (i64, PersonId) = tx.one("SELECT team, host FROM sessions WHERE id = $1", args![session]).await?;
    let mut told = teams::overseers(tx, team).await?;
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let guests: Vec<(PersonId,)> =
        tx.all("SELECT guest FROM bookings WHERE session = $1 AND seat IS NOT NULL", args![session]).await?;
    told.retain(|person| *person != host && guests.iter().all(|(guest,)| guest != person));
    let copy = |person: PersonId| NewJob {
        key: format!("copy-mail/{session}/{news}/{sequence}/{person}"),
        kind: "copy-mail",
        payload: json!({"session": session, "sequence": sequence, "person": person, "code": news}),
        lane: format!("copy/{session}/{person}"),
        after: None,
        due: now,
    };
    Ok(told.into_iter().map(copy).collect())
}

/// A mail about the question whether a pending booking may be. `code`: `asked` (to the guest), `request` (to the host),
/// `rejected` (to the guest), `off` (to a guest who has the slot's own event, and took their wish back), `withdrawn` (to
/// the host).
fn question(booking: BookingId, code: &str, of: &str, lane: String, now: i64) -> NewJob {
    let to = if matches!(code, "asked" | "rejected" | "off") { "guest" } else { "host" };
    NewJob {
        key: format!("approval-mail/{booking}/{code}/{of}"),
        kind: "approval-mail",
        payload: json!({"booking": booking, "code": code, "to": to}),
        lane,
        after: None,
        due: now,
    }
}

/// Asks the host, and whoever hears of the team's bookings, whether a booking may be; its guest is told that it was
/// asked. Once for each host and start.
pub(super) async fn ask_for_approval(tx: &mut Tx, booking: BookingId, now: i64) -> Result<(), DbError> {
    let (session, host, starts, copied): (SessionId, PersonId, i64, bool) = tx
        .one(
            "SELECT s.id, s.host, s.starts, t.notify_leads OR t.notify_admins FROM bookings b
             JOIN sessions s ON s.id = b.session JOIN teams t ON t.id = s.team WHERE b.id = $1",
            args![booking],
        )
        .await?;
    let of = format!("{starts}/{host}");
    let mut jobs = vec![
        question(booking, "asked", &of, format!("mail/{booking}/guest"), now),
        question(booking, "request", &of, format!("mail/{session}/host"), now),
    ];
    if copied {
        // A copy of its own for each booking of a group.
        let asked = copies(tx, session, 0, "request", now).await?;
        jobs.extend(asked.into_iter().map(|copy| NewJob {
            key: format!("{}/{booking}/{starts}", copy.key),
            payload: with_booking(copy.payload, booking),
            ..copy
        }));
    }
    enqueue_all(tx, &jobs, now).await?;
    Ok(())
}

fn with_booking(mut payload: serde_json::Value, booking: BookingId) -> serde_json::Value {
    if let Some(fields) = payload.as_object_mut() {
        fields.insert("booking".into(), booking.into());
    }
    payload
}

/// A pending booking is off: whoever did not do it hears so. Of what the clock ended the host hears nothing: they did not
/// answer.
pub(super) async fn end_question(
    tx: &mut Tx,
    booking: &Booking,
    actor: Option<PersonId>,
    lapsed: bool,
    now: i64,
) -> Result<(), DbError> {
    let session = &booking.session;
    let mut jobs = Vec::new();
    if actor != Some(booking.guest) {
        jobs.push(question(booking.id, "rejected", "guest", format!("mail/{}/guest", booking.id), now));
    } else if booking.began > 0 {
        jobs.push(question(booking.id, "off", "guest", format!("mail/{}/guest", booking.id), now));
    }
    if !lapsed && actor != Some(session.host) {
        jobs.push(question(booking.id, "withdrawn", "host", format!("mail/{}/host", session.id), now));
    }
    enqueue_all(tx, &jobs, now).await?;
    Ok(())
}

/// Sends a standing booking's invites once more to guest and host, the same event in a new mail; within a minute once.
///
/// # Errors
/// [`DbError`].
pub async fn resend(tx: &mut Tx, booking: &Booking, actor: PersonId, now: i64) -> Result<(), DbError> {
    let session = &booking.session;
    let again = |job: NewJob| NewJob { key: format!("{}/again/{}", job.key, now.div_euclid(60)), ..job };
    let jobs = [
        again(to_guest(Kind::Invite, booking.id, booking.sequence, None, now)),
        again(to_host(Kind::Invite, session.id, session.sequence, None, now)),
    ];
    enqueue_all(tx, &jobs, now).await?;
    super::log::write(tx, booking.id, Some(actor), "resent", serde_json::Value::Null, now).await
}
