//! The mail jobs `invite`, `cancel`, `confirm-mail`, `undo-mail`, `refused-mail`, and the way out of all others.

use serde::Deserialize;

use super::store::{Capture, Keep, Mail, NotRecorded, Sent, attempted, of_job, sent};
use super::{Envelope, Mailer, SendError, compose};
use crate::booking::{self, Booking, Session, Status};
use crate::db::{Conn, DbError};
use crate::desk::Desk;
use crate::invitations::{Message, Method, Reader, Surroundings, Writer};
use crate::jobs::{Attempt, Job, KEEP_FINISHED};
use crate::people::is_private;

/// What the payload of a mail job says.
#[derive(Debug, Deserialize)]
struct Order {
    #[serde(default)]
    booking: Option<i64>,
    #[serde(default)]
    session: Option<i64>,
    #[serde(default)]
    sequence: i64,
    #[serde(default)]
    proposal: Option<i64>,
    #[serde(default)]
    to: String,
    #[serde(default)]
    wanted: Option<i64>,
    #[serde(default)]
    code: String,
}

/// Carries out one attempt of a mail job.
pub async fn carry_out(desk: &Desk, mailer: &Mailer, job: &Job) -> Attempt {
    let attempt = match job.kind.as_str() {
        "welcome-mail" => super::welcome::attempt(desk, mailer, job).await,
        "sign-in-mail" => super::sign_in::attempt(desk, mailer, job).await,
        "reminder" => super::reminder::attempt(desk, mailer, job).await,
        "calendar-unreachable" => super::calendar::attempt(desk, mailer, job).await,
        "address-mail" | "address-notice" => super::address::attempt(desk, mailer, job).await,
        "password-mail" => super::password::attempt(desk, mailer, job).await,
        "slot-invite" | "slot-refused" | "slot-countered" | "slot-doubted" => {
            super::slots::attempt(desk, mailer, job).await
        }
        "approval-mail" | "copy-mail" | "taken-back-mail" => super::deciding::attempt(desk, mailer, job).await,
        "robot-reply" | "robot-refusal" | "robot-stranger" => super::robot::attempt(desk, mailer, job).await,
        "parked-mail" => super::parked::attempt(desk, mailer, job).await,
        "rule-slips" => super::slips::attempt(desk, mailer, job).await,
        _ => attempt(desk, mailer, job).await,
    };
    match attempt {
        Ok(attempt) => attempt,
        Err(error) => Attempt::Again(error.to_string()),
    }
}

async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let (message, kept) = {
        let mut conn = desk.db.read().await?;
        let message = match job.kind.as_str() {
            "invite" => invite(desk, &mut conn, &order).await?,
            "cancel" => cancel(desk, &mut conn, &order, job).await?,
            "confirm-mail" => confirm(desk, &mut conn, &order).await?,
            "proposal" | "decline-counter" | "proposal-settled" => proposal(desk, &mut conn, &order, job).await?,
            "doubted-answer" => doubted(desk, &mut conn, &order).await?,
            "undo-mail" => undo(desk, &mut conn, &order).await?,
            "refused-mail" => refused(desk, &mut conn, &order).await?,
            other => return Ok(Attempt::Failed(format!("no mail is of the kind `{other}`"))),
        };
        let Some(message) = message else { return Ok(Attempt::Obsolete) };
        (message, of_job(&mut conn, job.id).await?)
    };
    let mail = match kept {
        Some(mail) => mail,
        None => match composed(desk, job, &message) {
            Ok(mail) => mail,
            Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
        },
    };
    deliver(desk, mailer, job, mail).await
}

/// The one door out. Nothing goes to an address that we made up.
pub(super) async fn deliver(desk: &Desk, mailer: &Mailer, job: &Job, mail: Mail) -> Result<Attempt, DbError> {
    if is_private(&mail.recipient) {
        return Ok(Attempt::Obsolete);
    }
    if matches!(mailer, Mailer::Capture) {
        return recorded(desk.db.run(Capture { job: job.clone(), mail, now: desk.clock.now() }).await);
    }
    desk.db.run(Keep { job: job.id, mail: mail.clone() }).await?;
    match mailer.send(&mail.sender, &mail.recipient, &mail.bytes).await {
        Ok(()) => recorded(desk.db.run(Sent { job: job.clone(), now: desk.clock.now() }).await),
        Err(SendError::Later(reason)) => Ok(Attempt::Again(reason)),
        Err(SendError::Never(reason)) => Ok(Attempt::Failed(reason)),
    }
}

