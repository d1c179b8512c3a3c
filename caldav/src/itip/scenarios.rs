//! Runs the scenario files in `fixtures/itip`; `fixtures/itip/README` says how they are written.

use std::fs;
use std::path::Path;

use super::*;
use crate::ical::expand::{Budget, Occurrence, occurrences};
use crate::ical::limits::Limits;
use crate::ical::object::CalendarObject;
use crate::ical::time::{format_utc, parse_wall, wall_seconds};
use crate::ical::tree::Component;
use crate::ical::zone::Zone;

/// One command of a scenario: its words and the lines below it.
struct Step<'a> {
    line: usize,
    words: Vec<&'a str>,
    body: Vec<&'a str>,
}

fn steps(text: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(command) = line.strip_prefix("== ") {
            steps.push(Step { line: index + 1, words: command.split_whitespace().collect(), body: Vec::new() });
        } else if let Some(step) = steps.last_mut().filter(|_| !line.trim().is_empty() && !line.starts_with('#')) {
            step.body.push(line);
        }
    }
    steps
}

/// The calendar of a step: complete, or the lines of its events with `--` between them.
fn calendar(body: &[&str]) -> Vec<u8> {
    let text = body.join("\r\n");
    if text.starts_with("BEGIN:VCALENDAR") {
        return text.into_bytes();
    }
    let events = text.split("--\r\n").map(|event| format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", event.trim_end()));
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Host//EN\r\n{}END:VCALENDAR\r\n", events.collect::<String>())
        .into_bytes()
}

/// Every calendar text of a scenario file.
pub(super) fn calendars(text: &str) -> Vec<Vec<u8>> {
    let has_calendar = |step: &Step<'_>| matches!(step.words.first(), Some(&("deliver" | "stored" | "change")));
    steps(text)
        .iter()
        .filter(|step| has_calendar(step) && !step.body.is_empty())
        .map(|step| calendar(&step.body))
        .collect()
}

fn utc(text: &str) -> i64 {
    wall_seconds(parse_wall(text.strip_suffix('Z').unwrap_or(text)).unwrap())
}

#[derive(Default)]
struct World {
    now: i64,
    stored: Option<Component>,
    before: Option<Component>,
    message: Option<ItipMessage>,
    proposal: Option<Proposal>,
    effect: Option<Effect>,
    error: Option<ItipError>,
}

const PRODUCT: &str = "-//Us//EN";

impl World {
    fn run(&mut self, step: &Step<'_>) {
        let word = |index: usize| step.words.get(index).copied().unwrap_or_default();
        if word(0) != "refused" {
            assert_eq!(self.error.take(), None, "refused before this step");
        }
        match word(0) {
            "now" => self.now = utc(word(1)),
            "stored" => self.stored = Some(Component::parse(&calendar(&step.body), &Limits::default()).unwrap()),
            "change" => {
                let new = (!step.body.is_empty()).then(|| calendar(&step.body));
                let new = new.map(|text| Component::parse(&text, &Limits::default()).unwrap());
                self.before = std::mem::replace(&mut self.stored, new);
            }
            "deliver" => self.deliver(&calendar(&step.body), step.words.get(1).copied()),
            "effect" => assert_eq!(format!("{:?}", self.effect.unwrap()).to_lowercase(), word(1).replace('-', "")),
            "refused" => {
                let error = self.error.take().expect("nothing was refused").to_string();
                assert!(error.contains(&step.words[1..].join(" ")), "{error}");
            }
            "occurrences" => assert_eq!(self.occurrences(word(1), word(2)), step.body),
            "holds" => lines(self.stored.as_ref().unwrap(), &step.body, true),
            "lacks" => lines(self.stored.as_ref().unwrap(), &step.body, false),
            "event" => assert_eq!(describe_event(self.message()), step.body),
            "answers" => assert_eq!(describe_answers(&Answer::of(self.message()).unwrap()), step.body),
            "proposal" => assert_eq!(self.propose(word(1)), step.body),
            "reply" => {
                let partstat = PartStat::parse(Some(word(2)));
                let comment = step.words.get(3..).unwrap_or_default().join(" ");
                let response =
                    Response { us: word(1), partstat, comment: Some(&comment), product: PRODUCT, now: self.now };
                match respond(self.message(), &response) {
                    Ok(reply) => assert_written(&reply, &step.body),
                    Err(error) => self.error = Some(error),
                }
            }
            "decline" => {
                let (proposal, stored) = (self.proposal.as_ref().unwrap(), self.stored.as_ref().unwrap());
                let reason = step.words[1..].join(" ");
                assert_written(
                    &decline_counter(proposal, stored, Some(&reason), PRODUCT, self.now).unwrap(),
                    &step.body,
                );
            }
            "messages" => {
                let all = messages(self.before.as_ref(), self.stored.as_ref(), word(1), PRODUCT, self.now).unwrap();
                assert_eq!(all.iter().map(describe_outgoing).collect::<Vec<_>>(), step.body);
            }
            other => panic!("no such command: {other}"),
        }
    }

    fn message(&self) -> &ItipMessage {
        self.message.as_ref().expect("a message was delivered")
    }

    /// Reads a message; what changes events is merged into the stored one.
    fn deliver(&mut self, bytes: &[u8], method: Option<&str>) {
        (self.message, self.proposal, self.effect) = (None, None, None);
        match ItipMessage::parse(bytes, method, &Limits::default()) {
            Ok(message) => self.message = Some(message),
            Err(error) => return self.error = Some(error),
        }
        let merges = [Method::Request, Method::Cancel, Method::Add, Method::Publish];
        if !merges.contains(&self.message().method()) {
            return;
        }
        match merge(self.stored.as_ref(), self.message(), self.now) {
            Ok(merged) => {
                self.effect = Some(merged.effect);
                self.stored = Some(merged.calendar);
            }
            Err(error) => self.error = Some(error),
        }
    }

    fn occurrences(&self, from: &str, to: &str) -> Vec<String> {
        let object = CalendarObject::from_root(self.stored.clone().unwrap(), &Limits::default()).unwrap();
        let window = utc(&format!("{from}T000000"))..utc(&format!("{to}T000000"));
        let found = occurrences(&object, window, &Zone::named("Europe/London").unwrap(), &Budget::default());
        assert_eq!(found.cut_off, None);
        let takes_place = |one: &&Occurrence<'_>| !Event::new(one.component).is_cancelled();
        let text = |one: &Occurrence<'_>| {
            format!("{}/{} {}", format_utc(one.start), format_utc(one.end), Event::new(one.component).summary())
        };
        found.list.iter().filter(takes_place).map(text).collect()
    }

    fn propose(&mut self, sender: &str) -> Vec<String> {
        let proposal = match Proposal::of(self.message(), sender, &Zone::utc()) {
            Ok(proposal) => proposal,
            Err(error) => {
                self.error = Some(error);
                return Vec::new();
            }
        };
        let mut text =
            vec![format!("{} {}/{}", proposal.attendee.address, format_utc(proposal.start), format_utc(proposal.end))];
        text.extend(
            proposal.original.map(|(start, end)| format!("original {}/{}", format_utc(start), format_utc(end))),
        );
        text.extend(proposal.recurrence_id.as_ref().map(|id| format!("instance {}", shown_line(id))));
        text.extend(proposal.comment.as_ref().map(|comment| format!("comment {comment}")));
        self.proposal = Some(proposal);
        text
    }
}

