//! `expand-property`: properties with the resources that their hrefs name. RFC 3253 §3.8. Apple asks it of principals.

use bytes::Bytes;
use http::Response;

use crate::element::expand_property::{Expand, read};
use crate::element::multistatus::Multistatus;
use crate::element::propfind::Propfind;
use crate::method::exchange::Exchange;
use crate::method::failure::Failure;
use crate::method::found::Found;
use crate::property::Selection;
use crate::store::Store;
use crate::xml::{Content, DAV, Element, Writer, parse};

/// Most resources that one request leads to.
const MAX_EXPANSIONS: usize = 64;

/// Answers for the requested resource.
///
/// # Errors
/// A bad body; a failing store.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>, body: &Element) -> Result<Response<Bytes>, Failure> {
    let wanted = read(body)?;
    let found = exchange.found().await?;
    let mut budget = MAX_EXPANSIONS;
    let inside = expand(exchange, &found, &wanted, &mut budget).await?;
    let mut answer = Multistatus::new();
    answer.response(&exchange.site.href(&found.resource().path()), |writer| {
        inside.iter().for_each(|one| writer.content(one))
    });
    Ok(answer.finish(None))
}

/// The `DAV:propstat` elements of one resource, hrefs replaced by responses where something is wanted inside.
async fn expand<S: Store>(
    exchange: &Exchange<'_, S>,
    found: &Found,
    wanted: &[Expand],
    budget: &mut usize,
) -> Result<Vec<Content>, Failure> {
    let mut answer = plain(exchange, found, wanted).ok_or(Failure::internal("an own answer did not read back"))?;
    for propstat in answer.iter_mut().filter_map(element_mut) {
        for property in propstat.content.iter_mut().filter_map(element_mut).flat_map(|prop| prop.content.iter_mut()) {
            let Content::Element(property) = property else { continue };
            let Some(inside) = wanted.iter().find(|one| one.name == property.name).map(|one| &one.inside) else {
                continue;
            };
            if inside.is_empty() {
                continue;
            }
            for href in property.content.iter_mut().filter_map(element_mut).filter(|element| element.is(DAV, "href")) {
                expand_href(exchange, href, inside, budget).await?;
            }
        }
    }
    Ok(answer)
}

async fn expand_href<S: Store>(
    exchange: &Exchange<'_, S>,
    href: &mut Element,
    inside: &[Expand],
    budget: &mut usize,
) -> Result<(), Failure> {
    let Some(path) = exchange.site.parse_href(&href.text()) else { return Ok(()) };
    let Some(left) = budget.checked_sub(1) else { return Ok(()) };
    *budget = left;
    let Some(found) = Found::load(exchange.store, exchange.caller, &path).await? else { return Ok(()) };
    let mut response = Element::new(crate::xml::QName::new(DAV, "response"));
    response.content.push(Content::Element(href.clone()));
    response.content.extend(Box::pin(expand(exchange, &found, inside, budget)).await?);
    *href = response;
    Ok(())
}

/// The answer as PROPFIND gives it, read back as a tree.
fn plain<S: Store>(exchange: &Exchange<'_, S>, found: &Found, wanted: &[Expand]) -> Option<Vec<Content>> {
    let elements = wanted.iter().map(|one| Element::new(one.name.clone())).collect();
    let selection = Selection::of_propfind(&Propfind::These(elements), exchange.prefer.minimal);
    let mut writer = Writer::document(DAV, "response");
    selection.write(&exchange.view(), &found.resource(), &mut writer);
    parse(writer.end_document(DAV, "response").as_bytes()).ok().map(|tree| tree.content)
}

fn element_mut(content: &mut Content) -> Option<&mut Element> {
    match content {
        Content::Element(element) => Some(element),
        Content::Text(_) => None,
    }
}