fn recorded(result: Result<(), NotRecorded>) -> Result<Attempt, DbError> {
    match result {
        Ok(()) | Err(NotRecorded::LeaseLost) => Ok(Attempt::Recorded),
        Err(NotRecorded::Db(error)) => Err(error),
    }
}

pub(super) fn composed(desk: &Desk, job: &Job, message: &Message) -> Result<Mail, super::Refused> {
    composed_from(desk, job, message, &desk.config.mail_from)
}

/// The same from another address of ours: an answer comes from the one that was asked (RFC 6047 §2.2).
pub(super) fn composed_from(desk: &Desk, job: &Job, message: &Message, from: &str) -> Result<Mail, super::Refused> {
    let config = &desk.config;
    let mut local = desk.keys.hash(&format!("mail\0{}", job.key));
    local.truncate(32);
    let message_id = format!("{local}@{}", config.mail_domain());
    let now = desk.clock.now();
    let envelope = Envelope {
        message_id: &message_id,
        date: now,
        from: (&config.mail_from_name, from),
        to: (&message.to_name, &message.to_address),
        reply_to: message.reply_to.as_ref().map(|(name, address)| (name.as_str(), address.as_str())),
    };
    let mut bytes = compose(&envelope, &message.letter, message.calendar.as_ref())?;
    if let Some(key) = &config.dkim {
        bytes = super::dkim::signed(key, &bytes, now).ok_or(super::Refused::Unsigned)?;
    }
    Ok(Mail {
        sender: config.mail_from.clone(),
        recipient: message.to_address.clone(),
        subject: message.letter.subject.clone(),
        message_id,
        bytes,
        composed: now,
    })
}

/// `None`: the booking has moved on, and a later job tells of it.
async fn invite(desk: &Desk, conn: &mut Conn, order: &Order) -> Result<Option<Message>, DbError> {
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    if let Some(id) = order.booking {
        let current = |booking: &Booking| booking.takes_place() && booking.sequence == order.sequence;
        let Some(booking) = booking::by_id(conn, id).await?.filter(current) else { return Ok(None) };
        let mut around = Surroundings::of(conn, &booking.session).await?;
        if booking.sequence == 0 {
            around.booked_by = booking::on_behalf_of(conn, booking.id).await?;
        }
        return Ok(Some(writer.to_guest(&booking, &around, Method::Request)));
    }
    let Some(id) = order.session else { return Ok(None) };
    let current = |session: &Session| !session.cancelled && session.sequence == order.sequence;
    let Some(session) = booking::session(conn, id).await?.filter(current) else { return Ok(None) };
    let bookings = booking::all_of_session(conn, id).await?;
    let mut around = Surroundings::of(conn, &session).await?;
    if let ([only], 0) = (bookings.as_slice(), session.sequence) {
        around.booked_by = booking::on_behalf_of(conn, only.id).await?;
    }
    Ok(Some(writer.to_host(&session, &bookings, &around, Method::Request)))
}

/// `None`: whoever would be told never heard of the booking, or it lives on.
async fn cancel(desk: &Desk, conn: &mut Conn, order: &Order, job: &Job) -> Result<Option<Message>, DbError> {
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    if let Some(id) = order.booking {
        let over = |booking: &Booking| booking.status == Status::Cancelled;
        let Some(booking) = booking::by_id(conn, id).await?.filter(over) else { return Ok(None) };
        if !was_told(desk, conn, job, booking.created).await? {
            return Ok(None);
        }
        let around = Surroundings::of(conn, &booking.session).await?;
        return Ok(Some(writer.to_guest(&booking, &around, Method::Cancel)));
    }
    let Some(id) = order.session else { return Ok(None) };
    let over = |session: &Session| session.cancelled;
    let Some(session) = booking::session(conn, id).await?.filter(over) else { return Ok(None) };
    if !was_told(desk, conn, job, session.created).await? {
        return Ok(None);
    }
    let bookings = booking::all_of_session(conn, id).await?;
    let around = Surroundings::of(conn, &session).await?;
    Ok(Some(writer.to_host(&session, &bookings, &around, Method::Cancel)))
}

