//! German, of the pages on which a host arranges their time.

use caldav::ical::pattern::{Every, Pattern};
use jiff::civil::Weekday;

use crate::availability::Obstacle;
use crate::desk::why::Nothing;
use crate::web::words::hosting::{Hosting, index, joined, largest_unit};
use crate::web::words::language::Words;

pub(in crate::web) static HOSTING: Hosting = Hosting {
    today: "Heute",
    this_week: "Diese Woche",
    later: "Später",
    arrange: "Ihre Zeit einrichten",
    offers: "Ihre Angebote",
    offers_help: "Ansehen, was Sie anbieten, hinzufügen, ändern, zurücknehmen.",
    offers_lead: "Jeder Termin namens „Available“ in Ihren Kalendern, wie der Server ihn liest.",
    no_offers: "Im kommenden Jahr bieten Sie nichts an. Fügen Sie hier etwas hinzu, stellen Sie Arbeitszeiten ein oder zeichnen Sie einen Termin namens „Available“ in Ihre Kalender-App.",
    next_times: "Als Nächstes",
    for_every_kind: "für jede Art von Termin",
    mailed: "Kam per Mail: Ändern Sie es in dem Kalender, aus dem Sie es geschickt haben, dann folgt die Änderung.",
    elsewhere: "Wird aus einem Kalender anderswo gelesen: Ändern Sie es dort.",
    change_offer: "Ändern oder absagen",
    add_offer: "Angebot hinzufügen",
    add_help: "Es wird ein Termin in Ihrem Kalender „Available“; Ihre Kalender-App zeigt ihn auch.",
    day: "Tag",
    from: "Von",
    until_clock: "Bis",
    until_clock_hint: "Früher als der Beginn heißt: am nächsten Tag.",
    repeat: "Wie oft?",
    once: "Einmal",
    weekly: "Jede Woche",
    weekly_more: "Wenn es sich jede Woche wiederholt",
    on_days: "An diesen Tagen",
    on_days_hint: "Wenn Sie keinen ankreuzen, gilt der Wochentag von oben.",
    last_day: "Letzter Tag",
    last_day_hint: "Leer lassen, damit es immer weitergeht.",
    for_kind: "Für welche Termine?",
    every_kind: "Jede Art",
    add: "Hinzufügen",
    added: "Hinzugefügt. Es ist gleich buchbar, mit Ihrem Vorlauf.",
    changed: "Geändert.",
    removed: "Entfernt.",
    saved: "Gespeichert. Es gilt sofort.",
    clock_of: "Zeiten nach der Uhr in",
    not_this: "Dieses Mal nicht",
    not_from_here: "Ab hier nicht mehr",
    no_times: "Im kommenden Jahr steht keine Zeit davon mehr bevor.",
    other_hours: "Andere Zeiten",
    from_when: "Ab wann?",
    all_of_them: "Für alle",
    save: "Speichern",
    remove_offer: "Dieses Angebot entfernen",
    remove_help: "Der Termin verschwindet aus Ihrem Kalender. Gebuchtes wird nicht abgesagt: Braucht ein Termin dieses Angebot, wird nichts entfernt, und Sie erfahren, welcher.",
    remove_button: "Entfernen",
    look_again: "Noch ist nichts geändert. Bitte sehen Sie hier noch einmal hin.",
    sessions_in_way: "Nichts wurde geändert, denn diese Termine lägen dann außerhalb dessen, was Sie anbieten. Verlegen Sie sie oder sagen Sie sie ab, dann versuchen Sie es noch einmal.",
    special: "Dieser Termin wiederholt sich so, dass nur Ihre Kalender-App ihn ändern kann.",
    changed_meanwhile: "Es hat sich inzwischen geändert. So steht es jetzt da.",
    calendar_full: "Ihr Kalender fasst keine weiteren Termine. Entfernen Sie welche, die Sie nicht mehr brauchen.",
    never_blocks: "Ihr Kalender „Available“ ist so eingestellt, dass er nie Zeit blockiert; abwesend sein können Sie darin nicht. Ändern Sie das in Ihrer Kalender-App.",
    hours: "Arbeitszeiten",
    hours_help: "Ihre übliche Woche auf einen Blick.",
    hours_lead: "Die Stunden, die Sie jede Woche anbieten. Eine Pause ist eine Lücke. Gespeichert stehen sie in Ihrem Kalender „Available“; einzelne Tage, die Sie herausgenommen haben, bleiben draußen.",
    hours_hint: "Zum Beispiel 09:00–12:00, 13:00–17:00. Leer: an diesem Tag nicht.",
    hours_elsewhere: "Diese Zeiten gehen nicht nach der Uhr Ihres Profils. Um das zu ändern, leeren Sie sie, speichern, und tragen Sie sie neu ein.",
    day_hours: "Ein einzelner Tag, andere Zeiten",
    day_hours_lead: "Für einen Tag, der nicht wie jede Woche ist. Leer heißt: dann nichts.",
    day_hours_date: "Tag",
    day_hours_then: "Zeiten an diesem Tag",
    no_hours: "Nichts",
    as_usual: "Wieder wie üblich",
    away: "Urlaub",
    away_help: "Tage, an denen Sie nicht zu buchen sind.",
    away_lead: "An diesen Tagen kann Sie niemand buchen. Daraus wird ein ganztägiger Termin in Ihrem Kalender.",
    away_title: "Urlaub",
    no_away: "Kein Urlaub geplant.",
    first_day: "Erster Tag",
    last_day_away: "Letzter Tag",
    add_away: "Urlaub hinzufügen",
    back_after_all: "Ich bin doch da",
    booked_then: "In dieser Zeit gebucht. Es bleibt gebucht, bis Sie es verlegen oder absagen:",
    rules: "Ihre Regeln",
    rules_help: "Vorlauf, freie Zeit um Termine, wie viele.",
    rules_lead: "Lassen Sie ein Feld leer, dann gilt, was Ihr Team sagt.",
    notice: "Vorlauf, in Stunden",
    notice_hint: "Wie lange vor Beginn ein Termin spätestens zu buchen ist.",
    before: "Freie Zeit vor einem Termin, in Minuten",
    after: "Freie Zeit nach einem Termin, in Minuten",
    window: "Tage im Voraus",
    window_hint: "Wie weit im Voraus Sie zu buchen sind.",
    per_day: "Höchstens so viele Termine am Tag",
    per_week: "Höchstens so viele Termine in der Woche",
    counts_now: "Was jetzt gilt",
    no_cap: "keine Grenze",
    team_rule: "wie das Team sagt",
    in_no_team: "Sie bieten noch in keinem Team an, darum kann Sie niemand buchen.",
    profile: "Ihr Profil",
    profile_help: "Name, Zeitzone, Sprache, Erinnerungen.",
    name: "Name",
    name_hint: "Wie andere ihn in Einladungen sehen.",
    zone: "Zeitzone",
    zone_hint: "Die Uhr, nach der Sie leben: Arbeitszeiten, ganze Tage und Ihre Grenzen am Tag zählen nach ihr.",
    zone_of_team: "Wie mein Kalender oder Team",
    language: "Sprache",
    language_browser: "Wie mein Browser es sagt",
    reminders: "Mich vor Terminen per Mail erinnern",
    address: "Mailadresse",
    why: "Warum wird diese Stunde nicht angeboten?",
    why_help: "Jeder Beginn Ihrer Angebote, und was ihm im Weg steht.",
    why_lead: "Nur Sie sehen das: Es sagt, was in Ihrem Kalender steht.",
    why_day: "Tag",
    why_clock: "Uhrzeit",
    why_clock_hint: "Leer lassen für den ganzen Tag.",
    why_ask: "Nachsehen",
    why_nothing: "An diesem Tag bieten Sie nichts an: Kein Termin namens „Available“ reicht hinein.",
    why_skipped: "Diese Uhrzeit gibt es an dem Tag nicht: Die Uhren werden darüber vorgestellt.",
    why_outside: "Um diese Zeit bieten Sie nichts an. Was Sie an dem Tag anbieten:",
    why_off_grid: "Genau dann beginnt kein Termin: Termine beginnen zu den Zeiten unten, vom Anfang des Angebots an gezählt.",
    why_remainder: "Was vom Angebot dann noch übrig ist, ist zu kurz für einen Termin.",
    why_open: "Es ist frei: Es lässt sich jetzt buchen.",
    why_over: "Es ist vorbei.",
    open: "frei",
    w_date: "Bitte einen Tag angeben, zum Beispiel 2026-11-26.",
    w_clock: "Bitte eine Uhrzeit angeben, zum Beispiel 18:00.",
    w_short: "Ein Angebot dauert mindestens fünf Minuten.",
    w_past: "Das ist schon vorbei. Bitte einen späteren Tag wählen.",
    w_far: "Bitte in den nächsten zwei Jahren bleiben.",
    w_order: "Der letzte Tag kommt nach dem ersten.",
    w_repeat: "Bitte einmal oder jede Woche wählen.",
    w_weekday: "Bitte Wochentage wählen.",
    w_kind: "Keines Ihrer Teams hat eine solche Art von Termin.",
    w_next_year: "Bitte im nächsten Jahr bleiben, ab heute gerechnet.",
    w_hours: "Bitte schreiben Sie Zeiten wie 09:00–12:00, 13:00–17:00, oder nichts.",
    w_overlap: "Zwei dieser Zeiten überschneiden sich.",
    w_number: "Bitte eine Zahl angeben, die hier Sinn ergibt, oder nichts.",
    w_name: "Bitte Ihren Namen angeben, mit höchstens 100 gewöhnlichen Zeichen.",
    w_zone: "Bitte eine der Zeitzonen wählen.",
    w_language: "Bitte eine der Sprachen wählen.",
    w_choice: "Bitte ja oder nein wählen.",
    in_calendar: |calendar| format!("in „{calendar}“"),
    overlaps: |when| {
        format!("Diese Zeit bieten Sie schon an: {when}. Ändern Sie jenes Angebot, oder wählen Sie eine andere Zeit.")
    },
    other_offers: |count| {
        if count == 1 {
            "1 anderes Angebot bleibt, wie es ist.".into()
        } else {
            format!("{count} andere Angebote bleiben, wie sie sind.")
        }
    },
    hours_count: |number, n| if n == 1 { format!("{number} Stunde") } else { format!("{number} Stunden") },
    days_count: |n| if n == 1 { "1 Tag".into() } else { format!("{n} Tage") },
    sessions_count: |n| if n == 1 { "1 Termin".into() } else { format!("{n} Termine") },
    without_yours: |value| format!("Ihre eigene; das Team sagt {value}"),
    said,
    until: |day| format!("bis {day}"),
    times_in_all: |n| format!("insgesamt {n}-mal"),
    since: |day| format!("ab {day}"),
    repeats_oddly: "wiederholt sich auf seine eigene Art",
    all_day: "ganztags",
    obstacle,
    nothing,
};

