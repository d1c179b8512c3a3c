//! Changing one's own mail address: a link goes to the new one, a notice to the old one, and whoever is signed in and has
//! the link gives the account its new address.
//!
//! Whether somebody else has the new address does not show: the same statements run, the same words are said, and the job
//! that would mail the link ends.

use serde_json::json;

use super::Desk;
use super::booking::{companions, tell_all_anew};
use super::passwords::is_fresh;
use crate::audit::{self, Entry};
use crate::calendars::horizon;
use crate::config::is_address;
use crate::db::{AsDbError, Command, Conn, DbError, Tx, new_id};
use crate::jobs::{NewJob, enqueue};
use crate::language::Language;
use crate::people::address::{self, LINK_LIFETIME, Wish};
use crate::people::attempts::Limit;
use crate::people::retention::{ban_hash, is_banned};
use crate::people::web_sessions::SignedIn;
use crate::people::{self, PersonId};

/// Links one person asks for, and links to one address.
const LINKS: Limit = Limit { most: 5, length: 3_600 };
/// Rounds in which a change is tried again because somebody joined a session meanwhile.
const ROUNDS: usize = 8;

/// Why an address stays.
#[derive(Debug)]
pub enum AddressRefused {
    /// That is none.
    Invalid,
    /// It is the one they have.
    Same,
    /// They signed in too long ago: a browser left open is not enough.
    Stale,
    /// Too many links were asked for; so many seconds to wait.
    TooMany(i64),
    /// The link is unknown, used or too old, or somebody else's.
    Spent,
    /// It can be nobody's new address: somebody has it meanwhile, or it is banned.
    Unusable,
    /// Sessions with them were being booked all the while.
    Busy,
    /// The database failed.
    Db(DbError),
}

impl From<DbError> for AddressRefused {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for AddressRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

/// Has a link mailed to the address somebody wants, and a notice to the one they have; `language`: of the page.
///
/// # Errors
/// [`AddressRefused`].
pub async fn ask(desk: &Desk, visitor: &SignedIn, typed: &str, language: Language) -> Result<(), AddressRefused> {
    let now = desk.clock.now();
    let email = typed.trim().to_lowercase();
    if !is_address(&email) || people::is_private(&email) {
        return Err(AddressRefused::Invalid);
    }
    let person = &visitor.person;
    if email == person.email {
        return Err(AddressRefused::Same);
    }
    if !is_fresh(visitor, now) {
        return Err(AddressRefused::Stale);
    }
    let bucket = |text: String| desk.keys.hash(&text);
    // The second is shared with sign-in links: nobody is flooded by both.
    let buckets = [format!("address/by/{}", person.id), format!("sign-in/mail/{email}")].map(bucket);
    let buckets = if desk.config.rate_limits { buckets.to_vec() } else { Vec::new() };
    let wish = Wish { person: person.id, was: person.email.clone(), email, expires: now + LINK_LIFETIME };
    desk.db.run(Ask { wish, buckets, language, now }).await
}

struct Ask {
    wish: Wish,
    buckets: Vec<String>,
    language: Language,
    now: i64,
}

impl Command for Ask {
    type Output = ();
    type Refusal = AddressRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), AddressRefused> {
        for bucket in &self.buckets {
            if LINKS.count(tx, bucket, self.now).await? > LINKS.most {
                return Err(AddressRefused::TooMany(LINKS.wait(self.now)));
            }
        }
        people::lock(tx, &[self.wish.person]).await?;
        let request = new_id();
        address::ask(tx, request, &self.wish).await?;
        for kind in ["address-mail", "address-notice"] {
            let job = NewJob {
                key: format!("{kind}/{request}"),
                kind,
                payload: json!({"request": request, "language": self.language.code()}),
                lane: format!("{kind}/{request}"),
                after: None,
                due: self.now,
            };
            enqueue(tx, &job, self.now).await?;
        }
        let person = self.wish.person;
        let entry = Entry { actor: Some(person), action: "address change asked", object: Some(person), detail: "" };
        audit::write(tx, &entry, self.now).await?;
        Ok(())
    }
}

