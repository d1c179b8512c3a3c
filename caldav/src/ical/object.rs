//! A calendar object resource: valid iCalendar with one UID. RFC 4791 §4.1.

use std::sync::Arc;

use bytes::Bytes;

use super::limits::Limits;
use super::tree::{Component, ParseError, ParseErrorKind};
use super::validate;

/// The kind of component an object holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ComponentKind {
    /// VEVENT
    Event,
    /// VTODO
    Todo,
    /// VJOURNAL
    Journal,
    /// VFREEBUSY
    FreeBusy,
    /// VAVAILABILITY, RFC 7953
    Availability,
}

impl ComponentKind {
    /// Every kind.
    pub const ALL: [ComponentKind; 5] = [Self::Event, Self::Todo, Self::Journal, Self::FreeBusy, Self::Availability];

    /// The component's name, such as `VEVENT`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Event => "VEVENT",
            Self::Todo => "VTODO",
            Self::Journal => "VJOURNAL",
            Self::FreeBusy => "VFREEBUSY",
            Self::Availability => "VAVAILABILITY",
        }
    }

    /// The kind with that component name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// A calendar object that passed validation, with the bytes it came as. Cheap to clone.
#[derive(Debug, Clone)]
pub struct CalendarObject {
    kind: ComponentKind,
    uid: Arc<str>,
    bytes: Bytes,
    root: Arc<Component>,
}

/// Why something is not a calendar object that may be stored. The text is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidObject {
    /// Not iCalendar at all: `valid-calendar-data`, RFC 4791 §5.3.2.1.
    #[error("{0}")]
    NotICalendar(String),
    /// iCalendar, but not what one resource may hold: `valid-calendar-object-resource`, RFC 4791 §4.1.
    #[error("{0}")]
    NotAnObject(String),
    /// A component nobody here knows: `supported-calendar-component`.
    #[error("{0} is not a component this server keeps.")]
    UnsupportedComponent(String),
    /// Larger than [`Limits`] allow: `max-resource-size`.
    #[error("{0}")]
    TooLarge(String),
    /// More attendees than [`Limits::attendees`]: `max-attendees-per-instance`.
    #[error("There are more than {0} attendees.")]
    TooManyAttendees(usize),
    /// It recurs more often than anybody can count: `max-instances`.
    #[error("{0}")]
    TooManyInstances(String),
}

impl From<ParseError> for InvalidObject {
    fn from(error: ParseError) -> Self {
        use ParseErrorKind::{TooLarge, TooManyLines, TooManyParams};
        match error.kind {
            TooLarge(_) | TooManyLines(_) | TooManyParams(_) => Self::TooLarge(error.to_string()),
            _ => Self::NotICalendar(error.to_string()),
        }
    }
}

impl CalendarObject {
    /// Reads and validates an object; the bytes are kept exactly.
    ///
    /// VERSION, PRODID and DTSTAMP may be missing, and overrides may come without their master, because clients
    /// that people use write such objects.
    ///
    /// # Errors
    /// [`InvalidObject`], by the precondition of RFC 4791 §5.3.2.1 that is violated.
    pub fn parse(bytes: impl Into<Bytes>, limits: &Limits) -> Result<Self, InvalidObject> {
        let bytes = bytes.into();
        let root = Component::parse(&bytes, limits)?;
        Self::new(root, bytes, limits)
    }

    /// Writes and validates an object built here, or one that was changed.
    ///
    /// # Errors
    /// As [`CalendarObject::parse`].
    pub fn from_root(root: Component, limits: &Limits) -> Result<Self, InvalidObject> {
        let bytes = Bytes::from(root.write());
        if bytes.len() > limits.bytes {
            return Err(InvalidObject::TooLarge(format!("The calendar is larger than {} bytes.", limits.bytes)));
        }
        Self::new(root, bytes, limits)
    }

    fn new(root: Component, bytes: Bytes, limits: &Limits) -> Result<Self, InvalidObject> {
        let (kind, uid) = validate::check(&root, limits)?;
        Ok(Self { kind, uid: uid.into(), bytes, root: Arc::new(root) })
    }

