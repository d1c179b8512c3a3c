//! `/api/v1/admin/people` and `/api/v1/admin/bans`: finding, adding, banning and removing people.

use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::api::answers::{Reply, broken, id, nothing_here, personal, refused, told, wrong_field, wrong_fields};
use crate::api::bookings::read_one;
use crate::api::fields::Fields;
use crate::api::me::{caller, write_memberships};
use crate::api::paging::Paging;
use crate::booking::Refusal;
use crate::config::is_address;
use crate::desk::booking::reason_of;
use crate::desk::conduct::{self, Measure, MeasureRefused};
use crate::desk::new_person::{self, AddRefused, NewPerson};
use crate::desk::people::seen;
use crate::desk::teams::Actor;
use crate::own_data::{self, CopyRefused};
use crate::people::{self, Person, PersonId};
use crate::surface::{Answer, Call, bytes, problem, with};
use crate::teams::{Role, Team};

/// Longest text looked for, in characters.
const LONGEST: usize = 255;

/// `GET /api/v1/admin/people?find=`: by name, without those removed.
pub async fn list(call: Call) -> Reply {
    let paging = Paging::read(&call)?;
    let query = call.query();
    let find = query.text("find");
    if find.chars().count() > LONGEST {
        return Err(wrong_field(&call, "find", "must be at most 255 characters"));
    }
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let found = people::find(&mut conn, find, paging.after, paging.wanted()).await.map_err(broken(&call))?;
    told(&paging.told("people", &found, |person| person.id, write))
}

/// `POST /api/v1/admin/people`: adds somebody who is not here yet. Who is administrator is said on the command line alone,
/// so that no token makes another one.
pub async fn add(call: Call) -> Reply {
    let actor = Actor::from(caller(&call)?);
    let new = read_one(&call, |fields| NewPerson {
        email: fields.text("email"),
        name: fields.optional("name").unwrap_or_default(),
        timezone: fields.optional("timezone").unwrap_or_default(),
        memberships: fields
            .given("memberships", "must be a list of objects with team and role", |value| {
                value.as_array()?.iter().map(membership).collect()
            })
            .unwrap_or_default(),
    })?;
    match new_person::add(&call.desk, &new, actor).await {
        Ok(person) => shown(&call, person.id, StatusCode::CREATED).await,
        Err(AddRefused::Db(error)) => Err(broken(&call)(error)),
        Err(AddRefused::Fields(errors)) => {
            let mut fields = Fields::empty();
            for error in errors {
                // On the page there is one team, in a field of its own.
                let field = if error.field == "team" { "memberships" } else { &error.field };
                fields.wrong(field, &error.message);
            }
            Err(wrong_fields(&call, fields))
        }
    }
}

fn membership(value: &Value) -> Option<(String, Role)> {
    Some((value.get("team")?.as_str()?.to_owned(), value.get("role")?.as_str()?.parse().ok()?))
}

/// `GET /api/v1/admin/people/{person}`
pub async fn show(call: Call) -> Reply {
    shown(&call, id(&call, 0), StatusCode::OK).await
}

async fn shown(call: &Call, person: PersonId, status: StatusCode) -> Reply {
    let (person, memberships) = known(call, person).await?;
    let mut body = write(&person);
    body["memberships"] = write_memberships(&memberships);
    Ok(personal(status, &body))
}

async fn known(call: &Call, person: PersonId) -> Result<(Person, Vec<(Team, Vec<Role>)>), Box<Answer>> {
    let mut conn = call.desk.db.read().await.map_err(broken(call))?;
    seen(&mut conn, person).await.map_err(broken(call))?.ok_or_else(|| nothing_here(call))
}

fn write(person: &Person) -> Value {
    json!({
        "id": person.id.to_string(),
        "email": person.email,
        "name": person.name,
        "timezone": person.timezone,
        "language": person.language,
        "admin": person.admin,
        "banned": person.banned,
    })
}

/// `POST /api/v1/admin/people/{person}/ban`: `sure`, `reason`.
pub async fn ban(call: Call) -> Reply {
    measure(&call, Measure::Ban).await
}

/// `POST /api/v1/admin/people/{person}/unban`
pub async fn unban(call: Call) -> Reply {
    measure(&call, Measure::Unban).await
}

/// `POST /api/v1/admin/people/{person}/remove`: `sure`, `reason`.
pub async fn remove(call: Call) -> Reply {
    measure(&call, Measure::Remove).await
}

