//! Reports of failed delivery. RFC 3464 in RFC 6522, and what servers send that know neither.

use mail_parser::{Message, MessageParser};

use super::mime::{Part, kind};
use super::received::{Received, shortened};

/// A report that a mail of ours did, or did not yet, arrive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounce {
    /// It will not arrive. Otherwise it is delayed, or the report does not say.
    pub failed: bool,
    /// Message-IDs of which mail it may speak, the likeliest first; without brackets.
    pub about: Vec<String>,
    /// `5.1.1`
    pub status: Option<String>,
    /// What the other server said, one line.
    pub diagnostic: String,
}

/// Reads a report; `None`: the message is none.
///
/// A null sender alone makes no report: calendars and auto-responders use it too.
pub(super) fn read(header: &Message<'_>, parts: &[Part<'_>], received: &Received) -> Option<Bounce> {
    let is_null = received.envelope_from.as_deref() == Some("");
    let status = parts.iter().find(|part| part.kind == "message/delivery-status");
    let is_report = kind(header) == "multipart/report" && status.is_some();
    let from_daemon = received.from.as_deref().is_some_and(|from| from.starts_with("mailer-daemon@"));
    let says_so = is_report || (is_null && from_daemon);
    if !says_so {
        return None;
    }
    let mut bounce = Bounce { about: returned(parts).into_iter().collect(), ..Bounce::default() };
    bounce.about.extend(received.references.iter().cloned());
    match status {
        Some(part) => fields(&String::from_utf8_lossy(part.body), &mut bounce),
        None => bounce.failed = true,
    }
    Some(bounce)
}

/// The Message-ID of the mail that came back, from the copy the report carries.
fn returned(parts: &[Part<'_>]) -> Option<String> {
    let kinds = ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"];
    let part = parts.iter().find(|part| kinds.contains(&part.kind.as_str()))?;
    let beginning = part.body.get(..part.body.len().min(64 * 1024))?;
    let message = MessageParser::new().parse_headers(beginning)?;
    message.message_id().map(|id| shortened(id, 998).to_owned())
}

/// The fields of all recipients; a failure of any one decides.
fn fields(text: &str, bounce: &mut Bounce) {
    let unfolded = shortened(text, 64 * 1024).replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    for line in unfolded.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "action" => bounce.failed |= value.eq_ignore_ascii_case("failed"),
            "status" if bounce.status.is_none() => bounce.status = Some(shortened(value, 20).to_owned()),
            "diagnostic-code" if bounce.diagnostic.is_empty() => {
                let said = value.split_once(';').map_or(value, |(_, said)| said.trim());
                let words: Vec<&str> = said.split_whitespace().collect();
                bounce.diagnostic = shortened(&words.join(" "), 300).to_owned();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::received::{Envelope, read};

    const REPORT: &str = include_str!("../../fixtures/mail/bounce-no-such-user.eml");

    #[test]
    fn a_report_names_the_mail_and_the_reason() {
        let bounce = read(REPORT.as_bytes(), &Envelope::default()).unwrap().bounce.unwrap();
        assert!(bounce.failed);
        assert_eq!(bounce.about, ["k3v7q2aaaaaaaaaaaaaaaaaaaaaaaaaa@book.example.org"]);
        assert_eq!(bounce.status.as_deref(), Some("5.1.1"));
        assert_eq!(bounce.diagnostic, "550 5.1.1 <tariq@example.net>: Recipient address rejected: User unknown");
    }

    #[test]
    fn a_delay_is_no_failure() {
        let delayed = REPORT.replace("Action: failed", "Action: delayed").replace("Status: 5.1.1", "Status: 4.4.1");
        let bounce = read(delayed.as_bytes(), &Envelope::default()).unwrap().bounce.unwrap();
        assert!(!bounce.failed);
    }

    #[test]
    fn a_null_sender_alone_is_no_report() {
        let envelope = Envelope { from: Some(String::new()), ..Envelope::default() };
        let away = "From: tariq@example.net\nAuto-Submitted: auto-replied\n\nI am away.";
        assert_eq!(read(away.as_bytes(), &envelope).unwrap().bounce, None);
        let plain = "From: MAILER-DAEMON@mx.example.net\nIn-Reply-To: <x@book.example.org>\n\nNo such user.";
        assert_eq!(read(plain.as_bytes(), &envelope).unwrap().bounce.unwrap().about, ["x@book.example.org"]);
    }
}
