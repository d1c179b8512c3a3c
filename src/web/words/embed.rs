//! What a team's pages in other sites' frames say, and what leads read about them. A language that misses a word does not
//! compile.

/// The words of these pages.
pub(in crate::web) struct Embed {
    // In the frame
    pub(in crate::web) own_page: &'static str,
    pub(in crate::web) in_new_tab: &'static str,
    pub(in crate::web) new_tab_hint: &'static str,
    pub(in crate::web) nowhere: &'static str,
    pub(in crate::web) nowhere_help: fn(&str) -> String,
    pub(in crate::web) nowhere_lead: &'static str,
    pub(in crate::web) to_times: &'static str,

    // For leads
    pub(in crate::web) on_your_site: &'static str,
    pub(in crate::web) lines_to_copy: &'static str,
    pub(in crate::web) sites: (&'static str, &'static str),
    pub(in crate::web) not_public: &'static str,
    pub(in crate::web) no_sites: &'static str,
    pub(in crate::web) name_sites: &'static str,
    pub(in crate::web) frame_code: (&'static str, &'static str),
    pub(in crate::web) link_code: (&'static str, &'static str),
    pub(in crate::web) options: &'static str,
    pub(in crate::web) look: &'static str,
    pub(in crate::web) book_a_time: fn(&str) -> String,
}

pub(in crate::web) const EN: Embed = Embed {
    own_page: "Open this page in a new tab",
    in_new_tab: "opens in a new tab",
    new_tab_hint: "The time you choose opens in a new tab, where you book it.",
    nowhere: "Not shown on other sites",
    nowhere_help: |team| {
        format!("{team} does not show its open times on other sites yet. You can book on our own page.")
    },
    nowhere_lead: "Leads of the team name the sites in its settings.",
    to_times: "See the open times",

    on_your_site: "On your own site",
    lines_to_copy: "Lines to copy",
    sites: (
        "Sites that may show your open times",
        "One a line, https:// and its name without a page: https://www.example.org. At most 20; empty: none.",
    ),
    not_public: "Only a public team can be shown on other sites. Tick “Public” in the settings first.",
    no_sites: "Name the site first that may show these times.",
    name_sites: "Name a site",
    frame_code: ("For your page", "Copy this into your page's HTML where the open times should stand."),
    link_code: ("Or a link", "For sites that allow no frames."),
    options: "Add ?theme=light or dark, ?lang=en or de, or ?tz=Europe/Vienna to the address to decide for your visitors; with & between them. Otherwise their devices decide.",
    look: "See how it looks",
    book_a_time: |what| format!("Book a time: {what}"),
};

pub(in crate::web) const DE: Embed = Embed {
    own_page: "Diese Seite in einem neuen Tab öffnen",
    in_new_tab: "öffnet sich in einem neuen Tab",
    new_tab_hint: "Die Zeit, die Sie wählen, öffnet sich in einem neuen Tab. Dort buchen Sie sie.",
    nowhere: "Nicht auf anderen Seiten zu sehen",
    nowhere_help: |team| {
        format!("{team} zeigt freie Zeiten noch nicht auf anderen Seiten. Auf unserer eigenen können Sie buchen.")
    },
    nowhere_lead: "Wer das Team leitet, nennt die Seiten in dessen Einstellungen.",
    to_times: "Freie Zeiten ansehen",

    on_your_site: "Auf der eigenen Website",
    lines_to_copy: "Zeilen zum Kopieren",
    sites: (
        "Websites, die eure freien Zeiten zeigen dürfen",
        "Eine pro Zeile, https:// und ihr Name ohne einzelne Seite: https://www.example.org. Höchstens 20; leer: keine.",
    ),
    not_public: "Nur ein öffentliches Team lässt sich auf anderen Websites zeigen. Bitte setzen Sie zuerst in den Einstellungen das Häkchen bei „Öffentlich“.",
    no_sites: "Nennen Sie zuerst die Website, die diese Zeiten zeigen darf.",
    name_sites: "Website nennen",
    frame_code: (
        "Für Ihre Seite",
        "Kopieren Sie das in das HTML Ihrer Seite, dorthin, wo die freien Zeiten stehen sollen.",
    ),
    link_code: ("Oder ein Link", "Für Websites, die keine Rahmen erlauben."),
    options: "Mit ?theme=light oder dark, ?lang=en oder de und ?tz=Europe/Vienna an der Adresse bestimmen Sie für Ihre Gäste; dazwischen steht &. Sonst bestimmen ihre Geräte.",
    look: "Ansehen, wie es aussieht",
    book_a_time: |what| format!("Zeit buchen: {what}"),
};
