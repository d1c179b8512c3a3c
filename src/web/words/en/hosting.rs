//! English, of the pages on which a host arranges their time.

use caldav::ical::pattern::{Every, Pattern};
use jiff::civil::Weekday;

use crate::availability::Obstacle;
use crate::desk::why::Nothing;
use crate::web::words::hosting::{Hosting, index, joined, largest_unit};
use crate::web::words::language::Words;

pub(in crate::web) static HOSTING: Hosting = Hosting {
    today: "Today",
    this_week: "This week",
    later: "Later",
    arrange: "Arrange your time",
    offers: "Your offers",
    offers_help: "See, add, change and take back the times you offer.",
    offers_lead: "Every event called “Available” in your calendars, as the server reads it.",
    no_offers: "You offer nothing in the coming year. Add an offer here, set working hours, or draw an event called “Available” in your calendar app.",
    next_times: "Next",
    for_every_kind: "for every kind of session",
    mailed: "It came by mail: change it in the calendar you sent it from, and the change comes after it.",
    elsewhere: "It is read from a calendar elsewhere: change it there.",
    change_offer: "Change or cancel",
    add_offer: "Add an offer",
    add_help: "It becomes an event in your calendar “Available”; your calendar app shows it too.",
    day: "Day",
    from: "From",
    until_clock: "To",
    until_clock_hint: "Earlier than the start means the next day.",
    repeat: "How often?",
    once: "Once",
    weekly: "Every week",
    weekly_more: "If it repeats every week",
    on_days: "On these days",
    on_days_hint: "If you tick none, the weekday of the day above counts.",
    last_day: "Last day",
    last_day_hint: "Leave it empty to go on for ever.",
    for_kind: "For which sessions?",
    every_kind: "Every kind",
    add: "Add",
    added: "Added. It can be booked at once, after your notice.",
    changed: "Changed.",
    removed: "Removed.",
    saved: "Saved. It counts at once.",
    clock_of: "Times by the clock in",
    not_this: "Not this time",
    not_from_here: "Not from here on",
    no_times: "No time of it is ahead in the coming year.",
    other_hours: "Other hours",
    from_when: "From which time on?",
    all_of_them: "All of them",
    save: "Save",
    remove_offer: "Remove this offer",
    remove_help: "The event goes from your calendar. What is booked is not cancelled: if a session needs this offer, nothing is removed, and you are told which.",
    remove_button: "Remove",
    look_again: "Nothing was changed yet. Please look at this once more.",
    sessions_in_way: "Nothing was changed, because these sessions would lie outside what you offer. Move or cancel them first, then try again.",
    special: "This event repeats in a way that only your calendar app can change.",
    changed_meanwhile: "It has changed in the meantime. This is how it stands now.",
    calendar_full: "Your calendar holds no more events. Remove some that you no longer need.",
    never_blocks: "Your calendar “Available” is set never to block time, so you cannot be away in it. Change that in your calendar app.",
    hours: "Working hours",
    hours_help: "Your usual week at one glance.",
    hours_lead: "The hours you offer every week. A break is a gap. Saving writes them into your calendar “Available”; single days you took out stay out.",
    hours_hint: "Such as 09:00–12:00, 13:00–17:00. Empty: not on this day.",
    hours_elsewhere: "These hours are not by the clock of your profile. To change that, empty them, save, and fill them in anew.",
    day_hours: "Another day, other hours",
    day_hours_lead: "For a single day that is not like every week. Empty means you offer nothing then.",
    day_hours_date: "Day",
    day_hours_then: "Hours on that day",
    no_hours: "Nothing",
    as_usual: "As usual again",
    away: "Vacation",
    away_help: "Days on which you cannot be booked.",
    away_lead: "Nobody can book you on these days. It becomes an event of whole days in your calendar.",
    away_title: "Vacation",
    no_away: "No vacation is planned.",
    first_day: "First day",
    last_day_away: "Last day",
    add_away: "Add vacation",
    back_after_all: "I am there after all",
    booked_then: "Booked in that time. It stays booked until you move or cancel it:",
    rules: "Your rules",
    rules_help: "Notice, free time around sessions, how many.",
    rules_lead: "Leave a field empty, and what your team says counts.",
    notice: "Notice, in hours",
    notice_hint: "How long before its start a session can be booked at the latest.",
    before: "Free time before a session, in minutes",
    after: "Free time after a session, in minutes",
    window: "Days ahead",
    window_hint: "How far ahead you can be booked.",
    per_day: "Most sessions a day",
    per_week: "Most sessions a week",
    counts_now: "What counts now",
    no_cap: "no limit",
    team_rule: "as the team says",
    in_no_team: "You are a host of no team yet, so nobody can book you.",
    profile: "Your profile",
    profile_help: "Name, time zone, language, reminders.",
    name: "Name",
    name_hint: "As others see it in invitations.",
    zone: "Time zone",
    zone_hint: "The clock you live by: working hours, whole days and your limits a day count in it.",
    zone_of_team: "As my calendar or team",
    language: "Language",
    language_browser: "As my browser says",
    reminders: "Mail me a reminder before sessions",
    address: "Mail address",
    why: "Why is this hour not offered?",
    why_help: "Every start of your offers, with what stands in its way.",
    why_lead: "Only you see this: it tells what your calendar says.",
    why_day: "Day",
    why_clock: "Time",
    why_clock_hint: "Leave it empty for the whole day.",
    why_ask: "Look",
    why_nothing: "You offer nothing on this day: no event called “Available” covers any of it.",
    why_skipped: "There is no such time on that day: the clocks go forward over it.",
    why_outside: "You offer nothing at that time. What you offer on that day:",
    why_off_grid: "No session starts exactly then: sessions start at the times below, counted from the beginning of the offer.",
    why_remainder: "What is left of the offer then is too short for a session.",
    why_open: "It is open: it can be booked now.",
    why_over: "It is over.",
    open: "open",
    w_date: "Please give a day, such as 2026-11-26.",
    w_clock: "Please give a time, such as 18:00.",
    w_short: "An offer takes five minutes at least.",
    w_past: "This is over already. Please choose a later day.",
    w_far: "Please stay within the next two years.",
    w_order: "The last day comes after the first.",
    w_repeat: "Please choose once or every week.",
    w_weekday: "Please choose days of the week.",
    w_kind: "None of your teams has such a kind of session.",
    w_next_year: "Please stay within the next year.",
    w_hours: "Please write hours like 09:00–12:00, 13:00–17:00, or nothing.",
    w_overlap: "Two of these stretches overlap.",
    w_number: "Please give a number that makes sense here, or nothing.",
    w_name: "Please give your name, in up to 100 ordinary characters.",
    w_zone: "Please choose one of the time zones.",
    w_language: "Please choose one of the languages.",
    w_choice: "Please choose yes or no.",
    in_calendar: |calendar| format!("in “{calendar}”"),
    overlaps: |when| format!("You offer this time already: {when}. Change that offer, or choose another time."),
    other_offers: |count| {
        if count == 1 {
            "1 other offer stays as it is.".into()
        } else {
            format!("{count} other offers stay as they are.")
        }
    },
    hours_count: |number, n| if n == 1 { format!("{number} hour") } else { format!("{number} hours") },
    days_count: |n| if n == 1 { "1 day".into() } else { format!("{n} days") },
    sessions_count: |n| if n == 1 { "1 session".into() } else { format!("{n} sessions") },
    without_yours: |value| format!("your own; the team says {value}"),
    said,
    until: |day| format!("until {day}"),
    times_in_all: |n| format!("{n} times in all"),
    since: |day| format!("from {day} on"),
    repeats_oddly: "repeats in a way of its own",
    all_day: "all day",
    obstacle,
    nothing,
};

