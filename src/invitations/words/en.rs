//! English.

use super::{Shared, Times, Words};
use crate::invitations::letters::{
    address, approval, booked, calendar, cancelled, confirm, copy, parked, password, proposed, refused, reminder,
    robot, sign_in, slips, slot, taken_back, undo, welcome,
};
use crate::invitations::{meaning, not_taken};

pub(super) static EN: Words = Words {
    code: "en",
    times: Times {
        weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        weekdays_short: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        months: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        months_short: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        day: |weekday, day, month| format!("{weekday}, {day} {month}"),
        short_day: |weekday, day, month| format!("{weekday} {day} {month}"),
        to: "to",
    },
    shared: Shared {
        hello: |name| if name.is_empty() { "Hi,".into() } else { format!("Hi {name},") },
        when: "When",
        for_whom: |name| format!("For {name}"),
        meeting: |kind, with| format!("{kind} with {with}"),
        guests: |count| if count == 1 { "1 guest".into() } else { format!("{count} guests") },
        guest: "Guest",
        phone: "Phone",
        where_: "Where",
        yes: "yes",
        no: "no",
        join: "Join",
        why: "Why",
        manage: "Change or cancel",
    },
    address: address::Words {
        confirm_subject: |host| format!("Your new address at {host}"),
        confirm: |host| {
            format!(
                "Somebody with an account at {host} wants this address to be theirs from now on. If that was you, open this link."
            )
        },
        open_where: "Open it in the browser in which you are signed in. It works for an hour.",
        button: "Use this address",
        not_asked: "It was not you? Then do nothing: nothing changes.",
        notice_subject: |host| format!("Your address at {host} is about to change"),
        notice: |host, new| {
            format!(
                "You asked for another address at {host}: {new}. It changes as soon as the link that we mailed there is used. From then on, all mail goes there."
            )
        },
        not_you: "It was not you? Then somebody uses a browser in which you are signed in. Sign it out now, and tell the people who run the place.",
        browsers: "See your browsers",
        old_events: "Invites that came to this address before stay in its calendar. The new address gets each session anew, so you can delete the old ones there.",
    },
    approval: approval::Words {
        asked_subject: |title| format!("Asked: {title}"),
        asked: |until| {
            format!(
                "You asked for this time. It is not confirmed yet: another mail brings you a yes or a no, by {until} at the latest. Until then the time is kept for you."
            )
        },
        see: "See your request, or take it back",
        request_subject: |title| format!("Please answer: {title}"),
        request: |guest| {
            format!("{guest} would like to have this time with you. Say yes, and both of you get the invite.")
        },
        until: |until| format!("Without an answer by {until} it is a no."),
        answer: "Say yes or no",
        rejected_subject: |title| format!("Not this time: {title}"),
        rejected: "Your request was not accepted this time.",
        unanswered: "Your request was not accepted this time. Perhaps another time fits.",
        withdrawn_subject: |title| format!("No longer needed: {title}"),
        withdrawn: |guest| format!("The request of {guest} is off. You need not answer it any more."),
    },
    booked: booked::Words {
        subject: |title| format!("Booked: {title}"),
        subject_changed: |title| format!("Changed: {title}"),
        for_guest: "Your session is booked.",
        for_guest_changed: "Your session has changed. This is how it stands now.",
        booked_for_guest: |by| format!("{by} booked this session for you."),
        booked_for_host: |by, guest| format!("{by} booked a session with you for {guest}."),
        host_booked: |guest| format!("You booked a session with {guest}."),
        for_host: |guest| format!("{guest} booked a session with you."),
        for_host_changed: |guest| format!("Your session with {guest} has changed. This is how it stands now."),
        with: "With",
        link_follows: "The link to join is not ready yet; it will be on the page below.",
        lacking: "Please tell this before you meet",
        answer: "Answer",
        your_agenda: "Your agenda",
        note_from: |host| format!("A note from {host}"),
        manage_for_guest: "Change the time or the agenda, or cancel",
        manage_taken: "See it, or take it back",
        manage_for_host: "Change the time, or cancel",
        about: |guest| format!("What {guest} would like to talk about"),
        tip: |from| format!("Tip: save {from} as a contact, then your calendar adds our invites by itself."),
        group_subject: |kind, guests, when| format!("{kind}: {guests}, {when}"),
        group_news: |guests| format!("Your group session has {guests} now."),
        group_guests: "Guests",
        group_places: |taken, all| format!("{taken} of {all}"),
        agenda: "Agenda",
        booking_of: |guest| format!("The booking of {guest}"),
    },
    calendar: calendar::Words {
        subject: |place| format!("Your calendar at {place} cannot be read"),
        since: |place, since| {
            format!(
                "You gave the secret address of your calendar at {place}. Since {since} it cannot be read, so what you \
                 changed there may be missing here."
            )
        },
        still_counts: "What was read before still counts. The page below says what is wrong and what helps.",
        see: "See what is wrong",
        once: "It is tried again by itself, and you get no further mail about this.",
    },
    cancelled: cancelled::Words {
        subject: |title| format!("Cancelled: {title}"),
        for_guest: |host| format!("Your session with {host} is cancelled."),
        another: "Find another time",
        with_group: |kind| format!("{kind} with your group"),
        for_host: "Your session is cancelled. The time is yours again.",
        for_host_with: |guest| format!("Your session with {guest} is cancelled. The time is yours again."),
        for_host_group: "Your session with your group is cancelled. The time is yours again.",
    },
    confirm: confirm::Words {
        subject: |title| format!("Please confirm: {title}"),
        given: |host| {
            format!("This address was given to book a session with {host}. The time is kept free for 15 minutes.")
        },
        confirm: "Confirm the booking",
        not_you: "It was not you? Then do nothing, and the time becomes free again.",
    },
    copy: copy::Words {
        booked_subject: |title| format!("For your information, booked: {title}"),
        booked: |guests, host| format!("{guests} has a session with {host}."),
        changed_subject: |title| format!("For your information, changed: {title}"),
        changed: |guests, host| format!("The session of {guests} with {host} has changed. This is how it stands now."),
        cancelled_subject: |title| format!("For your information, cancelled: {title}"),
        cancelled: |guests, host| format!("The session of {guests} with {host} is cancelled."),
        request_subject: |title| format!("For your information, asked: {title}"),
        request: |guests, host| format!("{guests} asks for a session with {host}, who can say yes or no. So can you."),
        host: "With",
        see: "See the booking",
        why_you: |team| format!("You get this because {team} tells those who look after it of its bookings."),
    },
    meaning: meaning::Words {
        no_time: "It takes no time in the next 60 days, so nothing can be booked in it now.",
        busy: |word| format!("It counts as time when you are busy. To offer it, call it \u{201c}{word}\u{201d}."),
        nobody: "Nobody can book in it now.",
        slots: |count| if count == 1 { "1 slot".into() } else { format!("{count} slots") },
        on: |slots, day, time| format!("{slots} on {day}, from {time}"),
        weekly: |slots, weekday, day, time| format!("{slots} every {weekday}, first on {day} {time}"),
        daily: |slots, day, time| format!("{slots} every day, first on {day} {time}"),
        mixed: |slots, day, time| format!("{slots} in the next weeks, first on {day} {time}"),
        hidden: |first, more, why| match more {
            0 => format!("{first} is hidden: {why}."),
            1 => format!("{first} and one more are hidden: {why}."),
            more => format!("{first} and {more} more are hidden: {why}."),
        },
        others: "Your page tells of the others.",
        no_types: "None of your teams has a kind of session yet.",
        unknown_type: |name, known| {
            format!("None of your teams has a kind of session called \u{201c}{name}\u{201d}. Known are: {known}.")
        },
        over: "It is over.",
        short: |minutes| format!("It is shorter than a session, which takes {minutes} minutes."),
        long: "A session would be as long as the event, and it is longer than a day.",
        you_are_busy: "you are busy then",
        busy_near: "you are busy right before or after, and a buffer is to stay free",
        booked: "it is booked",
        guest_then: "you have booked a session yourself then",
        session_near: "it is too close to another session",
        per_day: |most| format!("there is a limit of {} a day", sessions(most)),
        per_week: |most| format!("there is a limit of {} a week", sessions(most)),
        per_team: |most| format!("the team has a limit of {} a day", sessions(most)),
        per_event: |most| format!("the event has a limit of {}", sessions(most)),
        too_soon: |notice| format!("it is too late to book, the notice is {notice}"),
        too_far: |window| format!("it is more than {window} ahead"),
        days: |days| format!("{days} days"),
    },
    parked: parked::Words {
        event_subject: "Was this you? An event in your name",
        event: "An invitation from your calendar came by mail. Your mail service does not confirm that it is from you, \
                so nothing was changed.",
        answer_subject: |when| format!("Was this you? {when}"),
        answer: |other| {
            format!(
                "An answer to your session with {other} came by mail in your name. Your mail service does not confirm \
                 that it is from you, so nothing was changed."
            )
        },
        see: "See it and say yes",
        join_subject: "Do you want to offer time?",
        join: |name| {
            format!(
                "You invited {name}, where hosts of our teams offer their time. Your address is not yet among them."
            )
        },
        one_team: |team| format!("{team} lets people join as hosts. Join it, and your event is published."),
        teams: |teams| {
            format!("These teams let people join as hosts: {teams}. Join one of them, and your event is published.")
        },
        join_now: "Join and publish it",
        forgotten: "You meant nothing of the kind? Then there is nothing to do; it is forgotten by itself.",
    },
    password: password::Words {
        was_set: |host| format!("Your password at {host} was changed"),
        was_removed: |host| format!("Your password at {host} was removed"),
        set_at: |host, when| {
            format!("The password for signing in at {host} was set: {when} (UTC). Every other browser was signed out.")
        },
        removed_at: |host, when| {
            format!(
                "The password for signing in at {host} was removed: {when} (UTC). Every other browser was signed out."
            )
        },
        not_you: "It was not you? Sign in by a mailed link, set a new password, and tell the people who run the place.",
    },
    proposed: proposed::Words {
        subject: |other, when| format!("{other} proposes another time: {when}"),
        proposal: |other| {
            format!(
                "{other} would like to meet at another time. Accept or decline it in your calendar, or on its page; until \
                 you answer, the old one stands."
            )
        },
        proposed: "Proposed",
        proposed_for: |other| format!("Proposed, for {other}"),
        now: "Now",
        their_words: "In their words",
        decide: "Accept or decline",
        stays_subject: |when| format!("The time stays: {when}"),
        stays: |other, when| {
            format!("{other} cannot come at the time you proposed ({when}), so the session stays where it was.")
        },
        doubted_subject: |when| format!("Was this you? {when}"),
        doubted: |other| {
            format!(
                "An answer to your session with {other} came by mail in your name. We could not make sure that it is \
                 from you, or it was about an older time, so nothing was changed."
            )
        },
        change: "Move or cancel it",
        nothing_meant: "You meant nothing of the kind? Then there is nothing to do.",
        settled: |when| format!("Settled: {when}"),
        off: |other, when| format!("Your session with {other} is off, and with it the time they proposed ({when})."),
        moved_there: |other| {
            format!("Your session with {other} is now at the time they proposed. Its own invitation says so, too.")
        },
        no_question: |other, when| format!("The time that {other} proposed ({when}) is no longer a question."),
        impossible: |when, why| format!("Thank you for accepting {when}. {why} So the session stays where it was."),
        see: "See the session",
        proposal_goes: "The proposal goes from your calendar.",
        event: |title| format!("Proposed: {title}"),
        event_help: "Accept, and the session moves here. Decline, and it stays where it is:",
    },
    refused: refused::Words {
        subject: |title| format!("Not changed: {title}"),
        moved: |other, when| format!("In your calendar you moved your session with {other} to {when}."),
        changed: |other| format!("You changed your session with {other} in your calendar."),
        taken: "Somebody has something else at that time.",
        too_late: "That is too near, or over.",
        not_offered: "That time is not open.",
        otherwise: "That cannot be done in a calendar.",
        stays: "So it stays as it was:",
        choose: "Choose another time",
        calendar: "Your calendar shows the session where it was at its next sync.",
    },
    reminder: reminder::Words {
        subject: |title| format!("Soon: {title}"),
        soon: |other| format!("A reminder: you meet {other} soon."),
        group_soon: |guests| format!("A reminder: your group session with {guests} is soon."),
        cannot: "Something has come up? The earlier the other side knows, the better.",
        stop: "No more reminders",
    },
    not_taken: not_taken::english,
    robot: robot::Words {
        accepted: |title| format!("Accepted: {title}"),
        not_taken: |title| format!("Not taken: {title}"),
        your_event: "your event",
        unchanged: |why| format!("Nothing was changed. {why}"),
        see_offers: "See what you offer",
        edit: "Change or delete the event in your calendar, and it changes here.",
        stranger_subject: "Your invitation did not reach anybody",
        stranger: |name, address| {
            format!(
                "You invited {name}, where hosts of our teams offer their time. No team here knows {address} as a host, \
                 so nothing was published."
            )
        },
        stranger_help: "If you want to offer time, ask your team to add this address, or invite us from the one it \
                        knows.",
        teams: "Our teams",
    },
    sign_in: sign_in::Words {
        subject: |host| format!("Your sign-in link for {host}"),
        open: |host| format!("Open this link to sign in at {host}. It works once, within ten minutes of your asking."),
        sign_in: "Sign in",
        not_you: "You did not ask for it? Then do nothing: without this link nobody gets in.",
    },
    taken_back: taken_back::Words {
        subject: |when| format!("Not open any more: {when}"),
        news: |actor, team| {
            format!("{actor}, who looks after {team}, took this time of yours back. Nobody can book it now.")
        },
        how_back: "An event in your calendar covers it. Delete that event, and the time is open again.",
        see: "See your time",
    },
    slips: slips::Words {
        subject: |title| format!("Not understood: {title}"),
        here: "Your event is here. Some words in its description look like rules and are none:",
        rules: "Rules stand in the description, one a line: notice 48h, capacity 3, max 1 per week, max 2 per day, \
                max 4, buffer 15m, type code review.",
        no_effect: |text| format!("\u{201c}{text}\u{201d} has no effect."),
        meant: |word| format!("Did you mean \u{201c}{word}\u{201d}?"),
        time: "Write the time like 24h, 2d or 15m.",
        number: "Write the number in digits; it may also be too large.",
        per: "Only \u{201c}per day\u{201d} and \u{201c}per week\u{201d} are known.",
        more: "There is more behind the rule; give it a line of its own.",
    },
    slot: slot::Words {
        event: |title| format!("Open: {title}"),
        event_help: "Accept, and this time is yours. Or book it here:",
        subject: |title, when| format!("Yours if you accept: {title}, {when}"),
        invited: "This is an open time, as an invitation. Accept it in your mail or calendar program, and it is booked for \
                  you. Until then it stays open for others, too.",
        what: "What",
        on_page: "Book it on the page instead",
        not_asked: "You did not ask for it? Then do nothing. Somebody may have mistyped their address.",
        refused_subject: |title, when| format!("Not booked: {title}, {when}"),
        refused: |why| format!("Thank you for accepting. {why} So it is not booked, and it goes from your calendar."),
        taken: "Somebody was faster, and this time is taken now.",
        too_late: "This time is too near now to be booked.",
        already_booked: "You have something else booked with us at this time.",
        limit_reached: "No more sessions can be booked for that day or week.",
        not_allowed: "These sessions are for members of the team.",
        rate_limited: "There were many bookings in a short time; please try again later.",
        not_open: "This time is not open any more.",
        countered_subject: |when| format!("Open times near {when}"),
        countered: |when| {
            format!(
                "You would rather come on {when}. An open time cannot be moved, so nothing is booked yet. The one you \
                 were sent still stands:"
            )
        },
        doubted_subject: |title, when| format!("Was this you? {title}, {when}"),
        doubted: "This time was accepted by mail in your name. We could not make sure that it was you, so nothing is \
                  booked. If it was, please book it on its page.",
        book: "Book this time",
        nothing_meant: "You meant nothing of the kind? Then there is nothing to do.",
        close_by: "These times are open and close by:",
        nothing_open: "Nothing else is open at the moment. New times appear on the page as soon as there are some.",
        all_times: "All open times",
    },
    welcome: welcome::Words {
        subject: |team| format!("You are in the team {team}"),
        as_host: |team| {
            format!("You were added to {team} as a host: people can book time with you as soon as you offer some.")
        },
        as_lead: |team| {
            format!("You were added to {team} as a lead: you look after its members, session types and bookings.")
        },
        as_guest: |team| format!("You were added to {team}: you can book time with its hosts."),
        sign_in: |address| {
            format!("Sign in with this address, {address}. There is no password: you get a link by mail.")
        },
        set_up: "Connect your calendar",
        look_after: "See the team",
        book: "Book a time",
        unexpected: "If you did not expect this, simply ignore it: nothing happens until you sign in.",
    },
    undo: undo::Words {
        subject: |title| format!("You cancelled: {title}"),
        removed: |other| format!("You removed your session with {other} from your calendar."),
        until: |time| format!("Until {time} nobody else knows, and you can take it back."),
        keep: "Keep the session",
        otherwise: "Do nothing, and the session is cancelled and the other side is told.",
    },
};

fn sessions(count: i64) -> String {
    if count == 1 { "1 session".into() } else { format!("{count} sessions") }
}
