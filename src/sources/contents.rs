//! From the text of somebody's calendar to the objects it becomes here: one for each UID, with its overrides. Pure.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use caldav::ical::expand;
use caldav::ical::feed::Feed;
use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::tree::{Component, Line, ParseError, ParseErrorKind};
use caldav::ical::zone::Zone;

use super::event::{Eye, FeedZones, Meaning, Reduced, digest};
use super::problem::Problem;

/// Objects of one calendar.
pub(super) const MOST: usize = 10_000;
/// Characters of a reason.
const REASON: usize = 300;

/// What a calendar holds.
#[derive(Default)]
pub(super) struct Contents {
    /// By the names they get here.
    pub(super) objects: BTreeMap<String, CalendarObject>,
    /// Names of objects that stay as they are, because their events cannot be read just now.
    pub(super) kept: HashSet<String>,
    /// How many of the objects offer time.
    pub(super) offers: usize,
    /// Events that cannot be read, and why the first cannot.
    pub(super) unreadable: usize,
    pub(super) why: Option<String>,
    /// X-WR-TIMEZONE.
    pub(super) zone: Option<Zone>,
}

/// Reads a text. `zone`: the host's own, for whole days; what ended before `since` (UTC seconds) is left out.
///
/// # Errors
/// What is wrong with the whole of it.
pub(super) fn read(text: &[u8], eye: &Eye<'_>, zone: &Zone, since: i64) -> Result<Contents, Problem> {
    let feed = Feed::parse(text, &Limits::feed()).map_err(|error| problem(&error))?;
    let zones = FeedZones::new(&feed);
    let mut contents = Contents { zone: zones.own().cloned(), ..Contents::default() };
    for broken in &feed.broken {
        contents.give_up(broken.uid.as_deref(), broken.error.to_string());
    }
    let mut groups: BTreeMap<String, Vec<Reduced>> = BTreeMap::new();
    for event in feed.components.iter().filter(|component| component.name == "VEVENT") {
        let reduced = eye.reduce(event, &zones);
        groups.entry(reduced.uid.clone()).or_default().push(reduced);
    }
    for (uid, group) in groups {
        for (uid, group) in parted(uid, group) {
            contents.add(&uid, group, &zones, zone, since);
        }
        if contents.objects.len() > MOST {
            return Err(Problem::TooMany);
        }
    }
    Ok(contents)
}

fn problem(error: &ParseError) -> Problem {
    match error.kind {
        ParseErrorKind::MissingEnd(_) => Problem::CutOff,
        ParseErrorKind::TooLarge(_) => Problem::TooLarge,
        ParseErrorKind::TooManyLines(_) | ParseErrorKind::TooManyParams(_) => Problem::TooMany,
        _ => Problem::NoCalendar,
    }
}

/// The name of the object with a UID.
pub(super) fn name(uid: &str) -> String {
    format!("{}.ics", digest(uid.as_bytes()))
}

impl Contents {
    fn give_up(&mut self, uid: Option<&str>, why: String) {
        self.unreadable += 1;
        self.kept.extend(uid.map(name));
        self.why.get_or_insert_with(|| why.chars().take(REASON).collect());
    }

    /// Adds the object of a UID, without those of its events that make no sense.
    fn add(&mut self, uid: &str, group: Vec<Reduced>, zones: &FeedZones<'_>, zone: &Zone, since: i64) {
        let limits = Limits::default();
        let object = match CalendarObject::from_root(calendar(&group, zones), &limits) {
            Ok(object) => Some((object, group)),
            Err(_) => {
                let mut good = Vec::new();
                for one in group {
                    match CalendarObject::from_root(calendar(std::slice::from_ref(&one), zones), &limits) {
                        Ok(_) => good.push(one),
                        // What the rest of a series means depends on its master.
                        Err(error) if !one.is_override() => return self.give_up(Some(uid), error.to_string()),
                        Err(error) => self.give_up(None, error.to_string()),
                    }
                }
                let object = CalendarObject::from_root(calendar(&good, zones), &limits);
                object.ok().map(|object| (object, good))
            }
        };
        let Some((object, group)) = object else { return };
        let counts = |meaning| group.iter().any(|one| one.meaning == meaning);
        let over = expand::extent(&object, zone).end.is_some_and(|end| end < since);
        if over || !(counts(Meaning::Offer) || counts(Meaning::Busy)) {
            return;
        }
        self.offers += usize::from(counts(Meaning::Offer));
        self.objects.insert(name(uid), object);
    }
}