    /// What it holds.
    pub fn kind(&self) -> ComponentKind {
        self.kind
    }

    /// The UID that all its components share.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The bytes it came as.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The VCALENDAR.
    pub fn root(&self) -> &Component {
        &self.root
    }

    /// Its components without the time zones: the master and the overrides, at least one.
    pub fn components(&self) -> impl Iterator<Item = &Component> + Clone {
        self.root.children.iter().filter(|child| child.name != "VTIMEZONE")
    }

    /// Its VTIMEZONE components.
    pub fn timezones(&self) -> impl Iterator<Item = &Component> + Clone {
        self.root.children.iter().filter(|child| child.name == "VTIMEZONE")
    }

    /// The VTIMEZONE that comes with it for a TZID.
    pub fn timezone(&self, tzid: &str) -> Option<&Component> {
        self.timezones().find(|zone| zone.get("TZID").is_some_and(|line| line.value == tzid))
    }

    /// The component without RECURRENCE-ID. An invitation to single instances of a series comes without it.
    pub fn master(&self) -> Option<&Component> {
        self.components().find(|component| component.get("RECURRENCE-ID").is_none())
    }

    /// The components with a RECURRENCE-ID.
    pub fn overrides(&self) -> impl Iterator<Item = &Component> + Clone {
        self.components().filter(|component| component.get("RECURRENCE-ID").is_some())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use proptest::prelude::*;

    use super::*;
    use crate::ical::calendar_data::{Recurrences, Selection, select};
    use crate::ical::filter::{CompFilter, Filter, TimeContext, TimeRange, matches};
    use crate::ical::zone::Zone;

    fn fixtures(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ical").join(folder);
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty());
        files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }

    fn parse(bytes: &[u8]) -> Result<CalendarObject, InvalidObject> {
        CalendarObject::parse(bytes.to_vec(), &Limits::default())
    }

