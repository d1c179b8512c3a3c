//! Asking for a sign-in link by mail.
//!
//! Whether anybody has the address does not show: known or not, the same statements run and a job is queued. The job of
//! an unknown address finds no request and ends.

use serde_json::json;

use super::Desk;
use crate::db::{AsDbError, Command, DbError, Tx, new_id};
use crate::jobs::{NewJob, enqueue};
use crate::keys;
use crate::language::Language;
use crate::people::attempts::{Limit, network};
use crate::people::sign_in::{LINK_LIFETIME, ask};
use crate::people::web_sessions::NewSession;

/// Links for one address.
const PER_ADDRESS: Limit = Limit { most: 5, length: 3_600 };
/// Links asked for from one network; a classroom signs in from one.
const PER_NETWORK: Limit = Limit { most: 60, length: 3_600 };

/// The browser that wants to be signed in.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The session it gets.
    pub session: NewSession,
    /// [`keys::digest`] of the secret of the session it had before, which ends.
    pub before: Option<Vec<u8>>,
    /// In which its pages are.
    pub language: Language,
}

/// Why no link is mailed.
#[derive(Debug)]
pub enum AskRefused {
    /// Too many were asked for; so many seconds to wait.
    TooMany(i64),
    /// The database failed.
    Db(DbError),
}

impl From<DbError> for AskRefused {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for AskRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::TooMany(_) => None,
        }
    }
}

/// Has a link mailed to this valid, lower-case address, if somebody has it. `client`: the asking client's address;
/// `browser`: the secret in the asking browser's cookie; `language`: of the page, for somebody who never said theirs.
///
/// # Errors
/// [`AskRefused`].
pub async fn mail_link(
    desk: &Desk,
    email: &str,
    client: &str,
    browser: &str,
    language: Language,
) -> Result<(), AskRefused> {
    let bucket = |text: String| desk.keys.hash(&text);
    let limits = vec![
        (bucket(format!("sign-in/mail/{email}")), PER_ADDRESS),
        (bucket(format!("sign-in/from/{}", network(client))), PER_NETWORK),
    ];
    let limits = if desk.config.rate_limits { limits } else { Vec::new() };
    let ask = Ask { email: email.to_owned(), browser: keys::digest(browser), language, limits, now: desk.clock.now() };
    desk.db.run(ask).await
}

struct Ask {
    email: String,
    browser: Vec<u8>,
    language: Language,
    limits: Vec<(String, Limit)>,
    now: i64,
}

