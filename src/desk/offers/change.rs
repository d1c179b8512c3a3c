//! Changing an offer: one time of it, from a time on, or all of it. The event's own lines are edited, so that what a
//! calendar app wrote besides stays.

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::series_edit::{self, Split};
use caldav::ical::tree::{Component, Line};
use caldav::store::{Change, Edit};

use super::add::no_overlap;
use super::entry::{Entry, Origin, one};
use super::filed::{carry_out, edit, new};
use super::{Refused, SHORTEST, Wrong, read_clock};
use crate::calendars::ObjectId;
use crate::db::new_id;
use crate::desk::Desk;
use crate::keys::encode_id;
use crate::people::Person;

/// What is wanted of an offer. Instances are named by the start they had first, UTC seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferChange {
    /// Not this time.
    CancelOne(i64),
    /// Not this time and not later.
    CancelFrom(i64),
    /// Not at all.
    CancelAll,
    /// Other hours, as typed by the clock of [`super::When::zone`]: of the whole series, or from a time on.
    Retime {
        /// From this instance on; `None`: all of them.
        from: Option<i64>,
        /// `18:00`
        starts: String,
        /// `20:00`; on the next day, if that is earlier.
        ends: String,
    },
}

/// Changes an offer.
///
/// # Errors
/// [`Refused`].
pub async fn change(desk: &Desk, person: &Person, id: ObjectId, wanted: &OfferChange) -> Result<(), Refused> {
    let entry = one(desk, person.id, id).await?.ok_or(Refused::NotFound)?;
    if entry.origin != Origin::Own {
        return Err(Refused::Elsewhere);
    }
    let edits = match wanted {
        OfferChange::CancelOne(instance) => {
            let left = series_edit::without(&entry.object, *instance, &entry.floating)?;
            vec![rewritten(desk, person, &entry, left)?]
        }
        OfferChange::CancelFrom(instance) => {
            let parts = series_edit::split(&entry.object, *instance, &entry.floating)?;
            vec![rewritten(desk, person, &entry, parts.before)?]
        }
        OfferChange::CancelAll => vec![edit(person, &entry, Change::Delete)],
        OfferChange::Retime { from, starts, ends } => retimed(desk, person, &entry, *from, starts, ends).await?,
    };
    carry_out(desk, person, edits).await
}

async fn retimed(
    desk: &Desk,
    person: &Person,
    entry: &Entry,
    from: Option<i64>,
    starts: &str,
    ends: &str,
) -> Result<Vec<Edit>, Refused> {
    let starts = read_clock(starts).ok_or_else(|| Refused::field("starts", Wrong::Clock))?;
    let ends = read_clock(ends).ok_or_else(|| Refused::field("ends", Wrong::Clock))?;
    let zone = &entry.when.zone;
    let (before, after) = match from {
        None => (None, entry.object.clone()),
        Some(from) => {
            let Split { before, after } = series_edit::split(&entry.object, from, &entry.floating)?;
            (before, object(after)?)
        }
    };
    let changed = series_edit::retimed(&after, starts, ends, zone, &entry.floating)?;
    let length = object(changed.clone())?;
    let length = caldav::ical::expand::extent(&length, &entry.floating);
    if length.end.is_some_and(|end| !length.recurring && end - length.start < SHORTEST) || starts == ends {
        return Err(Refused::field("ends", Wrong::Short));
    }
    no_overlap(desk, person, &object(changed.clone())?, &entry.floating, &entry.scope, &[entry]).await?;
    match before {
        None => Ok(vec![rewritten(desk, person, entry, Some(changed))?]),
        Some(before) => {
            let later = with_new_uid(desk, changed);
            Ok(vec![rewritten(desk, person, entry, Some(before))?, new(person, later.0, object(later.1)?)])
        }
    }
}

/// The event as it is now; gone, when nothing is left.
pub(super) fn rewritten(desk: &Desk, person: &Person, entry: &Entry, left: Option<Component>) -> Result<Edit, Refused> {
    let change = match left {
        None => Change::Delete,
        Some(mut root) => {
            series_edit::revise(&mut root, desk.clock.now());
            Change::Put(object(root)?)
        }
    };
    Ok(edit(person, entry, change))
}

/// Makes an event one of its own; its new name with it.
pub(super) fn with_new_uid(desk: &Desk, mut root: Component) -> (String, Component) {
    let id = encode_id(new_id());
    let uid = format!("offer-{id}@{}", desk.config.mail_domain());
    for event in root.children.iter_mut().filter(|child| child.name != "VTIMEZONE") {
        event.set(Line::new("UID", &*uid));
    }
    series_edit::revise(&mut root, desk.clock.now());
    (format!("offer-{id}.ics"), root)
}

/// What is no calendar object after a change was too special before.
pub(super) fn object(root: Component) -> Result<CalendarObject, Refused> {
    CalendarObject::from_root(root, &Limits::default()).map_err(|_| Refused::Special)
}
