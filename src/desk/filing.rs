//! Filing calendar objects: the one way by which anything gets into, changes in or leaves a calendar.
//!
//! What costs time (expanding recurrences) happens before the command; the command locks the owner, reads, decides and
//! writes, in three round trips at most (PostgreSQL: four).

use std::sync::Arc;

use caldav::ical::object::{CalendarObject, ComponentKind};
use caldav::ical::tree::Component;
use caldav::store::{Change, Collection, Edit, Member, Outcome, StoreError, decide};
use sqlx::{AssertSqlSafe, FromRow};

use super::Desk;
use super::remarks::tell_of_slips;
use crate::args;
use crate::calendars::{self, Kind, Listing, Refusal, Row, Setting, Slip, collections, objects, setting};
use crate::db::{Batch, Command, DbError, Tx, new_id};
use crate::jobs::{NewJob, enqueue};
use crate::people::{self, Locked, Person, PersonId};

/// Times an edit is prepared anew when the calendar's settings change in between.
const TRIES: usize = 4;

/// Carries out one write to a calendar of `owner`.
///
/// # Errors
/// [`StoreError`]: what the protocol answers.
pub async fn file(desk: &Desk, owner: &Person, edit: Edit) -> Result<Outcome, StoreError> {
    let edit = Arc::new(edit);
    for _ in 0..TRIES {
        let command = prepare(desk, owner, edit.clone()).await?.telling(desk);
        match desk.db.run(command).await {
            Err(Refusal::Outdated) => desk.known_settings.forget(owner.id, &edit.collection),
            result => return result.map_err(StoreError::from),
        }
    }
    Err(StoreError::Busy)
}

/// Largest object, in bytes, of which a single event is looked at right here.
const LIGHT: usize = 8_192;

/// Nothing of it recurs, so listing it costs less than handing it to another thread.
fn happens_once(component: &Component) -> bool {
    !["RRULE", "RDATE", "RECURRENCE-ID"].iter().any(|name| component.get(name).is_some())
}

/// Expands what is to be put, outside any transaction.
pub(super) async fn prepare(desk: &Desk, owner: &Person, edit: Arc<Edit>) -> Result<File, StoreError> {
    let now = desk.clock.now();
    let Change::Put(object) = &edit.change else {
        return Ok(File { owner: owner.id, edit, listed: None, remark: None, now });
    };
    let is_light = object.bytes().len() <= LIGHT && object.components().all(happens_once);
    let (object, words) = (object.clone(), desk.offer_words());
    let list = move |setting: Setting, to: i64| Listed {
        etag: objects::etag(object.bytes()),
        listing: calendars::list(&object, &setting, &words, to),
        slips: calendars::slips_in(&object, &words, &setting.addresses),
        setting,
    };
    let listed = if is_light {
        let setting = match desk.known_settings.of(owner.id, &edit.collection) {
            Some(setting) => setting,
            None => {
                let setting = found(desk, owner, &edit).await?.setting;
                desk.known_settings.remember(owner.id, &edit.collection, &setting);
                setting
            }
        };
        list(setting, calendars::listing_end(None, now))
    } else {
        let Found { setting, indexed_to } = found(desk, owner, &edit).await?;
        let to = calendars::listing_end(indexed_to, now);
        calendars::in_the_background(move || list(setting, to)).await.ok_or(StoreError::Busy)?
    };
    Ok(File { owner: owner.id, edit, listed: Some(listed), remark: None, now })
}

/// What the calendar is set to, and how far the object that is there is listed.
async fn found(desk: &Desk, owner: &Person, edit: &Edit) -> Result<Found, StoreError> {
    let mut conn = desk.db.read().await.map_err(failed)?;
    let sql = format!(
        "SELECT {}, ob.indexed_to FROM collections c JOIN people p ON p.id = c.owner
         LEFT JOIN objects ob ON ob.collection = c.id AND ob.name = $3
         WHERE c.owner = $1 AND c.name = $2",
        setting::COLUMNS
    );
    let found = conn.optional(AssertSqlSafe(sql), args![owner.id, &edit.collection, &edit.name]).await;
    found.map_err(failed)?.ok_or(StoreError::NotFound)
}

