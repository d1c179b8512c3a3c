//! Where the next server is, and how it is spoken to: what `smtp_url` says.

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;

/// The next server.
pub(super) struct NextServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) credentials: Option<Credentials>,
    /// How we introduce ourselves.
    pub(super) hello: ClientId,
}

/// Whether and how the connection is encrypted.
pub(super) enum Tls {
    /// Not: the server is this machine, or the settings say so.
    None,
    /// Where the server offers it.
    Opportunistic(TlsParameters),
    /// By STARTTLS, or not at all.
    Required(TlsParameters),
    /// From the first byte.
    Wrapped(TlsParameters),
}

impl NextServer {
    /// `smtp://user:password@host:port?tls=required|opportunistic|none` or `smtps://...`. Without `tls` encryption is
    /// required, unless the server is this machine.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(url: &str, own_name: &str) -> Result<Self, String> {
        let (wrapped, rest) = match (url.strip_prefix("smtps://"), url.strip_prefix("smtp://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err("smtp_url must begin with smtp:// or smtps://".into()),
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = place.split('/').next().unwrap_or_default();
        let (user, host_port) = match authority.rsplit_once('@') {
            Some((user, host_port)) => (Some(user), host_port),
            None => (None, authority),
        };
        let (host, port) = host_and_port(host_port)?;
        let wanted = query.split('&').find_map(|pair| pair.strip_prefix("tls="));
        let parameters = || TlsParameters::new(host.clone()).map_err(|error| format!("smtp_url: {error}"));
        let (tls, usual) = match wanted {
            _ if wrapped => (Tls::Wrapped(parameters()?), 465),
            Some("none") => (Tls::None, 25),
            Some("required") => (Tls::Required(parameters()?), 587),
            Some("opportunistic") => (Tls::Opportunistic(parameters()?), 587),
            Some(other) => {
                return Err(format!("smtp_url: tls={other} is not known; it may be required, opportunistic or none"));
            }
            None if is_this_machine(&host) => (Tls::None, 25),
            None => (Tls::Required(parameters()?), 587),
        };
        let credentials = user.map(credentials).transpose()?;
        let hello = ClientId::Domain(own_name.to_owned());
        Ok(Self { port: port.unwrap_or(usual), host, tls, credentials, hello })
    }
}

fn host_and_port(text: &str) -> Result<(String, Option<u16>), String> {
    let (host, port) = match text.strip_prefix('[') {
        Some(v6) => v6.split_once(']').ok_or("smtp_url: the address has no closing bracket")?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match port.strip_prefix(':') {
        Some(port) => Some(port.parse().map_err(|_| format!("smtp_url: `{port}` is no port"))?),
        None => None,
    };
    if host.is_empty() { Err("smtp_url names no server".into()) } else { Ok((host.to_owned(), port)) }
}

/// `user:password`, each percent-encoded.
fn credentials(text: &str) -> Result<Credentials, String> {
    let decoded = |part: &str| {
        let text = percent_decode_str(part).decode_utf8();
        text.map(|text| text.into_owned()).map_err(|_| "smtp_url: user or password is no text".to_owned())
    };
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    Ok(Credentials::new(decoded(user)?, decoded(password)?))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> (String, u16, &'static str) {
        let server = NextServer::read(url, "book.example.org").unwrap();
        let tls = match server.tls {
            Tls::None => "none",
            Tls::Opportunistic(_) => "opportunistic",
            Tls::Required(_) => "required",
            Tls::Wrapped(_) => "wrapped",
        };
        (server.host, server.port, tls)
    }

    #[test]
    fn mail_leaves_the_machine_encrypted_unless_told_otherwise() {
        for (url, host, port, tls) in [
            ("smtp://mail.example.org", "mail.example.org", 587, "required"),
            ("smtp://u:p@mail.example.org:2587", "mail.example.org", 2587, "required"),
            ("smtp://localhost.example.org:25", "localhost.example.org", 25, "required"),
            ("smtp://127.0.0.1@mail.example.org", "mail.example.org", 587, "required"),
            ("smtp://localhost:2525", "localhost", 2525, "none"),
            ("smtp://127.0.0.1", "127.0.0.1", 25, "none"),
            ("smtp://[::1]:25", "::1", 25, "none"),
            ("smtp://mail.example.org?tls=none", "mail.example.org", 25, "none"),
            ("smtp://mail.example.org?tls=opportunistic", "mail.example.org", 587, "opportunistic"),
            ("smtps://u:p@mail.example.org", "mail.example.org", 465, "wrapped"),
        ] {
            assert_eq!(read(url), (host.to_owned(), port, tls), "{url}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for wrong in
            ["smtp://mail.example.org?tls=maybe", "http://mail.example.org", "smtp://", "smtp://a:port", "smtp://[::1"]
        {
            assert!(NextServer::read(wrong, "book.example.org").is_err(), "{wrong}");
        }
        let server = NextServer::read("smtp://ana%40example.org:p%3As@mail.example.org", "x").unwrap();
        assert_eq!(server.credentials, Some(Credentials::new("ana@example.org".into(), "p:s".into())));
    }
}
