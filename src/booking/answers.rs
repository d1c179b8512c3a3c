//! What participants answered to their invites, and the other times they proposed (CN-10).

use serde_json::json;
use sqlx::FromRow;

use super::{Booking, BookingId, log};
use crate::args;
use crate::db::{Conn, DbError, Tx, new_id};
use crate::jobs::{NewJob, enqueue};
use crate::people::PersonId;

/// Whether somebody comes, as their calendar says.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Attendance {
    /// Guest or host.
    pub person: PersonId,
    /// `accepted`, `tentative` or `declined`.
    pub answer: String,
    /// What they say about it.
    pub comment: Option<String>,
    /// When it came, UTC seconds.
    pub at: i64,
}

/// An answer that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer {
    /// Guest or host.
    pub person: PersonId,
    /// `accepted`, `tentative` or `declined`.
    pub answer: &'static str,
    /// What they say about it.
    pub comment: Option<String>,
    /// SEQUENCE of the event they answer.
    pub sequence: i64,
    /// When they answered, UTC seconds.
    pub stamp: i64,
}

/// Keeps an answer unless a newer one is known (RFC 5546 §2.1.5); whether it was kept.
///
/// # Errors
/// [`DbError`].
pub async fn record_answer(tx: &mut Tx, booking: BookingId, new: &NewAnswer, now: i64) -> Result<bool, DbError> {
    let kept = tx
        .execute(
            "INSERT INTO attendance (booking, person, answer, comment, sequence, stamp, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (booking, person) DO UPDATE SET answer = excluded.answer, comment = excluded.comment,
                 sequence = excluded.sequence, stamp = excluded.stamp, at = excluded.at
             WHERE excluded.sequence > attendance.sequence
                 OR (excluded.sequence = attendance.sequence AND excluded.stamp >= attendance.stamp)",
            args![booking, new.person, new.answer, new.comment.clone(), new.sequence, new.stamp, now],
        )
        .await?;
    if kept > 0 {
        let detail = json!({"answer": new.answer, "comment": new.comment});
        log::write(tx, booking, Some(new.person), "answered", detail, now).await?;
    }
    Ok(kept > 0)
}

/// What the participants of a booking answered.
///
/// # Errors
/// [`DbError`].
pub async fn attendance(conn: &mut Conn, booking: BookingId) -> Result<Vec<Attendance>, DbError> {
    conn.all(
        "SELECT person, answer, comment, at FROM attendance WHERE booking = $1 ORDER BY at, person",
        args![booking],
    )
    .await
}

/// Another time that a participant proposed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Proposal {
    /// Key.
    pub id: i64,
    /// Of what.
    pub booking: BookingId,
    /// Who.
    pub person: PersonId,
    /// Start of the session when it was proposed, UTC seconds.
    pub was: i64,
    /// UTC seconds.
    pub starts: i64,
    /// UTC seconds.
    pub ends: i64,
    /// What they say about it.
    pub comment: Option<String>,
    /// `open`, `accepted`, `declined` or `replaced` by a later one or another move.
    pub status: String,
    /// UTC seconds.
    pub created: i64,
    /// When it was decided, UTC seconds.
    pub decided: Option<i64>,
}

const PROPOSAL: &str = "id, booking, person, was, starts, ends, comment, status, created, decided";

impl Proposal {
    /// Whether it can still be answered: neither decided nor overtaken by another move, the clock or a cancellation.
    pub fn is_open(&self, booking: &Booking, now: i64) -> bool {
        self.status == "open" && booking.stands() && self.was == booking.session.starts && self.starts > now
    }
}

/// Keeps a proposal in the place of that person's earlier ones, and has the other side told.
///
/// # Errors
/// [`DbError`].
pub async fn propose(
    tx: &mut Tx,
    booking: &Booking,
    person: PersonId,
    times: (i64, i64),
    comment: Option<&str>,
    now: i64,
) -> Result<i64, DbError> {
    for earlier in open(tx, booking.id).await?.iter().filter(|earlier| earlier.person == person) {
        close(tx, booking, earlier, "replaced", now).await?;
    }
    let id = new_id();
    tx.execute(
        "INSERT INTO proposals (id, booking, person, was, starts, ends, comment, status, created)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8)",
        args![id, booking.id, person, booking.session.starts, times.0, times.1, comment, now],
    )
    .await?;
    log::write(tx, booking.id, Some(person), "proposed", json!({"to": times.0}), now).await?;
    tell(tx, "proposal", booking.id, id, person != booking.guest, now).await?;
    Ok(id)
}

