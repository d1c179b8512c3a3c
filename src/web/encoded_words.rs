//! Header fields of our own mails as people read them: encoded words (RFC 2047) become text.

use data_encoding::BASE64;

/// The text of a header field's value. What is not UTF-8 or not well formed stays as it is.
pub(super) fn decode(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let (before, tail) = rest.split_at(start);
        let Some((word, after)) = word(tail) else {
            text.push_str(before);
            text.push_str("=?");
            rest = &tail[2..];
            after_word = false;
            continue;
        };
        // White space between two encoded words only separates them.
        if !(after_word && before.trim().is_empty()) {
            text.push_str(before);
        }
        text.push_str(&word);
        rest = after;
        after_word = true;
    }
    text.push_str(rest);
    text
}

/// One encoded word at the beginning, and what follows it.
fn word(text: &str) -> Option<(String, &str)> {
    let mut parts = text.strip_prefix("=?")?.splitn(3, '?');
    let (charset, encoding, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let (content, after) = rest.split_once("?=")?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => BASE64.decode(content.as_bytes()).ok()?,
        "Q" | "q" => quoted(content)?,
        _ => return None,
    };
    Some((String::from_utf8(bytes).ok()?, after))
}

fn quoted(content: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(content.len());
    let mut input = content.bytes();
    while let Some(byte) = input.next() {
        bytes.push(match byte {
            b'_' => b' ',
            b'=' => {
                let digits = [input.next()?, input.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn encoded_words_become_text() {
        assert_eq!(decode("=?utf-8?Q?Booked:_Mia_K=C3=BChn?="), "Booked: Mia Kühn");
        assert_eq!(decode("=?utf-8?B?TWlhIEvDvGhu?= <mia@example.org>"), "Mia Kühn <mia@example.org>");
        assert_eq!(decode("=?utf-8?Q?a?= =?utf-8?Q?b?= c"), "ab c");
    }

    #[test]
    fn what_is_no_encoded_word_stays() {
        for plain in ["plain", "a =? b", "=?utf-8?Q?=Z?=", "=?latin1?Q?a?=", "=?utf-8?X?a?=", "=?"] {
            assert_eq!(decode(plain), plain);
        }
    }
}
