//! Properties in Apple's namespace: how a calendar looks in a list.

use super::{Live, Resource, View};
use crate::xml::{APPLE, Writer};

/// Every property of this file.
pub const PROPERTIES: &[Live] = &[row("calendar-color", calendar_color), row("calendar-order", calendar_order)];

const fn row(local: &'static str, write: fn(&View<'_>, &Resource<'_>, &mut Writer) -> Option<()>) -> Live {
    Live { namespace: APPLE, local, in_allprop: false, write }
}

/// `#RRGGBBAA` or whatever a client set.
fn calendar_color(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let Resource::Calendar { collection, .. } = resource else { return None };
    writer.text(collection.color.as_deref()?);
    Some(())
}

/// The place in the list: a number, as text.
fn calendar_order(_: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> Option<()> {
    let Resource::Calendar { collection, .. } = resource else { return None };
    writer.text(collection.order.as_deref()?);
    Some(())
}
