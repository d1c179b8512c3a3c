//! A small team with offers, and people who want to book.

use std::sync::Arc;

use serde_json::Map;

use super::super::*;
use crate::args;
use crate::booking::check::check;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::fresh::Fresh;
use crate::db::{Command, Db, DbError, Tx, new_id};
use crate::keys::Keys;
use crate::people::{self, Profile};
use crate::teams::{self, BookingMode, NewSessionType, NewTeam, Role, RuleSet, TypeId};

pub(in crate::desk::booking) const HOUR: i64 = 3_600;
pub(in crate::desk::booking) const DAY: i64 = 86_400;
/// Friday, 2026-11-20, 12:00 UTC.
pub(in crate::desk::booking) const NOW: i64 = 1_795_176_000;
/// The first offer's start: a week later, 09:00 UTC.
pub(in crate::desk::booking) const START: i64 = NOW + 7 * DAY - 3 * HOUR;

/// What a scene begins with.
#[derive(Debug, Clone)]
pub(in crate::desk::booking) struct Setting {
    /// Hosts: each offers `hours` from [`START`].
    pub(in crate::desk::booking) hosts: usize,
    pub(in crate::desk::booking) hours: i64,
    pub(in crate::desk::booking) capacity: i64,
    pub(in crate::desk::booking) mode: BookingMode,
    pub(in crate::desk::booking) rules: RuleSet,
    pub(in crate::desk::booking) limits: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self { hosts: 1, hours: 3, capacity: 1, mode: BookingMode::Anyone, rules: RuleSet::default(), limits: false }
    }
}

pub(in crate::desk::booking) struct Scene {
    pub(in crate::desk::booking) desk: Arc<Desk>,
    pub(in crate::desk::booking) clock: Clock,
    pub(in crate::desk::booking) team: Team,
    pub(in crate::desk::booking) kind: TypeId,
    pub(in crate::desk::booking) hosts: Vec<PersonId>,
}

impl Scene {
    pub(in crate::desk::booking) async fn new(fresh: &Fresh, setting: Setting) -> Self {
        let db = Db::open(&fresh.target).await.unwrap();
        let clock = Clock::fixed(NOW);
        let config = Config { rate_limits: setting.limits, ..Config::local("unused") };
        let (team, kind, hosts) = db.run(SetUp(setting)).await.unwrap();
        let desk = Arc::new(Desk::new(db, clock.clone(), config, Keys::new([7; 32])));
        let team = teams::by_id(&mut desk.db.read().await.unwrap(), team).await.unwrap().unwrap();
        Self { desk, clock, team, kind, hosts }
    }

    pub(in crate::desk::booking) fn wish(&self, email: &str, start: i64) -> BookRequest {
        BookRequest {
            team: self.team.clone(),
            type_id: self.kind,
            start,
            guest: Guest {
                name: "Tariq".into(),
                email: email.into(),
                timezone: "Europe/Berlin".into(),
                ..Guest::default()
            },
            agenda: "Lifetimes".into(),
            answers: Map::new(),
            host: None,
            by: Caller { person: None, address: "192.0.2.1".into() },
            idempotency: None,
        }
    }

    pub(in crate::desk::booking) async fn book(&self, email: &str, start: i64) -> Result<Booked, Refusal> {
        book(&self.desk, self.wish(email, start)).await
    }

    /// The guest's hold on a booking.
    pub(in crate::desk::booking) async fn guest(&self, booked: &Booked) -> Holder {
        holder(&self.desk, &booked.token).await.unwrap()
    }

    /// The host's hold on a booking.
    pub(in crate::desk::booking) async fn host(&self, booked: &Booked) -> Holder {
        holder(&self.desk, &token(&self.desk.keys, booked.id, booked.host, 0)).await.unwrap()
    }

    /// The starts that are open now, as hours after [`START`], with seats.
    pub(in crate::desk::booking) async fn open(&self) -> Vec<(i64, i64)> {
        let pooled = pooled(&self.desk, &self.team, &[], 0, NOW + 30 * DAY).await.unwrap();
        pooled.slots.iter().map(|slot| ((slot.start - START) / HOUR, slot.open)).collect()
    }

    /// The keys of all jobs but reminders, in the order in which they were queued, with ids replaced by letters.
    pub(in crate::desk::booking) async fn jobs(&self) -> Vec<String> {
        let mut conn = self.desk.db.read().await.unwrap();
        let all = "SELECT key FROM jobs WHERE kind <> 'reminder' ORDER BY id";
        let keys: Vec<(String,)> = conn.all(all, vec![]).await.unwrap();
        let ids: Vec<(i64,)> =
            conn.all("SELECT id FROM sessions UNION SELECT id FROM bookings ORDER BY 1", vec![]).await.unwrap();
        let named = |key: String| {
            ids.iter().zip('a'..).fold(key, |key, ((id,), letter)| key.replace(&id.to_string(), &letter.to_string()))
        };
        keys.into_iter().map(|(key,)| named(key)).collect()
    }

