//! What the pages of schedules say.

use crate::booking::Refusal;

// Making one

pub(super) const NEW: &str = "Share your free times";
pub(super) const NEW_LEAD: &str =
    "No account needed. You get two addresses: one to put your times in, one for everybody who would like to take one.";
pub(super) const OWNER: &str = "Your name";
pub(super) const OWNER_HINT: &str = "So that people know whom they meet.";
pub(super) const SUBJECT: &str = "What is it about?";
pub(super) const SUBJECT_HINT: &str = "It becomes the title in everybody's calendar.";
pub(super) const SUBJECT_DEFAULT: &str = "Meeting";
pub(super) const ZONE: &str = "Your time zone";
pub(super) const CREATE: &str = "Make my schedule";
pub(super) const MANY_SCHEDULES: &str =
    "Many schedules were made from here today. Please use one of them, or come back tomorrow.";
pub(super) const HOME_LINK: &str = "Share your free times without an account";

// The dashboard

pub(super) const KEEP: &str =
    "Keep the address of this page: it is the only key to your schedule. Bookmark it now, and give it to nobody.";
pub(super) const GIVE: &str = "Give this address to everybody";
pub(super) const GIVE_HELP: &str = "Whoever has it can take one of your times.";
pub(super) const COPY: &str = "Copy";
pub(super) const COPIED: &str = "Copied";
pub(super) const SHARE: &str = "Share";
pub(super) const SEE_PAGE: &str = "See it as they do";
pub(super) const QR: &str = "As a QR code";
pub(super) const QR_LABEL: &str = "QR code of the address for everybody";
pub(super) const ADD: &str = "Add times";
pub(super) const DAY: &str = "Day";
pub(super) const FROM: &str = "From";
pub(super) const UNTIL: &str = "Until";
pub(super) const NOTE: &str = "Note";
pub(super) const NOTE_HINT: &str = "If you like: where you meet, or what to bring.";
pub(super) const CUT: &str = "Slots";
pub(super) const CUT_NOT: &str = "One for the whole time";
pub(super) const WEEKS: &str = "Weeks in a row";
pub(super) const ADD_BUTTON: &str = "Add";
pub(super) const YOUR_SLOTS: &str = "Your times";
pub(super) const NO_SLOTS: &str = "Nothing here yet. Add the first time, then send the address around.";
pub(super) const OPEN: &str = "open";
pub(super) const TAKEN: &str = "taken";
pub(super) const DELETE: &str = "Delete";
pub(super) const BLOCKED: &str = "Something else is at this time, so nobody can take it.";
pub(super) const FROM_APP: &str = "From your calendar app; change it there.";
pub(super) const WHY_STAYS: &str = "Somebody counts on this time, so it cannot be deleted. Cancel it first.";
pub(super) const CANCEL: &str = "Cancel it";
pub(super) const MESSAGE: &str = "A word for them";
pub(super) const MESSAGE_BY_MAIL: &str = "They get it by mail.";
pub(super) const MESSAGE_ON_PAGE: &str = "They left no mail address; they see it when they look at the page.";
pub(super) const OFFER_AGAIN: &str = "Offer this time to others again";
pub(super) const CANCEL_BUTTON: &str = "Cancel and tell them";
pub(super) const DELETED: &str = "Deleted.";
pub(super) const CANCELLED_DONE: &str = "Cancelled.";
pub(super) const GONE: &str = "This time is not here any more.";
pub(super) const JUST_TAKEN: &str =
    "Somebody has just taken this time, so it stays. Cancel it first if you cannot make it.";
pub(super) const CANNOT_CANCEL: &str = "This session has begun or is over; it stays as it is.";
pub(super) const APP: &str = "Use your own calendar app";
pub(super) const APP_HELP: &str = "If you keep your times in a calendar app such as Thunderbird, Apple Calendar or DAVx⁵, connect it: every event called “Available” becomes a time people can take, and whatever else stands in these calendars keeps its time free of them.";
pub(super) const APP_BUTTON: &str = "Make a password for it";
pub(super) const APP_AGAIN: &str = "An earlier password stops working.";
pub(super) const APP_TITLE: &str = "Connect your calendar app";
pub(super) const APP_ONCE: &str = "Add a CalDAV account with this. The password is shown only now.";
pub(super) const BACK: &str = "Back to your schedule";