#[derive(FromRow)]
struct Found {
    #[sqlx(flatten)]
    setting: Setting,
    indexed_to: Option<i64>,
}

/// What is known of an object before the transaction, and what it was derived from.
struct Listed {
    etag: String,
    listing: Listing,
    slips: Vec<Slip>,
    setting: Setting,
}

/// One write to one object.
pub(super) struct File {
    owner: PersonId,
    edit: Arc<Edit>,
    listed: Option<Listed>,
    /// The mail about words in it that were not understood.
    remark: Option<NewJob>,
    now: i64,
}

impl Command for File {
    type Output = Outcome;
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<Outcome, Refusal> {
        let state = self.lock(tx).await?.ok_or(StoreError::NotFound)?;
        let locked = Locked::by(self.owner, state.version);
        let tag = self.listed.as_ref().map_or("", |listed| listed.etag.as_str());
        let (collection, current) = (state.collection(), state.current(&self.edit.name));
        let outcome = decide(&collection, current.as_ref(), state.same_uid.as_deref(), &self.edit, tag)?;
        match (&self.edit.change, &self.listed) {
            (Change::Put(_), _) if state.etag.as_deref() == Some(tag) => {}
            (Change::Put(object), Some(listed)) => {
                self.put(tx, &locked, &state, object, listed).await?;
                if let Some(job) = &self.remark {
                    enqueue(tx, job, self.now).await?;
                }
            }
            (Change::Put(_), None) => return Err(Refusal::Outdated),
            (Change::Delete, _) => self.delete(tx, &locked, &state).await?,
        }
        Ok(outcome)
    }
}

impl File {
    /// With a mail to the owner about words that look like rules and are none, for surfaces that cannot answer.
    fn telling(mut self, desk: &Desk) -> Self {
        if let (Some(listed), Change::Put(object)) = (&self.listed, &self.edit.change)
            && !listed.slips.is_empty()
        {
            self.remark = Some(tell_of_slips(&desk.keys, self.owner, object.uid(), &listed.slips, self.now));
        }
        self
    }

    /// Locks the owner and reads what there is.
    async fn lock(&self, tx: &mut Tx) -> Result<Option<State>, DbError> {
        let uid = match &self.edit.change {
            Change::Put(object) => object.uid(),
            Change::Delete => "",
        };
        let sql = format!(
            "SELECT {}, p.version, c.id AS collection, c.components,
                 cur.id AS object, cur.etag, cur.uid, cur.indexed_to, other.name AS same_uid,
                 CASE WHEN cur.id IS NULL THEN (SELECT COUNT(*) FROM objects o WHERE o.collection = c.id) ELSE 0 END
                     AS members,
                 first.starts, first.ends, first.offer, first.all_day, first.scope, first.rules,
                 EXISTS (SELECT 1 FROM occurrences o WHERE o.object = cur.id AND o.position = 1) AS has_more_rows
             FROM collections c JOIN people p ON p.id = c.owner
             LEFT JOIN objects cur ON cur.collection = c.id AND cur.name = $3
             LEFT JOIN occurrences first ON first.object = cur.id AND first.position = 0
             LEFT JOIN objects other ON other.collection = c.id AND other.uid = $4 AND other.name <> $3
             WHERE c.owner = $1 AND c.name = $2",
            setting::COLUMNS
        );
        people::lock_and_read(tx, self.owner, &sql, args![&self.edit.collection, &self.edit.name, uid]).await
    }

    async fn put(
        &self,
        tx: &mut Tx,
        locked: &Locked,
        state: &State,
        object: &CalendarObject,
        listed: &Listed,
    ) -> Result<(), Refusal> {
        if state.setting != listed.setting {
            return Err(Refusal::Outdated);
        }
        if state.object.is_none() && state.members >= objects::MOST {
            return Err(calendars::too_many_objects(objects::MOST));
        }
        let before = match state.object {
            Some(object) if state.has_more_rows => calendars::rows_of(tx, object).await?,
            _ => state.first_row().into_iter().collect(),
        };
        tx.batch(self.put_batch(locked, state, object, listed, &before)).await?;
        Ok(())
    }

