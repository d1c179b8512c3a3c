//! A message that came in, read into what its meaning depends on. RFC 5322, RFC 6047.
//!
//! Reading never panics and costs little more than the message's own size; what is too big or too strange to be
//! somebody's calendar is refused with a reason.

use data_encoding::BASE32_NOPAD;
use mail_parser::{Address, HeaderName, HeaderValue, Message};
use sha2::{Digest, Sha256};

use super::bounce::{self, Bounce};
use super::mime;
use crate::config::is_address;

/// The largest message that is read, bytes.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// The largest calendar part, bytes.
const LARGEST_CALENDAR: usize = 1024 * 1024;
/// So much of the text is kept, bytes.
const TEXT: usize = 64 * 1024;
/// Recipients taken from the header at most.
const RECIPIENTS: usize = 100;

/// Why a message is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More than [`LARGEST`] bytes.
    #[error("larger than 10 MiB")]
    Large,
    /// There is no header.
    #[error("no header")]
    NoHeader,
    /// A header that no mail program writes.
    #[error("a header larger than 256 KiB")]
    LongHeader,
    /// More than eight multiparts within each other.
    #[error("parts nested more than 8 deep")]
    Deep,
    /// More than 200 parts.
    #[error("more than 200 parts")]
    ManyParts,
    /// A calendar part beyond its limit.
    #[error("a calendar part larger than 1 MiB")]
    LargeCalendar,
    /// The reader failed.
    #[error("it could not be read")]
    Failed,
}

/// What the server that handed the message over said about it. All of it may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// MAIL FROM; empty for bounces. `None`: not known (a mailbox without Return-Path).
    pub from: Option<String>,
    /// RCPT TO.
    pub to: Vec<String>,
    /// Who delivered to our mail server: for SPF, so only what that server itself tells.
    pub client: Option<std::net::IpAddr>,
    /// What the client called itself.
    pub helo: Option<String>,
}

/// A calendar part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The calendar text, decoded to UTF-8; not yet parsed.
    pub text: String,
    /// METHOD, upper case: the property's value, else the parameter of the part (bridges drop it).
    pub method: Option<String>,
}

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    /// MAIL FROM, lower case; `Some("")`: the null sender of bounces; `None`: not known.
    pub envelope_from: Option<String>,
    /// The author, lower case; only when there is exactly one From with exactly one plain address.
    pub from: Option<String>,
    /// The author's name as written beside the address.
    pub from_name: Option<String>,
    /// Sender, lower case; only when there is exactly one.
    pub sender: Option<String>,
    /// Reply-To, lower case.
    pub reply_to: Option<String>,
    /// Message-ID without its brackets.
    pub message_id: Option<String>,
    /// Message-IDs this one answers, without brackets.
    pub references: Vec<String>,
    /// Date, UTC seconds.
    pub date: Option<i64>,
    /// Subject.
    pub subject: String,
    /// A program wrote it (RFC 3834), or a list sent it on.
    pub automatic: bool,
    /// A report of a failed delivery.
    pub bounce: Option<Bounce>,
    /// The calendar part, when there is one.
    pub calendar: Option<Calendar>,
    /// The first plain text, at most 64 KiB.
    pub text: String,
    /// Whom the header names as the mailbox it was delivered to: Delivered-To, X-Original-To, Envelope-To. Lower case.
    pub delivered_to: Vec<String>,
    /// To and Cc, lower case.
    pub addressed_to: Vec<String>,
}

impl Received {
    /// What makes the message the same when it comes again, whatever the mailbox did to its header in between.
    pub fn fingerprint(&self, recipient: &str) -> String {
        let mut hash = Sha256::new();
        let calendar = self.calendar.as_ref().map_or("", |calendar| calendar.text.as_str());
        // Without a Message-ID, which every mail program writes, the rest of the message must do.
        let id = self
            .message_id
            .clone()
            .unwrap_or_else(|| format!("\0{:?}\0{:?}\0{}\0{}", self.from, self.date, self.subject, self.text));
        for part in [id.as_str(), recipient, calendar] {
            hash.update(part.len().to_be_bytes());
            hash.update(part.as_bytes());
        }
        BASE32_NOPAD.encode(&hash.finalize()).to_ascii_lowercase()
    }
}