/// `every Monday and Friday`, `every 2 weeks on Monday`, `on the last Friday of every month`.
fn said(pattern: &Pattern, words: &Words) -> String {
    let n = pattern.interval;
    let every = |one: &str, many: &str| if n == 1 { format!("every {one}") } else { format!("every {n} {many}") };
    let day = |day: &Weekday| words.weekdays.get(index(*day)).copied().unwrap_or_default();
    match &pattern.every {
        Every::Day => every("day", "days"),
        Every::Week(days) if days.len() == 7 => every("day", "weeks on every day"),
        Every::Week(days) => {
            let names = joined(&days.iter().map(day).collect::<Vec<_>>(), "and");
            if n == 1 { format!("every {names}") } else { format!("every {n} weeks on {names}") }
        }
        Every::MonthDay(-1) => format!("on the last day of {}", every("month", "months")),
        Every::MonthDay(at) if *at < 0 => format!("{} days before the end of {}", -at - 1, every("month", "months")),
        Every::MonthDay(at) => format!("on day {at} of {}", every("month", "months")),
        Every::MonthWeek(nth, weekday) => {
            let nth = match nth {
                1 => "first",
                2 => "second",
                3 => "third",
                4 => "fourth",
                5 => "fifth",
                -1 => "last",
                _ => "last but one",
            };
            format!("on the {nth} {} of {}", day(weekday), every("month", "months"))
        }
        Every::Year => every("year", "years"),
    }
}

/// What stands against a start: `you are busy then`.
fn obstacle(obstacle: &Obstacle) -> String {
    let sessions = HOSTING.sessions_count;
    match obstacle {
        Obstacle::Busy { near: false } => "Your calendar says you are busy then.".into(),
        Obstacle::Busy { near: true } => "You are busy right before or after, and that time is to stay free.".into(),
        Obstacle::Held { near: false, hosted: true } => "A session with you is at that time.".into(),
        Obstacle::Held { near: false, hosted: false } => "You have booked a session yourself then.".into(),
        Obstacle::Held { near: true, .. } => {
            "It is too close to another session: the free time between them is missing.".into()
        }
        Obstacle::Full => "It is booked; no place is left.".into(),
        Obstacle::PerDay(most) => format!("You take {} a day, and that day has them.", sessions(*most)),
        Obstacle::PerWeek(most) => format!("You take {} a week, and that week has them.", sessions(*most)),
        Obstacle::TeamDay(most) => format!("The team takes {} a day, and that day has them.", sessions(*most)),
        Obstacle::PerOffer(most) => format!("The event itself says {} at most, and it has them.", sessions(*most)),
        Obstacle::TooSoon(notice) => format!("It is too soon: the notice is {}.", length(*notice)),
        Obstacle::TooFar(window) => format!("It is too far ahead: one may book {} ahead.", length(*window)),
    }
}

/// Why an offer has no start at all.
fn nothing(why: &Nothing) -> String {
    match why {
        Nothing::NoTypes => "None of your teams has a kind of session for it.".into(),
        Nothing::UnknownType(name) => format!("None of your teams has a kind of session called “{name}”."),
        Nothing::Past => "It is over.".into(),
        Nothing::TooShort(minutes) => format!("It is shorter than a session, which takes {minutes} minutes."),
        Nothing::TooLong => "A session would be as long as the event, and it is longer than a day.".into(),
    }
}

fn length(seconds: i64) -> String {
    let (number, unit) = largest_unit(seconds);
    let unit = [["minute", "minutes"], ["hour", "hours"], ["day", "days"]]
        .get(unit)
        .map_or("", |unit| unit[usize::from(number != 1)]);
    format!("{number} {unit}")
}
