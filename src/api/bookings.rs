//! Booking, and what a booking's holder can do: `/api/v1/teams/{team}/bookings`, `/api/v1/bookings/{token}`.

use http::{StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answers::{Reply, broken, nothing_here, personal, told};
use super::fields::Fields;
use super::{refusals, times};
use crate::booking::{Booking, OnBehalf, Outcome, Refusal, Status};
use crate::desk::booking::{self, BookRequest, Booked, BookingView, Caller, Guest, Holder, HolderRole, Idempotency};
use crate::desk::team_facts::TeamFacts;
use crate::language::Language;
use crate::people::PersonId;
use crate::surface::{self, Answer, Call};
use crate::teams::SessionType;

/// `POST /api/v1/teams/{team}/bookings`
pub async fn book(call: Call) -> Reply {
    let facts = surface::teams::visible(&call.desk, call.param(0), call.person.as_ref()).await;
    let facts = facts.map_err(broken(&call))?.ok_or_else(|| nothing_here(&call))?;
    let member = surface::teams::is_member(&call.desk, &facts, call.person.as_ref()).await.map_err(broken(&call))?;
    let (request, how) = read_request(&call, &facts, &facts.shown(member))?;
    let booked = match how {
        Some(how) => booking::book_for(&call.desk, request, how).await,
        None => booking::book(&call.desk, request).await,
    };
    match booked {
        Ok(booked) => Ok(made(&call, &booked)),
        Err(refusal) => Err(Box::new(refusals::refusal(&call, &refusal, &facts.types))),
    }
}

/// What is wished for; with `on_behalf`, by somebody of the team for a guest.
fn read_request(
    call: &Call,
    facts: &TeamFacts,
    types: &[SessionType],
) -> Result<(BookRequest, Option<OnBehalf>), Box<Answer>> {
    let mut fields = Fields::read(call)?;
    let slug = fields.text("type");
    let kind = types.iter().find(|kind| kind.slug == slug);
    if kind.is_none() && !slug.is_empty() {
        fields.wrong("type", "is not a session type of this team");
    }
    let start = fields.time("start");
    let language = fields.optional("guest.language").map(|code| code.parse()).unwrap_or(Ok(Language::default()));
    let language = language.unwrap_or_else(|message: String| {
        fields.wrong("guest.language", &message);
        Language::default()
    });
    let guest = Guest {
        name: fields.text("guest.name"),
        email: fields.text("guest.email"),
        phone: fields.optional("guest.phone"),
        timezone: fields.text("guest.timezone"),
        language,
    };
    let host = fields.optional("host").filter(|host| !host.is_empty()).map(|host| {
        // Somebody who is no host of the team offers nothing.
        let known = host.parse().ok().filter(|id| facts.hosts.iter().any(|host| host.person == *id));
        known.unwrap_or_else(|| {
            fields.wrong("host", "is not a host of this team");
            0
        })
    });
    let agenda = fields.optional("agenda").unwrap_or_default();
    let answers = fields.object("answers");
    let (on_behalf, waive_notice) = (fields.flag("on_behalf"), fields.flag("waive_notice"));
    let key = call.headers.get("idempotency-key").map(|key| key.to_str().unwrap_or_default().to_owned());
    if key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 255) {
        fields.wrong("Idempotency-Key", "must have 1 to 255 characters");
    }
    fields.finish(&call.desk.config.public_url)?;
    let request = BookRequest {
        team: facts.team.clone(),
        type_id: kind.map_or(0, |kind| kind.id),
        start,
        agenda,
        answers,
        host,
        by: Caller { person: call.person.clone(), address: call.client.to_string() },
        idempotency: key.map(|key| Idempotency {
            route: format!("POST /api/v1/teams/{}/bookings", facts.team.id),
            caller: match &call.person {
                Some(person) => format!("person {}", person.id),
                None => guest.email.trim().to_lowercase(),
            },
            key,
            body_hash: Sha256::digest(&call.body).to_vec(),
        }),
        guest,
    };
    Ok((request, on_behalf.then_some(OnBehalf { waive_notice })))
}

/// 201. A booking that waits for its mailed link shows no link of its own: following it proves the address.
fn made(call: &Call, booked: &Booked) -> Answer {
    let held = booked.status == Status::Held;
    let body = json!({
        "id": booked.id.to_string(),
        "uid": booked.uid,
        "start": times::write(booked.start),
        "end": times::write(booked.end),
        "status": booked.status.word(),
        "link": (!held).then(|| call.absolute(&format!("/b/{}", booked.token))),
    });
    let answer = personal(StatusCode::CREATED, &body);
    if held {
        return answer;
    }
    surface::with(answer, header::LOCATION, &call.absolute(&format!("/api/v1/bookings/{}", booked.token)))
}