fn shown_line(id: &crate::ical::time::DateTimeValue) -> String {
    let line = id.to_line("RECURRENCE-ID");
    line.params.iter().map(|param| param.values.concat() + ":").collect::<String>() + &line.value
}

fn describe_event(message: &ItipMessage) -> Vec<String> {
    let zone = Zone::utc();
    let event = message.events().next().unwrap();
    let party = |party: Party| {
        let real = party.email.map(|email| format!(" for {email}")).unwrap_or_default();
        let name = party.name.map(|name| format!(" ({name})")).unwrap_or_default();
        party.address + &real + &name
    };
    let times = event.times(&message.zones(&zone));
    let mut text = vec![format!("{} {}", message.method(), event.summary()).trim_end().to_owned()];
    text.extend(times.map(|(start, end)| format!("{}/{}", format_utc(start), format_utc(end))));
    text.extend(event.organizer().map(|organizer| format!("organizer {}", party(organizer))));
    text.extend(event.attendees().map(|guest| format!("{} {}", guest.partstat.as_str(), party(guest.party))));
    text
}

fn describe_answers(answers: &[Answer]) -> Vec<String> {
    let mut text = Vec::new();
    for answer in answers {
        let stamp = answer.dtstamp.map_or("-".into(), format_utc);
        text.push(format!("{} {} {} {stamp}", answer.attendee.address, answer.partstat.as_str(), answer.sequence));
        text.extend(answer.attendee.email.as_ref().map(|email| format!("for {email}")));
        text.extend(answer.delegated_to.as_ref().map(|to| format!("to {to}")));
        text.extend(answer.recurrence_id.as_ref().map(|id| format!("instance {}", shown_line(id))));
        text.extend(answer.comment.iter().flat_map(|comment| comment.lines()).map(|line| format!("comment {line}")));
    }
    text
}

