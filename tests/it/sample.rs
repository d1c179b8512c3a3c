//! A small team with open slots, for tests of the surfaces.

use openhour::db::{Command, DbError, Tx, new_id};
use openhour::people::{self, Profile};
use openhour::teams::{self, BookingMode, NewSessionType, NewTeam, Role, RuleSet};

use crate::surfaces::{NOW, Site};

/// 2026-11-26T17:00:00Z, a Thursday, six days after [`NOW`].
pub(crate) const OFFER: i64 = 1_795_712_400;
pub(crate) const HOUR: i64 = 3_600;

/// A public team `coaches` in Vienna with the types `talk` (60 minutes) and `group` (8 places), and its host Ana, who
/// offers three hours from [`OFFER`] on.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) public: bool,
    pub(crate) booking: BookingMode,
    pub(crate) with_group: bool,
}

impl Default for Sample {
    fn default() -> Self {
        Self { public: true, booking: BookingMode::Anyone, with_group: false }
    }
}

impl Site {
    /// A server with the sample team.
    pub(crate) async fn with_team() -> Self {
        Self::with_sample(Sample::default()).await
    }

    /// A server with a variation of it.
    pub(crate) async fn with_sample(sample: Sample) -> Self {
        let site = Self::start_with(|config| config.demo = true).await;
        site.desk.db.run(sample).await.unwrap();
        site
    }
}

impl Command for Sample {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let team = NewTeam {
            slug: "coaches".into(),
            name: "Coaches, Graz".into(),
            timezone: Some("Europe/Vienna".into()),
            public: Some(self.public),
            booking: Some(self.booking),
            ..NewTeam::default()
        };
        let team = teams::save_team(tx, &team, NOW - 100).await?;
        let kind = |slug: &str, name: &str, capacity| NewSessionType {
            slug: slug.into(),
            name: name.into(),
            minutes: 60,
            capacity,
            rules: RuleSet::default(),
        };
        teams::save_session_type(tx, team, &kind("talk", "A talk", None), NOW - 100).await?;
        if self.with_group {
            teams::save_session_type(tx, team, &kind("group", "A group", Some(8)), NOW - 100).await?;
        }
        let profile = Profile { name: Some("Ana Silva".into()), ..Profile::default() };
        let host = people::save(tx, "ana@example.org", &profile, NOW - 100).await?;
        teams::add_member(tx, team, host.id, Role::Host, NOW - 100).await?;
        offer(tx, host.id).await
    }
}

/// The offer's event, so that indexing it anew finds the same.
const EVENT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Sample//EN\r\nBEGIN:VEVENT\r\nUID:a\r\n\
                     DTSTAMP:20261120T120000Z\r\nDTSTART:20261126T170000Z\r\nDTEND:20261126T200000Z\r\n\
                     SUMMARY:Available\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// What filing an "Available" event leaves behind.
async fn offer(tx: &mut Tx, host: i64) -> Result<(), DbError> {
    let (collection, object) = (new_id(), new_id());
    tx.execute(
        "INSERT INTO collections (id, owner, name, kind, version, created) VALUES ($1, $2, 'offers', 'offers', 1, $3)",
        openhour::args![collection, host, NOW],
    )
    .await?;
    tx.execute(
        "INSERT INTO objects (id, collection, name, uid, kind, etag, bytes, starts, ends, recurring, version, created,
         modified) VALUES ($1, $2, 'a.ics', 'a', 'VEVENT', 'e', $3, $4, $5, FALSE, 1, $6, $6)",
        openhour::args![object, collection, EVENT.as_bytes(), OFFER, OFFER + 3 * HOUR, NOW],
    )
    .await?;
    tx.execute(
        "INSERT INTO occurrences (object, person, position, offer, starts, ends, all_day)
         VALUES ($1, $2, 0, TRUE, $3, $4, FALSE)",
        openhour::args![object, host, OFFER, OFFER + 3 * HOUR],
    )
    .await?;
    Ok(())
}
