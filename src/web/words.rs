//! Everything the pages say: `language` for all who book, here for those signed in.

pub(super) mod de;
pub(super) mod en;
pub(super) mod language;

pub(super) const NAME: &str = "Openhour";

// Start page and team

pub(super) const NO_TEAMS: &str = "No team takes bookings in public here yet.";

// Slots

// Booking

pub(super) const YOUR_EMAIL: &str = "Your mail address";
pub(super) const CHECK_MAIL: &str = "Please check your mail";
pub(super) const STALE_FORM: &str =
    "This page had been open for long. Please look once more and press the button again.";
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
pub(super) const ADMIN: &str = "Administration";
pub(super) const YOUR_TIME: &str = "Your time";
pub(super) const PEOPLE: &str = "People";
pub(super) const TEAMS: &str = "Teams";
pub(super) const SESSIONS_AHEAD: &str = "Sessions ahead";
pub(super) const NO_SESSIONS_AHEAD: &str =
    "Nobody has booked you yet. Once somebody does, it stands here and in your calendar.";
pub(super) const WAITING_TO_LEAVE: &str = "Mails and links under way";
pub(super) const GIVEN_UP: &str = "Given up";
pub(super) const DID_NOT_ARRIVE: &str = "Did not arrive";
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

/// `2 hosts`
pub(super) fn hosts(count: i64) -> String {
    if count == 1 { "1 host".into() } else { format!("{count} hosts") }
}

/// `with Mia`
pub(super) fn with(name: &str) -> String {
    format!("with {name}")
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