    #[test]
    fn what_real_clients_write_is_accepted_and_kept_byte_for_byte() {
        for (path, bytes) in fixtures("accepted") {
            let object = parse(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(object.bytes(), &bytes);
            let written = object.root().write();
            assert_eq!(parse(&written).unwrap().root(), object.root(), "{}", path.display());
        }
    }

    #[test]
    fn what_is_wrong_is_refused_by_the_precondition_its_file_names() {
        for (path, bytes) in fixtures("refused") {
            let name = path.file_name().unwrap().to_str().unwrap();
            let error = parse(&bytes).err().unwrap_or_else(|| panic!("{name} was accepted"));
            let kind = match &error {
                InvalidObject::NotICalendar(_) => "not_icalendar",
                InvalidObject::NotAnObject(_) => "not_object",
                InvalidObject::UnsupportedComponent(_) => "unsupported",
                InvalidObject::TooLarge(_)
                | InvalidObject::TooManyAttendees(_)
                | InvalidObject::TooManyInstances(_) => "too_large",
            };
            assert_eq!(name.split('.').next(), Some(kind), "{name}: {error}");
            let text = error.to_string();
            assert!(text.ends_with('.') && text.chars().next().unwrap().is_uppercase(), "{name}: {text}");
        }
    }

    fn accepted(name: &str) -> CalendarObject {
        let mut all = fixtures("accepted").into_iter();
        let (_, bytes) = all.find(|(path, _)| path.file_stem().is_some_and(|stem| stem == name)).unwrap();
        parse(&bytes).unwrap()
    }

    #[test]
    fn a_series_shows_its_master_its_overrides_and_its_zones() {
        let object = accepted("apple_macos_weekly");
        assert_eq!(object.kind(), ComponentKind::Event);
        assert_eq!(object.uid(), "0B8E6A5C-91D4-4E0A-8D1B-3C5A4E7F2A10");
        assert_eq!(object.components().count(), 2);
        assert_eq!(object.timezones().count(), 1);
        assert!(object.timezone("Europe/London").is_some() && object.timezone("Europe/Paris").is_none());
        assert_eq!(object.master().unwrap().get("SEQUENCE").unwrap().value, "1");
        assert_eq!(object.overrides().count(), 1);
        let place = object.master().unwrap().get("X-APPLE-STRUCTURED-LOCATION").unwrap();
        assert_eq!(place.param("X-TITLE"), Some("Ann's office; 2nd floor"));
    }

    #[test]
    fn overrides_without_a_master_are_an_object() {
        let object = accepted("google_override_only");
        assert!(object.master().is_none());
        assert_eq!(object.overrides().count(), 2);
    }

    #[test]
    fn a_fold_inside_a_character_reads_as_that_character() {
        let object = accepted("fold_inside_character");
        assert_eq!(object.master().unwrap().get("SUMMARY").unwrap().text(), "Café 🎄 with José");
    }

    #[test]
    fn a_sentence_names_the_component_the_property_and_the_value() {
        let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:24/11/2026\nEND:VEVENT\nEND:VCALENDAR";
        let error = parse(text.as_bytes()).unwrap_err().to_string();
        assert!(["VEVENT", "DTSTART", "24/11/2026"].iter().all(|part| error.contains(part)), "{error}");
        let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID\nEND:VEVENT\nEND:VCALENDAR";
        assert!(parse(text.as_bytes()).unwrap_err().to_string().starts_with("Line 3: "));
    }

    #[test]
    fn an_object_built_here_has_the_bytes_of_its_tree() {
        let root = accepted("davx5_android").root().clone();
        let object = CalendarObject::from_root(root.clone(), &Limits::default()).unwrap();
        assert_eq!(object.bytes(), &root.write());
        let small = Limits { bytes: 100, ..Limits::default() };
        assert!(matches!(CalendarObject::from_root(root, &small), Err(InvalidObject::TooLarge(_))));
    }

    /// One change of a text: a byte replaced, a byte put in, a run doubled, a run taken out.
    fn mutate(bytes: &mut Vec<u8>, (kind, at, length, byte): (u8, usize, usize, u8)) {
        let at = at % bytes.len();
        let end = (at + length).min(bytes.len());
        match kind % 4 {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 => {
                let run = bytes[at..end].to_vec();
                bytes.splice(at..at, run);
            }
            _ => drop(bytes.splice(at..end, [b'\n'])),
        }
    }

    /// Asks an object for all that a report can ask.
    fn read_in_every_way(object: &CalendarObject) {
        let times = TimeContext { floating: Zone::utc(), instances: 2_000 };
        let range = TimeRange { start: Some(1_795_000_000), end: Some(1_800_000_000) };
        for name in ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY", "VALARM"] {
            for time_range in [range, TimeRange { end: None, ..range }, TimeRange { start: None, ..range }] {
                let filter = CompFilter { name: name.into(), time_range: Some(time_range), ..CompFilter::default() };
                let alarms = CompFilter { name: "VALARM".into(), ..filter.clone() };
                let around = CompFilter { time_range: None, comp_filters: vec![alarms], ..filter.clone() };
                for filter in [filter, around] {
                    let calendar = CompFilter { name: "VCALENDAR".into(), ..CompFilter::default() };
                    let calendar = CompFilter { comp_filters: vec![filter], ..calendar };
                    matches(object, &Filter { calendar }, &times);
                }
            }
        }
        for recurrences in [Recurrences::Expand(range), Recurrences::Limit(range)] {
            let selection = Selection { recurrences, free_busy: Some(range), ..Selection::default() };
            if let Ok(bytes) = select(object, &selection, &times) {
                Component::parse(&bytes, &Limits::feed()).unwrap();
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]
        #[test]
        fn no_change_of_a_real_object_is_more_than_refused(
            which in 0usize..1_000,
            changes in proptest::collection::vec((any::<u8>(), any::<usize>(), 1usize..60, any::<u8>()), 1..6),
        ) {
            thread_local!(static FILES: Vec<(PathBuf, Vec<u8>)> = fixtures("accepted"));
            let mut bytes = FILES.with(|files| files[which % files.len()].1.clone());
            changes.into_iter().for_each(|change| mutate(&mut bytes, change));
            if let Ok(object) = parse(&bytes) {
                let written = parse(&object.root().write()).unwrap();
                prop_assert_eq!(written.root(), object.root());
                read_in_every_way(&object);
            }
        }
    }
}