/// Decides an open proposal; `false`: somebody did already. Who proposed is told of a no by their calendar's
/// DECLINECOUNTER; a yes is the invite with the new time.
///
/// # Errors
/// [`DbError`].
pub async fn decide(
    tx: &mut Tx,
    booking: &Booking,
    proposal: &Proposal,
    accepted: bool,
    actor: PersonId,
    now: i64,
) -> Result<bool, DbError> {
    let word = if accepted { "accepted" } else { "declined" };
    // Moving the session there has closed it already.
    let before = if accepted { "'open', 'accepted'" } else { "'open'" };
    let sql = format!("UPDATE proposals SET status = $2, decided = $3 WHERE id = $1 AND status IN ({before})");
    let changed = tx.execute(sqlx::AssertSqlSafe(sql), args![proposal.id, word, now]).await?;
    if changed > 0 {
        let action = if accepted { "proposal-accepted" } else { "proposal-declined" };
        log::write(tx, booking.id, Some(actor), action, json!({"to": proposal.starts}), now).await?;
        if !accepted {
            tell(tx, "decline-counter", booking.id, proposal.id, proposal.person == booking.guest, now).await?;
        }
    }
    Ok(changed > 0)
}

/// What is proposed about a booking ends with another move or its cancellation; by a move to where one of them wanted it,
/// that one is accepted.
///
/// # Errors
/// [`DbError`].
pub(super) async fn overtake(tx: &mut Tx, booking: &Booking, to: Option<i64>, now: i64) -> Result<(), DbError> {
    for proposal in open(tx, booking.id).await? {
        let word = if to == Some(proposal.starts) { "accepted" } else { "replaced" };
        close(tx, booking, &proposal, word, now).await?;
    }
    Ok(())
}

async fn open(tx: &mut Tx, booking: BookingId) -> Result<Vec<Proposal>, DbError> {
    let sql = format!("SELECT {PROPOSAL} FROM proposals WHERE booking = $1 AND status = 'open' ORDER BY id LIMIT 20");
    tx.all(sqlx::AssertSqlSafe(sql), args![booking]).await
}

async fn close(tx: &mut Tx, booking: &Booking, proposal: &Proposal, word: &str, now: i64) -> Result<(), DbError> {
    tx.execute("UPDATE proposals SET status = $2, decided = $3 WHERE id = $1", args![proposal.id, word, now]).await?;
    settle(tx, booking, proposal, None, now).await
}

/// Has the proposal's event taken off the calendar of whoever was asked. `code`: why the time cannot be, though they
/// accepted it.
///
/// # Errors
/// [`DbError`].
pub async fn settle(
    tx: &mut Tx,
    booking: &Booking,
    proposal: &Proposal,
    code: Option<&str>,
    now: i64,
) -> Result<(), DbError> {
    let to = if proposal.person == booking.guest { "host" } else { "guest" };
    let job = NewJob {
        key: format!("proposal-settled/{}", proposal.id),
        kind: "proposal-settled",
        payload: json!({"proposal": proposal.id, "booking": booking.id, "code": code.unwrap_or_default()}),
        lane: format!("mail/{}/{to}", booking.id),
        after: None,
        due: now,
    };
    enqueue(tx, &job, now).await?;
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    kind: &'static str,
    booking: BookingId,
    proposal: i64,
    to_guest: bool,
    now: i64,
) -> Result<(), DbError> {
    let job = NewJob {
        key: format!("{kind}/{proposal}"),
        kind,
        payload: json!({"proposal": proposal, "booking": booking}),
        lane: format!("mail/{booking}/{}", if to_guest { "guest" } else { "host" }),
        after: None,
        due: now,
    };
    enqueue(tx, &job, now).await?;
    Ok(())
}

/// The proposal with this key.
///
/// # Errors
/// [`DbError`].
pub async fn proposal(conn: &mut Conn, id: i64) -> Result<Option<Proposal>, DbError> {
    let sql = format!("SELECT {PROPOSAL} FROM proposals WHERE id = $1");
    conn.optional(sqlx::AssertSqlSafe(sql), args![id]).await
}

/// The newest proposal about a booking that can still be answered.
///
/// # Errors
/// [`DbError`].
pub async fn open_proposal(conn: &mut Conn, booking: &Booking, now: i64) -> Result<Option<Proposal>, DbError> {
    let sql =
        format!("SELECT {PROPOSAL} FROM proposals WHERE booking = $1 AND status = 'open' ORDER BY id DESC LIMIT 1");
    let found: Option<Proposal> = conn.optional(sqlx::AssertSqlSafe(sql), args![booking.id]).await?;
    Ok(found.filter(|proposal| proposal.is_open(booking, now)))
}
