//! `GET /api/v1/me/bookings`: the caller's sessions ahead, as guest and as host.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::api::answers::{Reply, broken, told};
use crate::api::bookings::word_for;
use crate::api::fields::Fields;
use crate::api::me::caller;
use crate::api::times;
use crate::booking::{self, Booking};
use crate::db::{Conn, DbError};
use crate::desk::booking::token;
use crate::people::{self, PersonId};
use crate::surface::{Answer, Call};
use crate::teams::{self, TeamId, TypeId};

/// Bookings told of each kind.
const MOST: usize = 500;

/// `?as=guest|host`; left out: both. By start, 500 of each at most.
pub async fn list(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let (as_guest, as_host) = wanted(&call)?;
    let now = call.desk.clock.now();
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let mut found = Vec::new();
    if as_guest {
        found.extend(booking::of_guest(&mut conn, person, now).await.map_err(broken(&call))?.into_iter().take(MOST));
    }
    if as_host {
        found.extend(booking::of_host(&mut conn, person, now).await.map_err(broken(&call))?.into_iter().take(MOST));
    }
    found.sort_by_key(|booking| (booking.session.starts, booking.id));
    let names = Names::of(&mut conn, &found).await.map_err(broken(&call))?;
    told(&json!({ "bookings": found.iter().map(|booking| write(&call, booking, person, &names)).collect::<Vec<_>>() }))
}

fn wanted(call: &Call) -> Result<(bool, bool), Box<Answer>> {
    let mut fields = Fields::empty();
    let both = match call.query().text("as") {
        "" => (true, true),
        "guest" => (true, false),
        "host" => (false, true),
        _ => {
            fields.wrong("as", "must be guest or host");
            (false, false)
        }
    };
    fields.finish(&call.desk.config.public_url)?;
    Ok(both)
}

/// What the ids in bookings stand for.
struct Names {
    hosts: HashMap<PersonId, String>,
    teams: HashMap<TeamId, String>,
    types: HashMap<TypeId, String>,
}

impl Names {
    async fn of(conn: &mut Conn, bookings: &[Booking]) -> Result<Self, DbError> {
        let of = |id: fn(&Booking) -> i64| bookings.iter().map(id).collect::<Vec<_>>();
        let hosts = people::names(conn, &of(|booking| booking.session.host)).await?;
        let types = teams::type_slugs(conn, &of(|booking| booking.session.type_id)).await?;
        let teams = teams::slugs(conn, &of(|booking| booking.session.team)).await?;
        Ok(Self { hosts, teams, types })
    }
}

fn write(call: &Call, booking: &Booking, person: PersonId, names: &Names) -> Value {
    let session = &booking.session;
    let hosted = session.host == person;
    let token = token(&call.desk.keys, booking.id, person, booking.generation);
    json!({
        "id": booking.id.to_string(),
        "session": session.id.to_string(),
        "as": if hosted { "host" } else { "guest" },
        "start": times::write(session.starts),
        "end": times::write(session.ends),
        "status": word_for(booking, person),
        "team": names.teams.get(&session.team),
        "type": names.types.get(&session.type_id),
        // Whom one meets is said once it takes place, as on the pages.
        "with": if hosted { Some(&booking.name) } else { names.hosts.get(&session.host).filter(|_| booking.takes_place()) },
        "meeting": session.link,
        "token": token,
        "link": call.absolute(&format!("/b/{token}")),
    })
}
