//! Properties in the namespace of CalDAV. RFC 4791 §5.2, §6.2, §7.5; RFC 6638 §2.4.1, §2.4.2, §9.1.

use super::{Live, Resource, View};
use crate::ical::filter::Collation;
use crate::store::Collection;
use crate::xml::{CALDAV, DAV, Writer};

/// Most bytes of a calendar object. RFC 4791 §5.2.5.
pub const MAX_RESOURCE_SIZE: usize = 1024 * 1024;

/// Every property of this file.
pub const PROPERTIES: &[Live] = &[
    row("calendar-home-set", calendar_home_set),
    row("calendar-user-address-set", calendar_user_address_set),
    row("calendar-user-type", calendar_user_type),
    row("calendar-description", calendar_description),
    row("calendar-timezone", calendar_timezone),
    row("supported-calendar-component-set", supported_calendar_component_set),
    row("supported-calendar-data", supported_calendar_data),
    row("supported-collation-set", supported_collation_set),
    row("max-resource-size", max_resource_size),
    row("schedule-calendar-transp", schedule_calendar_transp),
];

const fn row(local: &'static str, write: fn(&View<'_>, &Resource<'_>, &mut Writer) -> Option<()>) -> Live {
    Live { namespace: CALDAV, local, in_allprop: false, write }
}

/// RFC 4791 §6.2.1.
fn calendar_home_set(view: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let Resource::Principal(principal) = resource else { return None };
    writer.leaf(DAV, "href", &view.site.home(&principal.email));
    Some(())
}

/// RFC 6638 §2.4.1. Thunderbird takes the first `mailto:` as the identity, Apple the one marked as preferred.
fn calendar_user_address_set(view: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let Resource::Principal(principal) = resource else { return None };
    for (index, address) in principal.addresses.iter().enumerate() {
        let preferred: &[(&str, &str)] = if index == 0 { &[("preferred", "1")] } else { &[] };
        writer.element_with(DAV, "href", preferred, |writer| writer.text(&format!("mailto:{address}")));
    }
    writer.leaf(DAV, "href", &view.site.principal(&principal.email));
    Some(())
}

/// RFC 6638 §2.4.2.
fn calendar_user_type(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let Resource::Principal(_) = resource else { return None };
    writer.text("INDIVIDUAL");
    Some(())
}

/// RFC 4791 §5.2.1.
fn calendar_description(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(calendar(resource)?.description.as_deref()?);
    Some(())
}

/// RFC 4791 §5.2.2.
fn calendar_timezone(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(calendar(resource)?.timezone.as_deref()?);
    Some(())
}

/// RFC 4791 §5.2.3.
fn supported_calendar_component_set(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    for kind in &calendar(resource)?.components {
        writer.empty_with(CALDAV, "comp", &[("name", kind.name())]);
    }
    Some(())
}

/// RFC 4791 §5.2.4.
fn supported_calendar_data(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    calendar(resource)?;
    writer.empty_with(CALDAV, "calendar-data", &[("content-type", "text/calendar"), ("version", "2.0")]);
    Some(())
}

/// RFC 4791 §7.5.1.
fn supported_collation_set(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    calendar(resource)?;
    for collation in Collation::ALL {
        writer.leaf(CALDAV, "supported-collation", collation.name());
    }
    Some(())
}

/// RFC 4791 §5.2.5.
fn max_resource_size(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    calendar(resource)?;
    writer.text(&MAX_RESOURCE_SIZE.to_string());
    Some(())
}

/// RFC 6638 §9.1.
fn schedule_calendar_transp(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    writer.empty(CALDAV, if calendar(resource)?.transparent { "transparent" } else { "opaque" });
    Some(())
}

fn calendar<'a>(resource: &Resource<'a>) -> Option<&'a Collection> {
    match resource {
        Resource::Calendar { collection, .. } => Some(collection),
        _ => None,
    }
}
