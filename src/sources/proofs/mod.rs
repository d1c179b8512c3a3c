//! Calendars by address as a whole, against a server on this machine that says whatever a test wants.

mod health;
mod hostile;
mod reading;
mod server;

use std::time::Duration;

use server::Server;

use super::lease::Lease;
use super::{Source, SourceId, add, of_person, poll};
use crate::availability::{Timeline, timeline};
use crate::clock::Clock;
use crate::db::fresh::Fresh;
use crate::db::{Command, Db, DbError, Tx};
use crate::desk::Desk;
use crate::http_client::public::PublicClient;
use crate::invitations::samples::{NOW, config, keys};
use crate::people::{self, Person};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// 2026-11-26T18:00:00Z
const STARTS: i64 = 1_795_716_000;

/// Runs statements without values.
struct Statements(Vec<String>);

impl Command for Statements {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for statement in &self.0 {
            tx.execute(sqlx::AssertSqlSafe(statement.clone()), vec![]).await?;
        }
        Ok(())
    }
}

/// A host of a team, and the server of their calendar.
struct Scene {
    desk: Desk,
    host: Person,
    server: Server,
}

impl Scene {
    async fn new(fresh: &Fresh) -> Self {
        let db = Db::open(&fresh.target).await.unwrap();
        let mut config = config();
        config.fetch_private_hosts = "127.0.0.1".parse().unwrap();
        let desk = Desk::new(db, Clock::fixed(NOW), config, keys());
        let scene = [
            "INSERT INTO teams (id, slug, name, timezone, public, booking, changed, created)
             VALUES (1, 'practice', 'Practice', 'Europe/London', TRUE, 'anyone', 0, 0)",
            "INSERT INTO session_types (id, team, slug, name, minutes, created) VALUES (2, 1, 'talk', 'Talk', 60, 0)",
            "INSERT INTO people (id, email, name, timezone, created) VALUES (3, 'ana@example.org', 'Ana', 'Europe/London', 0)",
            "INSERT INTO people (id, email, name, created) VALUES (4, 'tariq@example.org', 'Tariq', 0)",
            "INSERT INTO memberships (team, person, role, created) VALUES (1, 3, 'host', 0)",
            "INSERT INTO collections (id, owner, name, kind, version, created) VALUES (5, 3, 'offers', 'offers', 1, 0)",
        ];
        run(&desk, &scene).await;
        let host = people::by_id(&mut desk.db.read().await.unwrap(), 3).await.unwrap().unwrap();
        Self { desk, host, server: Server::start() }
    }

    /// Gives the calendar at the server.
    async fn added(&self, offers: bool) -> SourceId {
        add(&self.desk, &self.host, &self.server.url("/private-0a1b/basic.ics"), offers, None).await.unwrap().id
    }

    /// Reads it, due or not.
    async fn read(&self, id: SourceId) -> Source {
        self.read_within(id, Duration::from_secs(15)).await
    }

    async fn read_within(&self, id: SourceId, patience: Duration) -> Source {
        run(&self.desk, &[&format!("UPDATE sources SET due = 0 WHERE id = {id}")]).await;
        let client = PublicClient::within(self.desk.config.fetch_private_hosts.clone(), patience);
        let lease = Lease { only: Some(id), limit: 1, now: self.desk.clock.now() };
        for leased in self.desk.db.run(lease).await.unwrap() {
            poll::read(&self.desk, &client.clone().unwrap(), leased).await.unwrap();
        }
        self.source().await
    }

    async fn source(&self) -> Source {
        of_person(&mut self.desk.db.read().await.unwrap(), self.host.id).await.unwrap().remove(0)
    }

    /// Offers and busy times around the sample day, in hours from [`STARTS`].
    async fn time(&self) -> (Vec<(i64, i64)>, Vec<(i64, i64)>) {
        let mut conn = self.desk.db.read().await.unwrap();
        let (from, to) = (STARTS - 2 * DAY, STARTS + 20 * DAY);
        let words = self.desk.offer_words();
        let mut read = timeline::read(&mut conn, &words, &[self.host.id], &[], from, to).await.unwrap();
        let Timeline { offers, busy, .. } = read.remove(&self.host.id).unwrap_or_default();
        let hours = |at: i64| (at - STARTS).div_euclid(HOUR);
        (
            offers.iter().map(|offer| (hours(offer.starts), hours(offer.ends))).collect(),
            busy.iter().map(|busy| (hours(busy.starts), hours(busy.ends))).collect(),
        )
    }

    /// Versions that would make clients sync and pages be computed anew.
    async fn versions(&self) -> (i64, i64, i64) {
        let sql = "SELECT p.version, p.slots, COALESCE((SELECT MAX(c.version) FROM collections c WHERE c.kind = 'address'), 0)
                   FROM people p WHERE p.id = 3";
        self.desk.db.read().await.unwrap().one(sql, vec![]).await.unwrap()
    }

    async fn wrong(&self) -> Vec<String> {
        let mut conn = self.desk.db.read().await.unwrap();
        let (desk, now) = (&self.desk, self.desk.clock.now());
        let mut wrong = super::check(&mut conn, &desk.keys, &desk.config.fetch_private_hosts).await.unwrap();
        wrong.extend(crate::calendars::check::check(&mut conn, &desk.offer_words(), now).await.unwrap());
        wrong
    }
}

async fn run(desk: &Desk, statements: &[&str]) {
    desk.db.run(Statements(statements.iter().map(|text| (*text).to_owned()).collect())).await.unwrap();
}

/// A calendar with these events, as Google writes one.
fn calendar(events: &[String]) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\n\
         METHOD:PUBLISH\r\nX-WR-CALNAME:Ana\r\nX-WR-TIMEZONE:Europe/London\r\n{}END:VCALENDAR\r\n",
        events.concat()
    )
}

/// An event on the sample day at these hours UTC, with more lines.
fn event(uid: &str, from: u32, to: u32, lines: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nDTSTART:20261126T{from:02}0000Z\r\nDTEND:20261126T{to:02}0000Z\r\nDTSTAMP:20261120T120000Z\r\n\
         UID:{uid}\r\n{lines}END:VEVENT\r\n"
    )
}
