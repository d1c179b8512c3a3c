//! `principal-property-search`. RFC 3744 §9.4. It searches among the people the caller may see: the caller.

use bytes::Bytes;
use http::Response;

use crate::element::multistatus::Multistatus;
use crate::element::principal_search::PrincipalPropertySearch;
use crate::method::exchange::Exchange;
use crate::method::failure::Failure;
use crate::property::{Resource, Selection, live};
use crate::store::Store;
use crate::xml::{DAV, Element, QName, Writer, parse};

/// Answers with the principals whose properties contain the wanted text.
///
/// # Errors
/// A bad body; a failing store.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>, body: &Element) -> Result<Response<Bytes>, Failure> {
    let request = PrincipalPropertySearch::read(body)?;
    let selection = Selection::of_propfind(&request.properties, exchange.prefer.minimal);
    let mut answer = Multistatus::new();
    if let Some(principal) = exchange.store.principal(exchange.caller).await? {
        let resource = Resource::Principal(&principal);
        let holds = |(names, wanted): &(Vec<QName>, String)| {
            names.iter().all(|name| text(exchange, &resource, name).is_some_and(|text| text.contains(wanted.as_str())))
        };
        let fits = if request.any { request.tests.iter().any(holds) } else { request.tests.iter().all(holds) };
        if fits {
            let href = exchange.site.principal(&principal.email);
            answer.response(&href, |writer| selection.write(&exchange.view(), &resource, writer));
        }
    }
    Ok(answer.finish(None))
}

/// All text of a property, nested elements included, in lower case.
fn text<S: Store>(exchange: &Exchange<'_, S>, resource: &Resource<'_>, name: &QName) -> Option<String> {
    let mut writer = Writer::document(DAV, "prop");
    (live(name)?.write)(&exchange.view(), resource, &mut writer)?;
    let tree = parse(writer.end_document(DAV, "prop").as_bytes()).ok()?;
    let nested: Vec<String> = tree.children().map(Element::text).collect();
    Some(format!("{} {}", tree.text(), nested.join(" ")).to_lowercase())
}
