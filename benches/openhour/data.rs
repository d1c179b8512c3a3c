//! Generated data: teams of 1, 200 and 10,000 hosts, a calendar of 2,000 objects, and time enough to book.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::store::{Change, Conditions, Edit, PropertyChanges};
use openhour::calendars::reindex;
use openhour::clock::Clock;
use openhour::config::Config;
use openhour::db::Db;
use openhour::desk::people::SavePerson;
use openhour::desk::teams::{SaveSessionType, SaveTeam};
use openhour::desk::{Desk, arranging, filing};
use openhour::keys::{self, Keys};
use openhour::people::app_passwords::CreateAppPassword;
use openhour::people::{self, Person, Profile};
use openhour::teams::{BookingMode, NewSessionType, NewTeam, Role, RuleSet};
use tokio::task::JoinSet;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A generated team.
pub(crate) struct Team {
    pub(crate) slug: &'static str,
    pub(crate) hosts: usize,
    /// Weekly offers of each host; none: one that is open all day, every day.
    offers: usize,
    /// Busy events of each host.
    busy: usize,
}

pub(crate) const TEAMS: &[Team] = &[
    Team { slug: "one", hosts: 1, offers: 2, busy: 48 },
    Team { slug: "many", hosts: 200, offers: 2, busy: 48 },
    Team { slug: "huge", hosts: 10_000, offers: 1, busy: 0 },
];
/// The team of the booking benchmark.
pub(crate) const OPEN: Team = Team { slug: "open", hosts: 200, offers: 0, busy: 0 };
/// Who owns the calendar of 2,000 objects.
pub(crate) const OWNER: &str = "host0.one@example.org";
/// The first host of a team.
pub(crate) fn owner(team: &str) -> String {
    format!("host0.{team}@example.org")
}
/// Objects in that calendar.
pub(crate) const OBJECTS: usize = 2_000;
/// Hosts made at once.
const AT_ONCE: usize = 64;

/// Fills an installation and answers the app password of each team's first host, by the team's slug.
pub(crate) async fn fill(folder: &Path) -> Result<HashMap<&'static str, String>, Failure> {
    let config = Config::local(folder);
    let keys = Keys::open(&config.secret_key_file)?;
    let db = Db::open(&config.database).await?;
    let desk = Arc::new(Desk::new(db, Clock::system(), config, keys));
    for team in TEAMS.iter().chain([&OPEN]) {
        make_team(&desk, team.slug).await?;
        let mut making = JoinSet::new();
        for n in 0..team.hosts {
            let desk = desk.clone();
            making.spawn(async move { make_host(&desk, team, n).await });
            if making.len() >= AT_ONCE
                && let Some(done) = making.join_next().await
            {
                done??;
            }
        }
        while let Some(done) = making.join_next().await {
            done??;
        }
    }
    make_big_calendar(&desk).await?;
    let mut passwords = HashMap::new();
    for team in TEAMS {
        passwords.insert(team.slug, app_password(&desk, &owner(team.slug)).await?);
    }
    // What a server does after an update, beside its work; here it would be measured too.
    reindex::if_outdated(&desk.db, &desk.offer_words(), desk.clock.now()).await?;
    desk.db.close().await;
    Ok(passwords)
}

async fn make_team(desk: &Desk, slug: &str) -> Result<(), Failure> {
    let now = desk.clock.now();
    let team = NewTeam {
        slug: slug.into(),
        name: format!("Team {slug}"),
        timezone: Some("Europe/London".into()),
        public: Some(true),
        booking: Some(BookingMode::Anyone),
        ..NewTeam::default()
    };
    desk.db.run(SaveTeam { team, now }).await?;
    let rules = RuleSet { notice: Some(0), ..RuleSet::default() };
    let kind = NewSessionType { slug: "talk".into(), name: "Talk".into(), minutes: 60, capacity: None, rules };
    desk.db.run(SaveSessionType { team: slug.into(), kind, now }).await?;
    Ok(())
}

