//! The configuration profile that sets up a CalDAV account on an iPhone, iPad or Mac: a property list in XML with the
//! payload `com.apple.caldav.account`. Apple finds the rest by itself from `/.well-known/caldav`.

use sha2::{Digest, Sha256};

/// The account to be set up.
pub(super) struct Profile<'a> {
    /// `https://book.example.org`, without a slash at the end.
    pub(super) public_url: &'a str,
    /// The person's address.
    pub(super) user: &'a str,
    /// An app password made for this device.
    pub(super) password: &'a str,
    /// What the device calls the account.
    pub(super) name: &'a str,
}

impl Profile<'_> {
    /// The file.
    pub(super) fn write(&self) -> String {
        let (scheme, rest) = self.public_url.split_once("://").unwrap_or(("https", self.public_url));
        let authority = rest.split('/').next().unwrap_or(rest);
        let secure = scheme == "https";
        let (host, port) = match authority.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()) {
            Some((host, port)) => (host, port),
            None => (authority, if secure { "443" } else { "80" }),
        };
        let turned: Vec<&str> = host.split('.').rev().collect();
        let identifier = format!("{}.openhour.{}", turned.join("."), uuid(&["person", self.user]).to_lowercase());
        let account = [
            string("PayloadType", "com.apple.caldav.account"),
            string("PayloadIdentifier", &format!("{identifier}.caldav")),
            string("PayloadUUID", &uuid(&["caldav", self.public_url, self.user])),
            integer("PayloadVersion", "1"),
            string("PayloadDisplayName", self.name),
            string("CalDAVAccountDescription", self.name),
            string("CalDAVHostName", host),
            integer("CalDAVPort", port),
            format!("<key>CalDAVUseSSL</key><{secure}/>\n"),
            string("CalDAVUsername", self.user),
            string("CalDAVPassword", self.password),
        ];
        let profile = [
            string("PayloadType", "Configuration"),
            string("PayloadIdentifier", &identifier),
            string("PayloadUUID", &uuid(&["profile", self.public_url, self.user])),
            integer("PayloadVersion", "1"),
            string("PayloadDisplayName", self.name),
            string("PayloadDescription", &format!("Adds the calendars of {} at {authority}.", self.user)),
            format!("<key>PayloadContent</key>\n<array>\n<dict>\n{}</dict>\n</array>\n", account.concat()),
        ];
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
             \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<dict>\n{}</dict>\n</plist>\n",
            profile.concat()
        )
    }
}

fn string(key: &str, value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<key>{key}</key><string>{value}</string>\n")
}

fn integer(key: &str, value: &str) -> String {
    format!("<key>{key}</key><integer>{value}</integer>\n")
}

/// The same parts have the same name, so that installing a new profile replaces the old one.
fn uuid(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\0").as_bytes());
    let hex = data_encoding::HEXUPPER.encode(digest.get(..16).unwrap_or_default());
    let cut = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    // Version 8 of RFC 9562: made by a rule of our own.
    format!("{}-{}-8{}-8{}-{}", cut(0, 8), cut(8, 12), cut(13, 16), cut(17, 20), cut(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(public_url: &str) -> String {
        Profile { public_url, user: "ana&co@example.org", password: "abc", name: "Openhour" }.write()
    }

    #[test]
    fn host_port_and_encryption_follow_the_public_url() {
        let secure = profile("https://book.example.org");
        for part in [
            "<key>CalDAVHostName</key><string>book.example.org</string>",
            "<key>CalDAVPort</key><integer>443</integer>",
            "<key>CalDAVUseSSL</key><true/>",
            "<key>CalDAVUsername</key><string>ana&amp;co@example.org</string>",
            "<string>org.example.book.openhour.",
        ] {
            assert!(secure.contains(part), "{part}\n{secure}");
        }
        let local = profile("http://127.0.0.1:8080");
        assert!(local.contains("<integer>8080</integer>") && local.contains("<key>CalDAVUseSSL</key><false/>"));
    }

    #[test]
    fn a_new_profile_replaces_the_old_one() {
        assert_eq!(profile("https://book.example.org"), profile("https://book.example.org"));
        let name = uuid(&["a"]);
        assert_eq!(name.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_ne!(name, uuid(&["b"]));
    }
}