/// Whether nobody else has this address and it is not banned.
///
/// # Errors
/// [`DbError`].
pub async fn is_free(conn: &mut Conn, desk: &Desk, email: &str) -> Result<bool, DbError> {
    free(conn, email, &ban_hash(&desk.keys, email)).await
}

async fn free(conn: &mut Conn, email: &str, ban: &str) -> Result<bool, DbError> {
    Ok(people::by_email(conn, email).await?.is_none() && !is_banned(conn, ban).await?)
}

/// The address that a link would give to whoever is signed in. Looking does not use it up.
///
/// # Errors
/// [`DbError`].
pub async fn wished(desk: &Desk, visitor: &SignedIn, secret: &str) -> Result<Option<String>, DbError> {
    let mut conn = desk.db.read().await?;
    let wish = address::linked(&mut conn, visitor.person.id, secret, desk.clock.now()).await?;
    Ok(wish.map(|wish| wish.email))
}

/// Gives the account its new address. Everybody in sessions ahead gets an updated invite that names it; app passwords,
/// tokens and browsers stay.
///
/// # Errors
/// [`AddressRefused::Spent`], [`AddressRefused::Unusable`], [`AddressRefused::Busy`], [`AddressRefused::Db`].
pub async fn change(desk: &Desk, visitor: &SignedIn, secret: &str) -> Result<String, AddressRefused> {
    let person = visitor.person.id;
    for _ in 0..ROUNDS {
        let now = desk.clock.now();
        let mut conn = desk.db.read().await?;
        let wish = address::linked(&mut conn, person, secret, now).await?.ok_or(AddressRefused::Spent)?;
        let mut lock = companions(&mut conn, person, now).await?;
        lock.push(person);
        drop(conn);
        let ban = ban_hash(&desk.keys, &wish.email);
        match desk.db.run(Change { person, secret: secret.to_owned(), ban, lock, now }).await {
            Err(AddressRefused::Busy) => {}
            other => return other,
        }
    }
    Err(AddressRefused::Busy)
}

struct Change {
    person: PersonId,
    secret: String,
    ban: String,
    lock: Vec<PersonId>,
    now: i64,
}

impl Command for Change {
    type Output = String;
    type Refusal = AddressRefused;

