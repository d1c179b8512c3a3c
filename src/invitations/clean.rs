//! Text from people, made harmless before it goes into mails and events.

/// Characters of a name that are kept.
const NAME: usize = 120;
/// Characters of a longer text that are kept.
const TEXT: usize = 5_000;

/// A name on one line: no control characters, nothing that turns the direction of the text, single spaces.
pub fn name(given: &str) -> String {
    let kept: String = given.chars().map(|c| if is_break(c) { ' ' } else { c }).filter(|c| is_harmless(*c)).collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    words.join(" ").chars().take(NAME).collect::<String>().trim_end().to_owned()
}

/// A text of several lines, ended by `\n`; no other control characters, nothing that turns the direction of the text.
pub fn text(given: &str) -> String {
    let lines = given.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let kept: String = lines.chars().filter(|c| *c == '\n' || *c == '\t' || is_harmless(*c)).take(TEXT).collect();
    kept.trim_end().to_owned()
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Neither a control character nor one of Unicode's invisible switches of direction.
pub fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_stay_on_one_line_and_keep_their_direction() {
        assert_eq!(
            super::name(" Mallory\r\nBcc: x@example.net \u{202e}gpj.exe\u{0} "),
            "Mallory Bcc: x@example.net gpj.exe"
        );
        assert_eq!(super::name("José  Ñandú 李"), "José Ñandú 李");
        assert_eq!(super::name(&"x".repeat(500)).len(), 120);
    }

    #[test]
    fn texts_keep_their_lines() {
        assert_eq!(super::text("one\r\ntwo\rthree\n\nfour\u{7}\u{2067}\n\n"), "one\ntwo\nthree\n\nfour");
    }
}
