//! German, of calendars by secret address.

use crate::sources::{Problem, Provider};
use crate::web::words::calendars::Calendars;

pub(in crate::web) static CALENDARS: Calendars = Calendars {
    title: "Kalender über ihre geheime Adresse",
    lead: "Behalten Sie den Kalender, den Sie haben. Geben Sie seine geheime Adresse an, und er wird jede Viertelstunde gelesen: Termine namens „Available“ oder „Verfügbar“ bieten Zeit an, alles andere hält seine Zeit frei.",
    private: "Die Adresse wird verschlüsselt aufbewahrt. Von Terminen, die nichts anbieten, bleiben nur die Zeiten: keine Titel, keine Gäste, keine Notizen.",
    none: "Sie haben noch keinen hinzugefügt.",
    only_hosts: "Sobald Sie in einem Team Zeit anbieten, können Sie hier einen Kalender hinzufügen.",
    add: "Kalender hinzufügen",
    address: "Geheime Adresse",
    address_hint: "Sie beginnt mit https:// oder webcal:// und endet oft auf .ics.",
    what_for: "Wofür ist er da?",
    offers_and_busy: "Angebote und belegte Zeiten",
    busy_only: "Nur belegte Zeiten",
    add_button: "Kalender hinzufügen",
    check_now: "Jetzt nachsehen",
    see_what_helps: "Was hilft",
    use_offers: "Auch Angebote daraus nehmen",
    use_busy: "Nur für belegte Zeiten nehmen",
    remove: "Entfernen",
    remove_help: "Seine Angebote und belegten Zeiten enden hier. Im Kalender selbst ändert sich nichts, und was gebucht ist, bleibt gebucht.",
    where_is_it: "Wo finde ich die Adresse?",
    first_reading: "Er wird zum ersten Mal gelesen. Sehen Sie gleich noch einmal nach.",
    being_read: "Er wird gerade gelesen.",
    nothing_read: "Es wurde noch nichts daraus gelesen.",
    set_up_help: "Kalender-Apps, die sich nicht mit diesem Server verbinden, können ihm ihren Kalender zeigen: Er wird jede Viertelstunde gelesen.",
    offer_from_google: "Zeit aus Google Kalender anbieten",
    offer_from_outlook: "Zeit aus Outlook anbieten",
    google_steps: &[
        "Öffnen Sie Google Kalender an einem Computer. Zeigen Sie links auf Ihren Kalender, drücken Sie die drei Punkte und wählen Sie „Einstellungen und Freigabe“.",
        "Gehen Sie zu „Kalender integrieren“ und kopieren Sie die „Privatadresse im iCal-Format“. Sie endet auf basic.ics.",
        "Fügen Sie sie hier hinzu. Zeichnen Sie dann in diesem Kalender einen Termin namens „Available“; binnen einer Viertelstunde steht er auch hier.",
    ],
    outlook_steps: &[
        "Öffnen Sie Outlook im Web und wählen Sie Einstellungen, Kalender, „Freigegebene Kalender“.",
        "Wählen Sie unter „Kalender veröffentlichen“ Ihren Kalender und „Kann alle Details anzeigen“ (damit „Available“ zu lesen ist), drücken Sie „Veröffentlichen“ und kopieren Sie den ICS-Link.",
        "Fügen Sie ihn hier hinzu. Outlook selbst braucht manchmal Stunden, bis Neues im veröffentlichten Kalender steht.",
    ],
    apple_steps: &[
        "Drücken Sie in der App Kalender am Mac oder auf icloud.com das Teilen-Symbol neben einem iCloud-Kalender und haken Sie „Öffentlicher Kalender“ an.",
        "Kopieren Sie den Link. Er beginnt mit webcal://.",
    ],
    other_steps: &[
        "Suchen Sie in den Einstellungen des Kalenders nach „Teilen“, „Veröffentlichen“, „iCal“ oder „ICS“. Die Adresse muss ohne Anmeldung gehen.",
    ],
    other: "Ein anderer Kalender",
    nonsense: "Das ist keine Webadresse. Sie sollte aussehen wie https://calendar.google.com/calendar/ical/…/basic.ics.",
    not_https: "Gelesen werden nur Adressen, die mit https:// oder webcal:// beginnen, damit niemand mitliest.",
    user_info: "In dieser Adresse steht ein Benutzername oder Passwort. Bitte nehmen Sie eine, die keines braucht.",
    port: "In dieser Adresse steht ein Port. Es geht nur der übliche.",
    known: "Diese Adresse haben Sie schon hinzugefügt.",
    too_many: "Sie haben hier schon zehn Kalender. Entfernen Sie einen, den Sie nicht mehr brauchen, und fügen Sie dann diesen hinzu.",
    read: |offers, busy, wanted| match (offers, busy, wanted) {
        (0, 0, _) => "Er hat keine Termine, die hier zählen.".into(),
        (_, busy, false) => format!("{} Zeit.", events(busy, "belegt", "belegen")),
        (offers, busy, true) => {
            format!("{} Zeit an, {} Zeit.", events(offers, "bietet", "bieten"), events(busy, "belegt", "belegen"))
        }
    },
    times: |last, next| format!("Gelesen: {last}. Nächstes Mal: {next}."),
    next: |when| format!("Nächster Versuch: {when}."),
    still_counts: |when| format!("Was zuletzt gelesen wurde ({when}), gilt weiter."),
    well_again: |when| format!("Er ließ sich eine Weile nicht lesen. Seit {when} ist alles wieder gut."),
    unreadable: |count, why| match count {
        1 => format!("1 Termin ließ sich nicht lesen und zählt nicht: {why}"),
        count => format!("{count} Termine ließen sich nicht lesen und zählen nicht, der erste, weil: {why}"),
    },
    wait_until: |when| format!("Sein Server bat darum, bis {when} in Ruhe gelassen zu werden."),
    problem,
};