    async fn run(&self, tx: &mut Tx) -> Result<String, AddressRefused> {
        let locked = people::lock(tx, &self.lock).await?;
        let wish = address::linked(tx, self.person, &self.secret, self.now).await?.ok_or(AddressRefused::Spent)?;
        if !free(tx, &wish.email, &self.ban).await? {
            return Err(AddressRefused::Unusable);
        }
        super::parked::forget_all_of(tx, &wish.was).await?;
        address::replace(tx, &locked, &wish).await?;
        // Which events are their own depends on their addresses, and pages and pools name hosts by them.
        horizon::unlist_person(tx, &locked, self.person, self.now).await?;
        locked.touch_slots(tx, &[self.person], self.now).await?;
        let told = tell_all_anew(tx, &locked, self.person, self.now).await?.ok_or(AddressRefused::Busy)?;
        let detail = if told > 0 { format!("sessions told anew: {told}") } else { String::new() };
        let entry =
            Entry { actor: Some(self.person), action: "address changed", object: Some(self.person), detail: &detail };
        audit::write(tx, &entry, self.now).await?;
        Ok(wish.email)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::db::Db;
    use crate::desk::people::SavePerson;
    use crate::keys::{self, Keys};
    use crate::people::app_passwords::{CreateAppPassword, owner_of};
    use crate::people::{Profile, pictures};

    const NOW: i64 = 1_795_176_000;
    const OLD: &str = "ana@example.org";
    const NEW: &str = "ana@example.net";

    struct Wear(PersonId, Option<&'static str>);

    impl Command for Wear {
        type Output = ();
        type Refusal = DbError;

        async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
            let locked = people::lock(tx, &[self.0]).await?;
            pictures::set(tx, &locked, self.0, self.1.map(|name| (name, &b"picture"[..])), NOW).await
        }
    }

    async fn wants(desk: &Desk, person: PersonId, was: &str, email: &str, secret: &str) {
        let wish = Wish { person, was: was.into(), email: email.into(), expires: NOW + 60 };
        let ask = Ask { wish, buckets: vec![], language: Language::English, now: NOW };
        desk.db.run(ask).await.unwrap();
        let mut conn = desk.db.read().await.unwrap();
        let newest = "SELECT request FROM address_changes WHERE person = $1";
        let (request,): (i64,) = conn.one(newest, crate::args![person]).await.unwrap();
        drop(conn);
        assert!(desk.db.run(address::Issue { request, digest: keys::digest(secret) }).await.unwrap());
    }

    async fn follows(desk: &Desk, person: PersonId, email: &str, secret: &str) -> Result<String, AddressRefused> {
        let ban = ban_hash(&desk.keys, email);
        desk.db.run(Change { person, secret: secret.into(), ban, lock: vec![person], now: NOW }).await
    }

    on_both_databases! {
        async fn an_account_changes_its_address_and_keeps_the_rest(fresh) {
            let db = Db::open(&fresh.target).await.unwrap();
            let desk = Desk::new(db, Clock::fixed(NOW), Config::local("unused"), Keys::new([7; 32]));
            let save = |email: &str| SavePerson {
                email: email.into(), profile: Profile::default(), memberships: vec![], now: NOW,
            };
            let ana = desk.db.run(save(OLD)).await.unwrap().id;
            let digest = keys::digest("secret");
            desk.db.run(CreateAppPassword { person: ana, label: String::new(), digest, by: None, with: None, now: NOW }).await.unwrap();
            desk.db.run(Wear(ana, Some("name"))).await.unwrap();
            wants(&desk, ana, OLD, NEW, "first").await;
            wants(&desk, ana, OLD, NEW, "second").await;
            assert!(matches!(follows(&desk, ana, NEW, "first").await, Err(AddressRefused::Spent)), "a newer one voids it");
            assert!(matches!(follows(&desk, ana + 1, NEW, "second").await, Err(AddressRefused::Spent)), "not theirs");
            assert_eq!(follows(&desk, ana, NEW, "second").await.unwrap(), NEW);
            assert!(matches!(follows(&desk, ana, NEW, "second").await, Err(AddressRefused::Spent)), "used");
            let mut conn = desk.db.read().await.unwrap();
            let known = people::by_email(&mut conn, NEW).await.unwrap().unwrap();
            assert_eq!((known.id, known.picture.as_deref()), (ana, Some("name")));
            assert_eq!(pictures::named(&mut conn, "name").await.unwrap().as_deref(), Some(&b"picture"[..]));
            let owner = owner_of(&mut conn, OLD, "secret", None, NOW).await.unwrap().unwrap();
            assert!(owner.answers_to(OLD) && owner.answers_to(NEW) && !owner.answers_to("eve@example.org"));
            drop(conn);
            // Somebody else has the old address now: it is not to be had again.
            desk.db.run(save(OLD)).await.unwrap();
            wants(&desk, ana, NEW, OLD, "back").await;
            assert!(matches!(follows(&desk, ana, OLD, "back").await, Err(AddressRefused::Unusable)));
            desk.db.run(Wear(ana, None)).await.unwrap();
            let mut conn = desk.db.read().await.unwrap();
            assert_eq!(pictures::of(&mut conn, ana).await.unwrap(), None);
            assert_eq!(people::by_id(&mut conn, ana).await.unwrap().unwrap().picture, None);
        }
    }
}