/// `jeden Montag und Freitag`, `alle 2 Wochen am Montag`, `am letzten Freitag jedes Monats`.
fn said(pattern: &Pattern, words: &Words) -> String {
    let n = pattern.interval;
    let every = |one: &str, many: &str| if n == 1 { one.to_owned() } else { format!("alle {n} {many}") };
    let month = || if n == 1 { "jedes Monats".to_owned() } else { format!("alle {n} Monate") };
    let day = |day: &Weekday| words.weekdays.get(index(*day)).copied().unwrap_or_default();
    match &pattern.every {
        Every::Day => every("jeden Tag", "Tage"),
        Every::Week(days) if days.len() == 7 => every("jeden Tag", "Wochen an jedem Tag"),
        Every::Week(days) => {
            let names = joined(&days.iter().map(day).collect::<Vec<_>>(), "und");
            if n == 1 { format!("jeden {names}") } else { format!("alle {n} Wochen am {names}") }
        }
        Every::MonthDay(-1) => format!("am letzten Tag {}", month()),
        Every::MonthDay(at) if *at < 0 => format!("{} Tage vor dem Ende {}", -at - 1, month()),
        Every::MonthDay(at) => format!("am {at}. {}", month()),
        Every::MonthWeek(nth, weekday) => {
            let nth = match nth {
                1 => "ersten",
                2 => "zweiten",
                3 => "dritten",
                4 => "vierten",
                5 => "fünften",
                -1 => "letzten",
                _ => "vorletzten",
            };
            format!("am {nth} {} {}", day(weekday), month())
        }
        Every::Year => every("jedes Jahr", "Jahre"),
    }
}