    /// When reminders are due, by time, in hours after [`START`], with whom they are for.
    pub(in crate::desk::booking) async fn reminders(&self) -> Vec<(i64, String)> {
        let mut conn = self.desk.db.read().await.unwrap();
        let all = "SELECT due, key FROM jobs WHERE kind = 'reminder' AND finished IS NULL ORDER BY due, id";
        let rows: Vec<(i64, String)> = conn.all(all, vec![]).await.unwrap();
        let to = |key: String| key.rsplit('/').next().unwrap_or_default().to_owned();
        rows.into_iter().map(|(due, key)| ((due - START) / HOUR, to(key))).collect()
    }

    pub(in crate::desk::booking) async fn run(&self, sql: &str) {
        self.desk.db.run(Script(sql.to_owned())).await.unwrap();
    }

    /// Waits until the database has told of its own commits, which takes a tenth of a second.
    pub(in crate::desk::booking) async fn is_quiet(&self) {
        let mut seen = 0;
        while seen != self.desk.db.commits() {
            seen = self.desk.db.commits();
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        }
    }

    /// Nothing stored contradicts anything else.
    pub(in crate::desk::booking) async fn is_sound(&self) {
        let found = check(&mut self.desk.db.read().await.unwrap(), self.clock.now()).await.unwrap();
        assert!(found.is_empty(), "{found:#?}");
    }
}

impl Scene {
    /// The check says each of these.
    pub(in crate::desk::booking) async fn finds(&self, sentences: &[&str]) {
        let found = check(&mut self.desk.db.read().await.unwrap(), self.clock.now()).await.unwrap();
        for sentence in sentences {
            assert!(found.iter().any(|line| line.ends_with(sentence)), "{sentence}: {found:#?}");
        }
    }
}

struct Script(String);

impl Command for Script {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        tx.execute(sqlx::AssertSqlSafe(self.0.clone()), vec![]).await?;
        Ok(())
    }
}

struct SetUp(Setting);

impl Command for SetUp {
    type Output = (TeamId, TypeId, Vec<PersonId>);
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Output, DbError> {
        let setting = &self.0;
        let team = NewTeam {
            slug: "rust".into(),
            name: "Rust mentoring".into(),
            public: Some(true),
            booking: Some(setting.mode),
            ..NewTeam::default()
        };
        let team = teams::save_team(tx, &team, NOW).await?;
        let kind = NewSessionType {
            slug: "talk".into(),
            name: "Talk".into(),
            minutes: 60,
            capacity: Some(setting.capacity),
            rules: setting.rules,
        };
        let kind = teams::save_session_type(tx, team, &kind, NOW).await?;
        let mut hosts = Vec::new();
        for number in 0..setting.hosts {
            let profile = Profile { name: Some(format!("Host {number}")), ..Profile::default() };
            let host = people::save(tx, &format!("host-{number}@example.org"), &profile, NOW).await?;
            teams::add_member(tx, team, host.id, Role::Host, NOW).await?;
            offer(tx, host.id, START, START + setting.hours * HOUR).await?;
            hosts.push(host.id);
        }
        Ok((team, kind, hosts))
    }
}

/// What a stored "Available" event leaves in the index.
async fn offer(tx: &mut Tx, host: PersonId, starts: i64, ends: i64) -> Result<(), DbError> {
    let (collection, object) = (new_id(), new_id());
    tx.execute(
        "INSERT INTO collections (id, owner, name, kind, version, created) VALUES ($1, $2, 'offers', 'offers', 1, $3)",
        args![collection, host, NOW],
    )
    .await?;
    tx.execute(
        "INSERT INTO objects (id, collection, name, uid, kind, etag, bytes, starts, ends, recurring, version, created,
             modified)
         VALUES ($1, $2, 'o.ics', 'o', 'VEVENT', 'e', $3, $4, $5, FALSE, 1, $6, $6)",
        args![object, collection, b"BEGIN:VCALENDAR".to_vec(), starts, ends, NOW],
    )
    .await?;
    tx.execute(
        "INSERT INTO occurrences (object, person, position, offer, starts, ends, all_day)
         VALUES ($1, $2, 0, TRUE, $3, $4, FALSE)",
        args![object, host, starts, ends],
    )
    .await?;
    Ok(())
}