/// The events of one UID as one object each: a master and its overrides. Of several versions the newest counts; what is
/// no version of another gets a UID of its own, for no busy time may be lost.
fn parted(uid: String, group: Vec<Reduced>) -> Vec<(String, Vec<Reduced>)> {
    let (overrides, mut masters): (Vec<Reduced>, Vec<Reduced>) = group.into_iter().partition(Reduced::is_override);
    let mut latest: BTreeMap<String, Reduced> = BTreeMap::new();
    for one in overrides {
        let id = one.event.get("RECURRENCE-ID").map(|line| format!("{:?}", (line.param("TZID"), &line.value)));
        let place = latest.entry(id.unwrap_or_default());
        let newer = |old: &Reduced| one.sequence >= old.sequence;
        match place {
            std::collections::btree_map::Entry::Occupied(mut old) if newer(old.get()) => drop(old.insert(one)),
            std::collections::btree_map::Entry::Occupied(_) => {}
            std::collections::btree_map::Entry::Vacant(place) => drop(place.insert(one)),
        }
    }
    let newest = masters.iter().map(|one| one.sequence).max().unwrap_or(0);
    masters.retain(|one| one.sequence == newest);
    masters.sort_by_key(|one| one.event.write());
    masters.dedup_by(|one, other| one.event == other.event);
    let mut masters = masters.into_iter();
    let first: Vec<Reduced> = masters.next().into_iter().chain(latest.into_values()).collect();
    let others = masters.map(|mut other| {
        let uid = format!("{uid}~{}", digest(&other.event.write()));
        other.event.set(Line::text_value("UID", &uid));
        (uid, vec![other])
    });
    let others: Vec<_> = others.collect();
    std::iter::once((uid, first)).chain(others).collect()
}

