//! What the booking pages say, as one value for each language. A language that misses a word does not compile.

use super::account::Account;
use super::calendars::Calendars;
use super::de::DE;
use super::en::EN;
use super::hosting::Hosting;
use super::own::Own;
use crate::booking::Refusal;
use crate::language::Language;

/// Every word of the pages on which people book, and of the frame around all pages.
pub(in crate::web) struct Words {
    /// For `<html lang>` and `?lang=`.
    pub(in crate::web) code: &'static str,
    /// The pages of those who sign in.
    pub(in crate::web) own: &'static Own,
    /// What concerns a person's account: tokens, password, data.
    pub(in crate::web) account: &'static Account,
    pub(in crate::web) calendars: &'static Calendars,
    /// What a host does with their time.
    pub(in crate::web) hosting: &'static Hosting,
    /// The language in its own words.
    pub(in crate::web) own_name: &'static str,

    // The frame
    pub(in crate::web) skip: &'static str,
    pub(in crate::web) foot: &'static str,
    pub(in crate::web) languages: &'static str,
    pub(in crate::web) your_pages: &'static str,
    pub(in crate::web) sign_in: &'static str,
    pub(in crate::web) sign_out: &'static str,
    pub(in crate::web) your_time: &'static str,
    pub(in crate::web) admin: &'static str,

    // What went wrong
    pub(in crate::web) not_found: &'static str,
    pub(in crate::web) not_found_help: &'static str,
    pub(in crate::web) wrong_way: &'static str,
    pub(in crate::web) wrong_way_help: &'static str,
    pub(in crate::web) not_allowed: &'static str,
    pub(in crate::web) not_allowed_help: &'static str,
    pub(in crate::web) to_start: &'static str,
    pub(in crate::web) unreachable: &'static str,
    pub(in crate::web) unreachable_help: &'static str,
    pub(in crate::web) request: fn(&str) -> String,

    // Teams and types
    pub(in crate::web) home: &'static str,
    pub(in crate::web) home_lead: &'static str,
    pub(in crate::web) no_teams: &'static str,
    pub(in crate::web) for_hosts: &'static str,
    pub(in crate::web) for_hosts_help: &'static str,
    pub(in crate::web) no_types: &'static str,
    pub(in crate::web) choose_type: &'static str,
    pub(in crate::web) minutes: fn(i64) -> String,
    pub(in crate::web) group: fn(i64) -> String,