async fn make_host(desk: &Desk, team: &Team, n: usize) -> Result<(), Failure> {
    let email = format!("host{n}.{}@example.org", team.slug);
    let zones = ["Europe/London", "America/New_York", "Asia/Kolkata"];
    let profile = Profile {
        name: Some(format!("Host {n}")),
        timezone: zones.get(n % 3).map(|zone| (*zone).to_owned()),
        admin: None,
    };
    let memberships = vec![(team.slug.to_owned(), Role::Host)];
    let person = desk.db.run(SavePerson { email, profile, memberships, now: desk.clock.now() }).await?;
    if team.offers == 0 {
        return put(desk, &person, "offers", "always", &event("20260105T000000Z", "P1D", "FREQ=DAILY")).await;
    }
    for offer in 0..team.offers {
        let begin = format!("202601{:02}T{:02}0000Z", 5 + (n + offer * 3) % 7, 8 + (n + offer) % 10);
        put(desk, &person, "offers", &format!("offer{offer}"), &event(&begin, "PT2H", "FREQ=WEEKLY")).await?;
    }
    for number in 0..team.busy {
        put(desk, &person, "offers", &format!("busy{number}"), &busy_event(n * 50 + number)).await?;
    }
    Ok(())
}

async fn make_big_calendar(desk: &Desk) -> Result<(), Failure> {
    let person = known(desk, OWNER).await?;
    let changes = PropertyChanges { transparent: Some(true), ..PropertyChanges::default() };
    arranging::create_calendar(desk, &person, "big", changes).await?;
    for n in 0..OBJECTS {
        put(desk, &person, "big", &format!("object{n}"), &busy_event(n)).await?;
    }
    Ok(())
}

async fn known(desk: &Desk, email: &str) -> Result<Person, Failure> {
    Ok(people::by_email(&mut desk.db.read().await?, email).await?.ok_or("nobody has this address")?)
}

async fn app_password(desk: &Desk, email: &str) -> Result<String, Failure> {
    let person = known(desk, email).await?;
    let secret = keys::random_secret()?;
    let command = CreateAppPassword {
        person: person.id,
        label: "benchmark".into(),
        digest: keys::digest(&secret),
        by: None,
        with: None,
        now: desk.clock.now(),
    };
    desk.db.run(command).await?;
    Ok(secret)
}

async fn put(desk: &Desk, person: &Person, collection: &str, name: &str, text: &str) -> Result<(), Failure> {
    let text = text.replace("UID:x", &format!("UID:{name}"));
    let edit = Edit {
        owner: person.email.clone(),
        collection: collection.into(),
        name: format!("{name}.ics"),
        by: person.email.clone(),
        conditions: Conditions::default(),
        change: Change::Put(CalendarObject::parse(text, &Limits::default())?),
    };
    filing::file(desk, person, edit).await?;
    Ok(())
}

fn event(begin: &str, duration: &str, rule: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Bench//EN\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART:{begin}\r\nDURATION:{duration}\r\nRRULE:{rule}\r\nSUMMARY:Available\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// About 600 bytes, as a calendar app writes them, spread over a year.
pub(crate) fn busy_event(n: usize) -> String {
    let (month, day, hour) = (1 + (n / 28) % 12, 1 + n % 28, 7 + (n * 7) % 12);
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Bench//EN\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20260101T000000Z\r\n\
         CREATED:20260101T000000Z\r\nLAST-MODIFIED:20260101T000000Z\r\nDTSTART:2027{month:02}{day:02}T{hour:02}0000Z\r\n\
         DTEND:2027{month:02}{day:02}T{hour:02}3000Z\r\nSUMMARY:Meeting {n}\r\nLOCATION:Room {n}\r\n\
         DESCRIPTION:{}\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Soon\r\nEND:VALARM\r\n\
         END:VEVENT\r\nEND:VCALENDAR\r\n",
        "a word\\n".repeat(6)
    )
}
