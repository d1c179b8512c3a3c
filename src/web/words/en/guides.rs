//! English, how calendar apps are connected.

use crate::web::words::own::Guide;

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
        "To offer time from Google Calendar, give its secret address, as told below. Or invite the robot to a Google event called “Available”: its address begins with available@, and whoever runs this server knows the rest.",
    ],
    by_hand: &[],
};
pub(super) const OUTLOOK: Guide = Guide {
    name: "Outlook",
    about: "Outlook cannot connect to other servers by itself, but it can show feeds.",
    steps: &[
        "Press “Outlook” at a feed above, or in Outlook: Add calendar, Subscribe from web, and paste the address.",
        "Outlook looks for news every few hours. Invitations come by mail and are there at once.",
        "To offer time from Outlook, publish your calendar, as told below. Or, with Outlook for Windows, add the free extension CalDAV Synchronizer and use the account of “Another app”.",
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
