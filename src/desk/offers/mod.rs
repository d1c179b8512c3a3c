//! What a host does on pages and by API with the time they offer: look at it, add to it, change it, take it back, go away,
//! set working hours. All of it ends as events in their calendars, by the same way as a calendar app's PUT.
//!
//! A change here that would leave a booked session outside everything its host offers is refused; a calendar app's is
//! carried out.

mod add;
mod away;
mod change;
mod entry;
mod filed;
mod hours;
mod one_day;
mod refused;

pub use add::{NewOffer, add, kinds};
pub use away::{Away, add_away, away, remove_away};
pub use change::{OfferChange, change};
pub use entry::{Entry, Next, Origin, When, one, own_zone, upcoming};
pub use hours::{DAYS, Hours, hours, hours_in_words, set_hours};
pub use one_day::{DayWish, SpecialDay, set_day, special_days};
pub use refused::{FieldWrong, Refused, Wrong};

use jiff::civil::Time;

/// The calendar in which a host's own offers stand.
const COLLECTION: &str = "offers";
const DAY: i64 = 86_400;
/// How far ahead offers are looked at, seconds.
const AHEAD: i64 = 366 * DAY;
/// Shortest offer, seconds.
const SHORTEST: i64 = 5 * 60;

/// Reads a time of day as people type it: `18:00`, `18.30`, `9`, and `24:00` for the end of the day.
pub fn read_clock(text: &str) -> Option<Time> {
    let text = text.trim();
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let number = |text: &str| text.parse::<i8>().ok().filter(|_| (1..=2).contains(&text.len()));
    match (number(hour)?, number(minute.get(..2).unwrap_or(minute))?) {
        (24, 0) => Some(Time::midnight()),
        (hour, minute) => Time::new(hour, minute, 0, 0).ok(),
    }
}

#[cfg(test)]
mod proofs;
