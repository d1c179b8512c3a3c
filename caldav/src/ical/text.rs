//! The TEXT value type: escaping, and lists of it. RFC 5545 §3.3.11.

use std::borrow::Cow;

/// Escapes text for a TEXT value: backslash, semicolon, comma and line breaks.
///
/// CR LF, CR and LF each become one `\n`; other control characters but the tab have no place in iCalendar and go.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut after_cr = false;
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' if after_cr => {}
            '\r' | '\n' => out.push_str("\\n"),
            c if c.is_ascii_control() && c != '\t' => {}
            c => out.push(c),
        }
        after_cr = c == '\r';
    }
    out
}

/// Undoes [`escape`]. A backslash before any other character stands for that character (`\:` is common); a lone
/// one at the end stays.
pub fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The still escaped items of a list of TEXT: cut at every comma that no backslash escapes.
pub fn split_list(value: &str) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    value.split(move |c| {
        let cut = c == ',' && !escaped;
        escaped = c == '\\' && !escaped;
        cut
    })
}

/// The items of a list of TEXT, unescaped.
pub fn list(value: &str) -> impl Iterator<Item = Cow<'_, str>> {
    split_list(value).map(unescape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_what_the_rfc_escapes_and_nothing_else() {
        assert_eq!(escape("a;b,c\\d:e\"f"), "a\\;b\\,c\\\\d:e\"f");
        assert_eq!(escape("one\r\ntwo\nthree\rfour\n\nfive"), "one\\ntwo\\nthree\\nfour\\n\\nfive");
        assert_eq!(escape("bell\u{7}tab\t"), "belltab\t");
    }

    #[test]
    fn unescapes_both_line_breaks_and_forgives_needless_backslashes() {
        assert_eq!(unescape("a\\nb\\Nc\\,d\\;e\\\\nf"), "a\nb\nc,d;e\\nf");
        assert_eq!(unescape("https\\://x end\\"), "https://x end\\");
    }

    #[test]
    fn a_list_is_cut_at_unescaped_commas_only() {
        let items: Vec<_> = list("one,two\\,2,three\\\\,four,").collect();
        assert_eq!(items, ["one", "two,2", "three\\", "four", ""]);
    }

    proptest! {
        #[test]
        fn unescape_undoes_escape(text in "[^\\x00-\\x08\\x0b-\\x1f\\x7f]*") {
            prop_assert_eq!(unescape(&escape(&text)).into_owned(), text);
        }

        #[test]
        fn a_list_of_escaped_items_comes_back(items in proptest::collection::vec("[a\\\\,;\n]{0,4}", 1..5)) {
            let joined = items.iter().map(|item| escape(item)).collect::<Vec<_>>().join(",");
            prop_assert_eq!(list(&joined).map(Cow::into_owned).collect::<Vec<_>>(), items);
        }
    }
}
