//! Schedules without an account: made by anybody, filled with slots by their owner, taken by visitors, forgotten when
//! nobody uses them (PT-1 to PT-7). Slots go through [`super::filing`], what is taken through [`super::booking`].

mod calendar_app;
mod create;
mod forget;
mod list;
mod plan;
mod slots;
mod take;

pub use calendar_app::calendar_app_password;
pub use create::{NewSchedule, create};
pub use forget::forget_unused;
pub use list::{Listed, Slot, State, list};
pub use plan::{MOST_WEEKS, Plan};
pub use slots::{LONGEST_NOTE, MOST, Withdrawn, add, withdraw};
pub use take::{Wish, cancel, take};

use super::Desk;
use crate::booking::Refusal;
use crate::db::{DbError, Tx};
use crate::people::attempts::Limit;
use crate::schedules::{self, Door, Schedule, Visit};

/// The schedule behind a secret address, unless the installation has none. That somebody looked is recorded once a day.
///
/// # Errors
/// [`DbError`].
pub async fn open(desk: &Desk, secret: &str, door: Door) -> Result<Option<Schedule>, DbError> {
    if !desk.config.schedules {
        return Ok(None);
    }
    let found = schedules::by_secret(&mut desk.db.read().await?, &desk.keys, secret, door).await?;
    let now = desk.clock.now();
    if let Some(schedule) = found.as_ref().filter(|schedule| schedule.is_visit_due(now)) {
        desk.db.run(Visit { schedule: schedule.id, now }).await?;
    }
    Ok(found)
}

/// Counts an attempt in each bucket.
async fn count(tx: &mut Tx, buckets: &[(String, Limit)], now: i64) -> Result<(), Refusal> {
    for (bucket, limit) in buckets {
        if limit.count(tx, bucket, now).await? > limit.most {
            return Err(Refusal::RateLimited { retry_after: limit.wait(now) });
        }
    }
    Ok(())
}

/// One line of text as people type it: trimmed, without control characters, at most so many characters.
fn is_line(text: &str, most: usize) -> bool {
    text.chars().count() <= most && text.chars().all(crate::invitations::clean::is_harmless)
}
