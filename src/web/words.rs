//! Everything the pages say.

use crate::booking::Refusal;

pub(super) const NAME: &str = "Openhour";
pub(super) const SKIP: &str = "Skip to the content";
pub(super) const FOOT: &str = "Openhour turns the calendar people already use into open hours.";
pub(super) const TO_START: &str = "To the start page";

pub(super) const NOT_FOUND: &str = "There is nothing here";
pub(super) const NOT_FOUND_HELP: &str = "Perhaps the link got cut off on its way, or what was here is over. Links to a booking work until 30 days after it.";
pub(super) const WRONG_WAY: &str = "This page works differently";
pub(super) const WRONG_WAY_HELP: &str = "Please go back and use the page's own buttons.";
pub(super) const NOT_ALLOWED: &str = "That did not come from here";
pub(super) const NOT_ALLOWED_HELP: &str =
    "The request came from another site, so nothing was changed. Open the page again and use its button.";

// Start page and team

pub(super) const HOME: &str = "Book a time";
pub(super) const HOME_LEAD: &str = "Choose whom you would like to talk to.";
pub(super) const NO_TEAMS: &str = "No team takes bookings in public here yet.";
pub(super) const FOR_HOSTS: &str = "You offer time yourself?";
pub(super) const FOR_HOSTS_HELP: &str =
    "Draw an event called “Available” in your calendar; everything else follows. Sign in to see how.";
pub(super) const NO_TYPES: &str = "This team has no kind of session yet.";
pub(super) const CHOOSE_TYPE: &str = "What would you like to book?";

// Slots

pub(super) const TIMES_IN: &str = "Times in";
pub(super) const SHOW: &str = "Show";
pub(super) const MORE_DATES: &str = "More dates";
pub(super) const EARLIER: &str = "Earlier dates";
pub(super) const LATER: &str = "Later dates";
pub(super) const ALL_DATES: &str = "All open times";
pub(super) const OTHER_TIME: &str = "Choose another time";
pub(super) const NOTHING_OPEN: &str =
    "Nothing is open at the moment. New times appear here as soon as somebody offers them.";
pub(super) const NOTHING_IN_THESE_WEEKS: &str = "Nothing is open in these four weeks.";
pub(super) const NEXT_OPEN: &str = "The next open time:";
pub(super) const NOTHING_THAT_DAY: &str = "Nothing is open on this day.";

// Booking

pub(super) const WHEN: &str = "When";
pub(super) const YOUR_NAME: &str = "Your name";
pub(super) const YOUR_EMAIL: &str = "Your mail address";
pub(super) const EMAIL_HINT: &str = "The invitation goes there.";
pub(super) const AGENDA: &str = "What would you like to talk about?";
pub(super) const AGENDA_HINT: &str = "If you like. You can change it later.";
pub(super) const BOOK: &str = "Book this time";
pub(super) const WILL_CONFIRM: &str = "We then mail you a link; the time is yours once you open it.";
pub(super) const MEMBERS_ONLY: &str = "These sessions are for members of the team.";
pub(super) const MEMBERS_ONLY_HELP: &str = "Sign in first, then come back to this page.";
pub(super) const LOOK_AGAIN: &str = "Almost there. Please look at the marked fields once more.";
pub(super) const CHECK_MAIL: &str = "Please check your mail";
pub(super) const CHECK_MAIL_HELP: &str =
    "The time is held for you for 15 minutes. If nothing arrives, look among the unwanted mail, or book again.";
pub(super) const NOT_OPEN: &str = "This time is not open any more.";
pub(super) const CLOSE_BY: &str = "These are close by";
pub(super) const YOU_WANTED: &str = "You had chosen";
pub(super) const BOOK_INSTEAD: &str = "Book one of these instead";
pub(super) const TRY_AGAIN: &str = "Try again";

// A booking

