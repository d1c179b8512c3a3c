//! One request on its way: who asks for what, of which store.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Response};

use super::failure::Failure;
use super::found::Found;
use crate::element::multistatus::Multistatus;
use crate::header::{Prefer, media_type};
use crate::precondition::Precondition;
use crate::property::View;
use crate::site::{Path, Site};
use crate::store::{Collection, Store};
use crate::xml::{Element, parse};

/// A request whose path belongs to the caller or to everybody.
#[derive(Debug)]
pub struct Exchange<'a, S> {
    /// Where the data is.
    pub store: &'a S,
    /// Where it is mounted.
    pub site: &'a Site,
    /// The signed-in person, lower-case address.
    pub caller: &'a str,
    /// What the request names.
    pub path: Path,
    /// What the client prefers.
    pub prefer: Prefer,
    /// The body as it came.
    pub body: Bytes,
    head: Parts,
}

impl<'a, S: Store> Exchange<'a, S> {
    /// Puts the parts together.
    pub fn new(store: &'a S, site: &'a Site, caller: &'a str, path: Path, head: Parts, body: Bytes) -> Self {
        let prefer = Prefer::of(&head.headers);
        Self { store, site, caller, path, prefer, body, head }
    }

    /// The method, which is case-sensitive. RFC 9110 §9.1.
    pub fn method(&self) -> &str {
        self.head.method.as_str()
    }

    /// The request's headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Who looks.
    pub fn view(&self) -> View<'a> {
        View { site: self.site, caller: self.caller }
    }

    /// The body as XML; `None` without a body.
    ///
    /// # Errors
    /// 415 for another media type, 413 and 400 for what [`parse`] refuses.
    pub fn xml(&self) -> Result<Option<Element>, Failure> {
        if self.body.is_empty() {
            return Ok(None);
        }
        if !media_type::is_xml(self.headers()) {
            return Err(Failure::UnsupportedMediaType);
        }
        Ok(Some(parse(&self.body)?))
    }

    /// The resource that the path names.
    ///
    /// # Errors
    /// 404; a failing store.
    pub async fn found(&self) -> Result<Found, Failure> {
        Found::load(self.store, self.caller, &self.path).await?.ok_or(Failure::NotFound)
    }

    /// The calendar that the path names or is inside of.
    ///
    /// # Errors
    /// 404; a failing store.
    pub async fn collection(&self) -> Result<Collection, Failure> {
        let (Path::Collection(owner, name) | Path::Member(owner, name, _)) = &self.path else {
            return Err(Failure::NotFound);
        };
        self.store.collection(owner, name).await?.ok_or(Failure::NotFound)
    }

    /// Whether an object lies at or below the requested resource, as REPORTs that name objects ask.
    pub fn covers(&self, collection: &str, name: &str) -> bool {
        match &self.path {
            Path::Collection(_, own) => own == collection,
            Path::Member(_, own, own_name) => own == collection && own_name == name,
            _ => true,
        }
    }

    /// Ends an answer that grew too large: what is in it stands, the rest is for another request. RFC 6578 §3.6.
    pub fn cut_short(&self, mut answer: Multistatus) -> Response<Bytes> {
        let here = self.site.href(&self.path);
        answer.refusal(&here, &Precondition::NumberOfMatchesWithinLimits, self.site, &self.path);
        answer.finish(None)
    }
}
