//! QR codes as inline SVG: one path, black on white in any colour scheme.

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

/// White modules around the code, as its standard asks for.
const MARGIN: usize = 4;

/// The code of a text; nothing when the text is too long for one. `label` says what scanning it does.
pub(super) fn svg(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return html! {} };
    let size = code.width() + 2 * MARGIN;
    html! {
        svg.qr role="img" aria-label=(label) viewBox={ "0 0 " (size) " " (size) } shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path(&code)) fill="#000" {}
        }
    }
}

/// Every row's runs of dark modules.
fn path(code: &QrCode) -> String {
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                path += &format!("M{} {}h{length}v1h-{length}z", x + MARGIN, y + MARGIN);
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_and_no_other() {
        let code = QrCode::with_error_correction_level("https://book.example.org/setup/iphone", EcLevel::M).unwrap();
        let drawn: usize =
            path(&code).split('h').filter_map(|part| part.split('v').next()?.parse::<usize>().ok()).sum();
        let dark = code.to_colors().into_iter().filter(|color| *color == Color::Dark).count();
        assert_eq!(drawn, dark);
        assert!(svg("x", "Scan me").into_string().starts_with("<svg class=\"qr\" role=\"img\" aria-label=\"Scan me\""));
        assert_eq!(svg(&"x".repeat(5_000), "too long").into_string(), "");
    }
}
