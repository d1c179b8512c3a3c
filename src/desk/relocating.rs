//! Moving a calendar object to another name or calendar of its owner, in one transaction. What it offers and blocks may
//! be another thing there, so it is listed anew.

use std::sync::Arc;

use caldav::ical::limits::Limits;
use caldav::ical::object::{CalendarObject, ComponentKind};
use caldav::store::{Collection, Member, Move, Outcome, StoreError, decide_move};
use sqlx::{AssertSqlSafe, FromRow};

use super::Desk;
use super::filing::{decisive, failed, touch};
use crate::args;
use crate::calendars::{self, Listing, Refusal, Setting, objects, setting};
use crate::db::{Batch, Command, Conn, DbError, Tx};
use crate::people::{self, Locked, Person, PersonId};

/// Times a move is prepared anew when the object or the calendars' settings change in between.
const TRIES: usize = 4;

/// Carries out one move between calendars of `owner`.
///
/// # Errors
/// [`StoreError`]: what the protocol answers.
pub async fn relocate(desk: &Desk, owner: &Person, wanted: Move) -> Result<Outcome, StoreError> {
    let wanted = Arc::new(wanted);
    for _ in 0..TRIES {
        let command = prepare(desk, owner, wanted.clone()).await?;
        match desk.db.run(command).await {
            Err(Refusal::Outdated) => {}
            result => return result.map_err(StoreError::from),
        }
    }
    Err(StoreError::Busy)
}

/// Lists the object as it counts at its new place, outside any transaction.
async fn prepare(desk: &Desk, owner: &Person, wanted: Arc<Move>) -> Result<Relocate, StoreError> {
    let now = desk.clock.now();
    let mut conn = desk.db.read().await.map_err(failed)?;
    let state = state(&mut conn, owner.id, &wanted).await.map_err(failed)?.ok_or(StoreError::NotFound)?;
    let Some(object) = state.object else {
        return Ok(Relocate { owner: owner.id, wanted, listed: None, now });
    };
    let found: Option<(Vec<u8>, Option<i64>)> =
        conn.optional("SELECT bytes, indexed_to FROM objects WHERE id = $1", args![object]).await.map_err(failed)?;
    drop(conn);
    let (bytes, indexed_to) = found.ok_or(StoreError::Busy)?;
    let (to, words, setting) = (calendars::listing_end(indexed_to, now), desk.offer_words(), state.setting);
    let work = move || {
        let etag = objects::etag(&bytes);
        let object = CalendarObject::parse(bytes, &Limits::default()).ok()?;
        let listing = calendars::list(&object, &setting, &words, to);
        Some(Listed { etag, listing, setting })
    };
    let listed = calendars::in_the_background(work).await.ok_or(StoreError::Busy)?;
    let damaged = || failed(DbError::Damaged(format!("object {object} cannot be read")));
    Ok(Relocate { owner: owner.id, wanted, listed: Some(listed.ok_or_else(damaged)?), now })
}

/// What was derived before the transaction, and what from.
struct Listed {
    etag: String,
    listing: Listing,
    setting: Setting,
}

struct Relocate {
    owner: PersonId,
    wanted: Arc<Move>,
    listed: Option<Listed>,
    now: i64,
}

impl Command for Relocate {
    type Output = Outcome;
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<Outcome, Refusal> {
        let locked = people::lock(tx, &[self.owner]).await?;
        let state = state(tx, self.owner, &self.wanted).await?.ok_or(StoreError::NotFound)?;
        let (from, to, member) = (state.from(), state.to(), state.member(&self.wanted.name));
        let (replaced, same_uid) = (state.replaced_etag.as_deref(), state.same_uid.as_deref());
        let outcome = decide_move(&from, member.as_ref(), &to, replaced, same_uid, &self.wanted)?;
        let (Some(object), Some(listed)) = (state.object, &self.listed) else { return Err(Refusal::Outdated) };
        if state.etag.as_deref() != Some(&listed.etag) || state.setting != listed.setting {
            return Err(Refusal::Outdated);
        }
        if state.replaced.is_none() && state.collection != state.source && state.members >= objects::MOST {
            return Err(calendars::too_many_objects(objects::MOST));
        }
        let before = calendars::rows_of(tx, object).await?;
        let mut counted = before != listed.listing.rows || !calendars::is_listed(state.indexed_to);
        if let Some(replaced) = state.replaced {
            counted |= state.replaced_to.is_some() || !calendars::rows_of(tx, replaced).await?.is_empty();
            // By itself: its name and UID must be free before the object gets them.
            tx.execute("DELETE FROM objects WHERE id = $1", args![replaced]).await?;
        }
        tx.batch(self.batch(&locked, &state, object, &listed.listing, counted)).await?;
        Ok(outcome)
    }
}

