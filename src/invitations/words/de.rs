//! German.

use super::{Shared, Times, Words};
use crate::invitations::letters::{booked, cancelled, confirm, proposed, refused, reminder, robot, sign_in, undo};

pub(super) static DE: Words = Words {
    code: "de",
    times: Times {
        weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
        weekdays_short: ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
        months: [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        months_short: ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."],
        day: |weekday, day, month| format!("{weekday}, {day}. {month}"),
        short_day: |weekday, day, month| format!("{weekday} {day}. {month}"),
        to: "bis",
    },
    shared: Shared {
        hello: |name| if name.is_empty() { "Hallo,".into() } else { format!("Hallo {name},") },
        when: "Wann",
        for_whom: |name| format!("Für {name}"),
        meeting: |kind, with| format!("{kind} mit {with}"),
        guests: |count| if count == 1 { "1 Gast".into() } else { format!("{count} Gäste") },
        guest: "Gast",
        phone: "Telefon",
        join: "Zum Treffen",
        why: "Grund",
        manage: "Ändern oder absagen",
    },
    booked: booked::Words {
        subject: |title| format!("Gebucht: {title}"),
        subject_changed: |title| format!("Geändert: {title}"),
        for_guest: "Ihr Termin ist gebucht.",
        for_guest_changed: "Ihr Termin hat sich geändert. So steht er jetzt im Kalender.",
        for_host: |guest| format!("{guest} hat einen Termin mit Ihnen gebucht."),
        for_host_changed: |guest| format!("Ihr Termin mit {guest} hat sich geändert. So steht er jetzt im Kalender."),
        with: "Mit",
        link_follows: "Der Link zum Treffen entsteht noch; er steht dann auf der Seite hier unten.",
        your_agenda: "Ihr Thema",
        note_from: |host| format!("Eine Notiz von {host}"),
        manage_for_guest: "Zeit oder Thema ändern, oder absagen",
        manage_taken: "Ansehen oder zurückgeben",
        manage_for_host: "Zeit ändern oder absagen",
        about: |guest| format!("Worüber {guest} sprechen möchte"),
        tip: |from| {
            format!(
                "Tipp: Nehmen Sie {from} in Ihre Kontakte auf, dann trägt Ihr Kalender unsere Einladungen von selbst ein."
            )
        },
        group_subject: |kind, guests, when| format!("{kind}: {guests}, {when}"),
        group_news: |guests| format!("Ihr Gruppentermin hat jetzt {guests}."),
        group_guests: "Gäste",
        group_places: |taken, all| format!("{taken} von {all}"),
        agenda: "Thema",
        booking_of: |guest| format!("Die Buchung von {guest}"),
    },
    cancelled: cancelled::Words {
        subject: |title| format!("Abgesagt: {title}"),
        for_guest: |host| format!("Ihr Termin mit {host} ist abgesagt."),
        another: "Eine andere Zeit finden",
        with_group: |kind| format!("{kind} mit Ihrer Gruppe"),
        for_host: "Ihr Termin ist abgesagt. Die Zeit gehört wieder Ihnen.",
        for_host_with: |guest| format!("Ihr Termin mit {guest} ist abgesagt. Die Zeit gehört wieder Ihnen."),
        for_host_group: "Der Termin mit Ihrer Gruppe ist abgesagt. Die Zeit gehört wieder Ihnen.",
    },
    confirm: confirm::Words {
        subject: |title| format!("Bitte bestätigen: {title}"),
        given: |host| {
            format!(
                "Mit dieser Adresse wurde ein Termin mit {host} gewünscht. Die Zeit bleibt 15 Minuten lang reserviert."
            )
        },
        confirm: "Die Buchung bestätigen",
        not_you: "Das waren nicht Sie? Dann ist nichts zu tun, und die Zeit wird wieder frei.",
    },
    proposed: proposed::Words {
        subject: |other, when| format!("{other} schlägt eine andere Zeit vor: {when}"),
        proposal: |other| {
            format!("{other} würde sich lieber zu einer anderen Zeit treffen. Bis Sie antworten, gilt die alte.")
        },
        proposed: "Vorschlag",
        proposed_for: |other| format!("Vorschlag, für {other}"),
        now: "Bisher",
        their_words: "Dazu geschrieben",
        decide: "Annehmen oder ablehnen",
        stays_subject: |when| format!("Es bleibt bei {when}"),
        stays: |other, when| {
            format!(
                "{other} kann zu der Zeit, die Sie vorgeschlagen haben ({when}), nicht. Der Termin bleibt, wo er war."
            )
        },
        doubted_subject: |when| format!("Waren Sie das? {when}"),
        doubted: |other| {
            format!(
                "In Ihrem Namen kam per Mail eine Antwort zu Ihrem Termin mit {other}. Wir konnten nicht feststellen, ob \
                 sie von Ihnen ist, oder sie galt einer älteren Zeit. Darum wurde nichts geändert."
            )
        },
        change: "Verschieben oder absagen",
        nothing_meant: "Sie wollten gar nichts ändern? Dann ist nichts zu tun.",
    },
    refused: refused::Words {
        subject: |title| format!("Nicht geändert: {title}"),
        moved: |other, when| format!("In Ihrem Kalender haben Sie den Termin mit {other} verschoben, auf {when}."),
        changed: |other| format!("Sie haben den Termin mit {other} in Ihrem Kalender geändert."),
        taken: "Um diese Zeit ist schon etwas anderes.",
        too_late: "Das ist zu bald oder schon vorbei.",
        not_offered: "Diese Zeit ist nicht frei.",
        otherwise: "Das geht im Kalender nicht.",
        stays: "Darum bleibt er, wie er war:",
        choose: "Eine andere Zeit wählen",
        calendar: "Beim nächsten Abgleich zeigt Ihr Kalender den Termin wieder dort, wo er war.",
    },
    reminder: reminder::Words {
        subject: |title| format!("Bald: {title}"),
        soon: |other| format!("Zur Erinnerung: Bald treffen Sie {other}."),
        group_soon: |guests| format!("Zur Erinnerung: Bald ist Ihr Gruppentermin mit {guests}."),
        cannot: "Etwas kam dazwischen? Je früher die andere Seite es weiß, desto besser.",
        stop: "Keine Erinnerungen mehr",
    },
    robot: robot::Words {
        accepted: |title| format!("Angenommen: {title}"),
        not_taken: |title| format!("Nicht übernommen: {title}"),
        your_event: "Ihr Termin",
        unchanged: |why| format!("Es wurde nichts geändert. {why}"),
        see_offers: "Ansehen, was Sie anbieten",
        edit: "Ändern oder löschen Sie den Termin in Ihrem Kalender, dann ändert er sich auch hier.",
        stranger_subject: "Ihre Einladung hat niemanden erreicht",
        stranger: |name, address| {
            format!(
                "Sie haben {name} eingeladen; dort bieten Mitglieder unserer Teams ihre Zeit an. Kein Team hier kennt \
                 {address}, darum wurde nichts veröffentlicht."
            )
        },
        stranger_help: "Wenn Sie Zeit anbieten möchten, bitten Sie Ihr Team, diese Adresse aufzunehmen, oder laden Sie \
                        uns von der Adresse ein, die es kennt.",
        teams: "Unsere Teams",
    },
    sign_in: sign_in::Words {
        subject: |host| format!("Ihr Link zum Anmelden bei {host}"),
        open: |host| {
            format!(
                "Öffnen Sie diesen Link, um sich bei {host} anzumelden. Er gilt einmal, und zehn Minuten lang, seit Sie \
                 danach gefragt haben."
            )
        },
        sign_in: "Anmelden",
        not_you: "Sie haben nicht danach gefragt? Dann ist nichts zu tun: Ohne diesen Link kommt niemand hinein.",
    },
    undo: undo::Words {
        subject: |title| format!("Von Ihnen abgesagt: {title}"),
        removed: |other| format!("Sie haben Ihren Termin mit {other} aus Ihrem Kalender entfernt."),
        until: |time| format!("Bis {time} weiß es sonst niemand, und Sie können es zurücknehmen."),
        keep: "Den Termin behalten",
        otherwise: "Wenn Sie nichts tun, ist der Termin abgesagt, und die andere Seite erfährt es.",
    },
};
