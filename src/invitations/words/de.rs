//! German.

use super::{Shared, Times, Words};
use crate::invitations::letters::{
    address, approval, booked, calendar, cancelled, confirm, copy, parked, password, proposed, refused, reminder,
    robot, sign_in, slips, slot, taken_back, undo, welcome,
};
use crate::invitations::{meaning, not_taken};

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
        where_: "Wo",
        yes: "ja",
        no: "nein",
        join: "Zum Treffen",
        why: "Grund",
        manage: "Ändern oder absagen",
    },
    address: address::Words {
        confirm_subject: |host| format!("Ihre neue Adresse bei {host}"),
        confirm: |host| {
            format!(
                "Jemand mit einem Konto bei {host} möchte von jetzt an diese Adresse haben. Wenn Sie das sind, öffnen Sie diesen Link."
            )
        },
        open_where: "Öffnen Sie ihn in dem Browser, in dem Sie angemeldet sind. Er gilt eine Stunde.",
        button: "Diese Adresse nehmen",
        not_asked: "Sie waren das nicht? Dann ist nichts zu tun, und nichts ändert sich.",
        notice_subject: |host| format!("Ihre Adresse bei {host} soll sich ändern"),
        notice: |host, new| {
            format!(
                "Sie möchten bei {host} eine andere Adresse: {new}. Sie gilt, sobald der Link benutzt wird, der dorthin ging. Von da an geht alle Post dorthin."
            )
        },
        not_you: "Sie waren das nicht? Dann benutzt jemand einen Browser, in dem Sie angemeldet sind. Melden Sie ihn jetzt ab, und sagen Sie denen Bescheid, die das hier betreiben.",
        browsers: "Ihre Browser ansehen",
        old_events: "Einladungen, die früher an diese Adresse kamen, bleiben in ihrem Kalender. Die neue Adresse bekommt jeden Termin neu; die alten Einträge können Sie dort löschen.",
    },
    approval: approval::Words {
        asked_subject: |title| format!("Angefragt: {title}"),
        asked: |until| {
            format!(
                "Sie haben nach dieser Zeit gefragt. Sie ist noch nicht bestätigt: Bis spätestens {until} kommt eine weitere Mail mit Zu- oder Absage. So lange bleibt die Zeit für Sie frei."
            )
        },
        see: "Anfrage ansehen oder zurücknehmen",
        request_subject: |title| format!("Bitte antworten: {title}"),
        request: |guest| {
            format!("{guest} möchte diese Zeit mit Ihnen. Sagen Sie zu, bekommen Sie beide die Einladung.")
        },
        until: |until| format!("Ohne Antwort bis {until} gilt es als Absage."),
        answer: "Zu- oder absagen",
        rejected_subject: |title| format!("Dieses Mal nicht: {title}"),
        rejected: "Ihre Anfrage wurde dieses Mal nicht angenommen.",
        unanswered: "Ihre Anfrage wurde dieses Mal nicht angenommen. Vielleicht passt eine andere Zeit.",
        withdrawn_subject: |title| format!("Nicht mehr nötig: {title}"),
        withdrawn: |guest| format!("Die Anfrage von {guest} hat sich erledigt. Sie brauchen nicht mehr zu antworten."),
    },
    booked: booked::Words {
        subject: |title| format!("Gebucht: {title}"),
        subject_changed: |title| format!("Geändert: {title}"),
        for_guest: "Ihr Termin ist gebucht.",
        for_guest_changed: "Ihr Termin hat sich geändert. So steht er jetzt im Kalender.",
        booked_for_guest: |by| format!("{by} hat diesen Termin für Sie gebucht."),
        booked_for_host: |by, guest| format!("{by} hat für {guest} einen Termin mit Ihnen gebucht."),
        host_booked: |guest| format!("Sie haben einen Termin mit {guest} gebucht."),
        for_host: |guest| format!("{guest} hat einen Termin mit Ihnen gebucht."),
        for_host_changed: |guest| format!("Ihr Termin mit {guest} hat sich geändert. So steht er jetzt im Kalender."),
        with: "Mit",
        link_follows: "Der Link zum Treffen entsteht noch; er steht dann auf der Seite hier unten.",
        lacking: "Das möchten wir vor dem Termin noch wissen",
        answer: "Antworten",
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
    calendar: calendar::Words {
        subject: |place| format!("Ihr Kalender bei {place} lässt sich nicht lesen"),
        since: |place, since| {
            format!(
                "Sie haben die geheime Adresse Ihres Kalenders bei {place} angegeben. Seit {since} lässt er sich nicht \
                 lesen; was Sie dort geändert haben, kann hier also fehlen."
            )
        },
        still_counts: "Was zuvor gelesen wurde, gilt weiter. Die Seite unten sagt, woran es liegt und was hilft.",
        see: "Nachsehen, woran es liegt",
        once: "Es wird von selbst wieder versucht, und Sie bekommen dazu keine weitere Mail.",
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
    copy: copy::Words {
        booked_subject: |title| format!("Zur Kenntnis, gebucht: {title}"),
        booked: |guests, host| format!("{guests} hat einen Termin mit {host}."),
        changed_subject: |title| format!("Zur Kenntnis, geändert: {title}"),
        changed: |guests, host| {
            format!("Der Termin von {guests} mit {host} hat sich geändert. So steht er jetzt im Kalender.")
        },
        cancelled_subject: |title| format!("Zur Kenntnis, abgesagt: {title}"),
        cancelled: |guests, host| format!("Der Termin von {guests} mit {host} ist abgesagt."),
        request_subject: |title| format!("Zur Kenntnis, angefragt: {title}"),
        request: |guests, host| {
            format!("{guests} fragt nach einem Termin mit {host}. Zu- oder absagen können {host} und Sie.")
        },
        host: "Mit",
        see: "Buchung ansehen",
        why_you: |team| format!("Sie bekommen das, weil {team} die Leitung über Buchungen informiert."),
    },
    meaning: meaning::Words {
        no_time: "Er nimmt in den nächsten 60 Tagen keine Zeit ein, darum lässt sich jetzt nichts darin buchen.",
        busy: |word| {
            format!("Er zählt als Zeit, in der Sie nicht frei sind. Um sie anzubieten, nennen Sie ihn „{word}“.")
        },
        nobody: "Jetzt lässt sich nichts darin buchen.",
        slots: |count| if count == 1 { "1 Zeit".into() } else { format!("{count} Zeiten") },
        on: |slots, day, time| format!("{slots} am {day}, ab {time}"),
        weekly: |slots, weekday, day, time| format!("{slots} jeden {weekday}, zuerst am {day}, {time}"),
        daily: |slots, day, time| format!("{slots} jeden Tag, zuerst am {day}, {time}"),
        mixed: |slots, day, time| format!("{slots} in den nächsten Wochen, zuerst am {day}, {time}"),
        hidden: |first, more, why| match more {
            0 => format!("{first} ist verborgen: {why}."),
            1 => format!("{first} und eine weitere Zeit sind verborgen: {why}."),
            more => format!("{first} und {more} weitere Zeiten sind verborgen: {why}."),
        },
        others: "Von den übrigen erzählt Ihre Seite.",
        no_types: "Keines Ihrer Teams hat schon eine Art von Termin.",
        unknown_type: |name, known| {
            format!("Keines Ihrer Teams hat eine Art von Termin namens „{name}“. Bekannt sind: {known}.")
        },
        over: "Er ist vorbei.",
        short: |minutes| format!("Er ist kürzer als eine Sitzung, die {minutes} Minuten dauert."),
        long: "Eine Sitzung wäre so lang wie der Termin, und er ist länger als ein Tag.",
        you_are_busy: "Sie haben dann etwas anderes",
        busy_near: "Sie haben kurz davor oder danach etwas anderes, und ein Puffer soll frei bleiben",
        booked: "sie ist gebucht",
        guest_then: "Sie haben dann selbst etwas gebucht",
        session_near: "sie liegt zu nah an einer anderen Sitzung",
        per_day: |most| format!("mehr als {most} am Tag soll es nicht geben"),
        per_week: |most| format!("mehr als {most} in der Woche soll es nicht geben"),
        per_team: |most| format!("mehr als {most} am Tag soll es im Team nicht geben"),
        per_event: |most| format!("mehr als {most} in diesem Termin soll es nicht geben"),
        too_soon: |notice| format!("zum Buchen ist es zu spät, der Vorlauf ist {notice}"),
        too_far: |window| format!("sie liegt mehr als {window} in der Zukunft"),
        days: |days| format!("{days} Tage"),
    },
    parked: parked::Words {
        event_subject: "Waren Sie das? Ein Termin in Ihrem Namen",
        event: "Eine Einladung aus Ihrem Kalender kam per Mail. Ihr Mailanbieter bestätigt nicht, dass sie von Ihnen ist, \
                darum wurde nichts geändert.",
        answer_subject: |when| format!("Waren Sie das? {when}"),
        answer: |other| {
            format!(
                "Eine Antwort auf Ihren Termin mit {other} kam per Mail in Ihrem Namen. Ihr Mailanbieter bestätigt nicht, \
                 dass sie von Ihnen ist, darum wurde nichts geändert."
            )
        },
        see: "Ansehen und Ja sagen",
        join_subject: "Möchten Sie Zeit anbieten?",
        join: |name| {
            format!(
                "Sie haben {name} eingeladen; dort bieten Mitglieder unserer Teams ihre Zeit an. Ihre Adresse ist noch \
                 nicht dabei."
            )
        },
        one_team: |team| format!("{team} nimmt Leute auf. Treten Sie bei, und Ihr Termin wird veröffentlicht."),
        teams: |teams| {
            format!("Diese Teams nehmen Leute auf: {teams}. Treten Sie einem bei, und Ihr Termin wird veröffentlicht.")
        },
        join_now: "Beitreten und veröffentlichen",
        forgotten: "Sie meinten nichts dergleichen? Dann ist nichts zu tun; es wird von selbst vergessen.",
    },
    password: password::Words {
        was_set: |host| format!("Ihr Passwort bei {host} wurde geändert"),
        was_removed: |host| format!("Ihr Passwort bei {host} wurde entfernt"),
        set_at: |host, when| {
            format!(
                "Das Passwort zum Anmelden bei {host} wurde festgelegt: {when} (UTC). Alle anderen Browser wurden abgemeldet."
            )
        },
        removed_at: |host, when| {
            format!(
                "Das Passwort zum Anmelden bei {host} wurde entfernt: {when} (UTC). Alle anderen Browser wurden abgemeldet."
            )
        },
        not_you: "Sie waren das nicht? Melden Sie sich mit einem Link per Mail an, legen Sie ein neues Passwort fest und sagen Sie denen Bescheid, die das betreiben.",
    },
    proposed: proposed::Words {
        subject: |other, when| format!("{other} schlägt eine andere Zeit vor: {when}"),
        proposal: |other| {
            format!(
                "{other} würde sich lieber zu einer anderen Zeit treffen. Sagen Sie in Ihrem Kalender zu oder ab, oder auf \
                 der Seite; bis Sie antworten, gilt die alte Zeit."
            )
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
        settled: |when| format!("Erledigt: {when}"),
        off: |other, when| {
            format!("Ihr Termin mit {other} ist abgesagt, und damit auch die vorgeschlagene Zeit ({when}).")
        },
        moved_there: |other| {
            format!("Ihr Termin mit {other} ist jetzt zur vorgeschlagenen Zeit. Das sagt auch seine eigene Einladung.")
        },
        no_question: |other, when| {
            format!("Die Zeit, die {other} vorgeschlagen hat ({when}), steht nicht mehr zur Wahl.")
        },
        impossible: |when, why| format!("Danke für Ihre Zusage zu {when}. {why} Der Termin bleibt also, wo er war."),
        see: "Den Termin ansehen",
        proposal_goes: "Der Vorschlag verschwindet aus Ihrem Kalender.",
        event: |title| format!("Vorschlag: {title}"),
        event_help: "Sagen Sie zu, und der Termin kommt hierher. Sagen Sie ab, und er bleibt, wo er ist:",
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
    not_taken: not_taken::german,
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
    taken_back: taken_back::Words {
        subject: |when| format!("Nicht mehr frei: {when}"),
        news: |actor, team| {
            format!("{actor} (Leitung, {team}) hat diese Zeit von Ihnen zurückgenommen. Niemand kann sie jetzt buchen.")
        },
        how_back: "Ein Eintrag in Ihrem Kalender deckt sie ab. Löschen Sie ihn, ist die Zeit wieder frei.",
        see: "Ihre Zeit ansehen",
    },
    slips: slips::Words {
        subject: |title| format!("Nicht verstanden: {title}"),
        here: "Ihr Termin ist hier. Einige Worte in seiner Beschreibung sehen wie Regeln aus und sind keine:",
        rules: "Regeln stehen in der Beschreibung, eine je Zeile: Vorlauf 48h, Kapazität 3, max 1 pro Woche, max 2 pro \
                Tag, max 4, Puffer 15m, Typ Code Review.",
        no_effect: |text| format!("„{text}“ bewirkt nichts."),
        meant: |word| format!("Meinten Sie „{word}“?"),
        time: "Schreiben Sie die Zeit wie 24h, 2d oder 15m.",
        number: "Schreiben Sie die Zahl in Ziffern; sie kann auch zu groß sein.",
        per: "Nur „pro Tag“ und „pro Woche“ sind bekannt.",
        more: "Hinter der Regel steht noch etwas; geben Sie ihr eine eigene Zeile.",
    },
    slot: slot::Words {
        event: |title| format!("Frei: {title}"),
        event_help: "Sagen Sie zu, und diese Zeit gehört Ihnen. Oder buchen Sie sie hier:",
        subject: |title, when| format!("Ihre, wenn Sie zusagen: {title}, {when}"),
        invited: "Das ist eine freie Zeit, als Einladung. Sagen Sie in Ihrem Mail- oder Kalenderprogramm zu, und sie ist für \
                  Sie gebucht. Bis dahin bleibt sie auch für andere frei.",
        what: "Was",
        on_page: "Lieber auf der Seite buchen",
        not_asked: "Sie haben nicht darum gebeten? Dann tun Sie nichts. Vielleicht hat sich jemand vertippt.",
        refused_subject: |title, when| format!("Nicht gebucht: {title}, {when}"),
        refused: |why| {
            format!("Danke für Ihre Zusage. {why} Sie ist also nicht gebucht und verschwindet aus Ihrem Kalender.")
        },
        taken: "Jemand war schneller, und diese Zeit ist jetzt vergeben.",
        too_late: "Diese Zeit ist jetzt zu nah, um gebucht zu werden.",
        already_booked: "Zu dieser Zeit haben Sie bei uns schon etwas anderes gebucht.",
        limit_reached: "Für diesen Tag oder diese Woche sind keine weiteren Termine möglich.",
        not_allowed: "Diese Termine sind für Mitglieder des Teams.",
        rate_limited: "Das waren viele Buchungen in kurzer Zeit; bitte versuchen Sie es später noch einmal.",
        not_open: "Diese Zeit ist nicht mehr frei.",
        countered_subject: |when| format!("Freie Zeiten um {when}"),
        countered: |when| {
            format!(
                "Sie würden lieber zu dieser Zeit kommen: {when}. Eine freie Zeit lässt sich nicht verschieben, gebucht ist \
                 also noch nichts. Die, die Sie bekommen haben, gilt weiter:"
            )
        },
        doubted_subject: |title, when| format!("Waren Sie das? {title}, {when}"),
        doubted: "Dieser Zeit wurde per Mail in Ihrem Namen zugesagt. Wir konnten nicht sicher sein, dass Sie es waren, \
                  gebucht ist also nichts. Wenn doch, buchen Sie bitte auf der Seite.",
        book: "Diese Zeit buchen",
        nothing_meant: "Sie haben nichts dergleichen gemeint? Dann ist nichts zu tun.",
        close_by: "Diese Zeiten sind frei und liegen nahe:",
        nothing_open: "Im Moment ist sonst nichts frei. Neue Zeiten erscheinen auf der Seite, sobald es welche gibt.",
        all_times: "Alle freien Zeiten",
    },
    welcome: welcome::Words {
        subject: |team| format!("Sie sind im Team {team}"),
        as_host: |team| {
            format!("Sie sind jetzt bei {team} dabei. Sobald Sie Zeit anbieten, kann man bei Ihnen buchen.")
        },
        as_lead: |team| format!("Sie leiten jetzt {team} und kümmern sich um Mitglieder, Terminarten und Buchungen."),
        as_guest: |team| format!("Sie sind jetzt bei {team} dabei und können dort Zeit buchen."),
        sign_in: |address| {
            format!(
                "Melden Sie sich mit dieser Adresse an: {address}. Ein Passwort brauchen Sie nicht, ein Link kommt per Mail."
            )
        },
        set_up: "Kalender verbinden",
        look_after: "Zum Team",
        book: "Zeit buchen",
        unexpected: "Wenn Sie damit nichts anfangen können, lassen Sie es einfach: Ohne Anmeldung geschieht nichts.",
    },
    undo: undo::Words {
        subject: |title| format!("Von Ihnen abgesagt: {title}"),
        removed: |other| format!("Sie haben Ihren Termin mit {other} aus Ihrem Kalender entfernt."),
        until: |time| format!("Bis {time} weiß es sonst niemand, und Sie können es zurücknehmen."),
        keep: "Den Termin behalten",
        otherwise: "Wenn Sie nichts tun, ist der Termin abgesagt, und die andere Seite erfährt es.",
    },
};
