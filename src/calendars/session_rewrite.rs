//! What a client's rewrite of a "Sessions" copy means, whatever else the client did to the text: which lines are a wish,
//! which stay the client's own, and that all others are the server's. Pure.

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::time::format_utc;
use caldav::ical::tree::{Component, Line};
use caldav::ical::zone::Zone;
use caldav::itip::Event;
use caldav::itip::Zones;

/// Bytes of alarms and own lines that are kept of a client's text.
const MOST_KEPT: usize = 16 * 1024;
/// X- lines that the server writes itself.
const OURS: [&str; 2] = ["X-GOOGLE-CONFERENCE", "X-MICROSOFT-DISALLOW-COUNTER"];

/// What somebody wants who rewrote their copy. Nothing set: only their own lines changed, or the form of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Another start, UTC seconds.
    pub start: Option<i64>,
    /// Another agenda.
    pub agenda: Option<String>,
    /// They marked it as cancelled.
    pub cancel: bool,
}

/// The rewrite is no session any more: it recurs, lasts a whole day, or is longer or shorter at the same start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSession;

/// Reads the wish from the copy as it was and as it was sent. Times without zone are read in `floating`, as are zones
/// that nothing explains.
///
/// # Errors
/// [`NoSession`].
pub fn wish(before: &CalendarObject, sent: &CalendarObject, floating: &Zone) -> Result<Wish, NoSession> {
    let (old, new) = (before.master().ok_or(NoSession)?, sent.master().ok_or(NoSession)?);
    let recurs = ["RRULE", "RDATE", "RECURRENCE-ID"].iter().any(|name| new.get(name).is_some());
    if recurs || sent.overrides().next().is_some() || !new.get("DTSTART").is_some_and(|line| line.value.contains('T')) {
        return Err(NoSession);
    }
    let times = |object: &CalendarObject, event: &Component| {
        Event::new(event).times(&Zones::new(object.timezones(), floating)).ok_or(NoSession)
    };
    let (was, is) = (times(before, old)?, times(sent, new)?);
    // Dragging to another time keeps the length; the server keeps it in any case.
    if was.0 == is.0 && was.1 != is.1 {
        return Err(NoSession);
    }
    let (agenda, wanted) = (described(old), described(new));
    Ok(Wish {
        start: (was.0 != is.0).then_some(is.0),
        agenda: (agenda != wanted).then_some(wanted),
        cancel: Event::new(new).is_cancelled(),
    })
}

fn described(event: &Component) -> String {
    event.get("DESCRIPTION").map(|line| line.text().replace("\r\n", "\n").trim().to_owned()).unwrap_or_default()
}

/// The server's text with the alarms and X- lines of the client's, as many as there is room for. A text that cannot be
/// read adds nothing.
pub fn with_own_lines(ours: Vec<u8>, theirs: &[u8]) -> Vec<u8> {
    let limits = Limits::default();
    let (Ok(mut root), Ok(other)) = (Component::parse(&ours, &limits), Component::parse(theirs, &limits)) else {
        return ours;
    };
    let Some(from) = other.children_named("VEVENT").next() else { return ours };
    let Some(event) = root.children.iter_mut().find(|child| child.name == "VEVENT") else { return ours };
    let mut room = MOST_KEPT;
    for line in from.lines.iter().filter(|line| is_their_own(line)) {
        if take(&mut room, &Component::new("X").with(line.clone())) {
            event.push(line.clone());
        }
    }
    for alarm in from.children_named("VALARM") {
        if take(&mut room, alarm) {
            event.children.push(alarm.clone());
        }
    }
    if room == MOST_KEPT { ours } else { root.write() }
}

/// A copy without the lines that are its client's.
pub fn without_own_lines(copy: &[u8]) -> Vec<u8> {
    let Ok(mut root) = Component::parse(copy, &Limits::default()) else { return copy.to_vec() };
    for event in root.children.iter_mut().filter(|child| child.name == "VEVENT") {
        event.lines.retain(|line| !is_their_own(line));
        event.children.retain(|child| child.name != "VALARM");
    }
    root.write()
}

/// The same copy with a later DTSTAMP, so that its ETag is another one.
pub fn stamped_anew(copy: &[u8], now: i64) -> Vec<u8> {
    let Ok(mut root) = Component::parse(copy, &Limits::default()) else { return copy.to_vec() };
    for event in root.children.iter_mut().filter(|child| child.name == "VEVENT") {
        let stamp = Event::new(event).dtstamp().map_or(now, |before| now.max(before.saturating_add(1)));
        event.set(Line::new("DTSTAMP", format_utc(stamp)));
    }
    root.write()
}

fn is_their_own(line: &Line) -> bool {
    line.name.starts_with("X-") && !OURS.contains(&line.name.as_str())
}

