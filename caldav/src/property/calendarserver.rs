//! Properties in the namespace of calendarserver.org, which every client asks for and no RFC defines.

use super::{Live, Resource, View};
use crate::xml::{CALENDARSERVER, Writer};

/// Every property of this file.
pub const PROPERTIES: &[Live] = &[row("getctag", getctag), row("email-address-set", email_address_set)];

const fn row(local: &'static str, write: fn(&View<'_>, &Resource<'_>, &mut Writer) -> Option<()>) -> Live {
    Live { namespace: CALENDARSERVER, local, in_allprop: false, write }
}

/// caldav-ctag §4.1: changes whenever a member of the calendar does.
fn getctag(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let Resource::Calendar { collection, .. } = resource else { return None };
    writer.text(&format!("{}-{}", collection.id, collection.version));
    Some(())
}

/// The addresses of a person; macOS shows them in its account set-up.
fn email_address_set(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let Resource::Principal(principal) = resource else { return None };
    for address in &principal.addresses {
        writer.leaf(CALENDARSERVER, "email-address", address);
    }
    Some(())
}
