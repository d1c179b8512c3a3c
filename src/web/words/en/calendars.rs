//! English, of calendars by secret address.

use crate::sources::{Problem, Provider};
use crate::web::words::calendars::Calendars;

pub(in crate::web) static CALENDARS: Calendars = Calendars {
    title: "Calendars by secret address",
    lead: "Keep the calendar you have. Give its secret address, and it is read every quarter of an hour: events called “Available” offer time, everything else keeps its time free of sessions.",
    private: "The address is kept encrypted. Of events that offer nothing, only the times are kept: no titles, no guests, no notes.",
    none: "You have not added any yet.",
    only_hosts: "Once you are a host of a team, you can add a calendar here.",
    add: "Add a calendar",
    address: "Secret address",
    address_hint: "It begins with https:// or webcal:// and often ends in .ics.",
    what_for: "What is it for?",
    offers_and_busy: "Offers and busy times",
    busy_only: "Busy times only",
    add_button: "Add calendar",
    check_now: "Check now",
    see_what_helps: "See what helps",
    use_offers: "Take offers from it, too",
    use_busy: "Use it for busy times only",
    remove: "Remove",
    remove_help: "Its offers and busy times end here. Nothing changes in the calendar itself, and what is booked stays booked.",
    where_is_it: "Where do I find the address?",
    first_reading: "It is being read for the first time. Look again in a moment.",
    being_read: "It is being read just now.",
    nothing_read: "Nothing has been read from it yet.",
    set_up_help: "Calendar apps that cannot connect to this server can lend it their calendar: it is read every quarter of an hour.",
    offer_from_google: "Offer time from Google Calendar",
    offer_from_outlook: "Offer time from Outlook",
    google_steps: &[
        "Open Google Calendar on a computer. At the left, point at your calendar, press the three dots, and choose “Settings and sharing”.",
        "Go down to “Integrate calendar” and copy the “Secret address in iCal format”. It ends in basic.ics.",
        "Add it here. Then draw an event called “Available” in that calendar; it shows up here within a quarter of an hour.",
    ],
    outlook_steps: &[
        "Open Outlook on the web and choose Settings, Calendar, “Shared calendars”.",
        "Under “Publish a calendar” choose your calendar and “Can view all details” (so that “Available” can be read), press “Publish”, and copy the ICS link.",
        "Add it here. Outlook itself may take some hours until news stands in a published calendar.",
    ],
    apple_steps: &[
        "In Calendar on the Mac or at icloud.com, press the share symbol beside an iCloud calendar and tick “Public Calendar”.",
        "Copy the link. It begins with webcal://.",
    ],
    other_steps: &[
        "Look for “share”, “publish”, “iCal” or “ICS” in the calendar's settings. The address must work without signing in.",
    ],
    other: "Another calendar",
    nonsense: "This is no web address. It should look like https://calendar.google.com/calendar/ical/…/basic.ics.",
    not_https: "Only addresses that begin with https:// or webcal:// can be read, so that nobody reads along.",
    user_info: "There is a user name or password in this address. Please use an address that needs none.",
    port: "There is a port in this address. Only the usual one can be used.",
    known: "You have added this address already.",
    too_many: "You have ten calendars here already. Remove one that you no longer need, then add this one.",
    read: |offers, busy, wanted| match (offers, busy, wanted) {
        (0, 0, _) => "It has no events that count here.".into(),
        (_, busy, false) => format!("{} time.", events(busy, "keeps", "keep")),
        (offers, busy, true) => {
            format!("{} time, {} time.", events(offers, "offers", "offer"), events(busy, "takes", "take"))
        }
    },
    times: |last, next| format!("Read {last}. Next look: {next}."),
    next: |when| format!("Next try: {when}."),
    still_counts: |when| format!("What was read {when} still counts."),
    well_again: |when| format!("It could not be read for a while. Since {when} all is well again."),
    unreadable: |count, why| match count {
        1 => format!("1 event could not be read and does not count: {why}"),
        count => format!("{count} events could not be read and do not count, the first because: {why}"),
    },
    wait_until: |when| format!("Its server asked to be left alone until {when}."),
    problem,
};

fn events(count: i64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 event {one}") } else { format!("{count} events {many}") }
}

fn problem(problem: Problem, provider: Provider) -> (String, &'static str) {
    let who = match provider {
        Provider::Google => "Google",
        Provider::Outlook => "Outlook",
        Provider::Apple => "iCloud",
        Provider::Other => "Its server",
    };
    let what = match problem {
        Problem::Gone => format!("{who} says that this address no longer exists."),
        Problem::Locked => format!("{who} wants a sign-in at this address."),
        Problem::WebPage => "At this address is a web page, no calendar.".into(),
        Problem::NoCalendar => "What is at this address is no calendar.".into(),
        Problem::CutOff => "The calendar stops before its end, so none of it was taken over.".into(),
        Problem::TooLarge => "The calendar is larger than 8 MiB.".into(),
        Problem::TooMany => "The calendar has more events than can be kept here.".into(),
        Problem::Slow => format!("{who} takes longer than 15 seconds to send the calendar."),
        Problem::Unreachable => format!("{who} cannot be reached just now."),
        Problem::Forbidden => "Nothing that may be read from here is at this address.".into(),
        Problem::Redirects => format!("{who} sends us on from one address to the next, without end."),
        Problem::Later => format!("{who} asks us to wait a while."),
        Problem::ServerFailed => format!("{who} has a fault of its own just now."),
        Problem::Odd => format!("{who} answers something that makes no sense here."),
        Problem::Sealed => "The address can no longer be decrypted.".into(),
    };
    let anew = match provider {
        Provider::Google => {
            "Make a new one in Google Calendar: Settings, your calendar, “Secret address in iCal format”. Add that one here, and remove this one."
        }
        Provider::Outlook => {
            "Publish the calendar again in Outlook: Settings, Calendar, “Shared calendars”. Add the new ICS link here, and remove this one."
        }
        Provider::Apple => "Tick “Public Calendar” for it in iCloud again. Add the new link here, and remove this one.",
        Provider::Other => "Get its address anew where the calendar lives. Add that one here, and remove this one.",
    };
    let way_out = match problem {
        Problem::Gone | Problem::Sealed => anew,
        Problem::Locked | Problem::WebPage | Problem::NoCalendar => match provider {
            Provider::Google => {
                "Perhaps it is the public address, or that of the page. Copy the “Secret address in iCal format” from the calendar's settings, and add that one here."
            }
            Provider::Outlook => "Outlook shows two links, HTML and ICS. Copy the ICS link, and add that one here.",
            _ => {
                "Look for an address that gives the calendar itself and needs no sign-in; it often ends in .ics. Add that one here."
            }
        },
        Problem::TooLarge | Problem::TooMany => {
            "Move what is long past into another calendar, or use one for your offers alone."
        }
        Problem::Forbidden => "Addresses on the public internet can be read, by https. Is it spelled right?",
        Problem::Redirects => "Open the address in a browser and copy the one where it ends.",
        Problem::CutOff
        | Problem::Slow
        | Problem::Unreachable
        | Problem::Later
        | Problem::ServerFailed
        | Problem::Odd => "Mostly this passes by itself. You need not do anything; it is tried again.",
    };
    (what, way_out)
}