/// Reads a message.
///
/// # Errors
/// [`Unreadable`]: beyond a limit.
pub fn read(bytes: &[u8], envelope: &Envelope) -> Result<Received, Unreadable> {
    if bytes.len() > LARGEST {
        return Err(Unreadable::Large);
    }
    let header = mime::header(bytes)?;
    let parts = mime::parts(bytes)?;
    let (from, from_name) = match single(&header, &HeaderName::From) {
        Some((address, name)) => (Some(address), name),
        None => (None, None),
    };
    let return_path = envelope.from.clone().or_else(|| return_path(&header));
    let mut received = Received {
        envelope_from: return_path.map(|address| address.trim().to_lowercase()),
        from,
        from_name,
        sender: single(&header, &HeaderName::Sender).map(|(address, _)| address),
        reply_to: single(&header, &HeaderName::ReplyTo).map(|(address, _)| address),
        message_id: header.message_id().map(|id| shortened(id, 998).to_owned()),
        references: references(&header),
        date: header.date().map(mail_parser::DateTime::to_timestamp),
        subject: shortened(header.subject().unwrap_or_default(), 998).to_owned(),
        automatic: is_automatic(&header),
        delivered_to: delivered_to(&header),
        addressed_to: addressed_to(&header),
        calendar: calendar(&parts)?,
        text: first_text(&parts),
        bounce: None,
    };
    received.bounce = bounce::read(&header, &parts, &received);
    Ok(received)
}

fn calendar(parts: &[mime::Part<'_>]) -> Result<Option<Calendar>, Unreadable> {
    let of = |kind: &str| parts.iter().find(|part| part.kind == kind);
    let Some(part) = of("text/calendar").or_else(|| of("application/ics")) else { return Ok(None) };
    if part.body.len() > 2 * LARGEST_CALENDAR {
        return Err(Unreadable::LargeCalendar);
    }
    let text = part.text();
    if text.len() > LARGEST_CALENDAR {
        return Err(Unreadable::LargeCalendar);
    }
    let method = method(&text).or_else(|| part.method.clone());
    Ok(Some(Calendar { text, method }))
}

/// The METHOD property, which stands before the first component.
fn method(calendar: &str) -> Option<String> {
    let lines = calendar.lines().skip(1).map(str::trim_end);
    let own = lines.take_while(|line| !line.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:")));
    let line = own.into_iter().find(|line| line.get(..7).is_some_and(|name| name.eq_ignore_ascii_case("METHOD:")))?;
    let method = line.get(7..)?.trim();
    (!method.is_empty() && method.len() <= 32).then(|| method.to_ascii_uppercase())
}

fn first_text(parts: &[mime::Part<'_>]) -> String {
    let part = parts.iter().find(|part| part.kind == "text/plain");
    part.map(|part| shortened(&part.text(), TEXT).to_owned()).unwrap_or_default()
}

/// The one address of a header that stands once.
fn single(header: &Message<'_>, name: &HeaderName<'_>) -> Option<(String, Option<String>)> {
    let [only] = mime::all(header, name)[..] else { return None };
    let list = match only.value.as_address()? {
        Address::List(list) => list,
        Address::Group(_) => return None,
    };
    let [one] = &list[..] else { return None };
    let address = one.address.as_deref()?.trim().to_lowercase();
    let name = one.name.as_deref().map(|name| shortened(name, 255).to_owned());
    is_address(&address).then_some((address, name))
}

fn addressed_to(header: &Message<'_>) -> Vec<String> {
    let names = [HeaderName::To, HeaderName::Cc];
    let found = names.iter().flat_map(|name| mime::all(header, name)).filter_map(|header| header.value.as_address());
    let addresses = found.flat_map(|list| list.iter().filter_map(|one| one.address.as_deref()));
    addresses.map(|address| address.trim().to_lowercase()).filter(|text| is_address(text)).take(RECIPIENTS).collect()
}

fn delivered_to(header: &Message<'_>) -> Vec<String> {
    let names = ["Delivered-To", "X-Original-To", "Envelope-To"];
    let of_interest =
        header.headers_raw().filter(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)));
    let addresses = of_interest.map(|(_, value)| value.trim().trim_matches(['<', '>']).to_lowercase());
    addresses.filter(|text| is_address(text)).take(RECIPIENTS).collect()
}

fn return_path(header: &Message<'_>) -> Option<String> {
    let (_, value) = header.headers_raw().find(|(name, _)| name.eq_ignore_ascii_case("Return-Path"))?;
    Some(value.trim().trim_matches(['<', '>']).to_owned())
}

fn references(header: &Message<'_>) -> Vec<String> {
    let names = [HeaderName::InReplyTo, HeaderName::References];
    let values = names.iter().flat_map(|name| mime::all(header, name));
    let ids = values.flat_map(|header| match &header.value {
        HeaderValue::Text(id) => vec![id.to_string()],
        HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    });
    ids.take(RECIPIENTS).collect()
}

/// RFC 3834 §5 and what came before it.
fn is_automatic(header: &Message<'_>) -> bool {
    header.headers_raw().any(|(name, value)| {
        let value = value.trim().to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            "auto-submitted" => !value.starts_with("no"),
            "precedence" => matches!(value.as_str(), "bulk" | "list" | "junk" | "auto_reply"),
            "x-autoreply" | "x-autorespond" | "list-id" => true,
            _ => false,
        }
    })
}

