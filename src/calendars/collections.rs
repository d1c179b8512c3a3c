//! Calendar collections and their properties.

use caldav::ical::object::ComponentKind;
use caldav::precondition::Precondition;
use caldav::store::{Collection, PropertyChanges, StoreError};
use caldav::xml::name::QName;
use sqlx::{AssertSqlSafe, FromRow};

use super::refusal::{Refusal, refused};
use super::{CollectionId, Kind, horizon};
use crate::args;
use crate::db::{Batch, Conn, DbError, Tx, new_id};
use crate::people::{Locked, PersonId};

/// Calendars one person may have.
pub const MOST: i64 = 100;
/// Dead properties of one calendar, and bytes of each.
const MOST_PROPERTIES: usize = 100;
const MOST_BYTES: usize = 64 * 1024;
/// Names that only the server gives.
const RESERVED: [&str; 5] = ["offers", "sessions", "open", "inbox", "outbox"];

/// Makes the collections a new person has: "Sessions", and "Available" for a host, "Open slots" for others. Those there
/// are stay as they are.
///
/// # Errors
/// [`DbError`].
pub async fn create_built_in(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    host: bool,
    now: i64,
) -> Result<(), DbError> {
    let mut batch = Batch::new();
    let (owner, version, now) = (batch.arg(person), batch.arg(locked.version(person)), batch.arg(now));
    let wanted =
        [(Kind::Sessions, "Sessions", true), (Kind::Offers, "Available", host), (Kind::Open, "Open slots", !host)];
    let values: Vec<String> = wanted
        .into_iter()
        .filter(|(_, _, wanted)| *wanted)
        .map(|(kind, title, _)| {
            let (id, title) = (batch.arg(new_id()), batch.arg(title));
            let word = kind.word();
            format!("({id}, {owner}, '{word}', '{word}', {title}, {version}, {version}, {now})")
        })
        .collect();
    batch.push(format!(
        "INSERT INTO collections (id, owner, name, kind, display_name, version, oldest, created) VALUES {}
         ON CONFLICT (owner, name) DO NOTHING",
        values.join(", ")
    ));
    tx.batch(batch).await?;
    Ok(())
}

/// The collections of a person that calendar apps list, in the order of their names.
///
/// # Errors
/// [`DbError`].
pub async fn of(conn: &mut Conn, person: PersonId) -> Result<Vec<Collection>, DbError> {
    let sql = format!("{SELECT} WHERE c.owner = $1 AND c.kind <> 'address' ORDER BY c.name, d.namespace, d.local");
    Ok(read(conn.all(AssertSqlSafe(sql), args![person]).await?))
}

/// One collection of a person.
///
/// # Errors
/// [`DbError`].
pub async fn by_name(conn: &mut Conn, person: PersonId, name: &str) -> Result<Option<Collection>, DbError> {
    let sql = format!("{SELECT} WHERE c.owner = $1 AND c.name = $2 ORDER BY d.namespace, d.local");
    Ok(read(conn.all(AssertSqlSafe(sql), args![person, name]).await?).pop())
}

/// Makes a calendar for a person who is locked.
///
/// # Errors
/// A refusal: the name is taken or reserved, there are too many, a property is too large.
pub async fn create(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    name: &str,
    changes: &PropertyChanges,
    now: i64,
) -> Result<(), Refusal> {
    if RESERVED.contains(&name) || name.is_empty() || name.len() > 255 {
        return Err(refused("reserved-name", "This name is kept for the server. Please take another."));
    }
    let (count, taken): (i64, i64) = tx
        .one(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN name = $2 THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM collections WHERE owner = $1",
            args![person, name],
        )
        .await?;
    if taken > 0 {
        return Err(StoreError::Refused(Precondition::ResourceMustBeNull).into());
    }
    if count >= MOST {
        return Err(refused("too-many-calendars", &format!("There are {MOST} calendars already; delete one first.")));
    }
    let id = new_id();
    let version = locked.version(person);
    tx.execute(
        "INSERT INTO collections (id, owner, name, kind, components, version, oldest, created)
         VALUES ($1, $2, $3, 'calendar', $4, $5, $5, $6)",
        args![id, person, name, components(changes.components.as_deref()), version, now],
    )
    .await?;
    set(tx, id, version, changes).await
}

/// Changes properties of a calendar, all or nothing.
///
/// # Errors
/// A refusal: there is no such calendar, or a property is too large.
pub async fn change(
    tx: &mut Tx,
    locked: &Locked,
    person: PersonId,
    name: &str,
    changes: &PropertyChanges,
    now: i64,
) -> Result<(), Refusal> {
    let before = by_name(tx, person, name).await?.ok_or(StoreError::NotFound)?;
    if !before.writable {
        return Err(StoreError::Refused(Precondition::NeedPrivileges).into());
    }
    set(tx, before.id, locked.version(person), changes).await?;
    let zone = changes.timezone.as_ref().is_some_and(|zone| *zone != before.timezone);
    let transparent = changes.transparent.is_some_and(|transparent| transparent != before.transparent);
    if zone || transparent {
        horizon::unlist_collection(tx, locked, person, before.id, now).await?;
    }
    Ok(())
}

/// Deletes a calendar with everything in it.
///
/// # Errors
/// A refusal: there is no such calendar, or it belongs to the installation.
pub async fn delete(tx: &mut Tx, locked: &Locked, person: PersonId, name: &str, now: i64) -> Result<(), Refusal> {
    let before = by_name(tx, person, name).await?.ok_or(StoreError::NotFound)?;
    if before.built_in {
        return Err(StoreError::Refused(Precondition::NeedPrivileges).into());
    }
    let counted: Option<(i64,)> = tx
        .optional(
            "SELECT ob.id FROM objects ob WHERE ob.collection = $1 AND (ob.indexed_to IS NOT NULL
                 OR EXISTS (SELECT 1 FROM occurrences o WHERE o.object = ob.id)) LIMIT 1",
            args![before.id],
        )
        .await?;
    tx.execute("DELETE FROM collections WHERE id = $1", args![before.id]).await?;
    if counted.is_some() {
        locked.touch_slots(tx, &[person], now).await?;
    }
    Ok(())
}

