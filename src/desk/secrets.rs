//! Secrets that people make for their programs: app passwords for calendar apps, tokens for the API. The secret is
//! answered once; its digest is stored.

use super::Desk;
use crate::db::DbError;
use crate::keys;
use crate::people::PersonId;
use crate::people::api_tokens::{ApiTokenRefused, CreateApiToken, TokenId};
use crate::people::app_passwords::{AppPasswordRefused, CreateAppPassword};

/// Who makes a secret.
#[derive(Debug, Clone, Copy)]
pub struct Maker {
    /// `None`: the command line.
    pub person: Option<PersonId>,
    /// The API token they make it with: what is made ends with it.
    pub token: Option<TokenId>,
}

/// Makes an app password of a person, called so.
///
/// # Errors
/// [`AppPasswordRefused`].
pub async fn app_password(
    desk: &Desk,
    person: PersonId,
    label: &str,
    maker: Maker,
) -> Result<String, AppPasswordRefused> {
    let secret = keys::random_secret().map_err(|error| DbError::Damaged(error.to_string()))?;
    let (label, digest, now) = (label.to_owned(), keys::digest(&secret), desk.clock.now());
    desk.db.run(CreateAppPassword { person, label, digest, by: maker.person, with: maker.token, now }).await?;
    Ok(secret)
}

/// Makes an API token of a person, called so.
///
/// # Errors
/// [`ApiTokenRefused`].
pub async fn api_token(desk: &Desk, person: PersonId, label: &str, maker: Maker) -> Result<String, ApiTokenRefused> {
    let secret = keys::random_token().map_err(|error| DbError::Damaged(error.to_string()))?;
    let (label, digest, now) = (label.to_owned(), keys::digest(&secret), desk.clock.now());
    desk.db.run(CreateApiToken { person, label, digest, by: maker.person, with: maker.token, now }).await?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::db::Db;
    use crate::desk::people::SavePerson;
    use crate::keys::Keys;
    use crate::people::Profile;
    use crate::people::api_tokens::{self, RevokeApiToken};
    use crate::people::{self, app_passwords};

    const NOW: i64 = 1_795_176_000;

    async fn house(fresh: &crate::db::fresh::Fresh) -> Desk {
        let db = Db::open(&fresh.target).await.unwrap();
        Desk::new(db, Clock::fixed(NOW), Config::local("unused"), Keys::new([7; 32]))
    }

    async fn person(desk: &Desk, email: &str) -> PersonId {
        let (email, profile) = (email.to_owned(), Profile::default());
        desk.db.run(SavePerson { email, profile, memberships: vec![], now: NOW }).await.unwrap().id
    }

    on_both_databases! {
        async fn a_token_takes_along_what_came_of_it_and_nothing_comes_of_it_afterwards(fresh) {
            let desk = house(fresh).await;
            let ana = person(&desk, "ana@example.org").await;
            let token = async |with: Option<TokenId>| {
                let secret = api_token(&desk, ana, "x", Maker { person: Some(ana), token: with }).await?;
                let owner = api_tokens::owner_of(&mut desk.db.read().await.unwrap(), &secret).await.unwrap().unwrap();
                Ok::<_, ApiTokenRefused>(owner.token)
            };
            let first = token(None).await.unwrap();
            let second = token(Some(first)).await.unwrap();
            let third = token(Some(second)).await.unwrap();
            let other = token(None).await.unwrap();
            for with in [None, Some(first), Some(third), Some(other)] {
                app_password(&desk, ana, "x", Maker { person: Some(ana), token: with }).await.unwrap();
            }
            let mut revoke = RevokeApiToken { person: ana + 1, id: first, now: NOW };
            assert!(!desk.db.run(revoke).await.unwrap(), "somebody else's");
            revoke = RevokeApiToken { person: ana, id: first, now: NOW };
            assert!(desk.db.run(revoke).await.unwrap());
            let mut conn = desk.db.read().await.unwrap();
            let left: Vec<i64> = api_tokens::of(&mut conn, ana).await.unwrap().iter().map(|one| one.id).collect();
            assert_eq!(left, [other]);
            let left = app_passwords::of(&mut conn, ana).await.unwrap();
            assert_eq!(left.iter().map(|one| one.made_with).collect::<Vec<_>>(), [Some(other), None]);
            drop(conn);
            assert!(matches!(token(Some(third)).await, Err(ApiTokenRefused::NotAllowed)), "it was on its way");
            let late = app_password(&desk, ana, "x", Maker { person: Some(ana), token: Some(second) }).await;
            assert!(matches!(late, Err(AppPasswordRefused::NotAllowed)));
        }

        async fn people_are_found_in_parts_in_the_order_of_their_names(fresh) {
            let desk = house(fresh).await;
            let mut all = Vec::new();
            for email in ["b@example.org", "a@example.org", "c@example.org"] {
                all.push(person(&desk, email).await);
            }
            let mut conn = desk.db.read().await.unwrap();
            let mut after = None;
            let mut found = Vec::new();
            loop {
                let part = people::find(&mut conn, "example", after, 1).await.unwrap();
                let Some(one) = part.first() else { break };
                found.push(one.id);
                after = Some(one.id);
            }
            assert_eq!(found, [all[1], all[0], all[2]]);
        }
    }
}