    fn put_batch(
        &self,
        locked: &Locked,
        state: &State,
        object: &CalendarObject,
        listed: &Listed,
        before: &[Row],
    ) -> Batch {
        let listing = &listed.listing;
        let mut batch = Batch::new();
        let person = batch.arg(self.owner);
        let (version, now) = (batch.arg(locked.version(self.owner)), batch.arg(self.now));
        let (id, collection) = (batch.arg(state.object.unwrap_or_else(new_id)), batch.arg(state.collection));
        let (name, uid, kind) = (batch.arg(&self.edit.name), batch.arg(object.uid()), batch.arg(object.kind().name()));
        let (etag, bytes) = (batch.arg(&listed.etag), batch.arg(object.bytes().to_vec()));
        let (starts, ends) = (batch.arg(listing.starts), batch.arg(listing.ends));
        let (recurring, to) = (batch.arg(listing.recurring), batch.arg(listing.indexed_to));
        batch.push(format!(
            "INSERT INTO objects (id, collection, name, uid, kind, etag, bytes, starts, ends, recurring, indexed_to,
                 version, created, modified)
             VALUES ({id}, {collection}, {name}, {uid}, {kind}, {etag}, {bytes}, {starts}, {ends}, {recurring}, {to},
                 {version}, {now}, {now})
             ON CONFLICT (id) DO UPDATE SET uid = excluded.uid, kind = excluded.kind, etag = excluded.etag,
                 bytes = excluded.bytes, starts = excluded.starts, ends = excluded.ends,
                 recurring = excluded.recurring, indexed_to = excluded.indexed_to, version = excluded.version,
                 modified = excluded.modified"
        ));
        batch.push(format!("DELETE FROM tombstones WHERE collection = {collection} AND name = {name}"));
        batch.push(format!("UPDATE collections SET version = {version} WHERE id = {collection}"));
        if listing.rows != before || !calendars::is_listed(state.indexed_to) {
            calendars::push_rows(&mut batch, &id, &person, &listing.rows);
            touch(&mut batch, &person, &now);
        }
        batch
    }

    async fn delete(&self, tx: &mut Tx, locked: &Locked, state: &State) -> Result<(), Refusal> {
        let Some(object) = state.object else { return Err(StoreError::NotFound.into()) };
        // It may count where it is not listed: later than the horizon, or until it is listed anew.
        let counted = state.indexed_to.is_some() || state.starts.is_some();
        let mut batch = Batch::new();
        let person = batch.arg(self.owner);
        let (version, now) = (batch.arg(locked.version(self.owner)), batch.arg(self.now));
        let (object, collection, name) = (batch.arg(object), batch.arg(state.collection), batch.arg(&self.edit.name));
        batch.push(format!(
            "INSERT INTO tombstones (collection, name, version, deleted) VALUES ({collection}, {name}, {version}, {now})
             ON CONFLICT (collection, name) DO UPDATE SET version = excluded.version, deleted = excluded.deleted"
        ));
        batch.push(format!("DELETE FROM objects WHERE id = {object}"));
        batch.push(format!("UPDATE collections SET version = {version} WHERE id = {collection}"));
        if counted {
            touch(&mut batch, &person, &now);
        }
        tx.batch(batch).await?;
        Ok(())
    }
}

/// What the transaction finds, after the lock.
#[derive(FromRow)]
struct State {
    #[sqlx(flatten)]
    setting: Setting,
    version: i64,
    collection: i64,
    components: String,
    object: Option<i64>,
    etag: Option<String>,
    uid: Option<String>,
    indexed_to: Option<i64>,
    same_uid: Option<String>,
    members: i64,
    /// Of the first row in the index of occurrences: most objects have no other.
    starts: Option<i64>,
    ends: Option<i64>,
    offer: Option<bool>,
    all_day: Option<bool>,
    scope: Option<String>,
    rules: Option<String>,
    has_more_rows: bool,
}