/// Whether an invite went out, or may have, in this job's lane. For bookings so old that finished jobs have been
/// forgotten the answer is yes.
async fn was_told(desk: &Desk, conn: &mut Conn, job: &Job, booked: i64) -> Result<bool, DbError> {
    let forgotten = booked < desk.clock.now() - KEEP_FINISHED + 86_400;
    Ok(forgotten || attempted(conn, "invite", &job.lane).await?)
}

/// `None`: it was taken back already, or carried out.
async fn undo(desk: &Desk, conn: &mut Conn, order: &Order) -> Result<Option<Message>, DbError> {
    let Some(id) = order.booking else { return Ok(None) };
    let open = |booking: &Booking| {
        booking.status == Status::Cancelling && booking.expires.is_some_and(|until| until > desk.clock.now())
    };
    let Some(booking) = booking::by_id(conn, id).await?.filter(open) else { return Ok(None) };
    let around = Surroundings::of(conn, &booking.session).await?;
    Ok(Some(Writer { config: &desk.config, keys: &desk.keys }.to_undo(&booking, &around, reader(order))))
}

/// `None`: the booking is over, so that there is nothing to choose any more.
async fn refused(desk: &Desk, conn: &mut Conn, order: &Order) -> Result<Option<Message>, DbError> {
    let Some(id) = order.booking else { return Ok(None) };
    let Some(booking) = booking::by_id(conn, id).await?.filter(Booking::stands) else { return Ok(None) };
    let around = Surroundings::of(conn, &booking.session).await?;
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    Ok(Some(writer.to_refused(&booking, &around, reader(order), order.wanted, &order.code)))
}

fn reader(order: &Order) -> Reader {
    if order.to == "host" { Reader::Host } else { Reader::Guest }
}

/// `None`: it was decided, or overtaken.
async fn proposal(desk: &Desk, conn: &mut Conn, order: &Order, job: &Job) -> Result<Option<Message>, DbError> {
    let (Some(id), Some(booking)) = (order.proposal, order.booking) else { return Ok(None) };
    let Some(found) = booking::proposal(conn, id).await? else { return Ok(None) };
    // Of the end of a question even those hear whose session is off.
    let settled = job.kind == "proposal-settled";
    let concerned = |booking: &Booking| settled || booking.status == Status::Confirmed;
    let Some(booking) = booking::by_id(conn, booking).await?.filter(concerned) else { return Ok(None) };
    if settled && !sent(conn, &format!("proposal/{id}")).await? {
        return Ok(None);
    }
    let around = Surroundings::of(conn, &booking.session).await?;
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    Ok(match job.kind.as_str() {
        "proposal-settled" => Some(writer.to_settled(&booking, &around, &found, &order.code)),
        "decline-counter" => Some(writer.to_proposer(&booking, &around, &found)),
        _ if found.is_open(&booking, desk.clock.now()) => Some(writer.to_decide(&booking, &around, &found)),
        _ => None,
    })
}

/// `None`: there is nothing left to decide.
async fn doubted(desk: &Desk, conn: &mut Conn, order: &Order) -> Result<Option<Message>, DbError> {
    let Some(id) = order.booking else { return Ok(None) };
    let ahead = |booking: &Booking| booking.status == Status::Confirmed && booking.session.starts > desk.clock.now();
    let Some(booking) = booking::by_id(conn, id).await?.filter(ahead) else { return Ok(None) };
    let around = Surroundings::of(conn, &booking.session).await?;
    let reader = if order.to == "host" { Reader::Host } else { Reader::Guest };
    Ok(Some(Writer { config: &desk.config, keys: &desk.keys }.to_doubted(&booking, &around, reader)))
}

/// `None`: the hold was confirmed, or it is over.
async fn confirm(desk: &Desk, conn: &mut Conn, order: &Order) -> Result<Option<Message>, DbError> {
    let Some(id) = order.booking else { return Ok(None) };
    let now = desk.clock.now();
    let waiting =
        |booking: &Booking| booking.status == Status::Held && booking.expires.is_none_or(|expires| expires > now);
    let Some(booking) = booking::by_id(conn, id).await?.filter(waiting) else { return Ok(None) };
    let around = Surroundings::of(conn, &booking.session).await?;
    Ok(Some(Writer { config: &desk.config, keys: &desk.keys }.to_confirm(&booking, &around)))
}
