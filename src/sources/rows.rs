//! The table `sources`: what hosts and surfaces see of it, and what must always be true of it.

use sqlx::{AssertSqlSafe, FromRow};

use super::problem::Problem;
use super::provider::Provider;
use super::{SEALED, SourceId};
use crate::args;
use crate::db::{Conn, DbError};
use crate::http_client::public::{Address, PrivateHosts};
use crate::keys::Keys;
use crate::people::PersonId;

/// A calendar by address, without the address.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Source {
    /// Its key.
    pub id: SourceId,
    /// Whose it is.
    pub person: PersonId,
    /// Whose server, lower case.
    pub host: String,
    /// Offers are taken from it; else only busy times.
    pub offers: bool,
    /// When it is read next, UTC seconds.
    pub due: i64,
    /// Its server asked to be left alone until then; 0: it did not.
    pub not_before: i64,
    /// Somebody reads it until then at the latest.
    pub leased_until: Option<i64>,
    /// When it was last tried.
    pub tried: Option<i64>,
    /// When it was last read well, or found unchanged.
    pub succeeded: Option<i64>,
    /// Since when it cannot be read.
    pub failing_since: Option<i64>,
    /// What is wrong, as a word.
    problem: Option<String>,
    /// When it could be read again, after its host had been mailed that it cannot.
    pub well_again: Option<i64>,
    /// Events that offer time.
    pub offers_read: i64,
    /// Events that block time.
    pub busy_read: i64,
    /// Events that could not be read.
    pub unreadable: i64,
    /// Why the first of them could not.
    pub unreadable_why: Option<String>,
    /// When it was added.
    pub created: i64,
}

const COLUMNS: &str = "id, person, host, offers, due, not_before, leased_until, tried, succeeded, failing_since, problem, \
     well_again, offers_read, busy_read, unreadable, unreadable_why, created";

impl Source {
    /// What is wrong; `None`: nothing, or nobody has looked yet.
    pub fn problem(&self) -> Option<Problem> {
        self.problem.as_deref().map(Problem::of)
    }

    /// Whose product it comes from.
    pub fn provider(&self) -> Provider {
        Provider::of(&self.host)
    }

    /// Somebody reads it just now.
    pub fn is_being_read(&self, now: i64) -> bool {
        self.leased_until.is_some_and(|until| until > now)
    }
}

/// A person's calendars by address, in the order they were added.
///
/// # Errors
/// [`DbError`].
pub async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Source>, DbError> {
    conn.all(AssertSqlSafe(format!("SELECT {COLUMNS} FROM sources WHERE person = $1 ORDER BY id")), args![person]).await
}

/// One of a person's calendars by address.
///
/// # Errors
/// [`DbError`].
pub async fn one(conn: &mut Conn, person: PersonId, id: SourceId) -> Result<Option<Source>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM sources WHERE person = $1 AND id = $2");
    conn.optional(AssertSqlSafe(sql), args![person, id]).await
}

/// Everything that is wrong, a sentence each.
///
/// # Errors
/// [`DbError`].
pub async fn check(conn: &mut Conn, keys: &Keys, private: &PrivateHosts) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String, String)> = conn
        .all(
            "SELECT p.email, c.name || ': it is read from an address that is not there' FROM collections c
                 JOIN people p ON p.id = c.owner
                 WHERE c.kind = 'address' AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.collection = c.id)
             UNION ALL SELECT p.email, c.name || ': it is read from an address, and is not a calendar of that kind or person'
                 FROM sources s JOIN collections c ON c.id = s.collection JOIN people p ON p.id = s.person
                 WHERE c.kind <> 'address' OR c.owner <> s.person
             UNION ALL SELECT p.email, s.host || ': somebody who was banned or removed still has this calendar by address'
                 FROM sources s JOIN people p ON p.id = s.person WHERE p.banned OR p.removed IS NOT NULL
             UNION ALL SELECT p.email, s.host || ': it fails without a beginning or a reason, or does not and has one'
                 FROM sources s JOIN people p ON p.id = s.person
                 WHERE (s.failures > 0) <> (s.problem IS NOT NULL) OR (s.failures > 0) <> (s.failing_since IS NOT NULL)
             LIMIT 1000",
            args![],
        )
        .await?;
    let mut wrong: Vec<String> = rows.into_iter().map(|(email, what)| format!("{email}/{what}")).collect();
    let sealed: Vec<(i64, i64, String, String, Vec<u8>)> = conn
        .all(
            "SELECT s.id, s.person, p.email, s.host, s.address FROM sources s JOIN people p ON p.id = s.person ORDER BY s.id",
            args![],
        )
        .await?;
    wrong.extend(sealed.into_iter().filter_map(|(id, person, email, host, sealed)| {
        let address = keys.open_sealed(&sealed, SEALED, id, person);
        let right =
            address.is_some_and(|text| Address::parse(&text, private).is_ok_and(|address| address.host() == host));
        (!right).then(|| format!("{email}/{host}: its address cannot be decrypted, or may no longer be asked"))
    }));
    Ok(wrong)
}
