//! A visitor takes a slot; its owner cancels what was taken.

use serde_json::Map;
use sha2::{Digest, Sha256};

use super::count;
use super::list::{Listed, State, list};
use crate::booking::{self, Booking, BookingId, FieldError, Refusal};
use crate::db::{Command, Tx};
use crate::desk::Desk;
use crate::desk::booking::{BookRequest, Booked, Caller, Guest, Holder, HolderRole, Idempotency, book};
use crate::people::attempts::{Limit, network};
use crate::people::{is_private, private_address};
use crate::schedules::Schedule;

/// Slots of one schedule taken from one network: a whole class sits behind one.
const PER_NETWORK: Limit = Limit { most: 60, length: 3_600 };

/// What a visitor types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// UTC seconds.
    pub starts: i64,
    /// Who comes.
    pub name: String,
    /// Where the invitation goes; empty: nowhere.
    pub email: String,
    /// IANA name.
    pub timezone: String,
    /// Random, one a form: sending the same form twice takes a slot once. Empty: each is another.
    pub once: String,
}

/// Takes a slot for a visitor at this network address. Its note becomes part of the booking, as it stands now.
///
/// # Errors
/// [`Refusal`]; fields are `guest.name`, `guest.email` and `guest.timezone`.
pub async fn take(desk: &Desk, schedule: &Schedule, wish: Wish, client: &str) -> Result<Booked, Refusal> {
    if wish.once.len() > 64 || is_private(&wish.email.to_lowercase()) {
        let message = "Please use an address at which you get mail, or none.".into();
        return Err(Refusal::Invalid(vec![FieldError { field: "guest.email".into(), message }]));
    }
    if desk.config.rate_limits {
        let bucket = desk.keys.hash(&format!("schedule/take/{}/{}", schedule.id, network(client)));
        desk.db.run(Count { buckets: [(bucket, PER_NETWORK)], now: desk.clock.now() }).await?;
    }
    let Listed { facts, slots, .. } = list(desk, schedule).await?;
    let note = slots.iter().find(|slot| slot.starts == wish.starts && slot.state == State::Open);
    let once = if wish.once.is_empty() { crate::db::new_id().to_string() } else { wish.once.clone() };
    let email = if wish.email.is_empty() { nameless(desk, schedule, &once) } else { wish.email.clone() };
    let content = [&wish.name, &wish.email, &wish.timezone, &wish.starts.to_string()].map(String::as_str).join("\0");
    let request = BookRequest {
        team: facts.team.clone(),
        type_id: schedule.kind,
        start: wish.starts,
        guest: Guest { name: wish.name.clone(), email, timezone: wish.timezone.clone(), ..Guest::default() },
        agenda: note.map(|slot| slot.note.clone()).unwrap_or_default(),
        answers: Map::new(),
        host: Some(schedule.host),
        // Only what sends mail counts with all other bookings from there.
        by: Caller { person: None, address: if wish.email.is_empty() { String::new() } else { client.to_owned() } },
        idempotency: Some(Idempotency {
            route: format!("schedule/{}", schedule.id),
            caller: String::new(),
            key: once,
            body_hash: Sha256::digest(content).to_vec(),
        }),
    };
    book(desk, request).await
}

/// The private address of a visitor who gave none: the same for the same form.
fn nameless(desk: &Desk, schedule: &Schedule, once: &str) -> String {
    let mut local = desk.keys.hash(&format!("schedule guest\0{}\0{once}", schedule.id));
    local.truncate(26);
    private_address(&format!("g-{local}"))
}

/// Cancels what a visitor has taken, in the owner's words. A second time changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`]: it is not of this schedule; [`Refusal::TooLate`]; [`Refusal::Invalid`] for `reason`;
/// [`Refusal::Db`].
pub async fn cancel(desk: &Desk, schedule: &Schedule, id: BookingId, reason: &str) -> Result<Booking, Refusal> {
    let found = booking::by_id(&mut desk.db.read().await?, id).await?;
    let booking = found.filter(|found| found.session.host == schedule.host).ok_or(Refusal::NotFound)?;
    let holder = Holder { booking, person: schedule.host, role: HolderRole::Host };
    crate::desk::booking::cancel(desk, &holder, Some(reason)).await
}

struct Count {
    buckets: [(String, Limit); 1],
    now: i64,
}

impl Command for Count {
    type Output = ();
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<(), Refusal> {
        count(tx, &self.buckets, self.now).await
    }
}
