//! What our own mail server found out, from its `Authentication-Results`. RFC 8601.
//!
//! Only the topmost header with its name counts, since it writes above what it received; it must remove headers that
//! others wrote with its name (RFC 8601 §5), as all mail servers do that write them.

use super::{Evidence, Signed};
use crate::mail_in::mime;

/// What the server named `server` says for this message.
pub(super) fn evidence(bytes: &[u8], server: &str) -> Evidence {
    let Ok(header) = mime::header(bytes) else { return Evidence::default() };
    let named = |wanted: &'static str| {
        header.headers_raw().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    let mut results = named("Authentication-Results").map(results);
    let Some((_, found)) = results.find(|(name, _)| name.eq_ignore_ascii_case(server)) else {
        return Evidence::default();
    };
    let signatures: Vec<&str> = named("DKIM-Signature").collect();
    let mut evidence = Evidence::default();
    for result in found.iter().filter(|result| result.passed) {
        match result.method.as_str() {
            "dkim" => {
                let domain = result.property("header.d").or_else(|| result.property("header.i")).map(domain_of);
                evidence
                    .signed
                    .extend(domain.map(|domain| Signed { with_sender: covers_sender(&signatures, &domain), domain }));
            }
            "spf" => evidence.sent.extend(result.property("smtp.mailfrom").map(domain_of)),
            "dmarc" => evidence.sent.extend(result.property("header.from").map(domain_of)),
            _ => {}
        }
    }
    evidence
}

/// Whether every signature of the domain covers Sender.
fn covers_sender(signatures: &[&str], domain: &str) -> bool {
    let tags = |signature: &&str| {
        let tags = signature.split(';').filter_map(|tag| tag.split_once('='));
        let find =
            |wanted: &str| tags.clone().find(|(name, _)| name.trim() == wanted).map(|(_, value)| value.to_owned());
        (find("d").unwrap_or_default(), find("h").unwrap_or_default())
    };
    let mut of_domain = signatures.iter().map(tags).filter(|(d, _)| d.trim().eq_ignore_ascii_case(domain)).peekable();
    of_domain.peek().is_some()
        && of_domain.all(|(_, h)| h.split(':').any(|name| name.trim().eq_ignore_ascii_case("sender")))
}

/// `d` of `a@d`, `@d` and `d`.
fn domain_of(text: &str) -> String {
    text.rsplit('@').next().unwrap_or_default().to_ascii_lowercase()
}

/// One method's result.
#[derive(Debug)]
struct Finding {
    method: String,
    passed: bool,
    properties: Vec<(String, String)>,
}

impl Finding {
    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Who says it, and what.
fn results(value: &str) -> (String, Vec<Finding>) {
    let mut statements = statements(value).into_iter();
    let server = statements.next().and_then(|words| words.into_iter().next()).unwrap_or_default();
    let findings = statements.filter_map(|words| {
        let mut pairs =
            words.iter().filter_map(|word| word.split_once('=')).map(|(name, value)| (name.to_lowercase(), value));
        let (method, result) = pairs.next()?;
        let method = method.split('/').next().unwrap_or_default().to_owned();
        let properties = pairs.map(|(name, value)| (name, value.to_owned())).collect();
        Some(Finding { method, passed: result.eq_ignore_ascii_case("pass"), properties })
    });
    (server, findings.collect())
}

/// The words of each statement between semicolons; comments left out, quotes undone, no space around `=`.
fn statements(value: &str) -> Vec<Vec<String>> {
    let (mut all, mut words, mut word) = (Vec::new(), Vec::new(), String::new());
    let (mut depth, mut quoted, mut escaped) = (0u32, false, false);
    for character in value.chars() {
        match character {
            _ if escaped => {
                escaped = false;
                if depth == 0 {
                    word.push(character);
                }
            }
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            _ if quoted => word.push(character),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ';' => {
                push(&mut words, &mut word);
                all.push(std::mem::take(&mut words));
            }
            _ if character.is_whitespace() => push(&mut words, &mut word),
            _ => word.push(character),
        }
    }
    push(&mut words, &mut word);
    all.push(words);
    all
}

fn push(words: &mut Vec<String>, word: &mut String) {
    let word = std::mem::take(word);
    match words.last_mut() {
        _ if word.is_empty() => {}
        Some(last) if last.ends_with('=') || word.starts_with('=') => last.push_str(&word),
        _ => words.push(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(domain: &str, with_sender: bool) -> Signed {
        Signed { domain: domain.into(), with_sender }
    }

    #[test]
    fn results_of_the_named_server_are_read_whatever_their_dress() {
        let mail = "Authentication-Results: MX.example.org (a \"server\\)\") 1;\r\n dkim = pass (2048-bit key; x) header.d=Example.com\r\n \
                    header.s=s1; dkim=pass header.i=@google.com; dkim=fail header.d=bad.example;\r\n spf=pass\r\n \
                    smtp.mailfrom=\"bounce\"@mail.example.com; dmarc/1=pass (p=none) header.from=example.com\r\n\
                    DKIM-Signature: v=1; d=google.com; h=from:sender : to; b=x\r\nFrom: a@example.com\r\n\r\n";
        let found = evidence(mail.as_bytes(), "mx.example.org");
        assert_eq!(found.signed, [signed("example.com", false), signed("google.com", true)]);
        assert_eq!(found.sent, ["mail.example.com", "example.com"]);
    }

    #[test]
    fn others_results_count_nothing_and_only_the_topmost_of_ours_counts() {
        let mail = "Authentication-Results: evil.example; dkim=pass header.d=a.example\r\n\
                    Authentication-Results: mx.example.org; dkim=fail header.d=a.example\r\n\
                    Authentication-Results: mx.example.org; dkim=pass header.d=a.example\r\n\r\n";
        assert_eq!(evidence(mail.as_bytes(), "mx.example.org"), Evidence::default());
        assert_eq!(evidence(mail.as_bytes(), "mx.example.com"), Evidence::default());
        assert_eq!(evidence(mail.as_bytes(), "evil.example").signed, [signed("a.example", false)]);
        let hidden = "Authentication-Results: evil.example (x; mx.example.org; dkim=pass header.d=a.example)\r\n\r\n";
        assert_eq!(evidence(hidden.as_bytes(), "mx.example.org"), Evidence::default());
    }

    #[test]
    fn one_signature_without_sender_is_enough_to_doubt() {
        let both = ["v=1; d=google.com; h=from:sender", "v=1; d=google.com; h=from"];
        assert!(covers_sender(&both[..1], "google.com"));
        assert!(!covers_sender(&both, "google.com"));
        assert!(!covers_sender(&[], "google.com"));
    }
}