/// `GET /api/v1/bookings/{token}`
pub async fn view(call: Call) -> Reply {
    shown(&call).await
}

/// `POST /api/v1/bookings/{token}/cancel`
pub async fn cancel(call: Call) -> Reply {
    let holder = holder(&call).await?;
    let reason = read_one(&call, |fields| fields.optional("reason"))?;
    changed(&call, &holder, booking::cancel(&call.desk, &holder, reason.as_deref()).await).await
}

/// `POST /api/v1/bookings/{token}/reschedule`
pub async fn reschedule(call: Call) -> Reply {
    let holder = holder(&call).await?;
    let start = read_one(&call, |fields| fields.time("start"))?;
    changed(&call, &holder, booking::reschedule(&call.desk, &holder, start).await).await
}

/// `POST /api/v1/bookings/{token}/confirm`: following the mailed link proves the address, and so does this.
pub async fn confirm(call: Call) -> Reply {
    let holder = holder(&call).await?;
    changed(&call, &holder, booking::confirm(&call.desk, &holder).await).await
}

/// `POST /api/v1/bookings/{token}/undo`: takes back a cancellation of the holder's own.
pub async fn undo(call: Call) -> Reply {
    let holder = holder(&call).await?;
    changed(&call, &holder, booking::undo(&call.desk, &holder).await).await
}

/// `POST /api/v1/bookings/{token}/proposal`: `id`, and `answer`, `accept` or `decline`.
pub async fn answer_proposal(call: Call) -> Reply {
    let holder = holder(&call).await?;
    let (id, accepted) = read_one(&call, |fields| {
        let (id, answer) = (fields.text("id"), fields.text("answer"));
        if !matches!(answer.as_str(), "accept" | "decline" | "") {
            fields.wrong("answer", "must be accept or decline");
        }
        (id.parse().unwrap_or(0), answer == "accept")
    })?;
    let result = match accepted {
        true => booking::accept_proposal(&call.desk, &holder, id).await,
        false => booking::decline_proposal(&call.desk, &holder, id).await,
    };
    changed(&call, &holder, result).await
}

/// `POST /api/v1/bookings/{token}/approve`: by the host.
pub async fn approve(call: Call) -> Reply {
    let holder = host(&call).await?;
    changed(&call, &holder, booking::approve(&call.desk, holder.booking.id, holder.person).await).await
}

/// `POST /api/v1/bookings/{token}/reject`: by the host, with a `reason`.
pub async fn reject(call: Call) -> Reply {
    let holder = host(&call).await?;
    let reason = read_one(&call, |fields| fields.optional("reason"))?.unwrap_or_default();
    changed(&call, &holder, booking::reject(&call.desk, holder.booking.id, holder.person, &reason).await).await
}

/// `POST /api/v1/bookings/{token}/outcome`: by the host; `completed`, `no-show` or `null`.
pub async fn outcome(call: Call) -> Reply {
    let holder = host(&call).await?;
    let said = read_outcome(&call)?;
    changed(&call, &holder, booking::set_outcome(&call.desk, holder.booking.id, said, holder.person).await).await
}

/// What a request says of how a session went.
pub(super) fn read_outcome(call: &Call) -> Result<Option<Outcome>, Box<Answer>> {
    read_one(call, |fields| {
        let word = fields.optional("outcome")?;
        let said = Outcome::of(&word);
        if said.is_none() {
            fields.wrong("outcome", "must be completed, no-show or null");
        }
        said
    })
}

/// The holder, if it is the host.
async fn host(call: &Call) -> Result<Holder, Box<Answer>> {
    let holder = holder(call).await?;
    if holder.role == HolderRole::Host {
        return Ok(holder);
    }
    Err(Box::new(refusals::refusal(call, &Refusal::NotAllowed, &[])))
}

/// `POST /api/v1/bookings/{token}/agenda`
pub async fn agenda(call: Call) -> Reply {
    let holder = holder(&call).await?;
    let text = read_one(&call, |fields| fields.text("agenda"))?;
    changed(&call, &holder, booking::set_agenda(&call.desk, &holder, &text).await).await
}