// The page for everybody

pub(super) const PICK: &str = "Pick a time that suits you.";
pub(super) const NOTHING: &str = "There is no time to take at the moment. Look again later, or ask for one.";
pub(super) const TIMES_IN: &str = "Times in";
pub(super) const OTHER_ZONE: &str = "Another time zone";
pub(super) const SHOW: &str = "Show";
pub(super) const YOURS: &str = "yours";
pub(super) const YOUR_TIME: &str = "This time is yours";
pub(super) const GIVE_BACK: &str = "Give it back";
pub(super) const GIVEN_BACK: &str = "Given back. Others can take it again.";
pub(super) const YOUR_LINK: &str = "Your own page for it";
pub(super) const YOUR_LINK_HELP: &str = "keep its address, and you can change your mind on any device.";
pub(super) const CANCELLED: &str = "This time was cancelled";
pub(super) const ICS: &str = "Save for your calendar (.ics)";
pub(super) const TAKE: &str = "Take this time";
pub(super) const YOUR_NAME: &str = "Your name";
pub(super) const EMAIL: &str = "Your mail address";
pub(super) const EMAIL_HINT: &str = "If you like. The invitation goes there, and news if something changes.";
pub(super) const OTHER_TIMES: &str = "All times";
pub(super) const LOST: &str = "Somebody was a moment faster";
pub(super) const LOST_HELP: &str = "This time is not free any more.";
pub(super) const STILL_HERE: &str = "What you typed is still here. Take one of these instead:";
pub(super) const NONE_LEFT: &str = "Nothing else is free close by.";
pub(super) const MANY_TAKEN: &str = "Many times were taken from here in a short while. Please try again later.";
pub(super) const ALREADY: &str = "You have something else at that time";
pub(super) const ALREADY_HELP: &str = "There is a session at that time for this address already.";
pub(super) const TOO_LATE: &str = "This time has begun";
pub(super) const LOOK_AGAIN: &str = "Almost there. Please look at the marked fields once more.";
pub(super) const WHEN: &str = "When";
pub(super) const WITH: &str = "With";
pub(super) const REASON: &str = "They say";
pub(super) const SERVER: &str = "Server";
pub(super) const USER: &str = "User";
pub(super) const PASSWORD: &str = "Password";
pub(super) const OVER: &str = "This has begun or is over; it can no longer be changed here.";
pub(super) const SEE_TIMES: &str = "See all times";
pub(super) const NOT_CHANGED: &str = "Nothing was changed.";

/// `Add to Google`
pub(super) fn add_to(calendar: &str) -> String {
    format!("Add to {calendar}")
}

/// `30 minutes each`
pub(super) fn minutes_each(minutes: i64) -> String {
    format!("{minutes} minutes each")
}

/// What the dashboard is called.
pub(super) fn dashboard(subject: &str) -> String {
    format!("{subject}: your schedule")
}

/// `Meeting with Mary`
pub(super) fn meeting(subject: &str, owner: &str) -> String {
    format!("{subject} with {owner}")
}

/// What was just added.
pub(super) fn added(count: i64) -> String {
    if count == 1 { "One time added.".into() } else { format!("{count} times added.") }
}

/// `Delete: Thursday, 26 November, 14:00 to 15:00`
pub(super) fn delete(what: &str) -> String {
    format!("{DELETE}: {what}")
}

/// `taken by Tariq`
pub(super) fn taken_by(name: &str) -> String {
    format!("taken by {name}")
}

/// Title and help for a visitor whose wish cannot be.
pub(super) fn refused(refusal: &Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::AlreadyBooked { .. } => (ALREADY, ALREADY_HELP),
        Refusal::TooLate { .. } => (TOO_LATE, LOST_HELP),
        Refusal::RateLimited { .. } => ("One moment, please", MANY_TAKEN),
        _ => (LOST, LOST_HELP),
    }
}
