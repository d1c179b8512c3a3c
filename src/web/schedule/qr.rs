//! An address as a QR code, drawn as one SVG path.

use std::fmt::Write;

use maud::{Markup, html};
use qrcode::{Color, QrCode};

/// Empty modules around a code, as its standard asks (ISO/IEC 18004).
const QUIET: usize = 4;

/// The code, dark on light whatever the page's colours; nothing when the text is too long for one.
pub(super) fn code(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::new(text.as_bytes()) else { return html! {} };
    let width = code.width();
    let mut path = String::new();
    for (row, colours) in code.to_colors().chunks(width).enumerate() {
        for (column, _) in colours.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark) {
            // Writing into a string cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", column + QUIET, row + QUIET);
        }
    }
    let size = width + 2 * QUIET;
    html! {
        svg.qr role="img" aria-label=(label) viewBox={ "0 0 " (size) " " (size) } shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#ffffff" {}
            path d=(path) fill="#000000" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_quiet_zone() {
        let drawn = code("https://book.example/s/abc", "Code").into_string();
        assert!(drawn.contains("viewBox=\"0 0 33 33\""), "{}", &drawn[..200]);
        for corner in ["M4 4h1", "M28 4h1", "M4 28h1"] {
            assert!(drawn.contains(corner), "{corner}");
        }
        assert!(!drawn.contains("M3 "), "nothing in the quiet zone");
    }

    #[test]
    fn what_is_too_long_is_left_out() {
        assert_eq!(code(&"a".repeat(10_000), "").into_string(), "");
    }
}
