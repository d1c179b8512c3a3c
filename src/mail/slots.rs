//! The mail jobs `slot-invite`, `slot-refused`, `slot-countered` and `slot-doubted`: slots as invitations, and what becomes
//! of them.

use serde::Deserialize;

use super::Mailer;
use super::outgoing::{composed, deliver};
use super::store::of_job;
use crate::booking;
use crate::db::DbError;
use crate::desk::booking::{nearby, slot_end};
use crate::desk::{Desk, team_facts};
use crate::invitations::slot::{SlotKey, token_in_uid};
use crate::invitations::{Invitation, Message, Writer};
use crate::jobs::{Attempt, Job};
use crate::language::Language;
use crate::{people, teams};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Order {
    uid: String,
    email: String,
    code: String,
    wanted: i64,
}

/// One attempt. Obsolete: the slot is over, booked, or of a team that is gone.
pub(super) async fn attempt(desk: &Desk, mailer: &Mailer, job: &Job) -> Result<Attempt, DbError> {
    let Ok(order) = serde_json::from_value::<Order>(job.payload.clone()) else {
        return Ok(Attempt::Failed("the payload makes no sense".into()));
    };
    let kept = of_job(&mut desk.db.read().await?, job.id).await?;
    let mail = match kept {
        Some(mail) => mail,
        None => {
            let Some(message) = message(desk, job, &order).await? else { return Ok(Attempt::Obsolete) };
            match composed(desk, job, &message) {
                Ok(mail) => mail,
                Err(refused) => return Ok(Attempt::Failed(refused.to_string())),
            }
        }
    };
    deliver(desk, mailer, job, mail).await
}

async fn message(desk: &Desk, job: &Job, order: &Order) -> Result<Option<Message>, DbError> {
    let Some((token, key)) = token_in_uid(&order.uid).and_then(|token| Some((token, SlotKey::read(token)?))) else {
        return Ok(None);
    };
    let now = desk.clock.now();
    let mut conn = desk.db.read().await?;
    let row = booking::slot_invite(&mut conn, &order.uid).await?;
    let email = row.as_ref().map_or(order.email.as_str(), |row| row.email.as_str());
    let person = people::by_email(&mut conn, email).await?;
    let is_booked = booking::by_uid(&mut conn, &order.uid).await?.is_some();
    let kind = teams::type_by_id(&mut conn, key.type_id).await?;
    drop(conn);
    let Some(kind) = kind else { return Ok(None) };
    let Some(facts) = team_facts::facts(desk, kind.team).await? else { return Ok(None) };
    let banned = person.as_ref().is_some_and(|person| person.banned);
    if is_booked || banned || key.start <= now && job.kind != "slot-refused" {
        return Ok(None);
    }
    let known = person.as_ref().map(people::Person::language).unwrap_or_default();
    let zone = row.as_ref().map(|row| row.timezone.as_str()).filter(|zone| !zone.is_empty());
    let zone = zone.or(person.as_ref().and_then(|person| person.timezone.as_deref()));
    let invitation = Invitation {
        token,
        email,
        // Nobody has proven who asked for it.
        name: "",
        timezone: zone.unwrap_or(&facts.team.timezone),
        language: row.as_ref().map_or(known, |row| Language::of(Some(&row.language))),
        starts: key.start,
        ends: slot_end(desk, &facts, &kind, key.start).await?,
        sequence: row.as_ref().map_or(0, |row| row.sequence),
        changed: row.as_ref().map_or(now, |row| row.changed),
        team_name: &facts.team.name,
        team_slug: &facts.team.slug,
        team_zone: &facts.team.timezone,
        type_name: &kind.name,
        type_slug: &kind.slug,
    };
    let writer = Writer { config: &desk.config, keys: &desk.keys };
    Ok(Some(match job.kind.as_str() {
        "slot-refused" => {
            let others = nearby(desk, &facts, kind.id, key.start).await?;
            writer.to_slot_refused(&invitation, &order.code, &others)
        }
        "slot-countered" => {
            let others = nearby(desk, &facts, kind.id, order.wanted).await?;
            writer.to_slot_countered(&invitation, order.wanted, &others)
        }
        "slot-doubted" => writer.to_slot_doubted(&invitation),
        _ => writer.to_invited(&invitation),
    }))
}
