//! Organisers and attendees. RFC 5545 §3.3.3, RFC 7986 §6.2.

use percent_encoding::percent_decode_str;

use crate::ical::tree::Line;

/// The longest mail address, in bytes. RFC 5321 §4.5.3.1.3.
const LONGEST_ADDRESS: usize = 254;

/// Somebody named by an ORGANIZER or ATTENDEE line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Where mail to them goes: the calendar address without `mailto:`, in lower case. For relayed invitations this
    /// is a relay's address that may be another in the next mail.
    pub address: String,
    /// The address in an EMAIL parameter, if it is another: whom a relay's address stands for.
    pub email: Option<String>,
    /// CN, trimmed; not to be trusted, and not cleaned of anything.
    pub name: Option<String>,
}

impl Party {
    /// Reads an ORGANIZER or ATTENDEE line; `None` when it holds no mail address.
    pub fn read(line: &Line) -> Option<Party> {
        let email = line.param("EMAIL").and_then(mail_address);
        let address = mail_address(&line.value).or_else(|| email.clone())?;
        let name = line.param("CN").map(|name| name.trim().trim_matches(['"', '\'']).trim());
        Some(Party {
            email: email.filter(|email| *email != address),
            address,
            name: name.filter(|name| !name.is_empty()).map(str::to_owned),
        })
    }

    /// Whether a mail address is theirs, in either place and any case.
    pub fn is(&self, address: &str) -> bool {
        let wanted = mail_address(address);
        wanted.is_some_and(|wanted| wanted == self.address || self.email.as_ref() == Some(&wanted))
    }
}

/// The mail address in a calendar address, in lower case: `mailto:` in any case or missing, quotes, angle brackets
/// and percent signs are all seen in use. `None` when it is none or too long.
pub fn mail_address(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    let text = without_mailto(text);
    let text = match (text.find('<'), text.rfind('>')) {
        (Some(open), Some(close)) => text.get(open + 1..close)?,
        _ => text,
    };
    let text = without_mailto(text.trim());
    let text = text.split('?').next().unwrap_or(text);
    let text = percent_decode_str(text).decode_utf8().ok()?.to_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"@".contains(c);
    let fine = !local.is_empty() && !domain.is_empty() && !local.contains(strange) && !domain.contains(strange);
    (fine && text.len() <= LONGEST_ADDRESS).then_some(text)
}

fn without_mailto(text: &str) -> &str {
    match text.split_at_checked("mailto:".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => rest.trim(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_is_read() {
        for text in [
            "mailto:ann@host.example",
            "MAILTO:Ann@Host.Example",
            "ann@host.example",
            "\"mailto:ann@host.example\"",
            " mailto: ann@host.example ",
            "mailto:Ann Example <ann@host.example>",
            "<mailto:ann@host.example>",
            "mailto:ann%40host.example",
            "mailto:ann@host.example?subject=hello",
        ] {
            assert_eq!(mail_address(text).as_deref(), Some("ann@host.example"), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        let long = format!("mailto:{}@host.example", "a".repeat(250));
        for text in
            ["", "mailto:", "invalid:nomail", "urn:uuid:1", "a@b@c", "@host.example", "ann@", "a b@c", "a%0Ab@c", &long]
        {
            assert_eq!(mail_address(text), None, "{text}");
        }
    }

    #[test]
    fn a_relays_address_and_the_real_one_are_both_theirs() {
        let line = Line::new("ATTENDEE", "mailto:2_GEYTCMRT@imip.relay.example")
            .with_param("CN", "\"Ann\"")
            .with_param("EMAIL", "Ann@host.example");
        let ann = Party::read(&line).unwrap();
        assert_eq!(ann.name.as_deref(), Some("Ann"));
        assert!(ann.is("ann@HOST.example") && ann.is("2_geytcmrt@imip.relay.example") && !ann.is("bob@host.example"));
        let only = Line::new("ATTENDEE", "urn:uuid:9").with_param("EMAIL", "ann@host.example");
        assert_eq!(Party::read(&only).unwrap().address, "ann@host.example");
        assert_eq!(Party::read(&Line::new("ATTENDEE", "invalid:nomail")), None);
    }
}