/// `POST /api/v1/bookings/{token}/answers`: by the guest; what is left out stays.
pub async fn answers(call: Call) -> Reply {
    let holder = holder(&call).await?;
    let (phone, answers) = read_one(&call, |fields| (fields.optional("phone"), fields.object("answers")))?;
    changed(&call, &holder, booking::set_answers(&call.desk, &holder, phone.as_deref(), &answers).await).await
}

async fn holder(call: &Call) -> Result<Holder, Box<Answer>> {
    booking::holder(&call.desk, call.param(0)).await.map_err(|refusal| Box::new(refusals::refusal(call, &refusal, &[])))
}

pub(super) fn read_one<T>(call: &Call, read: impl FnOnce(&mut Fields) -> T) -> Result<T, Box<Answer>> {
    let mut fields = Fields::read(call)?;
    let value = read(&mut fields);
    fields.finish(&call.desk.config.public_url)?;
    Ok(value)
}

/// The booking as it is now, or why it stays as it was.
async fn changed(call: &Call, holder: &Holder, result: Result<Booking, Refusal>) -> Reply {
    match result {
        Ok(_) => shown(call).await,
        Err(refusal) => Err(refusals::with_types_of(call, &refusal, holder.booking.session.team).await),
    }
}

async fn shown(call: &Call) -> Reply {
    match booking::view(&call.desk, call.param(0)).await {
        Ok(view) => told(&write(call, &view)),
        Err(refusal) => Err(Box::new(refusals::refusal(call, &refusal, &[]))),
    }
}

/// How the booking stands for its holder. Who did not cancel hears of it once it can no longer be taken back.
fn status(view: &BookingView) -> &'static str {
    let booking = &view.booking;
    let holder = match view.role {
        HolderRole::Guest => booking.guest,
        HolderRole::Host => booking.session.host,
    };
    word_for(booking, holder)
}

/// How a booking stands for one of its two people.
pub(super) fn word_for(booking: &Booking, holder: PersonId) -> &'static str {
    if booking.stands_for(holder) && booking.status == Status::Cancelling {
        Status::Confirmed.word()
    } else {
        booking.word()
    }
}

/// A booking as its holder sees it. A guest learns no host's address.
fn write(call: &Call, view: &BookingView) -> Value {
    let booking = &view.booking;
    let session = &booking.session;
    let guest =
        |booking: &Booking| json!({ "name": booking.name, "email": booking.email, "timezone": booking.timezone });
    // Who hosts stays open until the booking stands, where the team wants that.
    let names_host = view.role == HolderRole::Host || !booking.is_waiting() || view.team.show_hosts;
    let mut json = json!({
        "id": booking.id.to_string(),
        "uid": booking.uid,
        "start": times::write(session.starts),
        "end": times::write(session.ends),
        "status": status(view),
        "outcome": session.outcome.map(Outcome::word),
        "team": view.team.slug,
        "type": view.kind.slug,
        "agenda": booking.agenda,
        "guest": guest(booking),
        "host": names_host.then(|| json!({ "name": view.host.name })),
        "meeting": session.link,
        "place": json!({ "kind": view.kind.place.word(), "detail": view.kind.place_detail }),
        "phone": booking.phone,
        "answers": booking.answers,
        "reason": if status(view) == Status::Confirmed.word() { None } else { booking.reason.as_deref() },
        "attendance": {
            "guest": attendance(view, booking.guest),
            "host": attendance(view, session.host),
        },
        "changeable": view.changeable,
        "link": call.absolute(&format!("/b/{}", call.param(0))),
    });
    if view.role == HolderRole::Host {
        json["guests"] = view.guests.iter().map(guest).collect();
    }
    json
}

/// What a participant's calendar answered to the invite; `null`: nothing yet. That somebody declined stays theirs until it
/// can no longer be taken back.
fn attendance(view: &BookingView, person: PersonId) -> Value {
    if let Some(proposal) = view.proposal.as_ref().filter(|proposal| proposal.person == person) {
        return json!({
            "answer": "proposed",
            "id": proposal.id.to_string(),
            "comment": proposal.comment,
            "start": times::write(proposal.starts),
            "end": times::write(proposal.ends),
        });
    }
    let known = view.answers.iter().find(|answer| answer.person == person);
    let shown = known.filter(|answer| answer.answer != "declined" || status(view) != Status::Confirmed.word());
    shown.map_or(
        Value::Null,
        |answer| json!({ "answer": answer.answer, "comment": answer.comment, "at": times::write(answer.at) }),
    )
}
