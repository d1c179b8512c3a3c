//! German, of the pages about a person's account.

use crate::web::words::account::Account;

pub(in crate::web) static ACCOUNT: Account = Account {
    your_account: "Ihr Konto",
    api_tokens: "API-Token",
    api_tokens_lead: "Für Programme und Skripte, die für Sie arbeiten. Ein Token darf alles, was Sie dürfen. Geben Sie also jedem Programm ein eigenes und entfernen Sie es, wenn Sie das Programm nicht mehr nutzen.",
    api_description: "Was die API kann (OpenAPI)",
    api_token_hint: "Damit Sie es später wiedererkennen: „Wochenbericht“.",
    make_api_token: "Token erzeugen",
    api_token_made: "Ihr neues Token",
    api_address: "Adresse",
    api_token: "Token",
    token_shown_once: "Das Token steht nur dieses eine Mal hier. Übertragen Sie es jetzt in das Programm.",
    api_token_use: "Das Programm schickt es bei jeder Anfrage mit:",
    many_api_tokens: "Sie haben 50 Token. Entfernen Sie eines, das Sie nicht mehr nutzen, und erzeugen Sie dann dieses.",
    sign_in_with: |name| format!("Mit {name} anmelden"),
    with_password: "Mit einem Passwort anmelden",
    password: "Passwort",
    wrong_password: "Adresse oder Passwort stimmt nicht. Ein Link per Mail geht immer.",
    many_failures: "Es gab viele fehlgeschlagene Anmeldungen. Bitte warten Sie zehn Minuten, oder nehmen Sie einen Link per Mail.",
    has_password: "Sie haben ein Passwort zum Anmelden. Ein Link per Mail geht ebenso.",
    has_no_password: "Sie melden sich mit Links per Mail an. Wenn Sie mögen, legen Sie ein Passwort fest, um sich anzumelden, ohne auf Mail zu warten.",
    new_password: "Neues Passwort",
    password_hint: "Mindestens 8 Zeichen. Ein paar Wörter hintereinander sind leicht zu merken und schwer zu erraten.",
    set_password: "Passwort festlegen",
    change_password: "Passwort ändern",
    remove_password: "Passwort entfernen",
    remove_password_help: "Danach melden nur noch Links per Mail Sie an.",
    others_signed_out: "Alle anderen Browser werden abgemeldet, und eine Mail sagt Ihnen Bescheid.",
    sign_in_afresh: "Sie haben sich vor einer Weile angemeldet. Um ein Passwort festzulegen, melden Sie sich noch einmal an und kommen Sie dann innerhalb von zehn Minuten auf diese Seite zurück.",
    password_length: "Ein Passwort hat 8 bis 256 Zeichen.",
    password_common: "Dieses Passwort probieren Fremde als eines der ersten. Bitte nehmen Sie ein anderes.",
    server_busy: "Gerade legen viele ein Passwort fest. Bitte versuchen Sie es gleich noch einmal.",
    password_was_set: "Ihr Passwort ist festgelegt.",
    password_was_removed: "Ihr Passwort ist entfernt.",
    not_signed_in: "Sie sind nicht angemeldet",
    provider_unusable: "Der andere Dienst ist gerade nicht zu erreichen, oder seine Antwort ist nicht zu gebrauchen. Versuchen Sie es später noch einmal, oder melden Sie sich mit einem Link per Mail an.",
    provider_stale: "Diese Anmeldung wurde nicht in diesem Browser begonnen oder hat länger als zehn Minuten gedauert. Bitte beginnen Sie noch einmal.",
    provider_denied: "Der andere Dienst hat Sie nicht angemeldet. Sie können es noch einmal versuchen oder sich mit einem Link per Mail anmelden.",
    provider_wrong: "Was der andere Dienst sagt, ließ sich nicht bestätigen und zählt daher nicht. Bitte melden Sie sich mit einem Link per Mail an und sagen Sie denen Bescheid, die das hier betreiben.",
    provider_unverified: "Der andere Dienst hat Ihre Mailadresse nicht bestätigt. Bestätigen Sie sie dort, oder melden Sie sich mit einem Link per Mail an.",
    provider_unknown: |email| {
        format!(
            "Niemand ist hier als {email} bekannt. Melden Sie sich mit der Adresse an, die Ihr Team kennt, oder bitten Sie Ihr Team, diese hinzuzufügen."
        )
    },
    your_data: "Ihre Daten",
    your_data_lead: "Was hier über Sie bekannt ist, zum Mitnehmen oder zum Löschen.",
    get_copy: "Eine Kopie mitnehmen",
    get_copy_help: "Eine ZIP-Datei: alles über Sie als JSON, und Ihre Kalender als .ics-Dateien, die jedes Kalenderprogramm öffnet.",
    get_copy_button: "Meine Daten herunterladen",
    copy_too_large: "Ihre Kalender sind zu groß für einen Download. Bitte wenden Sie sich an die, die das hier betreiben; sie können die Kopie machen.",
    kept_here: "Wie lange etwas aufgehoben wird",
    sessions_are_kept: |days| {
        if days == 0 {
            "Vergangene Termine bleiben, bis Sie sich löschen.".into()
        } else {
            format!("Vergangene Termine mit Namen und Themen: {days}\u{a0}Tage.")
        }
    },
    sent_mail_is_kept: |days| format!("Was in verschickten Mails stand: {days}\u{a0}Tage."),
    mail_log_is_kept: |days| format!("Von wem Mail kam: {days}\u{a0}Tage."),
    erase: "Mich löschen",
    erase_help: "Das lässt sich nicht rückgängig machen:",
    erase_lines: &[
        "Kommende Termine werden abgesagt, und die anderen erfahren es.",
        "Ihre Kalender, Ihre Angebote, Ihre Mitgliedschaften und jeder Weg, sich anzumelden, sind sofort weg.",
        "Von vergangenen Terminen bleibt nur die Zeit, für die anderen, die dabei waren. Ihr Name und Ihre Worte darin verschwinden innerhalb von vier Tagen, sobald die letzten Mails hinaus sind.",
    ],
    type_address: "Schreiben Sie zur Sicherheit Ihre Mailadresse",
    type_address_wrong: "Das ist nicht die Adresse Ihres Kontos. Bitte schreiben Sie sie noch einmal.",
    erase_button: "Alles über mich löschen",
    erase_last_admin: "Sie sind der letzte Administrator. Machen Sie zuerst jemand anderen dazu.",
    erase_busy: "Gerade in diesem Moment hat jemand bei Ihnen gebucht. Bitte versuchen Sie es noch einmal.",
    erased: "Sie sind gelöscht",
    erased_help: "Ihre Kalender und Wege zur Anmeldung sind weg, und kommende Termine sind abgesagt. Danke, dass Sie da waren.",
};