fn describe_outgoing(message: &Outgoing) -> String {
    ItipMessage::parse(&message.calendar.write(), Some(message.method.as_str()), &Limits::default()).unwrap();
    let events = message.calendar.children_named("VEVENT").map(|event| {
        let id = event.get("RECURRENCE-ID").map(|line| format!(" {}", line.value)).unwrap_or_default();
        let stats: Vec<_> = Event::new(event).attendees().map(|guest| guest.partstat.as_str()).collect();
        let answer = if message.method == Method::Reply { format!(" {}", stats.join(" ")) } else { String::new() };
        format!("; {}{id}{answer}", Event::new(event).sequence())
    });
    format!("{} to {}{}", message.method, message.to.join(" "), events.collect::<String>())
}

/// All content lines of a calendar and what is in it, unfolded.
fn all_lines(component: &Component) -> Vec<String> {
    let mut plain = component.clone();
    plain.children.clear();
    let unfolded = String::from_utf8(plain.write()).unwrap().replace("\r\n ", "");
    let own = unfolded.lines().map(str::to_owned);
    own.chain(component.children.iter().flat_map(all_lines)).collect()
}

fn lines(calendar: &Component, wanted: &[&str], there: bool) {
    let found = all_lines(calendar);
    for line in wanted {
        assert_eq!(found.iter().any(|found| found == line), there, "{line}\n{found:#?}");
    }
}

/// What we write is read again, has one METHOD and the lines that are wanted; `!LINE` must not be there.
fn assert_written(calendar: &Component, wanted: &[&str]) {
    let back = ItipMessage::parse(&calendar.write(), None, &Limits::default()).unwrap();
    let (unwanted, wanted): (Vec<_>, Vec<_>) = wanted.iter().partition(|line| line.starts_with('!'));
    lines(back.calendar(), &wanted, true);
    lines(back.calendar(), &unwanted.iter().map(|line| &line[1..]).collect::<Vec<_>>(), false);
    let event = back.events().next().unwrap();
    assert_eq!(event.attendees().count(), 1);
}

#[test]
fn every_scenario_ends_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/itip");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    let (mut cases, mut failed) = (0, Vec::new());
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "txt")) {
        let text = fs::read_to_string(path).unwrap();
        for case in text.split("\n=== ").skip(1) {
            cases += 1;
            let (title, text) = case.split_once('\n').unwrap();
            let mut world = World { now: utc("20261120T120000Z"), ..World::default() };
            for step in steps(text) {
                let run = std::panic::AssertUnwindSafe(|| world.run(&step));
                if std::panic::catch_unwind(run).is_err() {
                    let file = path.file_name().unwrap().to_string_lossy();
                    failed.push(format!("{file}: {title}: line {} == {}", step.line, step.words.join(" ")));
                    break;
                }
            }
            if let Some(error) = world.error {
                failed.push(format!("{title}: {error}"));
            }
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
    assert!(cases >= 40, "{cases} cases");
}