async fn measure(call: &Call, measure: Measure) -> Reply {
    let actor = caller(call)?.id;
    let mut fields = Fields::read(call)?;
    let reason = said(&mut fields, measure);
    fields.finish(&call.desk.config.public_url)?;
    let (person, _) = known(call, id(call, 0)).await?;
    match conduct::take(&call.desk, measure, person.id, Some(actor), &reason).await {
        Ok(cancelled) => told(&json!({ "cancelled": cancelled })),
        Err(refused) => Err(refuse(call, refused)),
    }
}

/// The reason; what cannot be undone wants somebody who is sure.
fn said(fields: &mut Fields, measure: Measure) -> String {
    if measure != Measure::Unban && !fields.flag("sure") {
        fields.wrong("sure", "must be true: sessions ahead are cancelled, and that cannot be undone");
    }
    let reason = fields.optional("reason");
    match reason_of(reason.as_deref()) {
        Ok(reason) => reason.unwrap_or_default(),
        Err(Refusal::Invalid(errors)) => {
            errors.iter().for_each(|error| fields.wrong(&error.field, &error.message));
            String::new()
        }
        Err(_) => String::new(),
    }
}

/// `POST /api/v1/admin/bans`: `email`, `sure`, `reason`. Also an address that nobody has yet.
pub async fn ban_address(call: Call) -> Reply {
    by_address(&call, Measure::Ban).await
}

/// `POST /api/v1/admin/bans/lift`: `email`. Also an address whose owner was removed.
pub async fn lift_ban(call: Call) -> Reply {
    by_address(&call, Measure::Unban).await
}

async fn by_address(call: &Call, measure: Measure) -> Reply {
    let actor = caller(call)?.id;
    let mut fields = Fields::read(call)?;
    let email = fields.text("email").trim().to_lowercase();
    if !email.is_empty() && (!is_address(&email) || people::is_private(&email)) {
        fields.wrong("email", "must be a mail address such as ana@example.org");
    }
    let reason = said(&mut fields, measure);
    fields.finish(&call.desk.config.public_url)?;
    match conduct::take_by_address(&call.desk, measure, &email, Some(actor), &reason).await {
        Ok(taken) => told(&json!({ "person": taken.person.map(|id| id.to_string()), "cancelled": taken.cancelled })),
        Err(refused) => Err(refuse(call, refused)),
    }
}

/// Why a measure was not taken.
pub(in crate::api) fn refuse(call: &Call, why: MeasureRefused) -> Box<Answer> {
    match why {
        MeasureRefused::Unknown => nothing_here(call),
        MeasureRefused::LastAdmin => refused(call, &problem::LAST_ADMIN, None),
        MeasureRefused::Busy => {
            let detail = "Sessions with them were being booked all the while. Please try again.";
            Box::new(with(*refused(call, &problem::UNAVAILABLE, Some(detail)), header::RETRY_AFTER, "1"))
        }
        MeasureRefused::Db(error) => broken(call)(error),
    }
}

/// `GET /api/v1/admin/people/{person}/data`: all that is known of somebody, for them.
pub async fn data(call: Call) -> Reply {
    let actor = caller(&call)?.id;
    let (person, _) = known(&call, id(&call, 0)).await?;
    told(&own_data::as_json(&call.desk, person.id, actor).await.map_err(broken(&call))?)
}

/// `POST /api/v1/admin/people/{person}/copy`: the same with their calendars, as a ZIP file.
pub async fn copy(call: Call) -> Reply {
    let actor = caller(&call)?.id;
    let (person, _) = known(&call, id(&call, 0)).await?;
    download(&call, &person, actor).await
}

/// The copy of a person's data as a file, asked for by somebody.
pub(in crate::api) async fn download(call: &Call, person: &Person, actor: PersonId) -> Reply {
    match own_data::copy(&call.desk, person, Some(actor)).await {
        Ok(copy) => {
            let answer = with(bytes(StatusCode::OK, "application/zip", copy), header::CACHE_CONTROL, "no-store");
            Ok(with(answer, header::CONTENT_DISPOSITION, "attachment; filename=\"openhour-data.zip\""))
        }
        Err(CopyRefused::TooLarge) => {
            let detail = "The calendars are too large for one file; take them over CalDAV.";
            Err(refused(call, &problem::TOO_MANY, Some(detail)))
        }
        Err(CopyRefused::Db(error)) => Err(broken(call)(error)),
    }
}
