//! Everything the mails and their events say. Each letter declares in its own file which words it needs; `en` and `de`
//! hold the values, one file per language. A language that misses a word does not compile.

mod de;
mod en;

use super::letters::{
    address, approval, booked, calendar, cancelled, confirm, copy, parked, password, proposed, refused, reminder,
    robot, sign_in, slips, slot, taken_back, undo, welcome,
};
use super::meaning;
use crate::language::Language;

/// The words of one language.
pub(super) struct Words {
    /// For `<html lang>`.
    pub(super) code: &'static str,
    pub(super) times: Times,
    pub(super) shared: Shared,
    pub(super) address: address::Words,
    pub(super) approval: approval::Words,
    pub(super) booked: booked::Words,
    pub(super) calendar: calendar::Words,
    pub(super) cancelled: cancelled::Words,
    pub(super) confirm: confirm::Words,
    pub(super) meaning: meaning::Words,
    pub(super) parked: parked::Words,
    pub(super) password: password::Words,
    pub(super) copy: copy::Words,
    pub(super) proposed: proposed::Words,
    pub(super) refused: refused::Words,
    pub(super) reminder: reminder::Words,
    pub(super) not_taken: fn(&super::NotTaken) -> String,
    pub(super) robot: robot::Words,
    pub(super) sign_in: sign_in::Words,
    pub(super) slips: slips::Words,
    pub(super) slot: slot::Words,
    pub(super) taken_back: taken_back::Words,
    pub(super) undo: undo::Words,
    pub(super) welcome: welcome::Words,
}

/// How days and times are written.
pub(super) struct Times {
    pub(super) weekdays: [&'static str; 7],
    pub(super) weekdays_short: [&'static str; 7],
    pub(super) months: [&'static str; 12],
    pub(super) months_short: [&'static str; 12],
    /// Weekday, day and month, long or short: `Thursday, 26 November`
    pub(super) day: fn(&str, i8, &str) -> String,
    /// The same in a subject: `Thu 26 Nov`
    pub(super) short_day: fn(&str, i8, &str) -> String,
    /// Between the beginning and the end.
    pub(super) to: &'static str,
}

/// What many letters say, and the events in them.
pub(super) struct Shared {
    /// To somebody whose name is known, or may be empty.
    pub(super) hello: fn(&str) -> String,
    pub(super) when: &'static str,
    /// Above another person's time.
    pub(super) for_whom: fn(&str) -> String,
    /// Kind of session and with whom: the title of an event.
    pub(super) meeting: fn(&str, &str) -> String,
    /// So many guests.
    pub(super) guests: fn(usize) -> String,
    pub(super) guest: &'static str,
    pub(super) phone: &'static str,
    pub(super) where_: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) join: &'static str,
    pub(super) why: &'static str,
    pub(super) manage: &'static str,
}

/// The words of a language.
pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &en::EN,
        Language::German => &de::DE,
    }
}
