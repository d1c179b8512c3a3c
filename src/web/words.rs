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
pub(super) const SERVER: &str = "Server";
pub(super) const USER: &str = "User";
pub(super) const PASSWORD: &str = "Password";
pub(super) const DNS: &str = "For your DNS";
pub(super) const DNS_HELP: &str = "With these lines in the zone of your people's mail addresses, calendar apps find this server from the address alone.";
pub(super) const YOUR_TEAMS: &str = "Your teams";

// A person's own pages

pub(super) const TIMES_IN: &str = "Times in";
pub(super) const JOIN: &str = "Open the meeting";
pub(super) const BOOK_ANOTHER: &str = "See open times";
pub(super) const AS_GUEST: &str = "What you have booked";
pub(super) const AS_HOST: &str = "What you offer";
pub(super) const YOUR_SESSIONS: &str = "Your sessions";
pub(super) const SESSION: &str = "Session";
pub(super) const NOTHING_BOOKED: &str = "You have nothing booked.";
pub(super) const CHANGE_OR_CANCEL: &str = "Change or cancel";
pub(super) const WAITS_FOR_GUEST: &str = "Kept free until the link in the confirming mail is opened.";
pub(super) const YOUR_OFFERS: &str = "What you offer in the next two weeks";
pub(super) const YOUR_OFFERS_HELP: &str = "Read from your calendars. People see what is left of it after everything else in them, and after the notice your team asks for.";
pub(super) const NO_OFFERS: &str = "No event called “Available” stands in your calendars for these two weeks.";
pub(super) const ALL_DAY: &str = "all day";
pub(super) const HOW_TO_OFFER: &str = "How to offer time";
pub(super) const HOW_TO_OFFER_LINES: &[&str] = &[
    "Draw an event called “Available” over the hours you have. Let it repeat if they do.",
    "“Available: code review” offers these hours for that kind of session only.",
    "Any other event keeps its time free of sessions, unless your app shows it as “free”.",
    "Change or delete the event whenever you like. What is booked already stays booked.",
];
pub(super) const ADD_CALENDAR: &str = "Your calendar app";
pub(super) const ADD_CALENDAR_HELP: &str = "Connect it once, then everything happens in your own calendar.";
pub(super) const CHOOSE_DEVICE: &str = "Connect a calendar app";
pub(super) const APP_PASSWORDS: &str = "App passwords";
pub(super) const APP_PASSWORDS_HELP: &str = "Each calendar app gets its own, so that a lost phone costs one password only. They open your calendars, nothing else.";
pub(super) const APP_PASSWORD_LABEL: &str = "What is it for?";
pub(super) const APP_PASSWORD_LABEL_HINT: &str = "So that you recognise it later: “Old laptop”.";
pub(super) const MAKE_APP_PASSWORD: &str = "Make an app password";
pub(super) const APP_PASSWORD_MADE: &str = "Your new app password";
pub(super) const SHOWN_ONCE: &str = "The password is shown this once. Copy it into the app now.";
pub(super) const NOTED: &str = "Done";
pub(super) const BACK: &str = "Back";
pub(super) const MADE: &str = "Made";
pub(super) const LAST_USED: &str = "last used";
pub(super) const NEVER_USED: &str = "not used yet";
pub(super) const REVOKE: &str = "Remove";
pub(super) const WRONG_LABEL: &str = "Please give it a name of up to 100 characters.";
pub(super) const MANY_APP_PASSWORDS: &str =
    "You have 50 app passwords. Remove one that you no longer use, then make this one.";
pub(super) const YOUR_FEEDS: &str = "Your feeds";
pub(super) const YOUR_FEEDS_HELP: &str =
    "Calendars to look at, for any app that can subscribe. Their addresses are secret: whoever has one can read it.";
pub(super) const SESSIONS_FEED: &str = "Your sessions";
pub(super) const SESSIONS_FEED_HELP: &str =
    "What you have booked and what others booked with you. Not needed where a calendar app is connected.";
