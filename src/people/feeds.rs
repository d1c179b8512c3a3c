//! The secret addresses of a person's own feeds.
//!
//! A feed's secret names the person and a generation and proves both, so that an address nobody ever had is refused
//! without a look into the database. Raising the generation revokes both feeds' addresses.

use sqlx::FromRow;

use super::PersonId;
use crate::args;
use crate::audit::{self, Entry};
use crate::db::{Command, Conn, DbError, Tx};
use crate::keys::{Keys, decode_id, encode_id};

/// What marks are derived for.
const READER: &str = "feed/reader";
/// Characters of an id in a secret.
const ID: usize = 13;

/// Which of a person's feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedKind {
    /// Open slots of the person's teams.
    Open,
    /// The person's sessions.
    Sessions,
}

impl FeedKind {
    /// The word in addresses and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Sessions => "sessions",
        }
    }

    fn purpose(self) -> &'static str {
        match self {
            Self::Open => "feed/open",
            Self::Sessions => "feed/sessions",
        }
    }
}

/// The secret of a feed: person and generation in 13 characters each, and a proof that fits this kind of feed alone.
pub fn secret(keys: &Keys, kind: FeedKind, person: PersonId, generation: i64) -> String {
    named(keys, kind.purpose(), person, generation)
}

/// Says in a feed's links whose feed it was: enough to mail that person, not to read the feed.
pub fn mark(keys: &Keys, person: PersonId, generation: i64) -> String {
    named(keys, READER, person, generation)
}

/// Person and generation of a mark that was once in a feed.
pub fn marked(keys: &Keys, mark: &str) -> Option<(PersonId, i64)> {
    proven(keys, READER, mark)
}

fn named(keys: &Keys, purpose: &str, person: PersonId, generation: i64) -> String {
    let proof = keys.derive(purpose, 0, person, generation);
    format!("{}{}{proof}", encode_id(person), encode_id(generation))
}

/// The path of a feed.
pub fn path(keys: &Keys, kind: FeedKind, person: PersonId, generation: i64) -> String {
    format!("/feeds/{}/{}.ics", secret(keys, kind, person, generation), kind.word())
}

/// Person and generation of a secret that was once given out.
pub fn read(keys: &Keys, kind: FeedKind, secret: &str) -> Option<(PersonId, i64)> {
    proven(keys, kind.purpose(), secret)
}

fn proven(keys: &Keys, purpose: &str, secret: &str) -> Option<(PersonId, i64)> {
    let (person, rest) = secret.split_at_checked(ID)?;
    let (generation, proof) = rest.split_at_checked(ID)?;
    let (person, generation) = (decode_id(person)?, decode_id(generation)?);
    keys.verify(proof, purpose, 0, person, generation).then_some((person, generation))
}

/// What decides about a person's feeds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct FeedOwner {
    /// The generation whose addresses work.
    pub generation: i64,
    /// Bans end feeds.
    pub banned: bool,
    /// Grows with everything the person owns, their sessions among it.
    pub version: i64,
}

/// The state of a person's feeds; `None`: the person is gone.
///
/// # Errors
/// [`DbError`].
pub async fn owner(conn: &mut Conn, person: PersonId) -> Result<Option<FeedOwner>, DbError> {
    conn.optional("SELECT feed_generation AS generation, banned, version FROM people WHERE id = $1", args![person])
        .await
}

/// Gives both feeds of a person new addresses; the old ones are told to be gone. Answers the new generation.
#[derive(Debug)]
pub struct Rotate {
    /// Whose.
    pub person: PersonId,
    /// Who does; `None`: the command line.
    pub by: Option<PersonId>,
    /// UTC seconds.
    pub now: i64,
}

impl Command for Rotate {
    type Output = i64;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<i64, DbError> {
        let (generation,): (i64,) = tx
            .one(
                "UPDATE people SET feed_generation = feed_generation + 1 WHERE id = $1 RETURNING feed_generation",
                args![self.person],
            )
            .await?;
        let entry = Entry { actor: self.by, action: "feed addresses replaced", object: Some(self.person), detail: "" };
        audit::write(tx, &entry, self.now).await?;
        Ok(generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_fits_its_feed_its_person_and_its_generation() {
        let keys = Keys::new([7; 32]);
        let open = secret(&keys, FeedKind::Open, 42, 3);
        assert_eq!(open.len(), 52);
        assert_eq!(read(&keys, FeedKind::Open, &open), Some((42, 3)));
        assert_eq!(read(&keys, FeedKind::Sessions, &open), None);
        let mark = mark(&keys, 42, 3);
        assert_eq!(marked(&keys, &mark), Some((42, 3)));
        assert_eq!((marked(&keys, &open), read(&keys, FeedKind::Open, &mark)), (None, None));
        assert_eq!(read(&Keys::new([8; 32]), FeedKind::Open, &open), None);
        let forged = format!("{}{}{}", encode_id(42), encode_id(4), &open[26..]);
        assert_eq!(read(&keys, FeedKind::Open, &forged), None);
        for nonsense in ["", "x", &"a".repeat(52), &"ä".repeat(26), &open[..51]] {
            assert_eq!(read(&keys, FeedKind::Open, nonsense), None, "{nonsense}");
        }
    }
}
