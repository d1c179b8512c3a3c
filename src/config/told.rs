//! The settings in force as administrators see them: each with its value and where it was set. What signs in somewhere
//! is left out.

use super::{Config, Origin};
use crate::db::Target;

/// A setting in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its key.
    pub name: &'static str,
    /// Its value, without secrets; empty: nothing.
    pub value: String,
    /// Where it was set; `None`: nowhere, so that the value is the default.
    pub origin: Option<Origin>,
}

/// A setting that somebody set, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its key.
    pub name: &'static str,
    /// Its text without what signs in.
    pub text: String,
    /// Where.
    pub origin: Origin,
}

impl Config {
    /// Every setting in force.
    pub fn told(&self) -> Vec<Told> {
        super::read::keys()
            .map(|name| match self.given.iter().rfind(|given| given.name == name) {
                Some(given) => Told { name, value: given.text.clone(), origin: Some(given.origin.clone()) },
                None => Told { name, value: self.default_of(name), origin: None },
            })
            .collect()
    }

    fn default_of(&self, name: &str) -> String {
        let seconds = |seconds: i64| match seconds {
            _ if seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
            _ if seconds % 60 == 0 => format!("{}m", seconds / 60),
            _ => format!("{seconds}s"),
        };
        match name {
            "listen" => self.listen.to_string(),
            "public_url" => self.public_url.clone(),
            "data_dir" => self.data_dir.display().to_string(),
            "database_url" => match &self.database {
                Target::Sqlite(file) => format!("sqlite:{}", file.display()),
                Target::Postgres(address) => without_secrets(address),
            },
            "mail_from" => self.mail_from.clone(),
            "mail_from_name" => self.mail_from_name.clone(),
            "meeting_links" => "jitsi:https://meet.jit.si".into(),
            "meeting_link_patience" => seconds(self.meeting_link_patience),
            "undo_within" => seconds(self.undo_within),
            "keep_bookings" => seconds(self.keep_bookings),
            "keep_sent_mail" => seconds(self.keep_sent_mail),
            "keep_mail_log" => seconds(self.keep_mail_log),
            "notice" => seconds(self.notice),
            "booking_window" => seconds(self.booking_window),
            "secret_key_file" => self.secret_key_file.display().to_string(),
            "rate_limits" => if self.rate_limits { "on" } else { "off" }.into(),
            "schedules" => if self.schedules { "on" } else { "off" }.into(),
            "offer_words" => self.offer_words.join(", "),
            "log" => "info".into(),
            _ => String::new(),
        }
    }
}

/// An address without user, password and query: `smtp://mail.example.org:587`.
pub(super) fn without_secrets(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
    // A password may hold any character but a slash.
    let host = host.rsplit('@').next().unwrap_or_default();
    let slash = if path.is_empty() { "" } else { "/" };
    // A password with a slash in it would be part of the path: then only the scheme is told.
    if path.contains('@') { format!("{scheme}://") } else { format!("{scheme}://{host}{slash}{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_without_what_signs_in() {
        assert_eq!(without_secrets("smtp://ana:secret@mail.example.org:587"), "smtp://mail.example.org:587");
        assert_eq!(
            without_secrets("postgres://u:p@db.example.org/openhour?password=p"),
            "postgres://db.example.org/openhour"
        );
        assert_eq!(without_secrets("smtp://u:a/b@c@mail.example.org"), "smtp://");
        assert_eq!(without_secrets("127.0.0.1:8080"), "127.0.0.1:8080");
    }

    #[test]
    fn what_is_set_is_told_with_its_place_and_the_rest_with_its_default() {
        let set = [("OPENHOUR_SMTP_URL", "smtp://ana:secret@mail.example.org"), ("OPENHOUR_NOTICE", "2h")];
        let config = crate::config::load(set.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
        let told = config.told();
        let one = |name: &str| told.iter().find(|told| told.name == name).unwrap();
        assert_eq!(one("smtp_url").value, "smtp://mail.example.org");
        assert_eq!(one("notice").value, "2h");
        assert_eq!(one("notice").origin, Some(Origin::Variable("OPENHOUR_NOTICE".into())));
        assert_eq!((one("listen").value.as_str(), &one("listen").origin), ("127.0.0.1:8080", &None));
        assert!(told.iter().all(|told| !told.value.contains("secret@") && !told.value.contains("ana:")));
    }
}