    // Dates and times
    pub(in crate::web) weekdays: [&'static str; 7],
    pub(in crate::web) weekdays_short: [&'static str; 7],
    pub(in crate::web) months: [&'static str; 12],
    pub(in crate::web) day: fn(&str, i8, &str) -> String,
    pub(in crate::web) spoken_day: fn(&str, i8, &str) -> String,
    pub(in crate::web) to: &'static str,
    pub(in crate::web) days_later: fn(i32) -> String,
    pub(in crate::web) time_in: fn(&str) -> String,

    // Open times
    pub(in crate::web) book_slot: fn(&str) -> String,
    pub(in crate::web) volunteers: fn(usize) -> String,
    pub(in crate::web) places: fn(i64) -> String,
    pub(in crate::web) times: fn(usize) -> String,
    pub(in crate::web) next_free: &'static str,
    pub(in crate::web) month_before: fn(&str) -> String,
    pub(in crate::web) month_after: fn(&str) -> String,
    pub(in crate::web) other_months: &'static str,
    pub(in crate::web) times_in: &'static str,
    pub(in crate::web) team_is_in: fn(&str) -> String,
    pub(in crate::web) team_time: &'static str,
    pub(in crate::web) change_zone: &'static str,
    pub(in crate::web) zone: &'static str,
    pub(in crate::web) all_zones: &'static str,
    pub(in crate::web) choose_zone: &'static str,
    pub(in crate::web) show: &'static str,
    pub(in crate::web) with_whom: &'static str,
    pub(in crate::web) with_somebody: fn(&str) -> String,
    pub(in crate::web) anybody: &'static str,
    pub(in crate::web) all_of_day: fn(&str) -> String,
    pub(in crate::web) more_from: fn(&str) -> String,
    pub(in crate::web) later_that_day: &'static str,
    pub(in crate::web) all_dates: &'static str,
    pub(in crate::web) other_time: &'static str,
    pub(in crate::web) nothing_open: &'static str,
    pub(in crate::web) nothing_in: fn(&str) -> String,
    pub(in crate::web) nothing_that_day: &'static str,
    pub(in crate::web) next_open: &'static str,

    // Changes while a page is open
    pub(in crate::web) just_taken: &'static str,
    pub(in crate::web) now_closed: &'static str,
    pub(in crate::web) some_taken: &'static str,
    pub(in crate::web) some_closed: &'static str,
    pub(in crate::web) some_again: &'static str,
    pub(in crate::web) some_new: &'static str,
    pub(in crate::web) show_new: &'static str,
    pub(in crate::web) times_changed: &'static str,
    pub(in crate::web) taken_while_typing: &'static str,

    // How long until a session; `{}` in `starts_in` is the time left
    pub(in crate::web) starts_in: &'static str,
    pub(in crate::web) starting_now: &'static str,
    pub(in crate::web) has_ended: &'static str,
    pub(in crate::web) join_now: &'static str,
    pub(in crate::web) time_units: [&'static str; 4],

    // The form
    pub(in crate::web) when: &'static str,
    pub(in crate::web) your_name: &'static str,
    pub(in crate::web) your_email: &'static str,
    pub(in crate::web) email_hint: &'static str,
    pub(in crate::web) agenda: &'static str,
    pub(in crate::web) agenda_hint: &'static str,
    pub(in crate::web) book: &'static str,
    pub(in crate::web) will_confirm: &'static str,
    pub(in crate::web) as_invitation: &'static str,
    pub(in crate::web) as_invitation_help: &'static str,
    pub(in crate::web) mail_invitation: &'static str,
    pub(in crate::web) mail_to_feed: &'static str,
    pub(in crate::web) save_invitation: &'static str,
    pub(in crate::web) invitation_sent: fn(&str) -> String,
    pub(in crate::web) invitation_sent_to_feed: &'static str,
    pub(in crate::web) invitation_sent_help: &'static str,
    pub(in crate::web) members_only: &'static str,
    pub(in crate::web) members_only_help: &'static str,
    pub(in crate::web) your_phone: &'static str,
    pub(in crate::web) may_stay_empty: &'static str,
    pub(in crate::web) please_choose: &'static str,
    pub(in crate::web) wrong_phone: &'static str,
    pub(in crate::web) wrong_answer: &'static str,
    pub(in crate::web) yes: &'static str,
    pub(in crate::web) no: &'static str,
    pub(in crate::web) by_phone: &'static str,
    pub(in crate::web) phone: &'static str,
    pub(in crate::web) look_again: &'static str,
    pub(in crate::web) error: &'static str,
    pub(in crate::web) wrong_name: &'static str,
    pub(in crate::web) wrong_email: &'static str,
    pub(in crate::web) wrong_agenda: &'static str,
    pub(in crate::web) check_mail: &'static str,
    pub(in crate::web) check_mail_help: &'static str,
    pub(in crate::web) link_sent: fn(&str) -> String,
    pub(in crate::web) over_now: &'static str,
    pub(in crate::web) too_late: &'static str,
    pub(in crate::web) not_open: &'static str,
    pub(in crate::web) close_by: &'static str,
    pub(in crate::web) you_wanted: &'static str,
    pub(in crate::web) book_instead: &'static str,
    pub(in crate::web) try_again: &'static str,
    pub(in crate::web) refused_title: fn(&Refusal) -> &'static str,
    pub(in crate::web) refused: fn(&Refusal) -> &'static str,

    // A booking
    pub(in crate::web) you_meet: fn(&str) -> String,
    pub(in crate::web) invited: fn(&str) -> String,
    pub(in crate::web) with: &'static str,
    pub(in crate::web) guest: &'static str,
    pub(in crate::web) where_: &'static str,
    pub(in crate::web) about: &'static str,
    pub(in crate::web) agenda_short: &'static str,
    pub(in crate::web) reason: &'static str,
    pub(in crate::web) join: &'static str,
    pub(in crate::web) link_to_come: &'static str,
    pub(in crate::web) add_to_calendar: &'static str,
    pub(in crate::web) save_file: &'static str,
    pub(in crate::web) subscribe: &'static str,
    pub(in crate::web) subscribe_google: &'static str,
    pub(in crate::web) subscribe_own: &'static str,
    pub(in crate::web) subscribe_own_help: &'static str,
    pub(in crate::web) please_answer: &'static str,
    pub(in crate::web) please_answer_help: &'static str,
    pub(in crate::web) change_answers: &'static str,
    pub(in crate::web) change_agenda: &'static str,
    pub(in crate::web) save: &'static str,
    pub(in crate::web) move_: &'static str,
    pub(in crate::web) move_button: &'static str,
    pub(in crate::web) no_time_to_move: &'static str,
    pub(in crate::web) choose_time_first: &'static str,
    pub(in crate::web) any_time: &'static str,
    pub(in crate::web) cancel: &'static str,
    pub(in crate::web) proposes: fn(&str) -> String,
    pub(in crate::web) you_propose: &'static str,
    pub(in crate::web) accept_time: &'static str,
    pub(in crate::web) keep_time: &'static str,
    pub(in crate::web) has_accepted: &'static str,
    pub(in crate::web) is_tentative: &'static str,
    pub(in crate::web) cancel_help: &'static str,
    pub(in crate::web) cancel_reason: &'static str,
    pub(in crate::web) cancel_button: &'static str,
    pub(in crate::web) cancelling: &'static str,
    pub(in crate::web) cancelling_help: &'static str,
    pub(in crate::web) undo: &'static str,
    pub(in crate::web) kept: &'static str,
    pub(in crate::web) cancelled: &'static str,
    pub(in crate::web) cancelled_help: &'static str,
    pub(in crate::web) book_another: &'static str,
    pub(in crate::web) held: &'static str,
    pub(in crate::web) held_help: &'static str,
    pub(in crate::web) confirm: &'static str,
    pub(in crate::web) over: &'static str,
    pub(in crate::web) stale_form: &'static str,
    pub(in crate::web) saved: &'static str,
    pub(in crate::web) moved: &'static str,
    pub(in crate::web) not_changed: &'static str,

    // Reminders by mail
    pub(in crate::web) reminders: &'static str,
    pub(in crate::web) reminders_help: &'static str,
    pub(in crate::web) stop_reminders: &'static str,
    pub(in crate::web) reminders_off: &'static str,
    pub(in crate::web) reminders_off_help: &'static str,
    pub(in crate::web) want_reminders: &'static str,
    pub(in crate::web) reminders_again: &'static str,
}

impl Words {
    /// The same language in mails and tables.
    pub(in crate::web) fn language(&self) -> Language {
        Language::of(Some(self.code))
    }
}

/// The languages, the one for everybody else first.
pub(in crate::web) static LANGUAGES: [&Words; 2] = [&EN, &DE];

/// The language asked for by `?lang=`, else the best of `Accept-Language` (RFC 9110 §12.5.4), else English.
pub(in crate::web) fn language(asked: Option<&str>, accepted: Option<&str>) -> &'static Words {
    asked.and_then(spoken).or_else(|| best(accepted.unwrap_or_default())).unwrap_or(&EN)
}

/// The language with this code.
pub(in crate::web) fn spoken(code: &str) -> Option<&'static Words> {
    LANGUAGES.into_iter().find(|words| words.code.eq_ignore_ascii_case(code))
}

fn best(accepted: &str) -> Option<&'static Words> {
    let mut found: Option<(f32, &'static Words)> = None;
    for item in accepted.split(',').take(20) {
        let (range, weight) = item.split_once(';').unwrap_or((item, "q=1"));
        let primary = range.trim().split('-').next().unwrap_or_default();
        let weight: f32 = weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
        if let Some(words) = spoken(primary)
            && weight > found.map_or(0.0, |(best, _)| best)
        {
            found = Some((weight, words));
        }
    }
    found.map(|(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_decides_then_the_browser() {
        assert_eq!(language(Some("de"), Some("en")).code, "de");
        assert_eq!(language(None, Some("fr-CH, de-AT;q=0.8, en;q=0.5")).code, "de");
        assert_eq!(language(None, Some("en-GB,de;q=0.9")).code, "en");
        assert_eq!(language(None, Some("de;q=0, en;q=0.1")).code, "en");
        assert_eq!(language(Some("tlh"), Some("fr")).code, "en");
        assert_eq!(language(None, None).code, "en");
    }
}