fn calendar(group: &[Reduced], zones: &FeedZones<'_>) -> Component {
    let used: BTreeSet<&String> = group.iter().flat_map(|one| &one.zones).collect();
    let mut root = Component::new("VCALENDAR")
        .with(Line::new("VERSION", "2.0"))
        .with(Line::new("PRODID", "-//Openhour//Calendar by address//EN"));
    root.children.extend(used.into_iter().filter_map(|tzid| zones.component(tzid)).cloned());
    root.children.extend(group.iter().map(|one| one.event.clone()));
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendars::OfferWords;

    const SINCE: i64 = 1_794_000_000; // 2026-11-06

    fn feed(inner: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\nX-WR-TIMEZONE:Europe/Rome\r\n{inner}END:VCALENDAR\r\n"
        )
    }

    fn event(uid: &str, lines: &str) -> String {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261126T180000Z\r\nDTEND:20261126T190000Z\r\n{lines}END:VEVENT\r\n"
        )
    }

    fn contents_with(text: &str, offers: bool) -> Result<Contents, Problem> {
        let words = OfferWords::new(&["available"]);
        let eye = Eye { words: &words, email: "ana@example.org", elsewhere: Some("ana@example.com".into()), offers };
        read(text.as_bytes(), &eye, &Zone::named("Europe/London").unwrap(), SINCE)
    }

    fn contents(inner: &str) -> Contents {
        contents_with(&feed(inner), true).unwrap()
    }

    fn texts(contents: &Contents) -> Vec<String> {
        let mut texts: Vec<String> =
            contents.objects.values().map(|object| String::from_utf8(object.bytes().to_vec()).unwrap()).collect();
        texts.sort();
        texts
    }

    #[test]
    fn of_what_offers_nothing_only_the_times_are_kept() {
        let private = "SUMMARY:Dentist\r\nLOCATION:Main St\r\nDESCRIPTION:teeth\r\nATTENDEE:mailto:dr@example.net\r\nATTACH:https://x.example\r\n\
                       X-SECRET:1\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nACTION:DISPLAY\r\nEND:VALARM\r\n";
        let found = contents(&event("a", private));
        let text = &texts(&found)[0];
        for hidden in ["Dentist", "Main", "teeth", "dr@", "x.example", "SECRET", "VALARM"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
        assert!(text.contains("DTSTART:20261126T180000Z") && found.offers == 0, "{text}");
        let offer = contents(&event("a", "SUMMARY:Available\r\nDESCRIPTION:notice 48h\r\nLOCATION:Main St\r\n"));
        assert!(texts(&offer)[0].contains("DESCRIPTION:notice 48h") && !texts(&offer)[0].contains("Main"));
        assert_eq!(offer.offers, 1);
        assert!(texts(&contents(&event("a", "SUMMARY:Avialable\r\n")))[0].contains("Avialable"), "to be told of");
    }

    #[test]
    fn another_order_and_other_stamps_are_the_same_events() {
        let one = event(
            "a",
            "SUMMARY:Available\r\nCATEGORIES:X\r\nSEQUENCE:1\r\nEXDATE:20261203T180000Z\r\nRRULE:FREQ=WEEKLY\r\n",
        );
        let same = "BEGIN:VEVENT\r\nRRULE:FREQ=WEEKLY\r\nEXDATE:20261203T180000Z\r\nDTEND:20261126T190000Z\r\nCATEGORIES:X\r\nSUMMARY:Available\r\n\
                    X-NEW:1\r\nDTSTAMP:20261127T111111Z\r\nDTSTART:20261126T180000Z\r\nUID:a\r\nEND:VEVENT\r\n";
        let two = event("b", "LAST-MODIFIED:20260101T000000Z\r\n");
        let first = contents(&[one, two.clone()].concat());
        assert_eq!(texts(&first), texts(&contents(&[two, same.to_owned()].concat())));
    }

    #[test]
    fn a_series_keeps_its_changes_and_a_change_without_its_series_blocks() {
        let series = event("a", "RRULE:FREQ=WEEKLY\r\n");
        let moved = event("a", "RECURRENCE-ID:20261203T180000Z\r\n")
            .replace("DTSTART:20261126", "DTSTART:20261204")
            .replace("DTEND:20261126", "DTEND:20261204");
        let newer =
            moved.replace("T180000Z\r\nDTEND", "T173000Z\r\nDTEND").replace("RECURRENCE", "SEQUENCE:2\r\nRECURRENCE");
        let found = contents(&[moved.clone(), newer, series.clone(), series].concat());
        let text = &texts(&found)[0];
        assert_eq!((found.objects.len(), text.matches("BEGIN:VEVENT").count()), (1, 2), "{text}");
        assert!(text.contains("DTSTART:20261204T173000Z") && !text.contains("DTSTART:20261204T180000Z"), "{text}");
        let alone = contents(&moved);
        assert_eq!((alone.objects.len(), alone.unreadable), (1, 0));
    }

    #[test]
    fn one_uid_for_everything_loses_no_busy_time() {
        let one = event("same", "");
        let other = one.replace("20261126", "20261127");
        let found = contents(&[one.clone(), other, one].concat());
        assert_eq!(found.objects.len(), 2);
        let uids: HashSet<&str> = found.objects.values().map(|object| object.uid()).collect();
        assert_eq!(uids.len(), 2);
        let without = contents(&event("x", "").replace("UID:x\r\n", ""));
        assert_eq!(without.objects.len(), 1, "and one without any UID blocks too");
    }

    #[test]
    fn what_is_free_cancelled_declined_or_long_over_is_not_kept() {
        for lines in [
            "TRANSP:TRANSPARENT\r\n",
            "STATUS:CANCELLED\r\n",
            "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n",
            "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.com\r\n",
            "ATTENDEE;PARTSTAT=DECLINED:mailto:Ana@example.org\r\n",
        ] {
            assert_eq!(contents(&event("a", lines)).objects.len(), 0, "{lines}");
        }
        assert_eq!(contents(&event("a", "").replace("20261126", "20250101")).objects.len(), 0);
        for lines in [
            "STATUS:TENTATIVE\r\n",
            "ATTENDEE;PARTSTAT=DECLINED:mailto:tariq@example.org\r\n",
            "X-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n",
        ] {
            assert_eq!(contents(&event("a", lines)).objects.len(), 1, "{lines}");
        }
        let series = event("a", "RRULE:FREQ=WEEKLY\r\n");
        let gone = event("a", "RECURRENCE-ID:20261126T180000Z\r\nSTATUS:CANCELLED\r\n");
        assert_eq!(texts(&contents(&(series + &gone)))[0].matches("BEGIN:VEVENT").count(), 2);
    }

    #[test]
    fn offers_are_the_hosts_own_and_none_where_only_busy_times_are_wanted() {
        let offers = |lines: &str| {
            let found = contents(&event("a", &format!("SUMMARY:Available\r\n{lines}")));
            (found.offers, found.objects.len())
        };
        for own in [
            "",
            "ORGANIZER:mailto:ana@example.org\r\n",
            "ORGANIZER:mailto:ana@example.com\r\n",
            "ORGANIZER:mailto:c_1@group.calendar.google.com\r\n",
        ] {
            assert_eq!(offers(own), (1, 1), "{own}");
        }
        assert_eq!(offers("ORGANIZER:mailto:eve@example.net\r\n"), (0, 1), "somebody else's blocks");
        assert_eq!(offers("TRANSP:TRANSPARENT\r\n"), (1, 1));
        let both = [event("a", "SUMMARY:Available\r\n"), event("b", "")].concat();
        let busy = contents_with(&feed(&both), false).unwrap();
        assert_eq!((busy.offers, busy.objects.len()), (0, 1), "an offer never blocks");
    }

    #[test]
    fn zones_are_read_as_they_were_meant() {
        let at = |line: &str| {
            let one = event("a", "")
                .replace("DTSTART:20261126T180000Z", line)
                .replace("DTEND:20261126T190000Z", "DURATION:PT1H");
            let custom = "BEGIN:VTIMEZONE\r\nTZID:My Own\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0545\r\nTZOFFSETTO:+0545\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
            let found = contents(&(custom.to_owned() + &one));
            assert_eq!(found.unreadable, 0, "{line}: {:?}", found.why);
            let object = found.objects.values().next().unwrap();
            (expand::extent(object, &Zone::utc()).start - 1_795_651_200) / 60
        };
        assert_eq!(at("DTSTART:20261126T180000Z"), 18 * 60);
        assert_eq!(at("DTSTART;TZID=America/New_York:20261126T130000"), 18 * 60);
        assert_eq!(at("DTSTART;TZID=\"Eastern Standard Time\":20261126T130000"), 18 * 60);
        assert_eq!(at("DTSTART;TZID=My Own:20261126T234500"), 18 * 60);
        assert_eq!(at("DTSTART:20261126T190000"), 18 * 60, "X-WR-TIMEZONE");
        assert_eq!(at("DTSTART;TZID=Nowhere At All:20261126T190000"), 18 * 60, "X-WR-TIMEZONE");
    }

    #[test]
    fn one_bad_event_costs_itself_and_stays_as_it_was() {
        let bad = event("bad", "").replace("DTSTART:20261126T180000Z", "DTSTART:26/11/2026");
        let backwards = event("worse", "").replace("DTEND:20261126", "DTEND:20251126");
        let found = contents(
            &[event("a", ""), bad, backwards, event("b", "RRULE:FREQ=SOMETIMES\r\n"), event("c", "")].concat(),
        );
        assert_eq!((found.objects.len(), found.unreadable), (2, 3));
        assert_eq!(found.kept, HashSet::from([name("bad"), name("worse"), name("b")]));
        assert!(found.why.is_some());
        let series = event("s", "RRULE:FREQ=WEEKLY\r\n") + &event("s", "RECURRENCE-ID:tomorrow\r\n");
        let found = contents(&series);
        assert_eq!((found.objects.len(), found.unreadable, found.kept.len()), (1, 1, 0));
    }

    #[test]
    fn what_is_wrong_with_the_whole_is_said() {
        let problem = |text: &str| contents_with(text, true).err();
        assert_eq!(problem("BEGIN:VCARD\r\nEND:VCARD\r\n"), Some(Problem::NoCalendar));
        assert_eq!(problem(feed(&event("a", "")).trim_end().trim_end_matches("END:VCALENDAR")), Some(Problem::CutOff));
        let many: String = (0..=MOST).map(|number| event(&format!("u{number}"), "")).collect();
        assert_eq!(problem(&feed(&many)), Some(Problem::TooMany));
        assert_eq!(problem(&feed("")), None, "an empty calendar is one");
    }
}
