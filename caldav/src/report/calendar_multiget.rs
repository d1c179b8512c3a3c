//! `calendar-multiget`: the named calendar objects. RFC 4791 §7.9.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::element::calendar_multiget::CalendarMultiget;
use crate::element::multistatus::Multistatus;
use crate::method::exchange::Exchange;
use crate::method::failure::Failure;
use crate::property::{Resource, Selection};
use crate::site::Path;
use crate::store::{Collection, Member, Store};
use crate::xml::Element;

/// Members loaded at once.
const PAGE: usize = 50;

/// The objects of one collection: the name and the href as the client wrote it.
type Wanted = BTreeMap<String, Vec<(String, String)>>;

/// Answers with each named object, or 404 in its place.
///
/// # Errors
/// A bad body; a failing store.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>, body: &Element) -> Result<Response<Bytes>, Failure> {
    let request = CalendarMultiget::read(body)?;
    let selection = Selection::of_report(&request.properties, exchange.prefer.minimal)?;
    let mut answer = Multistatus::new();
    let mut wanted = Wanted::new();
    for href in request.hrefs {
        match exchange.site.parse_href(&href) {
            Some(Path::Member(owner, collection, name))
                if owner == exchange.caller && exchange.covers(&collection, &name) =>
            {
                wanted.entry(collection).or_default().push((name, href));
            }
            _ => answer.status(&href, StatusCode::NOT_FOUND),
        }
    }
    for (name, members) in wanted {
        let collection = exchange.store.collection(exchange.caller, &name).await?;
        for page in members.chunks(PAGE) {
            let found = match &collection {
                Some(collection) => load(exchange, collection, page).await?,
                None => BTreeMap::new(),
            };
            for (name, href) in page {
                if answer.is_full() {
                    return Ok(exchange.cut_short(answer));
                }
                match (&collection, found.get(name)) {
                    (Some(collection), Some(member)) => {
                        let resource = Resource::Member { owner: exchange.caller, collection, member };
                        answer.response(href, |writer| selection.write(&exchange.view(), &resource, writer));
                    }
                    _ => answer.status(href, StatusCode::NOT_FOUND),
                }
            }
        }
    }
    Ok(answer.finish(None))
}

async fn load<S: Store>(
    exchange: &Exchange<'_, S>,
    collection: &Collection,
    page: &[(String, String)],
) -> Result<BTreeMap<String, Member>, Failure> {
    let names: Vec<String> = page.iter().map(|(name, _)| name.clone()).collect();
    let members = exchange.store.members_named(collection, &names).await?;
    Ok(members.into_iter().map(|member| (member.name.clone(), member)).collect())
}
