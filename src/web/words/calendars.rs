//! What the page of calendars by secret address says, as one value for each language.

use crate::sources::{Problem, Provider};

/// The words of the page.
pub(in crate::web) struct Calendars {
    pub(in crate::web) title: &'static str,
    pub(in crate::web) lead: &'static str,
    pub(in crate::web) private: &'static str,
    pub(in crate::web) none: &'static str,
    pub(in crate::web) only_hosts: &'static str,
    pub(in crate::web) add: &'static str,
    pub(in crate::web) address: &'static str,
    pub(in crate::web) address_hint: &'static str,
    pub(in crate::web) what_for: &'static str,
    pub(in crate::web) offers_and_busy: &'static str,
    pub(in crate::web) busy_only: &'static str,
    pub(in crate::web) add_button: &'static str,
    pub(in crate::web) check_now: &'static str,
    pub(in crate::web) see_what_helps: &'static str,
    pub(in crate::web) use_offers: &'static str,
    pub(in crate::web) use_busy: &'static str,
    pub(in crate::web) remove: &'static str,
    pub(in crate::web) remove_help: &'static str,
    pub(in crate::web) where_is_it: &'static str,
    pub(in crate::web) first_reading: &'static str,
    pub(in crate::web) being_read: &'static str,
    pub(in crate::web) nothing_read: &'static str,
    pub(in crate::web) set_up_help: &'static str,
    pub(in crate::web) offer_from_google: &'static str,
    pub(in crate::web) offer_from_outlook: &'static str,
    pub(in crate::web) google_steps: &'static [&'static str],
    pub(in crate::web) outlook_steps: &'static [&'static str],
    pub(in crate::web) apple_steps: &'static [&'static str],
    pub(in crate::web) other_steps: &'static [&'static str],
    pub(in crate::web) other: &'static str,

    // Why an address was not taken
    pub(in crate::web) nonsense: &'static str,
    pub(in crate::web) not_https: &'static str,
    pub(in crate::web) user_info: &'static str,
    pub(in crate::web) port: &'static str,
    pub(in crate::web) known: &'static str,
    pub(in crate::web) too_many: &'static str,

    // With something filled in
    /// Events that offer and events that block.
    pub(in crate::web) read: fn(offers: i64, busy: i64, offers_wanted: bool) -> String,
    /// When it was read and when it is read next, both as they are shown.
    pub(in crate::web) times: fn(last: &str, next: &str) -> String,
    pub(in crate::web) next: fn(when: &str) -> String,
    pub(in crate::web) still_counts: fn(when: &str) -> String,
    pub(in crate::web) well_again: fn(when: &str) -> String,
    pub(in crate::web) unreadable: fn(count: i64, why: &str) -> String,
    pub(in crate::web) wait_until: fn(when: &str) -> String,
    /// What is wrong, and what to do about it.
    pub(in crate::web) problem: fn(Problem, Provider) -> (String, &'static str),
}