pub(super) const OPEN_FEED: &str = "Open slots";
pub(super) const OPEN_FEED_HELP: &str = "Times that can be booked in your teams, each with its link.";
pub(super) const SUBSCRIBE: &str = "Subscribe";
pub(super) const IN_GOOGLE: &str = "Google Calendar";
pub(super) const IN_OUTLOOK: &str = "Outlook";
pub(super) const FEED_ADDRESS: &str = "Or copy the address into your app:";
pub(super) const NEW_ADDRESSES: &str = "Did an address get about?";
pub(super) const NEW_ADDRESSES_HELP: &str =
    "Both feeds get new addresses, and the old ones end. Subscribe again with the new ones.";
pub(super) const NEW_ADDRESSES_BUTTON: &str = "Make new addresses";

// Calendar apps

/// The words of one device's page.
pub(super) struct Guide {
    /// What the device is called; also the label of its app password.
    pub(super) name: &'static str,
    /// What happens there.
    pub(super) about: &'static str,
    /// The way.
    pub(super) steps: &'static [&'static str],
    /// The way where nothing is set up by itself.
    pub(super) by_hand: &'static [&'static str],
}

pub(super) const SET_UP: &str = "Connect a calendar app";
pub(super) const SET_UP_LEAD: &str = "Which one do you use?";
pub(super) const OTHER_DEVICE: &str = "Another device";
pub(super) const STEPS: &str = "Step by step";
pub(super) const GET_PROFILE: &str = "Get the profile";
pub(super) const MAKE_ACCOUNT: &str = "Make the account";
pub(super) const BY_HAND: &str = "I would rather type it in";
pub(super) const ON_THE_PHONE: &str = "You read this on another screen?";
pub(super) const ON_THE_PHONE_HELP: &str =
    "Point the device's camera at this code and sign in there; the page opens where it is needed.";
pub(super) const PAGE_TO_SCAN: &str = "The address of this page as a code to scan";
pub(super) const OPEN_DAVX5: &str = "Open DAVx⁵";
pub(super) const SCAN_DAVX5: &str = "Or point the phone's camera at this code:";
pub(super) const NEEDS_HTTPS: &str = "This server is reached without encryption. That is fine for a look on this machine; most calendar apps elsewhere want https.";

