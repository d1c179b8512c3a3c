//! German, how calendar apps are connected.

use crate::web::words::own::Guide;

pub(super) const IPHONE: Guide = Guide {
    name: "iPhone oder iPad",
    about: "Ein kleines Profil richtet alles ein. Es enthält ein eigenes Passwort, nur für dieses Gerät.",
    steps: &[
        "Drücken Sie auf dem iPhone oder iPad selbst, in Safari, „Profil holen“ und erlauben Sie den Download.",
        "Öffnen Sie die Einstellungen. Oben steht „Profil geladen“; öffnen Sie es und drücken Sie „Installieren“. Es gilt als nicht signiert; das ist so gedacht.",
        "Öffnen Sie den Kalender. Unter „Kalender“ finden Sie „Available“ und „Sessions“.",
        "Zeichnen Sie im Kalender „Available“ einen Termin namens „Available“.",
    ],
    by_hand: &[
        "Öffnen Sie Einstellungen, Apps, Kalender, Kalenderaccounts, Account hinzufügen, Andere, CalDAV-Account hinzufügen.",
        "Tragen Sie Server, Benutzer und Passwort von oben ein und drücken Sie „Weiter“.",
        "Öffnen Sie den Kalender. Unter „Kalender“ finden Sie „Available“ und „Sessions“.",
        "Zeichnen Sie im Kalender „Available“ einen Termin namens „Available“.",
    ],
};
pub(super) const MAC: Guide = Guide {
    name: "Mac",
    about: "Ein kleines Profil richtet alles ein. Es enthält ein eigenes Passwort, nur für diesen Mac.",
    steps: &[
        "Drücken Sie auf dem Mac selbst „Profil holen“ und öffnen Sie dann die Datei.",
        "Öffnen Sie Systemeinstellungen, Allgemein, Geräteverwaltung. Doppelklicken Sie das Profil und drücken Sie „Installieren“. Es gilt als nicht signiert; das ist so gedacht.",
        "Öffnen Sie den Kalender. Links finden Sie „Available“ und „Sessions“.",
        "Zeichnen Sie im Kalender „Available“ einen Termin namens „Available“.",
    ],
    by_hand: &[
        "Öffnen Sie den Kalender, dann das Menü Kalender, Account hinzufügen, Anderer CalDAV-Account.",
        "Wählen Sie „Manuell“ und tragen Sie Benutzer, Passwort und Server von oben ein.",
        "Links finden Sie „Available“ und „Sessions“.",
        "Zeichnen Sie im Kalender „Available“ einen Termin namens „Available“.",
    ],
};
pub(super) const ANDROID: Guide = Guide {
    name: "Android mit DAVx⁵",
    about: "DAVx⁵ ist eine App, die Androids Kalender mit Servern wie diesem abgleicht.",
    steps: &[
        "Installieren Sie DAVx⁵ aus F-Droid oder Google Play.",
        "Machen Sie hier den Zugang und drücken Sie „DAVx⁵ öffnen“, oder drücken Sie in DAVx⁵ „+“ und wählen Sie „Mit URL und Benutzername anmelden“.",
        "Tragen Sie Benutzer und Passwort ein. Nennen Sie das Konto nach Ihrer Mailadresse.",
        "Haken Sie „Available“ und „Sessions“ an, erlauben Sie den Zugriff auf den Kalender und gleichen Sie ab.",
        "Zeichnen Sie in irgendeiner Kalender-App im Kalender „Available“ einen Termin namens „Available“.",
    ],
    by_hand: &[],
};
pub(super) const THUNDERBIRD: Guide = Guide {
    name: "Thunderbird",
    about: "Thunderbird findet Ihre Kalender aus Adresse und Benutzer.",
    steps: &[
        "Öffnen Sie den Kalender, dann Neuer Kalender, Im Netzwerk.",
        "Tragen Sie Benutzer und Server ein; lassen Sie „Offline-Unterstützung“ an. Drücken Sie „Kalender suchen“.",
        "Tragen Sie das Passwort ein und lassen Sie es Thunderbird merken.",
        "Haken Sie „Available“ und „Sessions“ an und drücken Sie „Abonnieren“.",
        "Zeichnen Sie im Kalender „Available“ einen Termin namens „Available“.",
    ],
    by_hand: &[],
};
pub(super) const EVOLUTION: Guide = Guide {
    name: "Evolution oder GNOME Kalender",
    about: "Evolution richtet es ein; GNOME Kalender zeigt es dann auch.",
    steps: &[
        "Wählen Sie in Evolution Neu, Sammelkonto.",
        "Tragen Sie den Benutzer ein, unter „Erweiterte Optionen“ den Server. Drücken Sie „Nachschlagen“.",
        "Tragen Sie das Passwort ein und lassen Sie es Evolution merken. Haken Sie „Kalender“ an und schließen Sie ab.",
        "Zeichnen Sie im Kalender „Available“ einen Termin namens „Available“.",
    ],
    by_hand: &[],
};
pub(super) const GOOGLE: Guide = Guide {
    name: "Google Kalender",
    about: "Google Kalender verbindet sich nicht mit anderen Servern, zeigt aber Feeds.",
    steps: &[
        "Drücken Sie oben bei einem Feed „Google Kalender“ und stimmen Sie zu. Oder an einem Computer: Weitere Kalender, „+“, Per URL, und fügen Sie die Adresse ein.",
        "Google sieht ein paarmal am Tag nach Neuem. Einladungen kommen per Mail und sind sofort da.",
        "Um Zeit aus Google Kalender anzubieten, geben Sie seine geheime Adresse an, wie unten beschrieben. Oder laden Sie den Roboter zu einem Google-Termin namens „Available“ ein: Seine Adresse beginnt mit available@, den Rest weiß, wer diesen Server betreibt.",
    ],
    by_hand: &[],
};
pub(super) const OUTLOOK: Guide = Guide {
    name: "Outlook",
    about: "Outlook verbindet sich von selbst nicht mit anderen Servern, zeigt aber Feeds.",
    steps: &[
        "Drücken Sie oben bei einem Feed „Outlook“, oder in Outlook: Kalender hinzufügen, Aus dem Internet abonnieren, und fügen Sie die Adresse ein.",
        "Outlook sieht alle paar Stunden nach Neuem. Einladungen kommen per Mail und sind sofort da.",
        "Um Zeit aus Outlook anzubieten, veröffentlichen Sie Ihren Kalender, wie unten beschrieben. Oder nehmen Sie mit Outlook für Windows die freie Erweiterung CalDAV Synchronizer mit dem Zugang von „Eine andere App“.",
    ],
    by_hand: &[],
};
pub(super) const OTHER_APP: Guide = Guide {
    name: "Eine andere App",
    about: "Alles, was CalDAV spricht.",
    steps: &[
        "Legen Sie in der App ein Konto der Art „CalDAV“ an.",
        "Tragen Sie Server, Benutzer und Passwort ein. Manche Apps wollen den Server ohne „/dav/“; den Rest finden sie.",
        "Zeichnen Sie im Kalender „Available“ einen Termin namens „Available“.",
    ],
    by_hand: &[],
};
