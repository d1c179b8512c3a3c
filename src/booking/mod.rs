//! Bookings: the only writer of sessions, holds, bookings and their log. What cannot be is refused with a reason that
//! is a value.
//!
//! A *session* is one meeting of one host at one time; a *booking* is one guest's seat in it. With capacity 1 they
//! coincide. Functions that write ask for the lock of every person they touch (invariant I2); the guards in the
//! database have the last word (I1).

mod about;
mod answers;
mod approval;
mod change;
pub mod check;
mod grace;
mod invites;
mod log;
mod mails;
mod outcome;
mod reassign;
mod refusal;
mod reminders;
pub mod retention;
mod rows;
mod take;

pub use about::{about, invitations_about};
pub use answers::{
    Attendance, NewAnswer, Proposal, attendance, decide, open_proposal, proposal, propose, record_answer, settle,
};
pub use approval::{APPROVE_WITHIN, approve};
pub use change::{
    Cause, cancel, change_room, confirm, move_booking, move_session, must_be_ahead, set_agenda, set_answers, tell_anew,
};
pub use grace::{begin_cancelling, take_back};
pub use invites::{
    SlotInvite, by_uid, forget_slot_invites, forget_slot_invites_of, keep_slot_invite, slot_invite, slot_invites_of,
};
pub use log::{Happened, history, note, on_behalf_of};
pub use mails::resend;
pub use outcome::set_outcome;
pub use reassign::reassign;
pub use refusal::{FieldError, Refusal};
pub use rows::{
    Booking, Outcome, Room, Session, Status, all_of_session, any_of_team, any_of_type, by_id, cancelled_of_host,
    for_feed_of_guest, held, of_guest, of_host, of_session, of_team, partners, session, session_by_uid, set_room,
};
pub use take::{NewBooking, OnBehalf, take};

/// Key of a session.
pub type SessionId = i64;
/// Key of a booking.
pub type BookingId = i64;

/// How long a booking waits for its mailed link, seconds.
pub const CONFIRM_WITHIN: i64 = 15 * 60;