pub(super) const WITH: &str = "With";
pub(super) const GUEST: &str = "Guest";
pub(super) const WHERE: &str = "Where";
pub(super) const LINK_TO_COME: &str = "The link for the meeting is being made; it comes by mail and stands here.";
pub(super) const ABOUT: &str = "About";
pub(super) const AGENDA_SHORT: &str = "Agenda";
pub(super) const REASON: &str = "Reason";
pub(super) const ADD_TO_CALENDAR: &str = "Save for your calendar (.ics)";
pub(super) const JOIN: &str = "Open the meeting";
pub(super) const CHANGE_AGENDA: &str = "Change what it is about";
pub(super) const SAVE: &str = "Save";
pub(super) const MOVE: &str = "Move to another time";
pub(super) const MOVE_BUTTON: &str = "Move the session";
pub(super) const NO_TIME_TO_MOVE: &str = "No other time is open at the moment.";
pub(super) const CHOOSE_TIME_FIRST: &str = "Please choose a time first.";
pub(super) const ANY_TIME: &str = "Or any other time that suits you both";
pub(super) const CANCEL: &str = "Cancel the session";
pub(super) const CANCEL_HELP: &str = "Everybody is told at once, and the time is open for others again.";
pub(super) const CANCEL_REASON: &str = "A word why, if you like";
pub(super) const CANCEL_BUTTON: &str = "Cancel this session";
pub(super) const CANCELLED: &str = "This session is cancelled";
pub(super) const CANCELLED_HELP: &str = "Nobody is expected. You can book another time whenever you like.";
pub(super) const BOOK_ANOTHER: &str = "See open times";
pub(super) const HELD: &str = "Confirm your booking";
pub(super) const HELD_HELP: &str = "One press, and the time is yours.";
pub(super) const CONFIRM: &str = "Yes, book it";
pub(super) const OVER: &str = "This session has begun or is over; it can no longer be changed here.";
pub(super) const STALE_FORM: &str =
    "This page had been open for long. Please look once more and press the button again.";
pub(super) const SAVED: &str = "Saved.";
pub(super) const MOVED: &str = "Moved. A new invitation is on its way.";
pub(super) const NOT_CHANGED: &str = "Nothing was changed.";

// Signing in and dashboards

pub(super) const SIGN_IN: &str = "Sign in";
pub(super) const SIGN_IN_LEAD: &str = "We mail you a link that signs you in. No password needed.";
pub(super) const MAIL_LINK: &str = "Mail me a link";
pub(super) const WRONG_EMAIL: &str = "Please write a whole mail address, such as ana@example.org.";
pub(super) const MANY_LINKS: &str =
    "Several links were asked for already. Please look into your mail, or try again in an hour.";
pub(super) const LINK_UNDER_WAY_HELP: &str = "It works once, for ten minutes, and best in this browser. If nothing arrives, look among the unwanted mail, or try the address under which your team knows you.";
pub(super) const OTHER_ADDRESS: &str = "Use another address";
pub(super) const SIGN_IN_AS: &str = "You are about to sign in as";
pub(super) const SIGN_IN_HELP: &str = "This link works once. Press the button, and you are in.";
pub(super) const ASKED_ELSEWHERE: &str =
    "This link was not asked for in this browser. Go on only if this address is yours and you wanted to sign in here.";
pub(super) const SIGN_OUT: &str = "Sign out";
pub(super) const LINK_SPENT: &str = "This link has been used or is too old";
pub(super) const LINK_SPENT_HELP: &str = "Links work once, for ten minutes. A new one is a moment away.";
pub(super) const PLEASE_SIGN_IN: &str = "Please sign in first";
pub(super) const BROWSERS: &str = "Where you are signed in";
pub(super) const BROWSERS_LEAD: &str = "One entry for each browser. Sign out any that you no longer use.";
pub(super) const THIS_BROWSER: &str = "this browser";
pub(super) const SOME_BROWSER: &str = "A browser";
pub(super) const SINCE: &str = "Since";
pub(super) const LAST_SEEN: &str = "last seen";
pub(super) const SIGN_OUT_EVERYWHERE: &str = "Sign out everywhere";
pub(super) const YOUR_PAGES: &str = "Your pages";
pub(super) const ADMIN: &str = "Administration";
pub(super) const YOUR_TIME: &str = "Your time";
pub(super) const PEOPLE: &str = "People";
pub(super) const TEAMS: &str = "Teams";
pub(super) const SESSIONS_AHEAD: &str = "Sessions ahead";
pub(super) const NO_SESSIONS_AHEAD: &str =
    "Nobody has booked you yet. Once somebody does, it stands here and in your calendar.";
pub(super) const WAITING_TO_LEAVE: &str = "Mails and links under way";
pub(super) const GIVEN_UP: &str = "Given up";
pub(super) const PUBLIC: &str = "public";
pub(super) const FOR_MEMBERS: &str = "for members";
pub(super) const FEED: &str = "Feed of open slots";
pub(super) const ADMIN_BY_COMMAND: &str =
    "People, teams and session types are added on the command line for now: openhour --help.";
pub(super) const ADD_CALENDAR: &str = "Add your calendar";
pub(super) const ADD_CALENDAR_HELP: &str = "In your calendar app, add a CalDAV account with:";
pub(super) const SERVER: &str = "Server";
pub(super) const USER: &str = "User";
pub(super) const PASSWORD: &str = "Password";
pub(super) const PASSWORD_HELP: &str = "One for each app, made by";
pub(super) const DRAW_AVAILABLE: &str =
    "Then draw an event called “Available” and let it repeat as you like. People can book the times it covers.";
pub(super) const YOUR_TEAMS: &str = "Your teams";

// Captured mail