impl Relocate {
    fn batch(&self, locked: &Locked, state: &State, object: i64, listing: &Listing, counted: bool) -> Batch {
        let mut batch = Batch::new();
        let person = batch.arg(self.owner);
        let (version, now) = (batch.arg(locked.version(self.owner)), batch.arg(self.now));
        let (source, collection) = (batch.arg(state.source), batch.arg(state.collection));
        let (old, new, object) = (batch.arg(&self.wanted.name), batch.arg(&self.wanted.to_name), batch.arg(object));
        let (starts, ends) = (batch.arg(listing.starts), batch.arg(listing.ends));
        let (recurring, to) = (batch.arg(listing.recurring), batch.arg(listing.indexed_to));
        batch.push(format!(
            "INSERT INTO tombstones (collection, name, version, deleted) VALUES ({source}, {old}, {version}, {now})
             ON CONFLICT (collection, name) DO UPDATE SET version = excluded.version, deleted = excluded.deleted"
        ));
        batch.push(format!("DELETE FROM tombstones WHERE collection = {collection} AND name = {new}"));
        batch.push(format!(
            "UPDATE objects SET collection = {collection}, name = {new}, starts = {starts}, ends = {ends},
                 recurring = {recurring}, indexed_to = {to}, version = {version}, modified = {now} WHERE id = {object}"
        ));
        batch.push(format!("UPDATE collections SET version = {version} WHERE id IN ({source}, {collection})"));
        if counted {
            calendars::push_rows(&mut batch, &object, &person, &listing.rows);
            touch(&mut batch, &person, &now);
        }
        batch
    }
}

/// Both ends of a move. The setting is that of the calendar it goes to.
#[derive(FromRow)]
struct State {
    #[sqlx(flatten)]
    setting: Setting,
    collection: i64,
    components: String,
    source: i64,
    source_kind: String,
    object: Option<i64>,
    etag: Option<String>,
    uid: Option<String>,
    object_kind: Option<String>,
    indexed_to: Option<i64>,
    replaced: Option<i64>,
    replaced_to: Option<i64>,
    replaced_etag: Option<String>,
    same_uid: Option<String>,
    members: i64,
}

async fn state(conn: &mut Conn, owner: PersonId, wanted: &Move) -> Result<Option<State>, DbError> {
    let sql = format!(
        "SELECT {}, c.id AS collection, c.components, s.id AS source, s.kind AS source_kind,
             ob.id AS object, ob.etag, ob.uid, ob.kind AS object_kind, ob.indexed_to,
             there.id AS replaced, there.etag AS replaced_etag, there.indexed_to AS replaced_to, other.name AS same_uid,
             (SELECT COUNT(*) FROM objects o WHERE o.collection = c.id) AS members
         FROM collections c JOIN people p ON p.id = c.owner
         JOIN collections s ON s.owner = c.owner AND s.name = $4
         LEFT JOIN objects ob ON ob.collection = s.id AND ob.name = $5
         LEFT JOIN objects there ON there.collection = c.id AND there.name = $3
         LEFT JOIN objects other ON other.collection = c.id AND other.uid = ob.uid AND other.name <> $3
             AND other.id <> ob.id
         WHERE c.owner = $1 AND c.name = $2",
        setting::COLUMNS
    );
    let values = args![owner, &wanted.to_collection, &wanted.to_name, &wanted.collection, &wanted.name];
    conn.optional(AssertSqlSafe(sql), values).await
}

impl State {
    fn from(&self) -> Collection {
        decisive(self.source, &self.source_kind, &self.components)
    }

    fn to(&self) -> Collection {
        decisive(self.collection, &self.setting.kind, &self.components)
    }

    fn member(&self, name: &str) -> Option<Member> {
        Some(Member {
            name: name.to_owned(),
            etag: self.etag.clone()?,
            uid: self.uid.clone()?,
            kind: ComponentKind::from_name(self.object_kind.as_deref()?)?,
            size: 0,
            modified: 0,
            bytes: None,
        })
    }
}
