//! Who really sent a message: our own evaluation of DKIM (RFC 6376) and SPF (RFC 7208), and what our own mail server says
//! of it in `Authentication-Results` (RFC 8601), when one is named in the settings.
//!
//! A domain speaks for its own addresses and for those of its subdomains. A subdomain does not speak for what is above
//! it: without a list of public suffixes nobody could tell a company's subdomain from a stranger's at a provider.

mod dns;
#[cfg(test)]
mod ours;
mod own;
#[cfg(test)]
mod proofs;
#[cfg(test)]
pub(crate) mod stand_in;
mod trusted;

use bytes::Bytes;

use super::received::{Envelope, Received};
use crate::config::Config;

/// What Google Calendar signs its mail with when the author's own domain does not sign.
const GOOGLE: &str = "google.com";
const GOOGLE_CALENDAR: &str = "calendar-notification@google.com";
/// A message as young as this is judged later when a name server does not answer; an older one is judged as it is.
const PATIENCE: i64 = 3_600;

/// Who sent a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The domain of the one From address confirms the message.
    Authenticated(String),
    /// Google Calendar confirms it, in the name of the one From address.
    GoogleCalendar(String),
    /// Nobody confirms it, or it names no single author.
    Unauthenticated,
}

impl Verdict {
    /// The address that is confirmed, lower case.
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Authenticated(address) | Self::GoogleCalendar(address) => Some(address),
            Self::Unauthenticated => None,
        }
    }

    /// The word in the log.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Authenticated(_) => "authenticated",
            Self::GoogleCalendar(_) => "google",
            Self::Unauthenticated => "unauthenticated",
        }
    }
}

/// A name server did not answer; the same message may be judged differently in a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided;

/// What speaks for a message.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Evidence {
    /// Domains whose signature is good.
    signed: Vec<Signed>,
    /// Domains that allow the delivering machine to send in their name, or that DMARC found aligned.
    sent: Vec<String>,
    /// Something could not be found out now.
    undecided: bool,
}

/// A good signature over the whole body and From.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signed {
    domain: String,
    /// It covers Sender, too.
    with_sender: bool,
}

/// Judges messages.
pub struct Authentication {
    own: own::Own,
    trusted: Option<String>,
}

impl Authentication {
    /// With the resolver and the trusted server of the settings.
    pub fn new(config: &Config) -> Self {
        Self { own: own::Own::new(dns::resolver(config.dns_server)), trusted: config.mail_trusted_authserv.clone() }
    }

    /// Who sent this message. Asks at most some dozens of questions of DNS, for at most ten seconds.
    ///
    /// # Errors
    /// [`Undecided`]: a name server did not answer and the message is young.
    pub async fn judge(
        &self,
        bytes: &Bytes,
        received: &Received,
        envelope: &Envelope,
        now: i64,
    ) -> Result<Verdict, Undecided> {
        if let Some(server) = &self.trusted {
            let verdict = decide(received, &trusted::evidence(bytes, server));
            if verdict != Verdict::Unauthenticated {
                return Ok(verdict);
            }
        }
        if received.from.is_none() {
            return Ok(Verdict::Unauthenticated);
        }
        let evidence = self.own.evidence(bytes, envelope).await;
        let verdict = decide(received, &evidence);
        let is_young = received.date.is_some_and(|date| (now - date).abs() <= PATIENCE);
        if verdict == Verdict::Unauthenticated && evidence.undecided && is_young {
            return Err(Undecided);
        }
        Ok(verdict)
    }
}

fn decide(received: &Received, evidence: &Evidence) -> Verdict {
    let Some(from) = &received.from else { return Verdict::Unauthenticated };
    let Some((_, domain)) = from.rsplit_once('@') else { return Verdict::Unauthenticated };
    let signed = evidence.signed.iter().map(|signed| signed.domain.as_str());
    if signed.chain(evidence.sent.iter().map(String::as_str)).any(|speaker| speaks_for(speaker, domain)) {
        return Verdict::Authenticated(from.clone());
    }
    let by_google = evidence.signed.iter().any(|signed| signed.domain == GOOGLE && signed.with_sender);
    if by_google && received.sender.as_deref() == Some(GOOGLE_CALENDAR) {
        return Verdict::GoogleCalendar(from.clone());
    }
    Verdict::Unauthenticated
}

/// Whether `speaker` is `domain` or above it, with at least two labels.
fn speaks_for(speaker: &str, domain: &str) -> bool {
    let speaker = speaker.trim_end_matches('.').to_ascii_lowercase();
    let above = domain.strip_suffix(speaker.as_str()).is_some_and(|rest| rest.ends_with('.'));
    speaker.contains('.') && (speaker == domain || above)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(from: &str, sender: Option<&str>) -> Received {
        Received { from: Some(from.into()), sender: sender.map(str::to_owned), ..Received::default() }
    }

    fn signed(domain: &str, with_sender: bool) -> Evidence {
        Evidence { signed: vec![Signed { domain: domain.into(), with_sender }], ..Evidence::default() }
    }

    #[test]
    fn a_domain_speaks_for_itself_and_below_only() {
        for (speaker, domain, speaks) in [
            ("example.org", "example.org", true),
            ("Example.org.", "mail.example.org", true),
            ("mail.example.org", "example.org", false),
            ("ample.org", "example.org", false),
            ("org", "example.org", false),
            ("", "example.org", false),
        ] {
            assert_eq!(speaks_for(speaker, domain), speaks, "{speaker} {domain}");
        }
    }

    #[test]
    fn google_speaks_for_others_only_as_its_calendar() {
        let google = |sender, with_sender| decide(&received("a@example.org", sender), &signed(GOOGLE, with_sender));
        assert_eq!(google(Some(GOOGLE_CALENDAR), true), Verdict::GoogleCalendar("a@example.org".into()));
        assert_eq!(google(Some(GOOGLE_CALENDAR), false), Verdict::Unauthenticated, "a Sender put on afterwards");
        assert_eq!(google(Some("drive-shares-noreply@google.com"), true), Verdict::Unauthenticated);
        assert_eq!(google(None, true), Verdict::Unauthenticated);
        let other = decide(&received("a@example.org", Some(GOOGLE_CALENDAR)), &signed("evil.example", true));
        assert_eq!(other, Verdict::Unauthenticated);
    }
}