/// What stands against a start.
fn obstacle(obstacle: &Obstacle) -> String {
    let sessions = HOSTING.sessions_count;
    match obstacle {
        Obstacle::Busy { near: false } => "Laut Ihrem Kalender sind Sie dann beschäftigt.".into(),
        Obstacle::Busy { near: true } => {
            "Sie sind unmittelbar davor oder danach beschäftigt, und diese Zeit soll frei bleiben.".into()
        }
        Obstacle::Held { near: false, hosted: true } => "Um diese Zeit ist ein Termin mit Ihnen.".into(),
        Obstacle::Held { near: false, hosted: false } => "Um diese Zeit haben Sie selbst einen Termin gebucht.".into(),
        Obstacle::Held { near: true, .. } => {
            "Es ist zu nah an einem anderen Termin: Die freie Zeit dazwischen fehlt.".into()
        }
        Obstacle::Full => "Es ist gebucht; kein Platz ist mehr frei.".into(),
        Obstacle::PerDay(most) => format!("Sie nehmen {} am Tag, und so viele hat dieser Tag.", sessions(*most)),
        Obstacle::PerWeek(most) => {
            format!("Sie nehmen {} in der Woche, und so viele hat diese Woche.", sessions(*most))
        }
        Obstacle::TeamDay(most) => format!("Das Team nimmt {} am Tag, und so viele hat dieser Tag.", sessions(*most)),
        Obstacle::PerOffer(most) => {
            format!("Der Kalendereintrag selbst sagt höchstens {}, und so viele hat er.", sessions(*most))
        }
        Obstacle::TooSoon(notice) => format!("Es ist zu bald: Der Vorlauf beträgt {}.", length(*notice)),
        Obstacle::TooFar(window) => format!("Es ist zu weit voraus: Buchen lässt sich {} im Voraus.", length(*window)),
    }
}

/// Why an offer has no start at all.
fn nothing(why: &Nothing) -> String {
    match why {
        Nothing::NoTypes => "Keines Ihrer Teams hat eine Art von Termin dafür.".into(),
        Nothing::UnknownType(name) => format!("Keines Ihrer Teams hat eine Art von Termin namens „{name}“."),
        Nothing::Past => "Es ist vorbei.".into(),
        Nothing::TooShort(minutes) => format!("Es ist kürzer als ein Termin; der dauert {minutes} Minuten."),
        Nothing::TooLong => "Ein Termin wäre so lang wie der Kalendereintrag, und der ist länger als ein Tag.".into(),
    }
}

fn length(seconds: i64) -> String {
    let (number, unit) = largest_unit(seconds);
    let unit = [["Minute", "Minuten"], ["Stunde", "Stunden"], ["Tag", "Tage"]]
        .get(unit)
        .map_or("", |unit| unit[usize::from(number != 1)]);
    format!("{number} {unit}")
}
