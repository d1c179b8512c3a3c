//! Making a schedule: a hidden team, its hidden host and the calendars that come with a host, in one transaction.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use super::{count, is_line};
use crate::booking::{FieldError, Refusal};
use crate::calendars::collections;
use crate::db::{Command, Tx, new_id};
use crate::desk::Desk;
use crate::keys::encode_id;
use crate::people::attempts::{Limit, network};
use crate::people::{self, Profile, private_address};
use crate::schedules::{self, Schedule};
use crate::teams::{self, NewHidden, Role};

/// Schedules made from one network, and in all.
const PER_NETWORK: Limit = Limit { most: 20, length: 86_400 };
const IN_ALL: Limit = Limit { most: 2_000, length: 86_400 };
/// Longest name and subject, in characters.
const LONGEST: usize = 100;

/// What somebody says of their new schedule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewSchedule {
    /// Whom visitors meet.
    pub owner: String,
    /// What about.
    pub subject: String,
    /// IANA name.
    pub timezone: String,
}

/// Makes a schedule for somebody at this network address.
///
/// # Errors
/// [`Refusal::Invalid`] for the fields `owner`, `subject` and `timezone`; [`Refusal::RateLimited`]; [`Refusal::Db`].
pub async fn create(desk: &Desk, new: NewSchedule, client: &str) -> Result<Schedule, Refusal> {
    let wrong = wrong_fields(&new);
    if !wrong.is_empty() {
        return Err(Refusal::Invalid(wrong));
    }
    let bucket = |text: &str| desk.keys.hash(&format!("schedule/{text}"));
    let limits = vec![(bucket(&format!("from/{}", network(client))), PER_NETWORK), (bucket("all"), IN_ALL)];
    let limits = if desk.config.rate_limits { limits } else { Vec::new() };
    desk.db.run(Create { new, id: new_id(), limits, now: desk.clock.now() }).await
}

fn wrong_fields(new: &NewSchedule) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let mut refuse =
        |field, message: &str| wrong.push(FieldError { field: Cow::Borrowed(field), message: message.into() });
    if new.owner.is_empty() {
        refuse("owner", "Please tell people whom they meet.");
    } else if !is_line(&new.owner, LONGEST) {
        refuse("owner", "Please use at most 100 ordinary characters.");
    }
    if new.subject.is_empty() {
        refuse("subject", "A word is enough, such as “Meeting”.");
    } else if !is_line(&new.subject, LONGEST) {
        refuse("subject", "Please use at most 100 ordinary characters.");
    }
    if new.timezone.len() > 64 || TimeZone::get(&new.timezone).is_err() {
        refuse("timezone", "Please choose a time zone such as Europe/Berlin.");
    }
    wrong
}

struct Create {
    new: NewSchedule,
    id: i64,
    limits: Vec<(String, Limit)>,
    now: i64,
}

impl Command for Create {
    type Output = Schedule;
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<Schedule, Refusal> {
        let now = self.now;
        count(tx, &self.limits, now).await?;
        let name = format!("s-{}", encode_id(self.id));
        let profile =
            Profile { name: Some(self.new.owner.clone()), timezone: Some(self.new.timezone.clone()), admin: None };
        let host = people::save(tx, &private_address(&name), &profile, now).await?;
        let locked = people::lock(tx, &[host.id]).await?;
        let hidden = NewHidden {
            slug: &format!("~{name}"),
            name: &self.new.subject,
            subject: &self.new.subject,
            timezone: &self.new.timezone,
        };
        let (team, kind) = teams::save_hidden(tx, &hidden, now).await?;
        teams::add_member(tx, team, host.id, Role::Host, now).await?;
        collections::create_built_in(tx, &locked, host.id, true, now).await?;
        let new = Schedule { id: self.id, team, kind, host: host.id, generation: 0, visited: now, created: now };
        schedules::insert(tx, &new).await?;
        Ok(new)
    }
}
