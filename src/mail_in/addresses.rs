//! Which of our addresses a message was sent to.

use crate::config::Config;
use crate::invitations::REPLY_TOKEN;
use crate::keys::Keys;

/// The local part (or tag) of the robot.
pub const ROBOT: &str = "available";
/// The longest token of a slot or a conversation.
const TOKEN: usize = 61;

/// One of our addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `available@`: the robot that hosts invite.
    Robot,
    /// `r-<token>@`: the organiser of invites. The token is proven; this is the id with which the local part of the
    /// event's UID ends ([`crate::invitations::id_in_uid`]): a booking's, or a group session's.
    Reply(i64),
    /// `s-<token>@`: the organiser of a slot sent as an invitation, and of the booking it became. The token proves itself
    /// only together with the address it was made for ([`crate::invitations::slot`]).
    Slot(String),
    /// `m-<token>@`: a conversation. The token is not proven yet.
    Conversation(String),
    /// The constant address all our mail comes from: reports of failed delivery come here.
    Ourselves,
}

/// The kinds of [`Address`], for the table of handlers and the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`Address::Robot`]
    Robot,
    /// [`Address::Reply`]
    Reply,
    /// [`Address::Slot`]
    Slot,
    /// [`Address::Conversation`]
    Conversation,
    /// [`Address::Ourselves`]
    Ourselves,
}

impl Address {
    /// Which of our addresses this is; `None`: it is none, or its token is not from us.
    pub fn read(address: &str, config: &Config, keys: &Keys) -> Option<Self> {
        let address = address.trim().to_lowercase();
        if address == config.mail_from {
            return Some(Self::Ourselves);
        }
        let tag = config.mail_addresses.tag_of(&address, config.mail_domain())?;
        if tag == ROBOT {
            return Some(Self::Robot);
        }
        let (kind, token) = tag.split_once('-')?;
        let is_plain = !token.is_empty() && token.len() <= TOKEN && token.bytes().all(|b| b.is_ascii_alphanumeric());
        match kind {
            "r" => {
                let (id, proof) = Keys::split(token)?;
                keys.verify(proof, REPLY_TOKEN, id, 0, 0).then_some(Self::Reply(id))
            }
            "s" if is_plain => Some(Self::Slot(token.to_owned())),
            "m" if is_plain => Some(Self::Conversation(token.to_owned())),
            _ => None,
        }
    }

    /// Of which kind it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Robot => Kind::Robot,
            Self::Reply(_) => Kind::Reply,
            Self::Slot(_) => Kind::Slot,
            Self::Conversation(_) => Kind::Conversation,
            Self::Ourselves => Kind::Ourselves,
        }
    }
}

impl Kind {
    /// The word in the log; an address itself never stands there, since its token is a secret.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Robot => "robot",
            Self::Reply => "reply",
            Self::Slot => "slot",
            Self::Conversation => "conversation",
            Self::Ourselves => "ourselves",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invitations::samples::{config, keys};

    #[test]
    fn our_addresses_are_known_in_any_case_and_others_are_not() {
        let (mut config, keys) = (config(), keys());
        let token = keys.token(REPLY_TOKEN, 900, 0, 0);
        let foreign = Keys::new([9; 32]).token(REPLY_TOKEN, 900, 0, 0);
        let read = |config: &Config, text: &str| Address::read(text, config, &keys);
        assert_eq!(read(&config, "Available@Book.Example.Org"), Some(Address::Robot));
        assert_eq!(read(&config, "hello@book.example.org"), Some(Address::Ourselves));
        assert_eq!(read(&config, &format!("r-{token}@book.example.org")), Some(Address::Reply(900)));
        assert_eq!(read(&config, &format!("R-{}@book.example.org", token.to_uppercase())), Some(Address::Reply(900)));
        assert_eq!(read(&config, &format!("r-{foreign}@book.example.org")), None);
        assert_eq!(read(&config, "s-abc234@book.example.org"), Some(Address::Slot("abc234".into())));
        assert_eq!(read(&config, "m-abc234@book.example.org"), Some(Address::Conversation("abc234".into())));
        for none in ["s-@book.example.org", "s-a b@book.example.org", "available@example.org", "x@book.example.org", ""]
        {
            assert_eq!(read(&config, none), None, "{none}");
        }
        config.mail_addresses = "team+{tag}@example.com".parse().unwrap();
        assert_eq!(read(&config, "team+available@example.com"), Some(Address::Robot));
        assert_eq!(read(&config, &format!("team+r-{token}@example.com")), Some(Address::Reply(900)));
        assert_eq!(read(&config, "available@example.com"), None);
        assert_eq!(read(&config, "team@example.com"), None);
    }

    #[test]
    fn what_we_write_as_organiser_fits_a_local_part_and_is_read_again() {
        let (config, keys) = (config(), keys());
        let tag = format!("r-{}", keys.token(REPLY_TOKEN, i64::MAX, 0, 0));
        let address = config.mail_addresses.of(&tag, config.mail_domain());
        assert!(tag.len() <= 64);
        assert_eq!(Address::read(&address, &config, &keys), Some(Address::Reply(i64::MAX)));
    }
}
