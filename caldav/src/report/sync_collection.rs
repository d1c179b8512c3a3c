//! `sync-collection`: what changed since a token. RFC 6578 §3.2.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::element::multistatus::Multistatus;
use crate::element::sync_collection::SyncCollection;
use crate::header::Depth;
use crate::method::exchange::Exchange;
use crate::method::failure::Failure;
use crate::precondition::Precondition;
use crate::property::token::{read_sync_token, sync_token};
use crate::property::{Resource, Selection};
use crate::store::{Changes, Collection, Member, Store};
use crate::xml::Element;

/// Changes asked of the store at once; fewer where bytes are wanted.
const PAGE: usize = 1_000;
const PAGE_WITH_BYTES: usize = 50;

/// Answers with changed members, 404 for deleted ones, and the next token. An answer that grows too large stops at
/// the end of a page, says so (507, RFC 6578 §3.6), and its token continues there.
///
/// # Errors
/// `valid-sync-token` for a token that is not ours or too old; `sync-traversal-supported`; a failing store.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>, body: &Element) -> Result<Response<Bytes>, Failure> {
    let request = SyncCollection::read(body)?;
    if request.infinite || Depth::of(exchange.headers())? == Some(Depth::Infinity) {
        return Err(Precondition::SyncTraversalSupported.into());
    }
    let selection = Selection::of_report(&request.properties, exchange.prefer.minimal)?;
    let collection = exchange.collection().await?;
    let mut since = match &request.token {
        None => 0,
        Some(token) => read_sync_token(&collection, token).ok_or(Precondition::ValidSyncToken)?,
    };
    let mut left = request.limit.unwrap_or(usize::MAX);
    let mut page = if selection.needs_bytes() { PAGE_WITH_BYTES } else { PAGE };
    let mut answer = Multistatus::new();
    let truncated = loop {
        let limit = page.min(left);
        let changes = exchange.store.changes(&collection, since, limit).await?.ok_or(Precondition::ValidSyncToken)?;
        let mark = answer.mark();
        write(exchange, &collection, &selection, &changes, &mut answer).await?;
        if answer.is_full() && limit > 1 {
            // Too much: take the page back, and either stop before it or try a smaller one.
            answer.rewind(mark);
            if answer.mark() > Multistatus::new().mark() {
                break true;
            }
            page = (limit / 4).max(1);
            continue;
        }
        left = left.saturating_sub(changes.changed.len() + changes.deleted.len());
        let stuck = changes.truncated && changes.version <= since;
        since = changes.version;
        if !changes.truncated {
            break false;
        }
        if left == 0 || answer.is_full() || stuck {
            break true;
        }
    };
    if truncated {
        let here = exchange.site.href(&exchange.path);
        answer.refusal(&here, &Precondition::NumberOfMatchesWithinLimits, exchange.site, &exchange.path);
    }
    Ok(answer.finish(Some(&sync_token(&collection, since))))
}

async fn write<S: Store>(
    exchange: &Exchange<'_, S>,
    collection: &Collection,
    selection: &Selection,
    changes: &Changes,
    answer: &mut Multistatus,
) -> Result<(), Failure> {
    let owner = exchange.caller;
    let mut bytes: BTreeMap<String, Member> = BTreeMap::new();
    if selection.needs_bytes() {
        let names: Vec<String> = changes.changed.iter().map(|member| member.name.clone()).collect();
        let members = exchange.store.members_named(collection, &names).await?;
        bytes.extend(members.into_iter().map(|member| (member.name.clone(), member)));
    }
    for member in &changes.changed {
        let href = exchange.site.member(owner, &collection.name, &member.name);
        let member = bytes.get(&member.name).unwrap_or(member);
        let resource = Resource::Member { owner, collection, member };
        answer.response(&href, |writer| selection.write(&exchange.view(), &resource, writer));
    }
    for name in &changes.deleted {
        answer.status(&exchange.site.member(owner, &collection.name, name), StatusCode::NOT_FOUND);
    }
    Ok(())
}
