//! The JSON API. Refusals are problem details (RFC 9457); times are RFC 3339 in UTC.

pub mod admin;
mod answers;
mod bookings;
mod calendars;
mod fields;
mod given;
mod me;
pub mod members;
pub mod open_times;
pub mod openapi;
pub mod oversee;
pub mod own;
mod own_offers;
mod own_settings;
mod paging;
mod refusals;
pub mod session_types;
mod slots;
pub mod teams;
mod times;

pub use bookings::{
    agenda, answer_proposal, answers, approve, book, cancel, confirm, outcome, reject, reschedule, undo, view,
};
pub use calendars::{add_calendar, calendars, change_calendar, check_calendar, remove_calendar};
pub use me::me;
pub use openapi::{document, openapi};
pub use own_offers::{add as add_offer, change as change_offer, list as offers, remove as remove_offer};
pub use own_settings::{
    add_away, away, hours, remove_away, rules, set_day, set_hours, set_profile, set_rules, special_days, usual_day,
};
pub use slots::slots;
