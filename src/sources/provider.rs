//! Whose server an address belongs to, so that the way out can be told in that product's own words.

use percent_encoding::percent_decode_str;

use crate::http_client::public::Address;

/// Who runs the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Google Calendar.
    Google,
    /// Outlook.com and Microsoft 365.
    Outlook,
    /// iCloud.
    Apple,
    /// Anybody else.
    Other,
}

impl Provider {
    /// By the host's name, lower case.
    pub fn of(host: &str) -> Self {
        let within = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        match () {
            () if host == "calendar.google.com" || host == "www.google.com" => Self::Google,
            () if within("office365.com") || within("outlook.com") || host == "outlook.live.com" => Self::Outlook,
            () if within("icloud.com") => Self::Apple,
            () => Self::Other,
        }
    }
}

/// The mail address of whom a calendar is, where its address says so: Google's have it in their path.
pub(super) fn owner(address: &Address) -> Option<String> {
    if Provider::of(address.host()) != Provider::Google {
        return None;
    }
    let id = address.path().strip_prefix("/calendar/ical/")?.split('/').next()?;
    let id = percent_decode_str(id).decode_utf8().ok()?.to_lowercase();
    crate::config::is_address(&id).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http_client::public::PrivateHosts;

    #[test]
    fn hosts_are_known_by_their_names() {
        assert_eq!(Provider::of("calendar.google.com"), Provider::Google);
        assert_eq!(Provider::of("outlook.office365.com"), Provider::Outlook);
        assert_eq!(Provider::of("p42-caldav.icloud.com"), Provider::Apple);
        for other in ["calendar.google.com.evil.example", "notoutlook.com", "icloud.com.example", "x.example"] {
            assert_eq!(Provider::of(other), Provider::Other, "{other}");
        }
    }

    #[test]
    fn a_google_address_tells_its_owner() {
        let owner = |text: &str| owner(&Address::parse(text, &PrivateHosts::default()).unwrap());
        let google = "https://calendar.google.com/calendar/ical/Ana%40example.org/private-0a1b/basic.ics";
        assert_eq!(owner(google).as_deref(), Some("ana@example.org"));
        assert_eq!(owner("https://x.example/calendar/ical/ana%40example.org/private-0a1b/basic.ics"), None);
        assert_eq!(owner("https://calendar.google.com/calendar/ical/x/basic.ics"), None);
    }
}
