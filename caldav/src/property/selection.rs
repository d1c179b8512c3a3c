//! Which properties a request wants, and how they are answered for one resource. RFC 4918 §9.1, RFC 8144 §2.

use http::StatusCode;

use super::{Live, Resource, View, all, live};
use crate::element::multistatus::status_line;
use crate::element::propfind::Propfind;
use crate::element::{calendar_data, timezone};
use crate::ical::calendar_data::{self as part, TooMuch};
use crate::ical::filter::TimeContext;
use crate::ical::limits::Limits;
use crate::ical::object::CalendarObject;
use crate::ical::zone::Zone;
use crate::precondition::Precondition;
use crate::store::{Collection, Member};
use crate::xml::{CALDAV, DAV, Element, QName, Writer};

/// Most instances of one object that are looked at.
pub const MAX_INSTANCES: u32 = 10_000;

/// What is wanted of every resource of an answer.
#[derive(Debug)]
pub struct Selection {
    form: Form,
    minimal: bool,
    zone: Option<Zone>,
}

#[derive(Debug)]
enum Form {
    Names,
    All(Vec<Wanted>),
    These(Vec<Wanted>),
}

#[derive(Debug)]
enum Wanted {
    Live(&'static Live),
    CalendarData(part::Selection),
    Other(QName),
}

impl Selection {
    /// For PROPFIND, where `calendar-data` is no property (RFC 4791 §9.6). `minimal` leaves out what is missing.
    pub fn of_propfind(propfind: &Propfind, minimal: bool) -> Self {
        let wanted = |elements: &[Element]| elements.iter().map(|element| Wanted::of(&element.name)).collect();
        let form = match propfind {
            Propfind::Names => Form::Names,
            Propfind::All { include } => Form::All(wanted(include)),
            Propfind::These(elements) => Form::These(wanted(elements)),
        };
        Self { form, minimal, zone: None }
    }

    /// For a REPORT, where `calendar-data` says how much of each object is wanted.
    ///
    /// # Errors
    /// The precondition that a bad `calendar-data` violates.
    pub fn of_report(propfind: &Propfind, minimal: bool) -> Result<Self, Precondition> {
        let mut selection = Self::of_propfind(propfind, minimal);
        let elements = match propfind {
            Propfind::Names => return Ok(selection),
            Propfind::All { include: elements } | Propfind::These(elements) => elements,
        };
        if let Form::All(wanted) | Form::These(wanted) = &mut selection.form {
            for (slot, element) in wanted.iter_mut().zip(elements) {
                if element.is(CALDAV, "calendar-data") {
                    *slot = Wanted::CalendarData(calendar_data::read(element)?);
                }
            }
        }
        Ok(selection)
    }

    /// Reads floating times in this zone, instead of in that of the calendar.
    pub fn in_zone(self, zone: Option<Zone>) -> Self {
        Self { zone, ..self }
    }

    /// Whether members must be loaded with their bytes.
    pub fn needs_bytes(&self) -> bool {
        match &self.form {
            Form::Names => false,
            Form::All(wanted) | Form::These(wanted) => {
                wanted.iter().any(|wanted| matches!(wanted, Wanted::CalendarData(_)))
            }
        }
    }

    /// Writes the `DAV:propstat` elements of one resource.
    pub fn write(&self, view: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) {
        match &self.form {
            Form::Names => propstat(StatusCode::OK, writer, |writer| names(view, resource, writer)),
            Form::All(include) => self.write_values(include, true, view, resource, writer),
            Form::These(wanted) => self.write_values(wanted, false, view, resource, writer),
        }
    }

    fn write_values(
        &self,
        wanted: &[Wanted],
        everything: bool,
        view: &View<'_>,
        resource: &Resource<'_>,
        writer: &mut Writer,
    ) {
        let start = writer.len();
        let (mut missing, mut too_much) = (Vec::new(), Vec::new());
        let mut found = false;
        propstat(StatusCode::OK, writer, |writer| {
            let before = writer.len();
            if everything {
                write_all(view, resource, writer);
            }
            for wanted in wanted {
                if everything && wanted.is_in_all() {
                    continue;
                }
                match wanted.write(self.zone.as_ref(), view, resource, writer) {
                    Ok(true) => {}
                    Ok(false) => missing.push(wanted),
                    Err(TooMuch) => too_much.push(wanted),
                }
            }
            found = writer.len() > before;
        });
        if self.minimal {
            missing.clear();
        }
        let rest = [(StatusCode::NOT_FOUND, missing), (StatusCode::INSUFFICIENT_STORAGE, too_much)];
        if !found && rest.iter().any(|(_, wanted)| !wanted.is_empty()) {
            writer.rewind(start);
        }
        for (status, wanted) in rest.into_iter().filter(|(_, wanted)| !wanted.is_empty()) {
            propstat(status, writer, |writer| {
                for (namespace, local) in wanted.into_iter().map(Wanted::name) {
                    writer.empty(namespace, local);
                }
            });
        }
    }
}

impl Wanted {
    fn of(name: &QName) -> Self {
        live(name).map_or_else(|| Self::Other(name.clone()), Self::Live)
    }