fn events(count: i64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 Termin {one}") } else { format!("{count} Termine {many}") }
}

fn problem(problem: Problem, provider: Provider) -> (String, &'static str) {
    let who = match provider {
        Provider::Google => "Google",
        Provider::Outlook => "Outlook",
        Provider::Apple => "iCloud",
        Provider::Other => "Sein Server",
    };
    let what = match problem {
        Problem::Gone => format!("{who} sagt, dass es diese Adresse nicht mehr gibt."),
        Problem::Locked => format!("{who} verlangt an dieser Adresse eine Anmeldung."),
        Problem::WebPage => "An dieser Adresse ist eine Webseite, kein Kalender.".into(),
        Problem::NoCalendar => "Was an dieser Adresse ist, ist kein Kalender.".into(),
        Problem::CutOff => "Der Kalender bricht vor seinem Ende ab, darum wurde nichts davon übernommen.".into(),
        Problem::TooLarge => "Der Kalender ist größer als 8 MiB.".into(),
        Problem::TooMany => "Der Kalender hat mehr Termine, als hier Platz haben.".into(),
        Problem::Slow => format!("{who} braucht länger als 15 Sekunden, um den Kalender zu schicken."),
        Problem::Unreachable => format!("{who} ist gerade nicht zu erreichen."),
        Problem::Forbidden => "An dieser Adresse ist nichts, was von hier aus gelesen werden darf.".into(),
        Problem::Redirects => format!("{who} schickt uns ohne Ende von einer Adresse zur nächsten."),
        Problem::Later => format!("{who} bittet uns, eine Weile zu warten."),
        Problem::ServerFailed => format!("{who} hat gerade selbst eine Störung."),
        Problem::Odd => format!("{who} antwortet etwas, das hier keinen Sinn ergibt."),
        Problem::Sealed => "Die Adresse lässt sich nicht mehr entschlüsseln.".into(),
    };
    let anew = match provider {
        Provider::Google => {
            "Machen Sie in Google Kalender eine neue: Einstellungen, Ihr Kalender, „Privatadresse im iCal-Format“. Fügen Sie sie hier hinzu und entfernen Sie diese."
        }
        Provider::Outlook => {
            "Veröffentlichen Sie den Kalender in Outlook noch einmal: Einstellungen, Kalender, „Freigegebene Kalender“. Fügen Sie den neuen ICS-Link hier hinzu und entfernen Sie diesen."
        }
        Provider::Apple => {
            "Haken Sie bei iCloud noch einmal „Öffentlicher Kalender“ an. Fügen Sie den neuen Link hier hinzu und entfernen Sie diesen."
        }
        Provider::Other => {
            "Holen Sie die Adresse dort neu, wo der Kalender liegt. Fügen Sie sie hier hinzu und entfernen Sie diese."
        }
    };
    let way_out = match problem {
        Problem::Gone | Problem::Sealed => anew,
        Problem::Locked | Problem::WebPage | Problem::NoCalendar => match provider {
            Provider::Google => {
                "Vielleicht ist es die öffentliche Adresse oder die der Seite. Kopieren Sie in den Einstellungen des Kalenders die „Privatadresse im iCal-Format“ und fügen Sie sie hier hinzu."
            }
            Provider::Outlook => {
                "Outlook zeigt zwei Links, HTML und ICS. Kopieren Sie den ICS-Link und fügen Sie ihn hier hinzu."
            }
            _ => {
                "Suchen Sie eine Adresse, die den Kalender selbst liefert und keine Anmeldung braucht; sie endet oft auf .ics. Fügen Sie sie hier hinzu."
            }
        },
        Problem::TooLarge | Problem::TooMany => {
            "Legen Sie, was lange vorbei ist, in einen anderen Kalender, oder nehmen Sie einen eigenen für Ihre Angebote."
        }
        Problem::Forbidden => {
            "Gelesen werden Adressen im öffentlichen Internet, über https. Ist sie richtig geschrieben?"
        }
        Problem::Redirects => "Öffnen Sie die Adresse in einem Browser und kopieren Sie die, bei der er ankommt.",
        Problem::CutOff
        | Problem::Slow
        | Problem::Unreachable
        | Problem::Later
        | Problem::ServerFailed
        | Problem::Odd => "Meist vergeht das von selbst. Sie müssen nichts tun; es wird wieder versucht.",
    };
    (what, way_out)
}
