//! A host's own rules: notice, free time around sessions, booking window, caps. They count from the next question on.

use super::Desk;
use super::offers::{FieldWrong, Refused, Wrong};
use super::slots::server_rules;
use crate::audit::{self, Entry};
use crate::availability::Rules;
use crate::db::{Command, DbError, Tx};
use crate::people::settings::{self, OwnRules};
use crate::people::{self, Person, PersonId};
use crate::teams::{self, RuleSet};

/// Most that each may be.
const MOST: OwnRules = OwnRules {
    notice: Some(90 * 86_400),
    buffer_before: Some(12 * 3_600),
    buffer_after: Some(12 * 3_600),
    booking_window: Some(3 * 366 * 86_400),
    max_per_day: Some(100),
    max_per_week: Some(500),
};
/// Least: a window or cap of nothing would close everything, for which there is vacation.
const LEAST: OwnRules = OwnRules {
    notice: Some(0),
    buffer_before: Some(0),
    buffer_after: Some(0),
    booking_window: Some(3_600),
    max_per_day: Some(1),
    max_per_week: Some(1),
};
/// What is done to whom, in the log.
const ACTION: &str = "rules changed";

/// The rules that count for a host's sessions of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// Name of the team.
    pub team: String,
    /// Name of the kind of session.
    pub kind: String,
    /// What counts with the host's own rules.
    pub rules: Rules,
    /// What would count without them.
    pub without: Rules,
}

/// What counts for each kind of session of a host.
///
/// # Errors
/// [`DbError`].
pub async fn effective(desk: &Desk, person: PersonId) -> Result<Vec<Effective>, DbError> {
    let mut conn = desk.db.read().await?;
    let own = settings::rules(&mut conn, person).await?;
    let own = RuleSet {
        notice: own.notice,
        buffer_before: own.buffer_before,
        buffer_after: own.buffer_after,
        booking_window: own.booking_window,
    };
    let mut all = Vec::new();
    for team in teams::of_person(&mut conn, person).await? {
        if teams::host(&mut conn, team.id, person).await?.is_none() {
            continue;
        }
        for kind in teams::types(&mut conn, team.id).await? {
            let none = RuleSet::default();
            let resolve = |host: &RuleSet| Rules::resolve([&none, host, &kind.rules, &team.rules], server_rules(desk));
            let (rules, without) = (resolve(&own), resolve(&none));
            all.push(Effective { team: team.name.clone(), kind: kind.name.clone(), rules, without });
        }
    }
    Ok(all)
}

/// Replaces a host's own rules. `actor` is `None` for the command line.
///
/// # Errors
/// [`Refused::Fields`], named as in [`OwnRules`]; [`Refused::Db`].
pub async fn set(desk: &Desk, person: &Person, rules: OwnRules, actor: Option<PersonId>) -> Result<(), Refused> {
    let fields = [
        ("notice", rules.notice, LEAST.notice, MOST.notice),
        ("buffer_before", rules.buffer_before, LEAST.buffer_before, MOST.buffer_before),
        ("buffer_after", rules.buffer_after, LEAST.buffer_after, MOST.buffer_after),
        ("booking_window", rules.booking_window, LEAST.booking_window, MOST.booking_window),
        ("max_per_day", rules.max_per_day, LEAST.max_per_day, MOST.max_per_day),
        ("max_per_week", rules.max_per_week, LEAST.max_per_week, MOST.max_per_week),
    ];
    let is_out = |value: Option<i64>, least: Option<i64>, most: Option<i64>| {
        value.is_some_and(|value| least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most))
    };
    let wrong = fields.into_iter().filter(|(_, value, least, most)| is_out(*value, *least, *most));
    let wrong: Vec<FieldWrong> = wrong.map(|(field, ..)| FieldWrong { field, wrong: Wrong::Number }).collect();
    if !wrong.is_empty() {
        return Err(Refused::Fields(wrong));
    }
    let now = desk.clock.now();
    Ok(desk.db.run(Set { person: person.id, rules, actor, now }).await?)
}

struct Set {
    person: PersonId,
    rules: OwnRules,
    actor: Option<PersonId>,
    now: i64,
}

impl Command for Set {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.person]).await?;
        if settings::rules(tx, self.person).await? == self.rules {
            return Ok(());
        }
        settings::set_rules(tx, &locked, self.person, &self.rules).await?;
        locked.touch_slots(tx, &[self.person], self.now).await?;
        let entry = Entry { actor: self.actor, action: ACTION, object: Some(self.person), detail: "" };
        audit::write(tx, &entry, self.now).await
    }
}
