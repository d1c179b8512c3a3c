//! Properties that clients may set on a calendar. RFC 4918 §9.2; everything without meaning here is kept as it is.

use http::StatusCode;

use super::live;
use crate::element::property_update::Instruction;
use crate::ical::limits::Limits;
use crate::ical::object::ComponentKind;
use crate::ical::tree::Component;
use crate::precondition::Precondition;
use crate::store::PropertyChanges;
use crate::xml::{APPLE, CALDAV, DAV, Element, QName};

/// Most characters of a name.
const MAX_NAME: usize = 255;
/// Most characters of a description.
const MAX_DESCRIPTION: usize = 5_000;
/// Most bytes of a time zone or of a property without meaning.
const MAX_VALUE: usize = 64 * 1024;
/// Most properties without meaning on one calendar.
pub const MAX_DEAD: usize = 64;

/// Why a property is not set: the status of its propstat and the precondition, if one is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// 403, 409 or 507.
    pub status: StatusCode,
    /// The element inside `DAV:error`.
    pub precondition: Option<Precondition>,
}

impl Rejection {
    /// A property that the server computes.
    pub fn protected() -> Self {
        Precondition::CannotModifyProtectedProperty.into()
    }

    fn conflict() -> Self {
        Self { status: StatusCode::CONFLICT, precondition: None }
    }

    fn too_large() -> Self {
        Self { status: StatusCode::INSUFFICIENT_STORAGE, precondition: None }
    }
}

impl From<Precondition> for Rejection {
    fn from(precondition: Precondition) -> Self {
        Self { status: precondition.status(), precondition: Some(precondition) }
    }
}

/// Adds one instruction to `changes`; `new` is set while a calendar is made.
///
/// # Errors
/// [`Rejection`] when the property is protected or its value is not one of its kind.
pub fn apply(changes: &mut PropertyChanges, instruction: &Instruction, new: bool) -> Result<(), Rejection> {
    let property = instruction.property();
    let value = match instruction {
        Instruction::Set(element) => Some(element),
        Instruction::Remove(_) => None,
    };
    match property.name.parts() {
        (DAV, "displayname") => changes.display_name = Some(text(value, MAX_NAME)?),
        (CALDAV, "calendar-description") => changes.description = Some(text(value, MAX_DESCRIPTION)?),
        (CALDAV, "calendar-timezone") => changes.timezone = Some(value.map(timezone).transpose()?),
        (CALDAV, "schedule-calendar-transp") => changes.transparent = Some(value.map_or(Ok(false), transparent)?),
        (CALDAV, "supported-calendar-component-set") if new => {
            changes.components = Some(components(value.ok_or_else(Rejection::protected)?)?);
        }
        (APPLE, "calendar-color") => changes.color = Some(text(value, MAX_NAME)?),
        (APPLE, "calendar-order") => changes.order = Some(text(value, MAX_NAME)?),
        _ if live(&property.name).is_some() => return Err(Rejection::protected()),
        // These exist elsewhere or only in part: a client that sets them expects an effect.
        (DAV, _) | (CALDAV, "calendar-data") => return Err(Rejection::protected()),
        _ => dead(changes, &property.name, value)?,
    }
    Ok(())
}

fn text(value: Option<&Element>, longest: usize) -> Result<Option<String>, Rejection> {
    let Some(value) = value else { return Ok(None) };
    if value.children().next().is_some() {
        return Err(Rejection::conflict());
    }
    let text = value.text();
    if text.chars().count() > longest { Err(Rejection::too_large()) } else { Ok(Some(text)) }
}

/// RFC 4791 §5.2.2: an iCalendar object with exactly one VTIMEZONE.
fn timezone(value: &Element) -> Result<String, Rejection> {
    let text = value.text();
    if text.len() > MAX_VALUE {
        return Err(Rejection::too_large());
    }
    let root =
        Component::parse(text.trim().as_bytes(), &Limits::default()).map_err(|_| Precondition::ValidCalendarData)?;
    if root.children_named("VTIMEZONE").count() != 1 || root.children.len() != 1 {
        return Err(Precondition::ValidCalendarData.into());
    }
    Ok(text)
}

