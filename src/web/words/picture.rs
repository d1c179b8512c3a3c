//! What `/profile` says of one's picture. A language that misses a word does not compile.

use crate::desk::pictures::PictureRefused;

/// The words.
pub(in crate::web) struct PictureWords {
    pub(in crate::web) picture: &'static str,
    pub(in crate::web) help: &'static str,
    pub(in crate::web) file: (&'static str, &'static str),
    pub(in crate::web) save: &'static str,
    pub(in crate::web) remove: &'static str,
    pub(in crate::web) saved: &'static str,
    pub(in crate::web) removed: &'static str,
    pub(in crate::web) wrong: fn(&PictureRefused) -> &'static str,
}

pub(in crate::web) const EN: PictureWords = PictureWords {
    picture: "Your picture",
    help: "Whoever meets you sees it beside your name. Where your team does not say before a booking who hosts, neither does the picture.",
    file: (
        "A file from your device",
        "PNG, JPEG or WebP, at most 1 MB. The middle of it is kept as a small square, and nothing else that is in the file.",
    ),
    save: "Use this picture",
    remove: "Remove the picture",
    saved: "Your picture is saved.",
    removed: "Your picture is removed.",
    wrong: |refused| match refused {
        PictureRefused::Missing => "Please choose a file first.",
        PictureRefused::TooLarge => {
            "This picture is too large. At most 1 MB and 6,000 pixels a side; most photo apps can save a smaller one."
        }
        PictureRefused::Unreadable => "This file cannot be read as a picture. PNG, JPEG and WebP can.",
        PictureRefused::Busy | PictureRefused::Db(_) => "Others are sending pictures just now. Please try once more.",
    },
};

pub(in crate::web) const DE: PictureWords = PictureWords {
    picture: "Ihr Bild",
    help: "Wer sich mit Ihnen trifft, sieht es neben Ihrem Namen. Wo Ihr Team vor der Buchung nicht sagt, wer Zeit anbietet, verrät es auch das Bild nicht.",
    file: (
        "Eine Datei von Ihrem Gerät",
        "PNG, JPEG oder WebP, höchstens 1 MB. Die Mitte davon bleibt als kleines Quadrat, sonst nichts von dem, was in der Datei steht.",
    ),
    save: "Dieses Bild nehmen",
    remove: "Bild entfernen",
    saved: "Ihr Bild ist gespeichert.",
    removed: "Ihr Bild ist entfernt.",
    wrong: |refused| match refused {
        PictureRefused::Missing => "Bitte zuerst eine Datei wählen.",
        PictureRefused::TooLarge => {
            "Dieses Bild ist zu groß. Höchstens 1 MB und 6.000 Pixel je Seite; die meisten Foto-Apps können ein kleineres speichern."
        }
        PictureRefused::Unreadable => "Diese Datei lässt sich nicht als Bild lesen. PNG, JPEG und WebP gehen.",
        PictureRefused::Busy | PictureRefused::Db(_) => {
            "Gerade werden andere Bilder gelesen. Bitte noch einmal versuchen."
        }
    },
};