const SELECT: &str = "SELECT c.id, c.name, c.kind, c.display_name, c.description, c.color, c.position, c.timezone, \
     c.components, c.transparent, c.version, d.namespace, d.local, d.value \
     FROM collections c LEFT JOIN collection_properties d ON d.collection = c.id";

/// A collection, once for each dead property it has, at least once.
#[derive(FromRow)]
struct Stored {
    id: CollectionId,
    name: String,
    kind: String,
    display_name: Option<String>,
    description: Option<String>,
    color: Option<String>,
    position: Option<String>,
    timezone: Option<String>,
    components: String,
    transparent: bool,
    version: i64,
    namespace: Option<String>,
    local: Option<String>,
    value: Option<String>,
}

fn read(rows: Vec<Stored>) -> Vec<Collection> {
    let mut collections: Vec<Collection> = Vec::new();
    for mut row in rows {
        let dead = match (row.namespace.take(), row.local.take(), row.value.take()) {
            (Some(namespace), Some(local), Some(value)) => Some((QName { namespace, local }, value)),
            _ => None,
        };
        match collections.last_mut() {
            Some(last) if last.id == row.id => last.dead_properties.extend(dead),
            _ => collections.push(row.collection(dead)),
        }
    }
    collections
}

impl Stored {
    fn collection(self, dead: Option<(QName, String)>) -> Collection {
        let kind = Kind::of(&self.kind);
        Collection {
            id: self.id,
            name: self.name,
            display_name: self.display_name,
            description: self.description,
            color: self.color,
            order: self.position,
            timezone: self.timezone,
            components: read_components(&self.components),
            transparent: self.transparent,
            // "Sessions" takes writes, as wishes.
            writable: kind != Kind::Address,
            built_in: kind != Kind::Calendar,
            version: self.version,
            dead_properties: dead.into_iter().collect(),
        }
    }
}

/// The component kinds a collection takes, from its column. Never empty.
pub fn read_components(text: &str) -> Vec<ComponentKind> {
    let kinds: Vec<ComponentKind> = text.split(',').filter_map(ComponentKind::from_name).collect();
    if kinds.is_empty() { vec![ComponentKind::Event] } else { kinds }
}

/// As the column keeps them. A new calendar of a client that names none takes events and tasks.
fn components(wanted: Option<&[ComponentKind]>) -> String {
    let wanted = wanted.filter(|wanted| !wanted.is_empty()).unwrap_or(&[ComponentKind::Event, ComponentKind::Todo]);
    wanted.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(",")
}

async fn set(tx: &mut Tx, id: CollectionId, version: i64, changes: &PropertyChanges) -> Result<(), Refusal> {
    let mut batch = Batch::new();
    let key = batch.arg(id);
    let mut columns = vec![format!("version = {}", batch.arg(version))];
    let texts = [
        ("display_name", &changes.display_name),
        ("description", &changes.description),
        ("color", &changes.color),
        ("position", &changes.order),
        ("timezone", &changes.timezone),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            small_enough(value.as_deref())?;
            columns.push(format!("{column} = {}", batch.arg(value.clone())));
        }
    }
    if let Some(transparent) = changes.transparent {
        columns.push(format!("transparent = {}", batch.arg(transparent)));
    }
    batch.push(format!("UPDATE collections SET {} WHERE id = {key}", columns.join(", ")));
    tx.batch(batch).await?;
    set_dead(tx, id, &changes.dead).await
}

async fn set_dead(tx: &mut Tx, id: CollectionId, dead: &[(QName, Option<String>)]) -> Result<(), Refusal> {
    if dead.len() > 2 * MOST_PROPERTIES {
        return Err(too_large());
    }
    // In document order: the last word on a name counts.
    for (name, value) in dead {
        small_enough(value.as_deref())?;
        let values = args![id, &name.namespace, &name.local, value.clone()];
        let sql = match value {
            Some(_) => {
                "INSERT INTO collection_properties (collection, namespace, local, value) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (collection, namespace, local) DO UPDATE SET value = excluded.value"
            }
            None => {
                "DELETE FROM collection_properties WHERE collection = $1 AND namespace = $2 AND local = $3 AND $4 IS NULL"
            }
        };
        tx.execute(sql, values).await?;
    }
    if !dead.is_empty() {
        let (count,): (i64,) =
            tx.one("SELECT COUNT(*) FROM collection_properties WHERE collection = $1", args![id]).await?;
        if usize::try_from(count).is_ok_and(|count| count > MOST_PROPERTIES) {
            return Err(too_large());
        }
    }
    Ok(())
}

fn small_enough(value: Option<&str>) -> Result<(), Refusal> {
    if value.is_some_and(|value| value.len() > MOST_BYTES) { Err(too_large()) } else { Ok(()) }
}

fn too_large() -> Refusal {
    refused("properties-too-large", "These properties are more than a calendar can keep.")
}

/// Deletes every calendar of a person with all that is in it; they are locked, and nobody syncs them any more.
///
/// # Errors
/// [`DbError`].
pub async fn delete_all_of(tx: &mut Tx, owner: PersonId) -> Result<(), DbError> {
    tx.execute("DELETE FROM collections WHERE owner = $1", args![owner]).await?;
    Ok(())
}