impl Command for Ask {
    type Output = ();
    type Refusal = AskRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), AskRefused> {
        for (bucket, limit) in &self.limits {
            if limit.count(tx, bucket, self.now).await? > limit.most {
                return Err(AskRefused::TooMany(limit.wait(self.now)));
            }
        }
        let request = new_id();
        ask(tx, &self.email, request, &self.browser, self.now + LINK_LIFETIME).await?;
        let job = NewJob {
            key: format!("sign-in-mail/{request}"),
            kind: "sign-in-mail",
            payload: json!({"request": request, "language": self.language.code()}),
            lane: format!("sign-in/{request}"),
            after: None,
            due: self.now,
        };
        enqueue(tx, &job, self.now).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::db::Db;
    use crate::desk::people::SavePerson;
    use crate::keys::Keys;
    use crate::people::app_passwords::{self, CreateAppPassword, RevokeAppPassword};
    use crate::people::feeds::{self, Rotate};
    use crate::people::sign_in::{IssueLink, LinkRefused, UseLink, asked, link};
    use crate::people::web_sessions::{self, Purge, Seen, SignOut};
    use crate::people::{Person, Profile};

    const NOW: i64 = 1_795_176_000;
    const ANA: &str = "ana@example.org";

    async fn house(fresh: &crate::db::fresh::Fresh) -> (Desk, Clock, Person) {
        let clock = Clock::fixed(NOW);
        let db = Db::open(&fresh.target).await.unwrap();
        let save = SavePerson { email: ANA.into(), profile: Profile::default(), memberships: vec![], now: NOW };
        let ana = db.run(save).await.unwrap();
        (Desk::new(db, clock.clone(), Config::local("unused"), Keys::new([7; 32])), clock, ana)
    }

    /// Asks, and lets the mail's job choose this secret. `false`: nobody is there to get a mail.
    async fn asked_for(desk: &Desk, email: &str, secret: &str) -> bool {
        mail_link(desk, email, "192.0.2.1", "browser", Language::German).await.unwrap();
        let mut conn = desk.db.read().await.unwrap();
        let newest = "SELECT payload FROM jobs WHERE kind = 'sign-in-mail' ORDER BY id DESC LIMIT 1";
        let (payload,): (String,) = conn.one(newest, vec![]).await.unwrap();
        let request = serde_json::from_str::<serde_json::Value>(&payload).unwrap()["request"].as_i64().unwrap();
        let found = asked(&mut conn, request, desk.clock.now()).await.unwrap();
        drop(conn);
        let issued = desk.db.run(IssueLink { request, digest: keys::digest(secret) }).await.unwrap();
        assert_eq!(found.is_some(), issued);
        issued
    }

    async fn used(desk: &Desk, secret: &str, session: &str) -> Result<i64, LinkRefused> {
        let session = NewSession { digest: keys::digest(session), browser: "Firefox, Linux".into() };
        let (link, now) = (keys::digest(secret), desk.clock.now());
        desk.db.run(UseLink { link, session, before: None, language: Language::German, now }).await
    }

    on_both_databases! {
        async fn a_link_signs_in_once_and_the_session_ends_when_told(fresh) {
            let (desk, clock, ana) = house(fresh).await;
            assert!(!asked_for(&desk, "eve@example.org", "nothing").await);
            assert!(asked_for(&desk, ANA, "old").await && asked_for(&desk, ANA, "new").await);
            let mut conn = desk.db.read().await.unwrap();
            assert_eq!(link(&mut conn, "old", NOW).await.unwrap(), None);
            let good = link(&mut conn, "new", NOW).await.unwrap().unwrap();
            assert_eq!((good.email.as_str(), good.browser), (ANA, Some(keys::digest("browser"))));
            drop(conn);
            assert_eq!(used(&desk, "new", "one").await.unwrap(), ana.id);
            let known = crate::people::by_id(&mut desk.db.read().await.unwrap(), ana.id).await.unwrap().unwrap();
            assert_eq!(known.language(), Language::German, "the language of the page on which they signed in");
            assert!(matches!(used(&desk, "new", "two").await, Err(LinkRefused::Spent)));
            clock.set(NOW + 7_200);
            let now = clock.now();
            let mut conn = desk.db.read().await.unwrap();
            let found = web_sessions::find(&mut conn, "one", now).await.unwrap().unwrap();
            drop(conn);
            assert!(found.person.id == ana.id && found.is_due(now));
            desk.db.run(Seen { session: found.session, now }).await.unwrap();
            let listed = web_sessions::of(&mut desk.db.read().await.unwrap(), ana.id, now).await.unwrap();
            assert_eq!((listed.len(), listed[0].seen, listed[0].browser.as_str()), (1, now, "Firefox, Linux"));
            desk.db.run(Purge { now }).await.unwrap();
            assert!(web_sessions::find(&mut desk.db.read().await.unwrap(), "one", now).await.unwrap().is_some());
            desk.db.run(SignOut { person: ana.id + 1, session: Some(found.session), now: NOW }).await.unwrap();
            assert!(web_sessions::find(&mut desk.db.read().await.unwrap(), "one", now).await.unwrap().is_some());
            desk.db.run(SignOut { person: ana.id, session: Some(found.session), now: NOW }).await.unwrap();
            assert!(web_sessions::find(&mut desk.db.read().await.unwrap(), "one", now).await.unwrap().is_none());
        }

        async fn app_passwords_and_feeds_belong_to_their_person(fresh) {
            let (desk, _, ana) = house(fresh).await;
            let digest = keys::digest("secret");
            let create = CreateAppPassword { person: ana.id, label: "Phone".into(), digest, by: None, with: None, now: NOW };
            desk.db.run(create).await.unwrap();
            let all = app_passwords::of(&mut desk.db.read().await.unwrap(), ana.id).await.unwrap();
            assert_eq!((all.len(), all[0].label.as_str(), all[0].last_used), (1, "Phone", None));
            desk.db.run(RevokeAppPassword { person: ana.id + 1, id: all[0].id, now: NOW }).await.unwrap();
            assert_eq!(app_passwords::of(&mut desk.db.read().await.unwrap(), ana.id).await.unwrap().len(), 1);
            desk.db.run(RevokeAppPassword { person: ana.id, id: all[0].id, now: NOW }).await.unwrap();
            assert!(app_passwords::of(&mut desk.db.read().await.unwrap(), ana.id).await.unwrap().is_empty());
            assert_eq!(desk.db.run(Rotate { person: ana.id, by: None, now: NOW }).await.unwrap(), 1);
            let owner = feeds::owner(&mut desk.db.read().await.unwrap(), ana.id).await.unwrap().unwrap();
            assert_eq!((owner.generation, owner.banned), (1, false));
            let mut conn = desk.db.read().await.unwrap();
            assert!(crate::booking::for_feed_of_guest(&mut conn, ana.id, 0, 0).await.unwrap().is_empty());
            assert!(crate::booking::cancelled_of_host(&mut conn, ana.id, 0, 0).await.unwrap().is_empty());
            assert!(crate::teams::roles_anywhere(&mut conn, ana.id).await.unwrap().is_empty());
        }
    }
}
