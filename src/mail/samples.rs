//! Every letter with invented people, composed as if it went out.

use super::{Envelope, compose};
use crate::desk::Desk;
use crate::invitations::samples::{NOW, letters};
use crate::invitations::{Message, Writer};
use crate::language::Language;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Names it.
    pub name: &'static str,
    /// Clean text.
    pub subject: String,
    /// Address.
    pub recipient: String,
}

/// Every letter there is.
pub fn samples(desk: &Desk, language: Language) -> Vec<Sample> {
    let sample = |(name, message): (&'static str, Message)| Sample {
        name,
        subject: message.letter.subject,
        recipient: message.to_address,
    };
    letters(&Writer { config: &desk.config, keys: &desk.keys }, language).into_iter().map(sample).collect()
}

/// One of them as it would go out, unsigned; `None`: no letter has this name.
pub fn sample(desk: &Desk, language: Language, name: &str) -> Option<Vec<u8>> {
    let config = &desk.config;
    let all = letters(&Writer { config, keys: &desk.keys }, language);
    let (name, message) = all.into_iter().find(|(found, _)| *found == name)?;
    let message_id = format!("{name}.sample@{}", config.mail_domain());
    let envelope = Envelope {
        message_id: &message_id,
        date: NOW,
        from: (&config.mail_from_name, &config.mail_from),
        to: (&message.to_name, &message.to_address),
        reply_to: message.reply_to.as_ref().map(|(name, address)| (name.as_str(), address.as_str())),
    };
    compose(&envelope, &message.letter, message.calendar.as_ref()).ok()
}
