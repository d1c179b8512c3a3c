//! A request as handlers see it: routed, its body read, its sender known.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri, header};
use hyper::upgrade::OnUpgrade;

use super::Form;
use crate::desk::Desk;
use crate::people::Person;
use crate::people::api_tokens::TokenId;

/// One request with everything a handler may ask for.
pub struct Call {
    /// The state behind every surface.
    pub desk: Arc<Desk>,
    /// The method; HEAD arrives as GET.
    pub method: Method,
    /// The target as it was sent.
    pub uri: Uri,
    /// What the `{...}` parts of the route matched, decoded, in their order.
    pub params: Vec<String>,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body, already within the route's limit.
    pub body: Bytes,
    /// Who asks: the first address from the right that is not one of our proxies.
    pub client: IpAddr,
    /// Whose API token came with a call of the API. Pages look at the sign-in's cookie instead, CalDAV at app passwords.
    pub person: Option<Person>,
    /// Which of that person's tokens it is.
    pub token: Option<TokenId>,
    /// The connection itself, when the client asks to speak another protocol on it.
    pub upgrade: Option<OnUpgrade>,
    /// Names this request in the log and in answers that report a failure.
    pub id: String,
}

impl Call {
    /// The route's `index`th parameter; empty when the route has fewer.
    pub fn param(&self, index: usize) -> &str {
        self.params.get(index).map_or("", String::as_str)
    }

    /// The parameters of the query string.
    pub fn query(&self) -> Form {
        Form::parse(self.uri.query().unwrap_or_default().as_bytes())
    }

    /// The fields of a submitted form.
    pub fn form(&self) -> Form {
        Form::parse(&self.body)
    }

    /// A header field's value, when it is there and is text.
    pub fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(found, value)| (found == name).then_some(value))
    }

    /// An absolute address on this server, from the configured origin and never from `Host`.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.desk.config.public_url)
    }
}