pub(super) const MAIL: &str = "Captured mail";
pub(super) const MAIL_LEAD: &str = "No mail server is set, so mail stays here instead of going out.";
pub(super) const NO_MAIL: &str = "No mail yet. Book a time, and two invitations appear.";
pub(super) const ALL_MAIL: &str = "All captured mail";
pub(super) const TO: &str = "To";
pub(super) const PLAIN_TEXT: &str = "Plain text";
pub(super) const AS_HTML: &str = "As HTML";
pub(super) const CALENDAR_PART: &str = "Calendar part";
pub(super) const DOWNLOAD_MAIL: &str = "Download (.eml)";

/// `60 minutes`
pub(super) fn minutes(minutes: i64) -> String {
    if minutes == 1 { "1 minute".into() } else { format!("{minutes} minutes") }
}

/// `up to 8 people`
pub(super) fn group(capacity: i64) -> String {
    format!("up to {capacity} people")
}

/// `3 places`
pub(super) fn places(open: i64) -> String {
    if open == 1 { "1 place".into() } else { format!("{open} places") }
}

/// `2 hosts`
pub(super) fn hosts(count: i64) -> String {
    if count == 1 { "1 host".into() } else { format!("{count} hosts") }
}

/// `with Mia`
pub(super) fn with(name: &str) -> String {
    format!("with {name}")
}

/// Title of a standing booking's page.
pub(super) fn booked_with(name: &str) -> String {
    format!("You meet {name}")
}

/// Where the invitation goes.
pub(super) fn invited(address: &str) -> String {
    format!("The invitation goes to {address}.")
}

/// Where the confirmation went.
pub(super) fn check_mail(address: &str) -> String {
    format!("We sent a link to {address}. Open it, and the time is yours.")
}

/// Where the sign-in link goes, whether anybody has the address or not.
pub(super) fn link_under_way(address: &str) -> String {
    format!("If {address} is known here, a link is on its way to it.")
}

/// The button for somebody who did not ask in this browser.
pub(super) fn sign_in_as(address: &str) -> String {
    format!("Yes, sign in as {address}")
}

/// A browser in words, from its `User-Agent`: `Firefox on Linux`. Empty when it says nothing we know.
pub(super) fn browser(agent: &str) -> String {
    // The order matters: most browsers also claim to be others.
    let programs = [
        ("Firefox", &["Firefox/", "FxiOS/"][..]),
        ("Edge", &["Edg/", "EdgA/", "EdgiOS/"]),
        ("Opera", &["OPR/"]),
        ("Chrome", &["Chrome/", "CriOS/"]),
        ("Safari", &["Safari/"]),
    ];
    let systems = [
        ("iPhone", &["iPhone"][..]),
        ("iPad", &["iPad"]),
        ("Android", &["Android"]),
        ("Windows", &["Windows"]),
        ("Mac", &["Macintosh"]),
        ("ChromeOS", &["CrOS"]),
        ("Linux", &["Linux"]),
    ];
    let said = |marks: &[&str]| marks.iter().any(|mark| agent.contains(mark));
    let program = programs.iter().find(|(_, marks)| said(marks)).map(|(name, _)| *name);
    let system = systems.iter().find(|(_, marks)| said(marks)).map(|(name, _)| *name);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// The request's id, for whoever reports a failure.
pub(super) fn request(id: &str) -> String {
    format!("If you tell somebody about it, this helps them find it: {id}")
}

/// Title for a refusal.
pub(super) fn refused_title(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SlotTaken { .. } => "Somebody was a moment faster",
        Refusal::TooLate { .. } => "This time is too close now",
        Refusal::NotOffered { .. } => "This time is not open any more",
        Refusal::LimitReached { .. } => "That day is full",
        Refusal::AlreadyBooked { .. } => "You already have a session then",
        Refusal::NotAllowed => "These sessions are for members",
        Refusal::RateLimited { .. } => "One moment, please",
        _ => "That did not work",
    }
}

/// What to do about a refusal.
pub(super) fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SlotTaken { .. } => "This time has just been taken. What you typed is still here.",
        Refusal::TooLate { .. } => "Sessions need some notice, and it has just run out for this one.",
        Refusal::NotOffered { .. } => "It was taken back in the meantime. What you typed is still here.",
        Refusal::LimitReached { .. } => "No more sessions fit on that day. Another day works.",
        Refusal::AlreadyBooked { .. } => {
            "There is a session at that time for this address already. Look into your mail for its link, or choose another time."
        }
        Refusal::NotAllowed => "Sign in with the address the team knows, then book again.",
        Refusal::RateLimited { .. } => {
            "There were many bookings from here in a short time. Please try again in a while."
        }
        _ => "Please try again.",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn browsers_are_told_apart() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8", ""),
        ] {
            assert_eq!(super::browser(agent), words);
        }
    }
}
