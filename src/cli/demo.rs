//! `openhour serve --demo`: a sample team whose hosts have written "Available" into their calendars.

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::ical::tree::{Component, Line};
use caldav::ical::vtimezone;
use caldav::ical::zone::Zone;
use caldav::store::{Change, Conditions, Edit};
use jiff::civil::Weekday;

use super::Failure;
use super::demo_story::{self, Cast};
use super::identify::{new_app_password, new_sign_in_link};
use crate::desk::people::SavePerson;
use crate::desk::teams::{SaveSessionType, SaveTeam};
use crate::desk::{Desk, filing};
use crate::people::{Person, Profile};
use crate::teams::{BookingMode, NewSessionType, NewTeam, Role, RuleSet};

const TEAM: &str = "mentoring";
const DAY: i64 = 86_400;

/// An event of a sample host: title, weekday, begin and end in hours, and whether it repeats every week.
pub(super) struct Sample {
    file: &'static str,
    title: &'static str,
    weekday: Weekday,
    hours: (i8, i8),
}

const ANA: &[Sample] = &[
    Sample { file: "available-monday", title: "Available", weekday: Weekday::Monday, hours: (18, 20) },
    Sample { file: "available-thursday", title: "Available", weekday: Weekday::Thursday, hours: (17, 20) },
    Sample { file: "choir", title: "Choir practice", weekday: Weekday::Thursday, hours: (19, 20) },
];
const TARIQ: &[Sample] = &[
    Sample { file: "available-tuesday", title: "Available", weekday: Weekday::Tuesday, hours: (17, 19) },
    Sample { file: "available-thursday", title: "Available", weekday: Weekday::Thursday, hours: (19, 21) },
    Sample { file: "available-saturday", title: "Available", weekday: Weekday::Saturday, hours: (10, 13) },
];

const NOOR: &[Sample] = &[
    Sample { file: "available-monday", title: "Available", weekday: Weekday::Monday, hours: (9, 12) },
    Sample { file: "available-wednesday", title: "Available", weekday: Weekday::Wednesday, hours: (14, 18) },
    Sample { file: "available-friday", title: "Available", weekday: Weekday::Friday, hours: (9, 12) },
];

/// Makes what is missing of the sample data and answers what to print. May run again on the same data.
pub(super) async fn prepare(desk: &Desk) -> Result<String, Failure> {
    let now = desk.clock.now();
    let team = NewTeam {
        slug: TEAM.into(),
        name: "Code mentoring".into(),
        timezone: Some("Europe/London".into()),
        public: Some(true),
        booking: Some(BookingMode::Anyone),
        ..NewTeam::default()
    };
    desk.db.run(SaveTeam { team, now }).await?;
    let kind = NewSessionType {
        slug: "one-to-one".into(),
        name: "One-to-one session".into(),
        minutes: 60,
        capacity: None,
        rules: RuleSet::default(),
    };
    desk.db.run(SaveSessionType { team: TEAM.into(), kind, now }).await?;
    let ana = host(desk, TEAM, ("ana@example.org", "Ana Silva", "Europe/London"), ANA).await?;
    host(desk, TEAM, ("tariq@example.org", "Tariq Aziz", "Africa/Johannesburg"), TARIQ).await?;
    let Cast { noor, lea } = demo_story::prepare(desk, NOOR).await?;
    let admin = person(desk, "admin@example.org", "Sam Admin", "Europe/London", Some(true), vec![]).await?;
    let password = new_app_password(desk, &ana, "demo").await?;
    let link = new_sign_in_link(desk, &admin, DAY).await?;
    let (as_host, as_lead) = (new_sign_in_link(desk, &noor, DAY).await?, new_sign_in_link(desk, &lea, DAY).await?);
    let url = &desk.config.public_url;
    Ok(format!(
        "Openhour runs at {url}/ with a sample team.\n\n\
         Booking page       {url}/book/{TEAM}\n\
         Open slots (feed)  {url}/teams/{TEAM}/open.ics\n\
         Captured mail      {url}/mail\n\
         Admin sign-in      {link}\n\n\
         In a second team somebody asks for a time, and a week has passed:\n\
         Booking page       {url}/book/{careers}\n\
         Host sign-in       {as_host}\n\
         Lead sign-in       {as_lead}\n\n\
         A host's calendar, for Thunderbird, Evolution, Apple Calendar or DAVx5:\n\
         CalDAV address     {url}/dav/\n\
         User               {}\n\
         App password       {password}\n",
        ana.email,
        careers = demo_story::TEAM,
    ))
}

pub(super) async fn host(
    desk: &Desk,
    team: &str,
    (email, name, zone): (&str, &str, &str),
    samples: &[Sample],
) -> Result<Person, Failure> {
    let person = person(desk, email, name, zone, None, vec![(team.to_owned(), Role::Host)]).await?;
    let zone = Zone::named(zone).ok_or_else(|| Failure::new(format!("no zone {zone}")))?;
    for sample in samples {
        let edit = Edit {
            owner: email.to_owned(),
            collection: "offers".into(),
            name: format!("{}.ics", sample.file),
            by: email.to_owned(),
            conditions: Conditions::default(),
            change: Change::Put(event(sample, email, &zone, desk.clock.now())?),
        };
        filing::file(desk, &person, edit).await?;
    }
    Ok(person)
}

pub(super) async fn person(
    desk: &Desk,
    email: &str,
    name: &str,
    zone: &str,
    admin: Option<bool>,
    memberships: Vec<(String, Role)>,
) -> Result<Person, Failure> {
    let profile = Profile { name: Some(name.into()), timezone: Some(zone.into()), admin };
    let command = SavePerson { email: email.into(), profile, memberships, now: desk.clock.now() };
    Ok(desk.db.run(command).await?)
}

/// The event as a calendar app would write it: weekly, in the host's own zone, begun in a past week.
fn event(sample: &Sample, email: &str, zone: &Zone, now: i64) -> Result<CalendarObject, Failure> {
    // The same bytes all year, so that a second start changes nothing.
    let year = zone.to_wall(now).year();
    let first = jiff::civil::date(year, 1, 1);
    let days = (7 + sample.weekday.to_monday_zero_offset() - first.weekday().to_monday_zero_offset()) % 7;
    let date = first.checked_add(jiff::Span::new().days(i64::from(days)))?;
    let wall = |hour: i8| date.at(hour, 0, 0, 0).strftime("%Y%m%dT%H%M%S").to_string();
    let time = |name: &str, hour: i8| Line::new(name, wall(hour)).with_param("TZID", zone.name());
    let event = Component::new("VEVENT")
        .with(Line::new("UID", format!("{}-{email}", sample.file)))
        .with(Line::new("DTSTAMP", format!("{year}0101T000000Z")))
        .with(time("DTSTART", sample.hours.0))
        .with(time("DTEND", sample.hours.1))
        .with(Line::new("RRULE", "FREQ=WEEKLY"))
        .with(Line::text_value("SUMMARY", sample.title));
    let begin = zone.to_instant(date.at(0, 0, 0, 0));
    let calendar = Component::new("VCALENDAR")
        .with(Line::new("VERSION", "2.0"))
        .with(Line::new("PRODID", "-//Openhour//Sample//EN"))
        .with_child(vtimezone::write(zone, begin, begin + 370 * DAY))
        .with_child(event);
    Ok(CalendarObject::parse(calendar.write(), &Limits::default())?)
}