/// At most so many bytes, cut between characters.
pub(super) fn shortened(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOGLE: &str = include_str!("../../fixtures/mail/google-reply-accepted.eml");

    fn read_text(text: &str) -> Received {
        read(text.as_bytes(), &Envelope::default()).unwrap()
    }

    #[test]
    fn a_reply_is_read_with_everything_its_meaning_depends_on() {
        let received = read_text(GOOGLE);
        assert_eq!(received.from.as_deref(), Some("tariq@example.net"));
        assert_eq!(received.sender.as_deref(), Some("calendar-notification@google.com"));
        assert_eq!(received.reply_to.as_deref(), Some("tariq@example.net"));
        assert_eq!(received.message_id.as_deref(), Some("calendar-6e1c2f54@google.com"));
        assert_eq!(received.date, Some(1_795_179_723));
        assert_eq!(received.delivered_to, ["catchall@book.example.org"]);
        assert_eq!(received.addressed_to, ["r-aaaaaaaaaaaaaacegk2qz3x4f5h7j6l2m4n3p5@book.example.org"]);
        assert!(received.automatic && received.bounce.is_none());
        let calendar = received.calendar.unwrap();
        assert_eq!(calendar.method.as_deref(), Some("REPLY"));
        assert!(calendar.text.contains("PARTSTAT=ACCEPTED"));
        assert!(received.text.contains("has accepted"));
    }

    #[test]
    fn a_method_may_stand_in_the_body_alone_and_the_body_wins() {
        let mail = |method: &str, body: &str| {
            format!("From: a@example.org\nContent-Type: text/calendar{method}\n\nBEGIN:VCALENDAR\n{body}BEGIN:VEVENT\n")
        };
        let of = |text: String| read_text(&text).calendar.unwrap().method;
        assert_eq!(of(mail("", "METHOD:REPLY\n")).as_deref(), Some("REPLY"));
        assert_eq!(of(mail("; method=request", "")).as_deref(), Some("REQUEST"));
        assert_eq!(of(mail("; method=reply", "method:Cancel\n")).as_deref(), Some("CANCEL"));
        assert_eq!(of(mail("", "")), None);
        assert_eq!(of(mail("", "BEGIN:VEVENT\nMETHOD:REPLY\n")), None);
    }

    #[test]
    fn two_authors_are_no_author() {
        assert_eq!(read_text("From: a@example.org\n\nx").from.as_deref(), Some("a@example.org"));
        assert_eq!(read_text("From: a@example.org, b@example.org\n\nx").from, None);
        assert_eq!(read_text("From: a@example.org\nFrom: b@example.org\n\nx").from, None);
        assert_eq!(read_text("From: Team: a@example.org, b@example.org;\n\nx").from, None);
    }

    #[test]
    fn the_same_message_has_the_same_fingerprint_for_each_recipient() {
        let one = read_text("Message-ID: <1@x>\nFrom: a@example.org\n\nhello");
        let again = read_text("Received: by elsewhere\nMessage-ID: <1@x>\nFrom: a@example.org\n\nhello");
        assert_eq!(one.fingerprint("r@example.org"), again.fingerprint("r@example.org"));
        assert_ne!(one.fingerprint("r@example.org"), one.fingerprint("s@example.org"));
        let other = read_text("Message-ID: <1@x>\nFrom: a@example.org\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR");
        assert_ne!(one.fingerprint("r@example.org"), other.fingerprint("r@example.org"));
        let (bare, second) = (read_text("From: a@example.org\n\nhello"), read_text("From: a@example.org\n\nthere"));
        assert_ne!(bare.fingerprint("r@example.org"), second.fingerprint("r@example.org"));
    }

    #[test]
    fn a_message_over_the_limit_is_refused() {
        let large = vec![b'a'; LARGEST + 1];
        assert_eq!(read(&large, &Envelope::default()), Err(Unreadable::Large));
        let calendar = format!("Content-Type: text/calendar\n\n{}", "x".repeat(LARGEST_CALENDAR + 1));
        assert_eq!(read(calendar.as_bytes(), &Envelope::default()), Err(Unreadable::LargeCalendar));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn mutated_messages_are_read_or_refused(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
            cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..200), 0..4),
        ) {
            let mut bytes = GOOGLE.replace('\n', "\r\n").into_bytes();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            for (at, length) in cuts {
                let at = at.index(bytes.len());
                let piece: Vec<u8> = bytes[at..].iter().take(length).copied().collect();
                bytes.splice(at / 2..at / 2, piece);
            }
            let _ = read(&bytes, &Envelope::default());
        }
    }
}
