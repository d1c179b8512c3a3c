//! PROPFIND. RFC 4918 §9.1.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response};

use super::exchange::Exchange;
use super::failure::Failure;
use super::found::Found;
use crate::element::multistatus::Multistatus;
use crate::element::propfind::Propfind;
use crate::header::Depth;
use crate::precondition::Precondition;
use crate::property::{Resource, Selection};
use crate::store::{Candidates, Collection, Principal, Store, StoreError};

/// Members loaded at once.
const PAGE: usize = 500;

/// Answers for the resource and, with `Depth: 1`, for what is directly inside.
///
/// # Errors
/// `propfind-finite-depth` for `infinity`, which a missing header means too; 404; a bad body.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let depth = Depth::of(exchange.headers())?.unwrap_or(Depth::Infinity);
    let propfind = match exchange.xml()? {
        None => Propfind::All { include: Vec::new() },
        Some(root) => Propfind::read(&root)?,
    };
    let found = exchange.found().await?;
    if depth == Depth::Infinity {
        return Err(Precondition::PropfindFiniteDepth.into());
    }
    let answer = Answer {
        exchange,
        selection: Selection::of_propfind(&propfind, exchange.prefer.minimal),
        multistatus: Multistatus::new(),
    };
    let mut response = answer.of(&found, depth).await?;
    if exchange.prefer.minimal {
        applied(&mut response);
    }
    Ok(response)
}

/// Says that `return=minimal` was followed. RFC 7240 §3.
pub fn applied(response: &mut Response<Bytes>) {
    let name = HeaderName::from_static("preference-applied");
    response.headers_mut().insert(name, HeaderValue::from_static("return=minimal"));
}

struct Answer<'a, S> {
    exchange: &'a Exchange<'a, S>,
    selection: Selection,
    multistatus: Multistatus,
}

impl<S: Store> Answer<'_, S> {
    async fn of(mut self, found: &Found, depth: Depth) -> Result<Response<Bytes>, Failure> {
        self.add(&found.resource());
        let complete = depth == Depth::Zero || self.children(found).await?;
        Ok(if complete { self.multistatus.finish(None) } else { self.exchange.cut_short(self.multistatus) })
    }

    fn add(&mut self, resource: &Resource<'_>) {
        let href = self.exchange.site.href(&resource.path());
        let Self { exchange, selection, multistatus } = self;
        multistatus.response(&href, |writer| selection.write(&exchange.view(), resource, writer));
    }

    /// Adds what is directly inside; `false` when there is more than an answer may hold.
    async fn children(&mut self, found: &Found) -> Result<bool, Failure> {
        match found {
            Found::Root => {
                self.add(&Resource::Principals);
                self.add(&Resource::Homes);
            }
            Found::Principals => {
                if let Some(principal) = self.caller().await? {
                    self.add(&Resource::Principal(&principal));
                }
            }
            Found::Homes => {
                if let Some(principal) = self.caller().await? {
                    self.add(&Resource::Home(&principal));
                }
            }
            Found::Home(principal) => {
                for collection in self.exchange.store.collections(&principal.email).await? {
                    if self.multistatus.is_full() {
                        return Ok(false);
                    }
                    self.add(&Resource::Calendar { owner: &principal.email, collection: &collection });
                }
            }
            Found::Calendar(owner, collection) => return self.members(owner, collection).await,
            Found::Principal(_) | Found::Member(..) => {}
        }
        Ok(true)
    }

    async fn caller(&self) -> Result<Option<Principal>, StoreError> {
        self.exchange.store.principal(self.exchange.caller).await
    }

    async fn members(&mut self, owner: &str, collection: &Collection) -> Result<bool, Failure> {
        let mut after: Option<String> = None;
        loop {
            let every = Candidates::default();
            let page = self.exchange.store.members(collection, &every, after.as_deref(), PAGE, false).await?;
            for member in &page.members {
                if self.multistatus.is_full() {
                    return Ok(false);
                }
                self.add(&Resource::Member { owner, collection, member });
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(true),
            }
        }
    }
}
