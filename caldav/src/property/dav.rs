//! Properties in the namespace `DAV:`. RFC 4918 §15, RFC 3744, RFC 5397, RFC 5842, RFC 6578.

use super::token::{resource_id, sync_token};
use super::{Live, Resource, View};
use crate::header::date;
use crate::report;
use crate::site::Path;
use crate::store::Member;
use crate::xml::{CALDAV, DAV, Writer};

/// Every property of this file.
pub const PROPERTIES: &[Live] = &[
    row("resourcetype", true, resourcetype),
    row("displayname", true, displayname),
    row("getcontenttype", true, getcontenttype),
    row("getcontentlength", true, getcontentlength),
    row("getetag", true, getetag),
    row("getlastmodified", true, getlastmodified),
    row("current-user-principal", false, current_user_principal),
    row("principal-URL", false, principal_url),
    row("principal-collection-set", false, principal_collection_set),
    row("alternate-URI-set", false, empty_on_principals),
    row("group-member-set", false, empty_on_principals),
    row("group-membership", false, empty_on_principals),
    row("owner", false, owner),
    row("current-user-privilege-set", false, current_user_privilege_set),
    row("supported-report-set", false, supported_report_set),
    row("resource-id", false, resource_id_property),
    row("sync-token", false, sync_token_property),
];

type Write = fn(&View<'_>, &Resource<'_>, &mut Writer) -> Option<()>;

const fn row(local: &'static str, in_allprop: bool, write: Write) -> Live {
    Live { namespace: DAV, local, in_allprop, write }
}

/// RFC 4918 §15.9, RFC 4791 §4.2, RFC 3744 §4.
fn resourcetype(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    match resource {
        Resource::Member { .. } => {}
        Resource::Principal(_) => writer.empty(DAV, "principal"),
        _ => writer.empty(DAV, "collection"),
    }
    if let Resource::Calendar { .. } = resource {
        writer.empty(CALDAV, "calendar");
    }
    Some(())
}

/// RFC 4918 §15.2.
fn displayname(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    match resource {
        Resource::Principal(principal) => writer.text(&principal.display_name),
        Resource::Calendar { collection, .. } => writer.text(collection.display_name.as_deref()?),
        _ => return None,
    }
    Some(())
}

/// RFC 4918 §15.5, with the component as RFC 5545 §8.1 allows it.
fn getcontenttype(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&content_type(member(resource)?));
    Some(())
}

/// The media type of a member, for the property and for GET.
pub fn content_type(member: &Member) -> String {
    format!("text/calendar; charset=utf-8; component={}", member.kind.name())
}

/// RFC 4918 §15.4.
fn getcontentlength(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&member(resource)?.size.to_string());
    Some(())
}

/// RFC 4918 §15.6.
fn getetag(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&format!("\"{}\"", member(resource)?.etag));
    Some(())
}

/// RFC 4918 §15.7.
fn getlastmodified(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&date::format(member(resource)?.modified)?);
    Some(())
}

/// RFC 5397 §3.
fn current_user_principal(view: &View<'_>, _: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.leaf(DAV, "href", &view.site.principal(view.caller));
    Some(())
}

/// RFC 3744 §4.2.
fn principal_url(view: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let Resource::Principal(principal) = resource else { return None };
    writer.leaf(DAV, "href", &view.site.principal(&principal.email));
    Some(())
}

/// RFC 3744 §5.8.
fn principal_collection_set(view: &View<'_>, _: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.leaf(DAV, "href", &view.site.href(&Path::Principals));
    Some(())
}

/// RFC 3744 §4.1, §4.3, §4.4: there are no other URIs and no groups.
fn empty_on_principals(_: &View<'_>, resource: &Resource<'_>, _: &mut Writer) -> Option<()> {
    matches!(resource, Resource::Principal(_)).then_some(())
}

/// RFC 3744 §5.1.
fn owner(view: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.leaf(DAV, "href", &view.site.principal(resource.path().owner()?));
    Some(())
}

/// RFC 3744 §5.5. Clients take a calendar for read-only when it has neither `write` nor `write-content`.
fn current_user_privilege_set(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let writable = resource.collection().is_some_and(|collection| collection.writable);
    let more: &[&str] = match resource {
        Resource::Home(_) => &["bind", "unbind"],
        Resource::Calendar { .. } if writable => &["write", "write-properties", "write-content", "bind", "unbind"],
        Resource::Calendar { .. } => &["write-properties"],
        Resource::Member { .. } if writable => &["write", "write-content"],
        _ => &[],
    };
    for privilege in ["read", "read-current-user-privilege-set"].iter().chain(more) {
        writer.element(DAV, "privilege", |writer| writer.empty(DAV, privilege));
    }
    Some(())
}

/// RFC 3253 §3.1.5.
fn supported_report_set(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    for (namespace, local) in report::supported(&resource.path()) {
        writer.element(DAV, "supported-report", |writer| {
            writer.element(DAV, "report", |writer| writer.empty(namespace, local));
        });
    }
    Some(())
}

/// RFC 5842 §3.1.
fn resource_id_property(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let id = match resource {
        Resource::Principal(principal) => resource_id(&["principal", &principal.email]),
        Resource::Home(principal) => resource_id(&["home", &principal.email]),
        Resource::Calendar { owner, collection } => resource_id(&["calendar", owner, &collection.id.to_string()]),
        Resource::Member { owner, collection, member } => {
            resource_id(&["member", owner, &collection.id.to_string(), &member.name])
        }
        _ => return None,
    };
    writer.leaf(DAV, "href", &id);
    Some(())
}

/// RFC 6578 §4.
fn sync_token_property(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let Resource::Calendar { collection, .. } = resource else { return None };
    writer.text(&sync_token(collection, collection.version));
    Some(())
}

fn member<'a>(resource: &Resource<'a>) -> Option<&'a Member> {
    match resource {
        Resource::Member { member, .. } => Some(member),
        _ => None,
    }
}