fn take(room: &mut usize, what: &Component) -> bool {
    match room.checked_sub(what.write().len()) {
        Some(rest) => {
            *room = rest;
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OURS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Openhour//Openhour//EN\r\nBEGIN:VEVENT\r\nUID:a@example.org\r\n\
        DTSTAMP:20261121T120000Z\r\nDTSTART:20261126T180000Z\r\nDTEND:20261126T190000Z\r\nSUMMARY:Talk with Aisha\r\n\
        SEQUENCE:0\r\nSTATUS:CONFIRMED\r\nDESCRIPTION:Lifetimes\\, and why\\nTraits\r\nLOCATION:https://meet.example.org/r\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";

    fn object(text: impl Into<Vec<u8>>) -> CalendarObject {
        CalendarObject::parse(text.into(), &Limits::default()).unwrap()
    }

    fn meant(text: &str) -> Result<Wish, NoSession> {
        wish(&object(OURS), &object(text), &Zone::named("Europe/Berlin").unwrap())
    }

    #[test]
    fn another_start_in_any_zone_is_a_move_and_the_same_instant_is_none() {
        let start = |line: &str| meant(&OURS.replace("DTSTART:20261126T180000Z", line));
        let shorter = |line: &str, end: &str| {
            meant(&OURS.replace("DTSTART:20261126T180000Z", line).replace("DTEND:20261126T190000Z", end))
        };
        assert_eq!(start("DTSTART;TZID=Europe/Berlin:20261126T190000"), Ok(Wish::default()));
        assert_eq!(start("DTSTART;TZID=W. Europe Standard Time:20261126T190000"), Ok(Wish::default()));
        let moved = shorter("DTSTART:20261127T180000Z", "DTEND:20261127T190000Z").unwrap();
        assert_eq!(moved, Wish { start: Some(1_795_802_400), ..Wish::default() });
        assert_eq!(shorter("DTSTART:20261126T180000Z", "DURATION:PT1H"), Ok(Wish::default()));
    }

    #[test]
    fn what_is_no_session_any_more_is_refused() {
        for (from, to) in [
            ("DTEND:20261126T190000Z", "DTEND:20261126T200000Z"),
            ("SEQUENCE:0", "RRULE:FREQ=WEEKLY"),
            ("DTSTART:20261126T180000Z\r\nDTEND:20261126T190000Z", "DTSTART;VALUE=DATE:20261126"),
        ] {
            assert_eq!(meant(&OURS.replace(from, to)), Err(NoSession), "{to}");
        }
    }

    #[test]
    fn the_description_is_the_agenda() {
        let agenda =
            |to: &str| meant(&OURS.replace("DESCRIPTION:Lifetimes\\, and why\\nTraits\r\n", to)).unwrap().agenda;
        assert_eq!(agenda("DESCRIPTION:Macros\\; all\r\n").as_deref(), Some("Macros; all"));
        assert_eq!(agenda("").as_deref(), Some(""));
        assert_eq!(agenda("DESCRIPTION;LANGUAGE=en:Lifetimes\\, and why\\NTraits\\n\r\n"), None);
        assert!(meant(&OURS.replace("CONFIRMED", "cancelled")).unwrap().cancel);
    }

    #[test]
    fn alarms_and_x_lines_stay_and_everything_else_is_the_servers() {
        let theirs = OURS.replace(
            "SUMMARY:Talk with Aisha\r\n",
            "SUMMARY:Mine\r\nATTENDEE:mailto:x@example.org\r\nX-MOZ-LASTACK:20261101T000000Z\r\nX-GOOGLE-CONFERENCE:https://evil.example\r\n\
             BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n",
        );
        let kept = String::from_utf8(with_own_lines(OURS.into(), theirs.as_bytes())).unwrap();
        assert!(kept.contains("X-MOZ-LASTACK:20261101T000000Z") && kept.contains("TRIGGER:-PT15M"), "{kept}");
        assert!(
            kept.contains("SUMMARY:Talk with Aisha") && !kept.contains("ATTENDEE") && !kept.contains("evil"),
            "{kept}"
        );
        assert_eq!(with_own_lines(kept.clone().into(), b"nonsense"), kept.as_bytes());
        assert_eq!(with_own_lines(OURS.into(), kept.as_bytes()), kept.as_bytes(), "once more changes nothing");
        let large = OURS.replace("SEQUENCE:0", &format!("X-BIG:{}", "x".repeat(MOST_KEPT)));
        assert_eq!(with_own_lines(OURS.into(), large.as_bytes()), OURS.as_bytes());
    }

    /// The text as another client would write it: lines in another order, folded anywhere, its own PRODID and DTSTAMP,
    /// an alarm, properties of its own.
    fn rewritten(order: &[usize], width: usize, sequence: u32, alarm: bool, bare: bool) -> String {
        let mut event: Vec<String> = OURS
            .split("\r\n")
            .skip_while(|line| *line != "BEGIN:VEVENT")
            .skip(1)
            .take_while(|line| *line != "END:VEVENT")
            .map(|line| if line.starts_with("DTSTAMP") { "DTSTAMP:20270101T000000Z".into() } else { line.to_owned() })
            .collect();
        for (at, to) in order.iter().enumerate() {
            let (length, at) = (event.len(), at % event.len());
            event.swap(at, to % length);
        }
        event.push(format!("X-MOZ-GENERATION:{sequence}"));
        event.push("CLASS:PUBLIC".into());
        let folded: Vec<String> = event
            .iter()
            .map(|line| {
                line.as_bytes()
                    .chunks(width)
                    .map(|part| std::str::from_utf8(part).unwrap())
                    .collect::<Vec<_>>()
                    .join("\r\n ")
            })
            .collect();
        let alarm = if alarm { "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n" } else { "" };
        let text = format!(
            "BEGIN:VCALENDAR\r\nPRODID:-//Another//Client {sequence}//EN\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{}\r\n{alarm}END:VEVENT\r\nEND:VCALENDAR\r\n",
            folded.join("\r\n")
        );
        if bare { text.replace("\r\n", "\n") } else { text }
    }

    proptest! {
        #[test]
        fn however_a_client_writes_it_the_same_session_is_no_wish(
            order in prop::collection::vec(0usize..32, 0..24),
            width in 1usize..75,
            sequence in 0u32..1_000,
            alarm: bool,
            bare: bool,
        ) {
            let text = rewritten(&order, width, sequence, alarm, bare);
            prop_assert_eq!(meant(&text), Ok(Wish::default()), "{}", text);
        }
    }
}
