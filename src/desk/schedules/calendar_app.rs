//! A calendar app of a schedule's owner: their events called "Available" are slots as well.

use crate::args;
use crate::booking::Refusal;
use crate::db::{Command, DbError, Tx};
use crate::desk::Desk;
use crate::keys;
use crate::people::app_passwords::{AppPasswordRefused, CreateAppPassword};
use crate::people::{self, Person, PersonId};
use crate::schedules::Schedule;

/// The schedule's host and a new app password, to be shown once. Any earlier one ends: whoever lost it makes another.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Db`]; [`Refusal::NotAllowed`] never, as there is only one.
pub async fn calendar_app_password(desk: &Desk, schedule: &Schedule) -> Result<(Person, String), Refusal> {
    let host = people::by_id(&mut desk.db.read().await?, schedule.host).await?.ok_or(Refusal::NotFound)?;
    let secret = keys::random_secret().map_err(|error| DbError::Damaged(error.to_string()))?;
    let create = CreateAppPassword {
        person: host.id,
        label: "Calendar app".into(),
        digest: keys::digest(&secret),
        by: None,
        with: None,
        now: desk.clock.now(),
    };
    match desk.db.run(OnlyPassword { person: host.id, create }).await {
        Ok(()) => Ok((host, secret)),
        Err(AppPasswordRefused::Db(error)) => Err(error.into()),
        Err(AppPasswordRefused::TooMany | AppPasswordRefused::NotAllowed) => Err(Refusal::NotAllowed),
    }
}

struct OnlyPassword {
    person: PersonId,
    create: CreateAppPassword,
}

impl Command for OnlyPassword {
    type Output = ();
    type Refusal = AppPasswordRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), AppPasswordRefused> {
        tx.execute("DELETE FROM app_passwords WHERE person = $1", args![self.person]).await?;
        self.create.run(tx).await
    }
}