pub(super) const IPHONE: Guide = Guide {
    name: "iPhone or iPad",
    about: "A small profile sets everything up. It holds a password of its own, for this device alone.",
    steps: &[
        "On the iPhone or iPad itself, in Safari, press “Get the profile” and allow the download.",
        "Open Settings. “Profile Downloaded” stands near the top; open it and press “Install”. It is shown as not signed; that is expected.",
        "Open Calendar. Under “Calendars” you find “Available” and “Sessions”.",
        "Draw an event called “Available” in the calendar “Available”.",
    ],
    by_hand: &[
        "Open Settings, Apps, Calendar, Calendar Accounts, Add Account, Other, Add CalDAV Account.",
        "Type server, user and password from above, then press “Next”.",
        "Open Calendar. Under “Calendars” you find “Available” and “Sessions”.",
        "Draw an event called “Available” in the calendar “Available”.",
    ],
};
pub(super) const MAC: Guide = Guide {
    name: "Mac",
    about: "A small profile sets everything up. It holds a password of its own, for this Mac alone.",
    steps: &[
        "On the Mac itself press “Get the profile”, then open the file.",
        "Open System Settings, General, Device Management. Double-click the profile and press “Install”. It is shown as not signed; that is expected.",
        "Open Calendar. On the left you find “Available” and “Sessions”.",
        "Draw an event called “Available” in the calendar “Available”.",
    ],
    by_hand: &[
        "Open Calendar, then Calendar menu, Add Account, Other CalDAV Account.",
        "Choose “Manual” and type user, password and server from above.",
        "On the left you find “Available” and “Sessions”.",
        "Draw an event called “Available” in the calendar “Available”.",
    ],
};
pub(super) const ANDROID: Guide = Guide {
    name: "Android with DAVx⁵",
    about: "DAVx⁵ is an app that keeps Android's calendars in step with servers like this one.",
    steps: &[
        "Install DAVx⁵ from F-Droid or Google Play.",
        "Make the account here, then press “Open DAVx⁵”, or in DAVx⁵ press “+” and choose “Login with URL and user name”.",
        "Type user and password. Name the account by your mail address.",
        "Tick “Available” and “Sessions”, allow access to the calendar, and let it synchronise.",
        "In any calendar app draw an event called “Available” in the calendar “Available”.",
    ],
    by_hand: &[],
};
pub(super) const THUNDERBIRD: Guide = Guide {
    name: "Thunderbird",
    about: "Thunderbird finds your calendars from address and user.",
    steps: &[
        "Open the calendar, then New Calendar, On the Network.",
        "Type user and server; leave “offline support” on. Press “Find Calendars”.",
        "Type the password and let Thunderbird keep it.",
        "Tick “Available” and “Sessions”, and press “Subscribe”.",
        "Draw an event called “Available” in the calendar “Available”.",
    ],
    by_hand: &[],
};
pub(super) const EVOLUTION: Guide = Guide {
    name: "Evolution or GNOME Calendar",
    about: "Evolution sets it up; GNOME Calendar then shows it, too.",
    steps: &[
        "In Evolution choose New, Collection Account.",
        "Type user; under “Advanced Options” type the server. Press “Look Up”.",
        "Type the password and let Evolution keep it. Tick “Calendar”, and finish.",
        "Draw an event called “Available” in the calendar “Available”.",
    ],
    by_hand: &[],
};
pub(super) const GOOGLE: Guide = Guide {
    name: "Google Calendar",
    about: "Google Calendar cannot connect to other servers, but it can show feeds.",
    steps: &[
        "Press “Google Calendar” at a feed above and agree. Or on a computer: Other calendars, “+”, From URL, and paste the address.",
        "Google looks for news a few times a day. Invitations come by mail and are there at once.",
        "To offer time, use another calendar app from the list, or the Calendar app of a phone. Inviting Openhour to a Google event is on its way.",
    ],
    by_hand: &[],
};
pub(super) const OUTLOOK: Guide = Guide {
    name: "Outlook",
    about: "Outlook cannot connect to other servers by itself, but it can show feeds.",
    steps: &[
        "Press “Outlook” at a feed above, or in Outlook: Add calendar, Subscribe from web, and paste the address.",
        "Outlook looks for news every few hours. Invitations come by mail and are there at once.",
        "To offer time from Outlook for Windows, add the free extension CalDAV Synchronizer and use the account of “Another app”.",
    ],
    by_hand: &[],
};
pub(super) const OTHER_APP: Guide = Guide {
    name: "Another app",
    about: "Anything that speaks CalDAV.",
    steps: &[
        "In the app, add an account of the kind “CalDAV”.",
        "Type server, user and password. Some apps want the server without “/dav/”; they find the rest.",
        "Draw an event called “Available” in the calendar “Available”.",
    ],
    by_hand: &[],
};

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

/// `A talk with Mia`
pub(super) fn kind_with(kind: &str, name: &str) -> String {
    if name.is_empty() { kind.to_owned() } else { format!("{kind} with {name}") }
}

/// An offer for one kind of session.
pub(super) fn only(scope: &str) -> String {
    format!("for {scope} only")
}

/// What a list leaves out.
pub(super) fn more(count: usize) -> String {
    format!("and {count} more")
}

/// `2 hosts`
pub(super) fn hosts(count: i64) -> String {
    if count == 1 { "1 host".into() } else { format!("{count} hosts") }
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
