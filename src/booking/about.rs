//! What is kept of a person in this folder's tables, for the copy of their data.

use serde_json::{Value, json};
use sqlx::FromRow;

use crate::args;
use crate::clock::rfc3339;
use crate::db::{Conn, DbError};
use crate::people::PersonId;

#[derive(FromRow)]
struct Taken {
    uid: String,
    starts: i64,
    ends: i64,
    team: String,
    kind: String,
    host: String,
    status: String,
    name: String,
    phone: Option<String>,
    timezone: String,
    language: String,
    agenda: String,
    answers: String,
    reason: Option<String>,
    created: i64,
}

#[derive(FromRow)]
struct Given {
    uid: String,
    starts: i64,
    ends: i64,
    team: String,
    kind: String,
    status: String,
    link: Option<String>,
    created: i64,
    guest: Option<String>,
    agenda: Option<String>,
}

/// What they booked, what was booked with them, what they answered, proposed and did. Others are named, and nothing more
/// is told of them.
///
/// # Errors
/// [`DbError`].
pub async fn about(conn: &mut Conn, person: PersonId) -> Result<Value, DbError> {
    Ok(json!({
        "booked": booked(conn, person).await?,
        "hosted": hosted(conn, person).await?,
        "answers_to_invites": answers(conn, person).await?,
        "proposed_times": proposed(conn, person).await?,
        "done_to_bookings": done(conn, person).await?,
    }))
}

async fn booked(conn: &mut Conn, person: PersonId) -> Result<Vec<Value>, DbError> {
    let rows: Vec<Taken> = conn
        .all(
            "SELECT b.uid, s.starts, s.ends, t.name AS team, k.name AS kind, h.name AS host, b.status, b.name, b.phone,
                    b.timezone, b.language, b.agenda, b.answers, b.reason, b.created
             FROM bookings b JOIN sessions s ON s.id = b.session JOIN teams t ON t.id = s.team
             JOIN session_types k ON k.id = s.type JOIN people h ON h.id = s.host
             WHERE b.guest = $1 ORDER BY s.starts, b.id",
            args![person],
        )
        .await?;
    let write = |row: Taken| {
        json!({
            "uid": row.uid,
            "start": rfc3339(row.starts),
            "end": rfc3339(row.ends),
            "team": row.team,
            "type": row.kind,
            "host": row.host,
            "status": row.status,
            "name": row.name,
            "phone": row.phone,
            "timezone": row.timezone,
            "language": row.language,
            "agenda": row.agenda,
            "answers": serde_json::from_str::<Value>(&row.answers).unwrap_or_default(),
            "reason": row.reason,
            "booked": rfc3339(row.created),
        })
    };
    Ok(rows.into_iter().map(write).collect())
}

async fn hosted(conn: &mut Conn, person: PersonId) -> Result<Vec<Value>, DbError> {
    let rows: Vec<Given> = conn
        .all(
            "SELECT s.uid, s.starts, s.ends, t.name AS team, k.name AS kind, s.status, s.link, s.created,
                    b.name AS guest, b.agenda
             FROM sessions s JOIN teams t ON t.id = s.team JOIN session_types k ON k.id = s.type
             LEFT JOIN bookings b ON b.session = s.id
             WHERE s.host = $1 ORDER BY s.starts, s.id, b.id",
            args![person],
        )
        .await?;
    let mut sessions: Vec<Value> = Vec::new();
    for session in rows.chunk_by(|a, b| a.uid == b.uid) {
        let Some(first) = session.first() else { continue };
        let guests: Vec<Value> = session
            .iter()
            .filter_map(|row| row.guest.as_ref().map(|name| json!({"name": name, "agenda": row.agenda})))
            .collect();
        sessions.push(json!({
            "uid": first.uid,
            "start": rfc3339(first.starts),
            "end": rfc3339(first.ends),
            "team": first.team,
            "type": first.kind,
            "status": first.status,
            "meeting": first.link,
            "made": rfc3339(first.created),
            "guests": guests,
        }));
    }
    Ok(sessions)
}

async fn answers(conn: &mut Conn, person: PersonId) -> Result<Vec<Value>, DbError> {
    let rows: Vec<(String, String, Option<String>, i64)> = conn
        .all(
            "SELECT b.uid, a.answer, a.comment, a.at FROM attendance a JOIN bookings b ON b.id = a.booking
             WHERE a.person = $1 ORDER BY a.at",
            args![person],
        )
        .await?;
    let write = |(uid, answer, comment, at): (String, String, Option<String>, i64)| json!({"uid": uid, "answer": answer, "comment": comment, "at": rfc3339(at)});
    Ok(rows.into_iter().map(write).collect())
}

async fn proposed(conn: &mut Conn, person: PersonId) -> Result<Vec<Value>, DbError> {
    let rows: Vec<(String, i64, i64, Option<String>, String)> = conn
        .all(
            "SELECT b.uid, p.starts, p.ends, p.comment, p.status FROM proposals p JOIN bookings b ON b.id = p.booking
             WHERE p.person = $1 ORDER BY p.id",
            args![person],
        )
        .await?;
    let write = |(uid, starts, ends, comment, status): (String, i64, i64, Option<String>, String)| json!({"uid": uid, "start": rfc3339(starts), "end": rfc3339(ends), "comment": comment, "status": status});
    Ok(rows.into_iter().map(write).collect())
}

async fn done(conn: &mut Conn, person: PersonId) -> Result<Vec<Value>, DbError> {
    let rows: Vec<(String, String, i64)> = conn
        .all(
            "SELECT b.uid, l.action, l.at FROM booking_log l JOIN bookings b ON b.id = l.booking
             WHERE l.actor = $1 ORDER BY l.id",
            args![person],
        )
        .await?;
    let write = |(uid, action, at): (String, String, i64)| json!({"uid": uid, "action": action, "at": rfc3339(at)});
    Ok(rows.into_iter().map(write).collect())
}

/// The invitations to slots that an address got.
///
/// # Errors
/// [`DbError`].
pub async fn invitations_about(conn: &mut Conn, email: &str) -> Result<Vec<Value>, DbError> {
    let rows: Vec<(i64, String, String, String, i64)> = conn
        .all(
            "SELECT i.starts, t.name, k.name, i.status, i.created FROM slot_invites i
             JOIN session_types k ON k.id = i.type JOIN teams t ON t.id = k.team
             WHERE i.email = $1 ORDER BY i.created, i.uid",
            args![email],
        )
        .await?;
    let write = |(starts, team, kind, status, asked): (i64, String, String, String, i64)| json!({"start": rfc3339(starts), "team": team, "kind": kind, "status": status, "asked": rfc3339(asked)});
    Ok(rows.into_iter().map(write).collect())
}
