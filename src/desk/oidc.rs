//! Signing in with OpenID Connect: whoever has the address that the provider vouches for.

use super::Desk;
use super::people::{PersonRefused, SavePerson};
use super::sign_in::Asking;
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::oidc::{Going, Provider, Refused};
use crate::people::attempts::Limit;
use crate::people::sign_in::{Enter, LinkRefused};
use crate::people::{self, PersonId, Profile, retention};

/// Somebody comes back once.
const ONCE: Limit = Limit { most: 1, length: 3_600 };

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum OidcRefused {
    /// By the provider, or by what it says.
    #[error(transparent)]
    Provider(#[from] Refused),
    /// Nobody here has this address, or whoever has it may do nothing.
    #[error("nobody here has the address")]
    Unknown(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AsDbError for OidcRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

/// What the provider sent along with the person (OpenID Connect Core 1.0 §3.1.2.5, RFC 9207).
#[derive(Debug, Clone, Copy)]
pub struct Returned<'a> {
    /// What the browser kept.
    pub going: Option<&'a Going>,
    /// `state`
    pub state: &'a str,
    /// `code`
    pub code: &'a str,
    /// `error`, when there is one.
    pub error: Option<&'a str>,
    /// `iss`, when there is one.
    pub issuer: Option<&'a str>,
}

/// Opens a session for whoever came back. Each return counts once, whatever comes of it.
///
/// # Errors
/// [`OidcRefused`].
pub async fn sign_in(
    desk: &Desk,
    provider: &Provider,
    returned: Returned<'_>,
    asking: Asking,
) -> Result<PersonId, OidcRefused> {
    let Asking { session, before, language } = asking;
    let now = desk.clock.now();
    provider.recognise(returned.going, returned.state, now)?;
    let going = returned.going.ok_or(Refused::Stale)?;
    desk.db.run(Return { bucket: desk.keys.hash(&format!("oidc/{}", returned.state)), begun: going.begun() }).await?;
    // RFC 9207 §2.4
    if returned.issuer.is_some_and(|issuer| issuer != provider.settings.issuer) {
        return Err(Refused::Wrong("its issuer").into());
    }
    if let Some(error) = returned.error {
        return Err(Refused::Denied(crate::oidc::word(error)).into());
    }
    let identity = provider.identity(going, returned.code, now).await?;
    let known = people::by_email(&mut desk.db.read().await?, &identity.email).await?;
    let person = match known {
        Some(person) => person,
        None if provider.settings.create_people && !is_banned(desk, &identity.email).await? => {
            let profile = Profile { name: identity.name.clone(), ..Profile::default() };
            let save = SavePerson { email: identity.email.clone(), profile, memberships: vec![], now };
            match desk.db.run(save).await {
                Ok(person) => person,
                Err(PersonRefused::Db(error)) => return Err(error.into()),
                Err(_) => return Err(OidcRefused::Unknown(identity.email)),
            }
        }
        None => return Err(OidcRefused::Unknown(identity.email)),
    };
    let enter = Enter { person: person.id, session, before, password: None, how: "by OpenID Connect", language, now };
    match desk.db.run(enter).await {
        Ok(person) => Ok(person),
        Err(LinkRefused::Spent) => Err(OidcRefused::Unknown(identity.email)),
        Err(LinkRefused::Db(error)) => Err(error.into()),
    }
}

async fn is_banned(desk: &Desk, email: &str) -> Result<bool, DbError> {
    retention::is_banned(&mut desk.db.read().await?, &retention::ban_hash(&desk.keys, email)).await
}

/// Counts a return; the second one is refused. The period is that of the leaving, so that it stays the same.
struct Return {
    bucket: String,
    begun: i64,
}

impl Command for Return {
    type Output = ();
    type Refusal = OidcRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), OidcRefused> {
        if ONCE.count(tx, &self.bucket, self.begun).await? > ONCE.most { Err(Refused::Stale.into()) } else { Ok(()) }
    }
}