fn transparent(value: &Element) -> Result<bool, Rejection> {
    match (value.child(CALDAV, "transparent"), value.child(CALDAV, "opaque")) {
        (Some(_), None) => Ok(true),
        (None, Some(_)) => Ok(false),
        _ => Err(Rejection::conflict()),
    }
}

/// RFC 4791 §5.2.3. Names that are never a component of their own, such as VTIMEZONE, are passed over.
fn components(value: &Element) -> Result<Vec<ComponentKind>, Rejection> {
    let mut kinds: Vec<ComponentKind> = value
        .children()
        .filter(|element| element.is(CALDAV, "comp"))
        .filter_map(|element| ComponentKind::from_name(element.attribute("name")?))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() { Err(Precondition::SupportedCalendarComponent.into()) } else { Ok(kinds) }
}

fn dead(changes: &mut PropertyChanges, name: &QName, value: Option<&Element>) -> Result<(), Rejection> {
    let value = value.map(Element::inner_xml);
    let long = value.as_ref().is_some_and(|xml| xml.len() > MAX_VALUE);
    if long || changes.dead.len() >= MAX_DEAD {
        return Err(Rejection::too_large());
    }
    changes.dead.push((name.clone(), value));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    fn set(xml: &str, new: bool) -> Result<PropertyChanges, Rejection> {
        let mut changes = PropertyChanges::default();
        apply(&mut changes, &Instruction::Set(parse(xml.as_bytes()).unwrap()), new).map(|()| changes)
    }

    #[test]
    fn known_properties_become_typed_changes() {
        assert_eq!(
            set("<displayname xmlns='DAV:'>Work</displayname>", false).unwrap().display_name,
            Some(Some("Work".into()))
        );
        let transp = "<s:schedule-calendar-transp xmlns:s='urn:ietf:params:xml:ns:caldav'><s:transparent/></s:schedule-calendar-transp>";
        assert_eq!(set(transp, false).unwrap().transparent, Some(true));
    }

    #[test]
    fn the_component_set_is_fixed_when_the_calendar_is_made() {
        let set_of = "<C:supported-calendar-component-set xmlns:C='urn:ietf:params:xml:ns:caldav'><C:comp name='VTODO'/>\
                      <C:comp name='VTIMEZONE'/></C:supported-calendar-component-set>";
        assert_eq!(set(set_of, true).unwrap().components, Some(vec![ComponentKind::Todo]));
        assert_eq!(set(set_of, false), Err(Rejection::protected()));
    }

    #[test]
    fn computed_properties_are_protected() {
        assert_eq!(set("<getetag xmlns='DAV:'>x</getetag>", false), Err(Rejection::protected()));
        assert_eq!(set("<lockdiscovery xmlns='DAV:'/>", false), Err(Rejection::protected()));
    }

    #[test]
    fn a_time_zone_must_be_one() {
        let zone = |inner: &str| {
            let xml =
                format!("<C:calendar-timezone xmlns:C='urn:ietf:params:xml:ns:caldav'>{inner}</C:calendar-timezone>");
            set(&xml, false)
        };
        let one = "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0000\nEND:STANDARD\nEND:VTIMEZONE";
        assert!(zone(&format!("BEGIN:VCALENDAR\n{one}\nEND:VCALENDAR\n")).is_ok());
        assert_eq!(zone("Europe/Berlin"), Err(Precondition::ValidCalendarData.into()));
        assert_eq!(zone("BEGIN:VCALENDAR\nEND:VCALENDAR"), Err(Precondition::ValidCalendarData.into()));
    }

    #[test]
    fn unknown_properties_are_kept_verbatim_within_bounds() {
        let kept = set("<x xmlns='urn:x'>a<b/></x>", false).unwrap();
        assert_eq!(kept.dead, [(QName::new("urn:x", "x"), Some("a<x:b xmlns:x=\"urn:x\"/>".into()))]);
        let long = format!("<x xmlns='urn:x'>{}</x>", "a".repeat(MAX_VALUE + 1));
        assert_eq!(set(&long, false).unwrap_err().status, StatusCode::INSUFFICIENT_STORAGE);
    }
}
