//! One mail to one recipient, in the form that calendars show as an invite. RFC 5322, RFC 2045, RFC 6047 §2.4.

use data_encoding::BASE64_MIME;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::{BodyPart, MimePart};
use sha2::{Digest, Sha256};

use crate::config::is_address;
use crate::invitations::clean::is_harmless;
use crate::invitations::{Letter, Method};

/// Everything around the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// `<local>@<domain>` without brackets. The same mail has the same.
    pub message_id: &'a str,
    /// UTC seconds.
    pub date: i64,
    /// Name and address of the installation.
    pub from: (&'a str, &'a str),
    /// Name (may be empty) and address of the recipient.
    pub to: (&'a str, &'a str),
    /// Whom a human answer reaches, if not the sender.
    pub reply_to: Option<(&'a str, &'a str)>,
}

/// Why a mail is not composed: something in its header could be read as more than it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a plain address.
    #[error("`{0}` is not a mail address")]
    Address(String),
    /// Control characters, switches of direction, or too long.
    #[error("a name or subject has characters or a length that no header may have")]
    Text,
    /// The key of the settings does not sign it.
    #[error("the mail could not be signed with the key of dkim_key_file")]
    Unsigned,
}

/// Characters of a name or subject at most.
const LONGEST_NAME: usize = 254;
const LONGEST_SUBJECT: usize = 500;

/// Composes a mail. The same arguments give the same bytes: CRLF, lines of at most 78 characters.
///
/// With a calendar part: multipart/mixed { multipart/alternative { text/plain, text/html, text/calendar },
/// application/ics as the attachment `invite.ics` }, the calendar bytes being the same in both. Without: the
/// alternative alone.
///
/// # Errors
/// [`Refused`]: an address is none, or a name or the subject has control characters.
pub fn compose(
    envelope: &Envelope<'_>,
    letter: &Letter,
    calendar: Option<&(Method, Vec<u8>)>,
) -> Result<Vec<u8>, Refused> {
    for (name, address) in [Some(envelope.from), Some(envelope.to), envelope.reply_to].into_iter().flatten() {
        check(name, LONGEST_NAME)?;
        if !is_address(address) {
            return Err(Refused::Address(address.chars().filter(|c| is_harmless(*c)).take(LONGEST_NAME).collect()));
        }
    }
    check(&letter.subject, LONGEST_SUBJECT)?;
    let mut message = MessageBuilder::new()
        .header("Message-ID", Raw::new(format!("<{}>", envelope.message_id)))
        .header("Date", Date::new(envelope.date))
        .header("From", mailbox(envelope.from))
        .header("To", mailbox(envelope.to))
        .header("Subject", mail_builder::headers::text::Text::new(letter.subject.clone()))
        .header("Auto-Submitted", Raw::new(submitted(calendar)));
    if let Some(reply_to) = envelope.reply_to {
        message = message.header("Reply-To", mailbox(reply_to));
    }
    if let Some(address) = &letter.unsubscribe {
        message = message
            .header("List-Unsubscribe", Raw::new(format!("<{address}>")))
            .header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click"));
    }
    let mut alternative = vec![text_part("text/plain", &letter.plain()), text_part("text/html", &letter.html())];
    let body = match calendar {
        None => multipart("multipart/alternative", envelope.message_id, alternative),
        Some((method, bytes)) => {
            alternative.push(calendar_part(*method, bytes));
            let alternative = multipart("multipart/alternative", envelope.message_id, alternative);
            multipart("multipart/mixed", envelope.message_id, vec![alternative, attachment(bytes)])
        }
    };
    let mut out = Vec::new();
    message.body(body).serialize(&mut out);
    Ok(out)
}

/// RFC 3834 §5: an answer says that it is one.
fn submitted(calendar: Option<&(Method, Vec<u8>)>) -> &'static str {
    if calendar.is_some_and(|(method, _)| *method == Method::Reply) { "auto-replied" } else { "auto-generated" }
}

fn check(text: &str, longest: usize) -> Result<(), Refused> {
    if text.chars().count() <= longest && text.chars().all(is_harmless) { Ok(()) } else { Err(Refused::Text) }
}

fn mailbox<'a>((name, address): (&'a str, &'a str)) -> HeaderType<'a> {
    HeaderType::Address(Address::new_address(Some(name).filter(|name| !name.is_empty()), address))
}

/// A text whose encoding (7bit or quoted-printable) the builder chooses, with CRLF.
fn text_part(kind: &'static str, text: &str) -> MimePart<'static> {
    let kind = ContentType::new(kind).attribute("charset", "UTF-8");
    MimePart::new(kind, BodyPart::Text(text.replace("\r\n", "\n").replace('\n', "\r\n").into()))
}

/// `method` must equal the METHOD inside, in upper case: Exchange has refused mails in which they differed.
fn calendar_part(method: Method, bytes: &[u8]) -> MimePart<'static> {
    let kind = ContentType::new("text/calendar").attribute("charset", "UTF-8").attribute("method", method.as_str());
    base64(MimePart::new(kind, base64_lines(bytes)))
}

/// Every client knows the attachment by this name; another one showed as an odd file in Outlook.
fn attachment(bytes: &[u8]) -> MimePart<'static> {
    let kind = ContentType::new("application/ics").attribute("name", "invite.ics");
    base64(MimePart::new(kind, base64_lines(bytes)).attachment("invite.ics"))
}

fn base64(part: MimePart<'static>) -> MimePart<'static> {
    part.transfer_encoding("base64")
}

fn base64_lines(bytes: &[u8]) -> BodyPart<'static> {
    BodyPart::Binary(BASE64_MIME.encode(bytes).into_bytes().into())
}

/// Boundaries follow from the Message-ID; "=_" can stand in no encoded body.
fn multipart(kind: &'static str, message_id: &str, parts: Vec<MimePart<'static>>) -> MimePart<'static> {
    let digest = Sha256::digest(format!("{kind} {message_id}").as_bytes());
    let boundary = format!("=_{}", data_encoding::HEXLOWER.encode(digest.get(..12).unwrap_or_default()));
    MimePart::new(ContentType::new(kind).attribute("boundary", boundary), BodyPart::Multipart(parts))
}