    fn name(&self) -> (&str, &str) {
        match self {
            Self::Live(property) => (property.namespace, property.local),
            Self::CalendarData(_) => (CALDAV, "calendar-data"),
            Self::Other(name) => name.parts(),
        }
    }

    /// `allprop` has written it already.
    fn is_in_all(&self) -> bool {
        match self {
            Self::Live(property) => property.in_allprop,
            Self::CalendarData(_) => false,
            Self::Other(_) => true,
        }
    }

    /// Whether the resource has it.
    fn write(
        &self,
        zone: Option<&Zone>,
        view: &View<'_>,
        resource: &Resource<'_>,
        writer: &mut Writer,
    ) -> Result<bool, TooMuch> {
        match self {
            Self::Live(property) => Ok(write_live(property, view, resource, writer)),
            Self::CalendarData(wanted) => {
                let Resource::Member { collection, member, .. } = resource else { return Ok(false) };
                let Some(text) = calendar_text(wanted, zone, collection, member)? else { return Ok(false) };
                writer.leaf(CALDAV, "calendar-data", &text);
                Ok(true)
            }
            Self::Other(name) => {
                Ok(dead(resource).iter().find(|(dead, _)| dead == name).is_some_and(|(name, value)| {
                    writer.element(&name.namespace, &name.local, |writer| writer.raw(value));
                    true
                }))
            }
        }
    }
}

/// The wanted part of a member; `None` when it was loaded without bytes. What cannot be read is sent as it is.
fn calendar_text(
    wanted: &part::Selection,
    zone: Option<&Zone>,
    collection: &Collection,
    member: &Member,
) -> Result<Option<String>, TooMuch> {
    let Some(bytes) = member.bytes.clone() else { return Ok(None) };
    let whole = *wanted == part::Selection::default();
    let object = if whole { None } else { CalendarObject::parse(bytes.clone(), &Limits::default()).ok() };
    let bytes = match object {
        Some(object) => {
            let own = || collection.timezone.as_deref().and_then(timezone::of_text);
            let floating = zone.cloned().or_else(own).unwrap_or_else(Zone::utc);
            part::select(&object, wanted, &TimeContext { floating, instances: MAX_INSTANCES })?
        }
        None => bytes,
    };
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

fn write_live(property: &Live, view: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) -> bool {
    let mark = writer.len();
    let found = writer.element(property.namespace, property.local, |writer| (property.write)(view, resource, writer));
    if found.is_none() {
        writer.rewind(mark);
    }
    found.is_some()
}

fn write_all(view: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) {
    for property in all().filter(|property| property.in_allprop) {
        write_live(property, view, resource, writer);
    }
    for (name, value) in dead(resource) {
        writer.element(&name.namespace, &name.local, |writer| writer.raw(value));
    }
}

fn names(view: &View<'_>, resource: &Resource<'_>, writer: &mut Writer) {
    for property in all() {
        if (property.write)(view, resource, &mut Writer::fragment()).is_some() {
            writer.empty(property.namespace, property.local);
        }
    }
    for (name, _) in dead(resource) {
        writer.empty(&name.namespace, &name.local);
    }
}

fn dead<'a>(resource: &Resource<'a>) -> &'a [(QName, String)] {
    match resource {
        Resource::Calendar { collection, .. } => &collection.dead_properties,
        _ => &[],
    }
}

/// A `DAV:propstat`. RFC 4918 §14.22.
pub fn propstat(status: StatusCode, writer: &mut Writer, inside: impl FnOnce(&mut Writer)) {
    writer.element(DAV, "propstat", |writer| {
        writer.element(DAV, "prop", inside);
        status_line(status, writer);
    });
}