impl State {
    fn first_row(&self) -> Option<Row> {
        Some(Row {
            starts: self.starts?,
            ends: self.ends?,
            offer: self.offer?,
            all_day: self.all_day?,
            scope: self.scope.clone(),
            rules: self.rules.clone(),
        })
    }

    fn collection(&self) -> Collection {
        decisive(self.collection, &self.setting.kind, &self.components)
    }

    fn current(&self, name: &str) -> Option<Member> {
        Some(Member {
            name: name.to_owned(),
            etag: self.etag.clone()?,
            uid: self.uid.clone()?,
            kind: ComponentKind::Event,
            size: 0,
            modified: 0,
            bytes: None,
        })
    }
}

/// As much of a collection as a decision looks at.
pub(super) fn decisive(id: i64, kind: &str, components: &str) -> Collection {
    let kind = Kind::of(kind);
    Collection {
        id,
        name: String::new(),
        display_name: None,
        description: None,
        color: None,
        order: None,
        timezone: None,
        components: collections::read_components(components),
        transparent: false,
        writable: kind.is_writable(),
        built_in: kind != Kind::Calendar,
        version: 0,
        dead_properties: Vec::new(),
    }
}

/// What the owner's slots are made of has changed.
pub(super) fn touch(batch: &mut Batch, person: &str, now: &str) {
    batch.push(format!("UPDATE people SET slots = version, slots_changed = {now} WHERE id = {person}"));
}

pub(super) fn failed(error: DbError) -> StoreError {
    StoreError::Failed(Box::new(error))
}

#[cfg(test)]
mod tests {
    use caldav::ical::limits::Limits;
    use caldav::store::{Conditions, PropertyChanges};

    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::db::Db;
    use crate::desk::arranging::create_calendar;
    use crate::desk::people::SavePerson;
    use crate::keys::Keys;
    use crate::people::Profile;

    /// A write that answers how many round trips it took.
    struct Counted(File);

    impl Command for Counted {
        type Output = u64;
        type Refusal = Refusal;

        async fn run(&self, tx: &mut Tx) -> Result<u64, Refusal> {
            let before = tx.statements();
            self.0.run(tx).await?;
            Ok(tx.statements() - before)
        }
    }

    on_both_databases! {
        fn a_write_takes_few_round_trips(fresh) {
            tokio::runtime::Runtime::new().unwrap().block_on(async {
                let db = Db::open(&fresh.target).await.unwrap();
                let desk = Desk::new(db, Clock::fixed(1_795_176_000), Config::local("unused"), Keys::new([7; 32]));
                let email = "mary@example.org".to_owned();
                let save = SavePerson {
                    email: email.clone(),
                    profile: Profile::default(),
                    memberships: Vec::new(),
                    now: 0,
                };
                let mary = desk.db.run(save).await.unwrap();
                create_calendar(&desk, &mary, "work", PropertyChanges::default()).await.unwrap();
                let put = |often: &str| {
                    let text = format!(
                        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20261101T000000Z\r\n\
                         SUMMARY:Available\r\nDTSTART:20261123T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ={often}\r\n\
                         END:VEVENT\r\nEND:VCALENDAR\r\n"
                    );
                    Change::Put(CalendarObject::parse(text.into_bytes(), &Limits::default()).unwrap())
                };
                // On PostgreSQL the lock is a statement by itself.
                let lock = if desk.db.is_sqlite() { 0 } else { 1 };
                for (change, most) in [(put("WEEKLY"), 2), (put("DAILY"), 3), (put("DAILY"), 1), (Change::Delete, 2)] {
                    let edit = Edit {
                        owner: email.clone(),
                        collection: "work".into(),
                        name: "a.ics".into(),
                        by: email.clone(),
                        conditions: Conditions::default(),
                        change,
                    };
                    let command = prepare(&desk, &mary, Arc::new(edit)).await.unwrap();
                    let used = desk.db.run(Counted(command)).await.unwrap();
                    assert_eq!(used, most + lock);
                }
            });
        }
    }
}
