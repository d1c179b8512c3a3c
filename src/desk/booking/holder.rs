//! Who holds a booking's token, and what they see.

use super::Refusal;
use crate::booking::{self, Booking, BookingId};
use crate::desk::Desk;
use crate::keys::Keys;
use crate::people::{self, Person, PersonId};
use crate::teams::{self, SessionType, Team};

/// What a booking token is derived for.
const PURPOSE: &str = crate::invitations::BOOKING_TOKEN;
/// A token shows its booking for this long after the end, seconds.
const VIEWABLE: i64 = 30 * 86_400;

/// Guest or host of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderRole {
    /// Whose seat it is.
    Guest,
    /// Whose session it is.
    Host,
}

/// Somebody with a valid token of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The booking as it was when the token was checked.
    pub booking: Booking,
    /// Who holds it.
    pub person: PersonId,
    /// As what.
    pub role: HolderRole,
}

/// One booking as its holder sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingView {
    /// The booking.
    pub booking: Booking,
    /// As whom.
    pub role: HolderRole,
    /// Whose session it is.
    pub team: Team,
    /// What kind of session.
    pub kind: SessionType,
    /// Who hosts.
    pub host: Person,
    /// The session's standing bookings; for a guest only their own.
    pub guests: Vec<Booking>,
    /// What host and guest answered to their invites.
    pub answers: Vec<booking::Attendance>,
    /// Another time that one of them proposes.
    pub proposal: Option<booking::Proposal>,
    /// It stands and has not begun.
    pub changeable: bool,
}

/// The token of a participant (guest or host) of a booking: the page `/b/{token}`.
pub fn token(keys: &Keys, booking: BookingId, person: PersonId, generation: i64) -> String {
    keys.token(PURPOSE, booking, person, generation)
}

/// Who holds this token.
///
/// # Errors
/// [`Refusal::NotFound`]: it is nobody's, or the session ended more than 30 days ago; [`Refusal::Db`].
pub async fn holder(desk: &Desk, token: &str) -> Result<Holder, Refusal> {
    let (id, proof) = Keys::split(token).ok_or(Refusal::NotFound)?;
    let mut conn = desk.db.read().await?;
    let booking = booking::by_id(&mut conn, id).await?.ok_or(Refusal::NotFound)?;
    let is = |person: PersonId| desk.keys.verify(proof, PURPOSE, id, person, booking.generation);
    let (guest, host) = (is(booking.guest), is(booking.session.host));
    let (person, role) = match (guest, host) {
        (true, _) => (booking.guest, HolderRole::Guest),
        (_, true) => (booking.session.host, HolderRole::Host),
        _ => return Err(Refusal::NotFound),
    };
    if desk.clock.now() > booking.session.ends.saturating_add(VIEWABLE) {
        return Err(Refusal::NotFound);
    }
    if people::by_id(&mut conn, person).await?.is_none_or(|person| person.banned) {
        return Err(Refusal::NotFound);
    }
    Ok(Holder { booking, person, role })
}

/// A booking as the holder of this token sees it.
///
/// # Errors
/// As [`holder`].
pub async fn view(desk: &Desk, token: &str) -> Result<BookingView, Refusal> {
    let Holder { booking, role, .. } = holder(desk, token).await?;
    let mut conn = desk.db.read().await?;
    let session = &booking.session;
    let team = teams::by_id(&mut conn, session.team).await?.ok_or(Refusal::NotFound)?;
    let kind = teams::type_by_id(&mut conn, session.type_id).await?.ok_or(Refusal::NotFound)?;
    let host = people::by_id(&mut conn, session.host).await?.ok_or(Refusal::NotFound)?;
    let guests = match role {
        HolderRole::Host => booking::of_session(&mut conn, session.id).await?,
        HolderRole::Guest => vec![booking.clone()],
    };
    let answers = booking::attendance(&mut conn, booking.id).await?;
    let proposal = booking::open_proposal(&mut conn, &booking, desk.clock.now()).await?;
    let changeable = booking::must_be_ahead(&booking, desk.clock.now()).is_ok();
    Ok(BookingView { role, team, kind, host, guests, answers, proposal, changeable, booking })
}
