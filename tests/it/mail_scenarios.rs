//! Stories by mail alone: the text files in `fixtures/mail/scenarios`, whose README says how they are written. A new
//! case needs no Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use caldav::ical::limits::Limits;
use caldav::ical::object::CalendarObject;
use caldav::store::{Change, Conditions, Edit};
use data_encoding::BASE64_MIME;
use jiff::Timestamp;
use openhour::clock::Clock;
use openhour::config::Config;
use openhour::db::{Command, Db, DbError, Target, Tx};
use openhour::desk::Desk;
use openhour::desk::booking::{AskInvite, BookRequest, Caller, Guest, book, send_invite};
use openhour::desk::conduct::{self, Measure};
use openhour::desk::people::SavePerson;
use openhour::desk::slots::pooled;
use openhour::desk::team_facts::facts;
use openhour::desk::teams::{SaveSessionType, SaveTeam};
use openhour::desk::{filing, parked};
use openhour::invitations::{REPLY_TOKEN, id_in_uid};
use openhour::keys::Keys;
use openhour::mail;
use openhour::mail_in::Inbox;
use openhour::mail_in::asked::{Said, carry_out};
use openhour::mail_in::received::Envelope;
use openhour::people::{self, Profile};
use openhour::teams::{BookingMode, NewSessionType, NewTeam, Role, RuleSet, TeamId, TypeId};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::db::fresh::Fresh;

/// Where the clock stands at first: Friday, 20 November 2026, noon in London.
const NOW: &str = "20261120T120000Z";
const ROBOT: &str = "available@book.example.org";
/// Our mail server, which says who sent a message.
const SERVER: &str = "mx.book.example.org";
const DAY: i64 = 86_400;
/// A message may take so long, whatever it is.
const LONGEST: Duration = Duration::from_secs(20);

fn utc(text: &str) -> i64 {
    let read =
        format!("{}-{}-{}T{}:{}:{}Z", &text[..4], &text[4..6], &text[6..8], &text[9..11], &text[11..13], &text[13..15]);
    read.parse::<Timestamp>().unwrap_or_else(|_| panic!("{text} is no UTC time")).as_second()
}

fn shown(instant: i64) -> String {
    Timestamp::from_second(instant).unwrap().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// One command: its words and the lines below it.
struct Step {
    line: usize,
    words: Vec<String>,
    body: Vec<String>,
}

struct Case {
    title: String,
    steps: Vec<Step>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("=== ") {
            cases.push(Case { title: title.into(), steps: Vec::new() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(command) = line.strip_prefix("== ") {
            let words = command.split_whitespace().map(str::to_owned).collect();
            case.steps.push(Step { line: index + 1, words, body: Vec::new() });
        } else if let Some(step) = case.steps.last_mut().filter(|_| !line.trim().is_empty() && !line.starts_with('#')) {
            step.body.push(line.to_owned());
        }
    }
    cases
}

/// A captured mail, as far as a scenario looks at it.
#[derive(Debug, Clone)]
struct Captured {
    to: String,
    from: String,
    subject: String,
    method: String,
    text: String,
}

struct World {
    desk: Arc<Desk>,
    inbox: Inbox,
    clock: Clock,
    team: TeamId,
    kind: TypeId,
    stop: watch::Sender<bool>,
    worker: JoinHandle<Result<(), String>>,
    /// Mails that were not asked for yet.
    mails: Vec<Captured>,
    seen: BTreeSet<i64>,
    outcome: String,
    state: [String; 2],
    names: BTreeMap<String, String>,
    sent: usize,
}

impl World {
    async fn new(db: Db) -> Self {
        let clock = Clock::fixed(utc(NOW));
        let mut config = Config::local("nowhere");
        config.public_url = "https://book.example.org".into();
        config.mail_from = "hello@book.example.org".into();
        config.mail_trusted_authserv = Some(SERVER.into());
        config.dns_server = Some("127.0.0.1:9".parse().unwrap());
        config.meeting_links = openhour::config::MeetingLinks::Template("https://meet.example.org/{id}".into());
        let desk = Arc::new(Desk::new(db, clock.clone(), config, Keys::new([7; 32])));
        let now = clock.now();
        let team = NewTeam {
            slug: "mentoring".into(),
            name: "Mentoring".into(),
            timezone: Some("Europe/London".into()),
            public: Some(true),
            booking: Some(BookingMode::Anyone),
            ..NewTeam::default()
        };
        let team = desk.db.run(SaveTeam { team, now }).await.unwrap();
        let kind = NewSessionType {
            slug: "talk".into(),
            name: "Talk".into(),
            minutes: 60,
            capacity: None,
            rules: RuleSet::default(),
        };
        let kind = desk.db.run(SaveSessionType { team: "mentoring".into(), kind, now }).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(openhour::worker::run(desk.clone(), stopped));
        let inbox = Inbox::new(desk.clone());
        let names = [("robot".to_owned(), ROBOT.to_owned())].into();
        Self {
            desk,
            inbox,
            clock,
            team,
            kind,
            stop,
            worker,
            mails: Vec::new(),
            seen: BTreeSet::new(),
            outcome: String::new(),
            state: Default::default(),
            names,
            sent: 0,
        }
    }

    async fn end(self) {
        let _ = self.stop.send(true);
        let _ = self.worker.await;
    }

    /// Puts what `{robot}`, `{uid}` and the like stand for into a text.
    fn filled(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    async fn run(&mut self, step: &Step) -> Result<(), String> {
        let words: Vec<String> = step.words.iter().map(|word| self.filled(word)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let body: Vec<String> = step.body.iter().map(|line| self.filled(line)).collect();
        match words.as_slice() {
            ["now", time] => self.clock.set(utc(time)),
            ["wait", seconds] => {
                self.clock.set(self.clock.now() + seconds.parse::<i64>().map_err(|error| error.to_string())?);
                openhour::desk::booking::finish_cancelling(&self.desk).await.map_err(|refusal| refusal.to_string())?;
                self.settle().await?;
            }
            ["host", email, zone] => self.person(email, zone, Role::Host).await,
            ["guest", email, zone] => self.person(email, zone, Role::Guest).await,
            ["speaks", email, code] => self.desk.db.run(Speaks(email.to_string(), code.to_string())).await.unwrap(),
            ["ban", email] => {
                let person = people::by_email(&mut self.desk.db.read().await.unwrap(), email).await.unwrap().unwrap();
                conduct::take(&self.desk, Measure::Ban, person.id, None, "")
                    .await
                    .map_err(|error| error.to_string())?;
                self.settle().await?;
            }
            ["hosts-join", name] => self.open_team(name, true).await,
            ["hosts-stay", name] => self.open_team(name, false).await,
            ["hosts"] => same("hosts", &self.hosts().await.join("\n"), &body.join("\n"))?,
            ["put", email, name] => self.put(email, name, &body).await?,
            ["yes", rest @ ..] => self.say_yes(rest).await?,
            ["book", email, start] => self.book(email, utc(start)).await?,
            ["ask", email, start, rest @ ..] => self.ask(email, utc(start), rest).await?,
            ["take", email, ..] => self.take(email, words.get(2).copied()).await?,
            ["move", email, start] => self.move_to(email, utc(start)).await?,
            ["deliver", shape, method, "from", from, rest @ ..] => {
                self.deliver(shape, method, from, rest, &body).await?
            }
            ["raw", from] => {
                let lines: Vec<&str> = body.iter().map(|line| if line == "." { "" } else { line }).collect();
                let text = lines.join("\r\n");
                self.send(from, &format!("{}\r\n", text)).await?;
            }
            ["fill", what] => self.fill(what).await?,
            ["outcome", wanted] => same("outcome", &self.outcome, wanted)?,
            ["slots", from, to] => {
                let found = self.slots(utc(from), utc(to)).await;
                same("slots", &found.join("\n"), &body.join("\n"))?;
            }
            ["mails"] => {
                let mut found: Vec<String> =
                    self.mails.drain(..).map(|mail| format!("{} {} {}", mail.to, mail.method, mail.subject)).collect();
                found.sort();
                same("mails", &found.join("\n"), &body.join("\n"))?;
            }
            ["mail", to] => self.mail(to, &body)?,
            ["answers"] => {
                let found = self.answers().await;
                same("answers", &found.join("\n"), &body.join("\n"))?;
            }
            [verb @ ("accept" | "decline"), email, rest @ ..] => {
                let result = self.decide(email, *verb == "accept").await;
                match (result, rest) {
                    (Err(_), ["refused"]) | (Ok(()), []) => {}
                    (result, _) => return Err(format!("{verb}: {result:?}")),
                }
                self.settle().await?;
            }
            ["unchanged"] => same("state", &self.state[1], &self.state[0])?,
            ["state"] => {
                let found = self.bookings().await;
                same("state", &found.join("\n"), &body.join("\n"))?;
            }
            other => return Err(format!("no command {other:?}")),
        }
        Ok(())
    }

    async fn person(&mut self, email: &str, zone: &str, role: Role) {
        let name = email.split('@').next().unwrap();
        let name = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let profile = Profile { name: Some(name), timezone: Some(zone.into()), admin: None };
        let memberships = vec![("mentoring".to_owned(), role)];
        let now = self.clock.now();
        self.desk.db.run(SavePerson { email: email.into(), profile, memberships, now }).await.unwrap();
    }

    /// A team of this slug, "mentoring" or another, lets strangers become hosts.
    async fn open_team(&mut self, slug: &str, open: bool) {
        let name = format!("{}{}", slug[..1].to_uppercase(), &slug[1..]);
        let team = NewTeam { slug: slug.into(), name, hosts_join: Some(open), ..NewTeam::default() };
        self.desk.db.run(SaveTeam { team, now: self.clock.now() }).await.unwrap();
    }

    async fn hosts(&self) -> Vec<String> {
        let facts = facts(&self.desk, self.team).await.unwrap().unwrap();
        let mut found: Vec<String> =
            facts.hosts.iter().map(|host| format!("{} {}", host.email, host.name).trim_end().to_owned()).collect();
        found.sort();
        found
    }

    /// A host's calendar app writes an event into "Available".
    async fn put(&mut self, email: &str, name: &str, body: &[String]) -> Result<(), String> {
        self.settle().await?;
        self.mails.clear();
        let owner = people::by_email(&mut self.desk.db.read().await.unwrap(), email).await.unwrap().unwrap();
        let lines: Vec<&str> = body.iter().map(String::as_str).collect();
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nDTSTAMP:20261120T115900Z\r\n{}\r\nEND:VEVENT\r\n\
             END:VCALENDAR\r\n",
            lines.join("\r\n")
        );
        let object =
            CalendarObject::parse(text.into_bytes(), &Limits::default()).map_err(|error| format!("{error:?}"))?;
        let edit = Edit {
            owner: email.into(),
            collection: "offers".into(),
            name: format!("{name}.ics"),
            by: email.into(),
            conditions: Conditions::default(),
            change: Change::Put(object),
        };
        filing::file(&self.desk, &owner, edit).await.map_err(|error| error.to_string())?;
        self.settle().await
    }

    /// Follows the newest link that asks somebody, and presses the button: "yes [TEAM]".
    async fn say_yes(&mut self, rest: &[&str]) -> Result<(), String> {
        let token = self.names.get("asked").ok_or("nobody was asked")?.clone();
        self.settle().await?;
        self.mails.clear();
        let found = parked::by_token(&self.desk, &token).await.map_err(|error| error.to_string())?;
        let said = match &found {
            Some(request) => {
                let teams = parked::open_teams(&mut self.desk.db.read().await.unwrap()).await.unwrap();
                let named = teams.iter().find(|team| rest.first() == Some(&team.slug.as_str())).or(teams.first());
                carry_out(&self.desk, request, named.map(|team| team.id)).await.map_err(|error| error.to_string())?
            }
            None => Said::Gone,
        };
        let word = match said {
            Said::Took(outcome) => outcome.word,
            Said::Gone => "gone",
            Said::Closed => "closed",
        };
        self.outcome = word.into();
        self.settle().await
    }

    async fn book(&mut self, email: &str, start: i64) -> Result<(), String> {
        let facts = facts(&self.desk, self.team).await.unwrap().unwrap();
        let name = email.split('@').next().unwrap().to_owned();
        let request = BookRequest {
            team: facts.team.clone(),
            type_id: self.kind,
            start,
            guest: Guest { name, email: email.into(), timezone: "Europe/Berlin".into(), ..Guest::default() },
            agenda: "A plan".into(),
            answers: Default::default(),
            host: None,
            by: Caller::default(),
            idempotency: None,
        };
        let booked = book(&self.desk, request).await.map_err(|refusal| format!("not booked: {refusal}"))?;
        let token = self.desk.keys.token(REPLY_TOKEN, id_in_uid(&booked.uid).unwrap(), 0, 0);
        self.names.insert("uid".into(), booked.uid);
        self.names.insert("reply".into(), format!("r-{token}@book.example.org"));
        self.names.insert("start".into(), shown(booked.start));
        self.names.insert("end".into(), shown(booked.end));
        self.settle().await?;
        self.mails.clear();
        Ok(())
    }

    /// Asks for a slot as an invitation, as on its page.
    async fn ask(&mut self, email: &str, start: i64, rest: &[&str]) -> Result<(), String> {
        self.mails.clear();
        self.sent += 1;
        let facts = facts(&self.desk, self.team).await.unwrap().unwrap();
        let ask = AskInvite {
            kind: facts.types.iter().find(|kind| kind.id == self.kind).unwrap().clone(),
            facts,
            start,
            host: None,
            email: email.into(),
            timezone: "Europe/Berlin".into(),
            language: Default::default(),
            by: Caller::default(),
            member: None,
            once: self.sent.to_string(),
        };
        match (send_invite(&self.desk, &ask).await, rest) {
            (Ok(_), []) | (Err(_), ["refused"]) => {}
            (result, _) => return Err(format!("ask: {result:?}")),
        }
        self.settle().await
    }

    /// From the newest mail to somebody with an event (of a kind, if one is named): {uid}, {organiser}, {start}, {end}.
    async fn take(&mut self, email: &str, what: Option<&str>) -> Result<(), String> {
        let mut conn = self.desk.db.read().await.unwrap();
        let rows: Vec<(Vec<u8>,)> = conn
            .all("SELECT bytes FROM mails WHERE recipient = $1 ORDER BY job DESC", vec![email.into()])
            .await
            .unwrap();
        let known = self.names.get("uid").cloned();
        let fits = |mail: &&Captured| match what {
            Some("slot") => mail.text.contains("UID:openhour-s-"),
            Some("proposal") => mail.subject.contains("proposes another time"),
            Some("another") => known.as_ref().is_none_or(|known| !mail.text.contains(known.as_str())),
            _ => true,
        };
        let mails: Vec<Captured> = rows.iter().map(|(bytes,)| captured(bytes)).collect();
        let mail = mails.iter().filter(|mail| mail.method == "REQUEST").find(fits).ok_or("no such mail")?;
        let line = |name: &str| mail.text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let organiser = line("ORGANIZER").rsplit("mailto:").next().unwrap_or_default();
        let found =
            [("uid", line("UID:")), ("organiser", organiser), ("start", line("DTSTART:")), ("end", line("DTEND:"))];
        self.names.extend(found.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Ok(())
    }

    /// Moves the newest booking, as one of its people.
    async fn move_to(&mut self, email: &str, start: i64) -> Result<(), String> {
        self.mails.clear();
        let mut conn = self.desk.db.read().await.unwrap();
        let row: (i64, i64, i64) = conn
            .one(
                "SELECT b.id, p.id, b.generation FROM bookings b, people p WHERE p.email = $1 ORDER BY b.id DESC LIMIT 1",
                vec![email.into()],
            )
            .await
            .unwrap();
        drop(conn);
        let token = openhour::desk::booking::token(&self.desk.keys, row.0, row.1, row.2);
        let holder =
            openhour::desk::booking::holder(&self.desk, &token).await.map_err(|refusal| refusal.to_string())?;
        let moved = openhour::desk::booking::reschedule(&self.desk, &holder, start).await;
        moved.map_err(|refusal| refusal.to_string())?;
        self.settle().await
    }

    async fn deliver(
        &mut self,
        shape: &str,
        method: &str,
        from: &str,
        rest: &[&str],
        body: &[String],
    ) -> Result<(), String> {
        let (mut to, mut proven, mut again) = (ROBOT.to_owned(), true, false);
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            match *word {
                "to" => to = words.next().unwrap().to_string(),
                "unproven" => proven = false,
                "again" => again = true,
                other => return Err(format!("no word {other}")),
            }
        }
        self.sent += usize::from(!again);
        let calendar = calendar(method, body, from, &to);
        let letter = Letter { shape, method, from, to: &to, proven, number: self.sent, calendar: &calendar };
        self.send(&to, &letter.message()?).await
    }

    /// Ten megabytes of something.
    async fn fill(&mut self, what: &str) -> Result<(), String> {
        let head = format!("From: ana@example.org\r\nTo: {ROBOT}\r\nMessage-ID: <{what}@example.org>\r\n");
        let head = format!("Authentication-Results: {SERVER}; dkim=pass header.d=example.org\r\n{head}");
        let calendar =
            "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\n";
        let event = "BEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20261120T120000Z\r\nDTSTART:20261130T180000Z\r\nDTEND:20261130T190000Z\r\n\
                     SUMMARY:Available\r\nORGANIZER:mailto:ana@example.org\r\nATTENDEE:mailto:available@book.example.org\r\n";
        let (head, piece, most) = match what {
            "text" => (format!("{head}\r\n"), "All work and no play. ".to_owned(), 10_400_000),
            "parts" => (
                format!("{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n"),
                "--b\r\nContent-Type: text/calendar\r\n\r\nx\r\n".to_owned(),
                10_400_000,
            ),
            "events" => (format!("{head}{calendar}"), format!("{event}END:VEVENT\r\n"), 1_000_000),
            "guests" => (format!("{head}{calendar}{event}"), "ATTENDEE:mailto:a@example.org\r\n".to_owned(), 1_000_000),
            "depth" => (format!("{head}{calendar}{event}"), "BEGIN:VALARM\r\n".to_owned(), 1_000_000),
            "seconds" => (
                format!(
                    "{head}{calendar}{event}RRULE:FREQ=SECONDLY\r\nRRULE:FREQ=SECONDLY;BYHOUR=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
                ),
                "X".to_owned(),
                0,
            ),
            "exdates" => (
                format!("{head}{calendar}{event}RRULE:FREQ=MINUTELY\r\n"),
                "EXDATE:20261130T180000Z\r\n".to_owned(),
                1_000_000,
            ),
            other => return Err(format!("nothing is called {other}")),
        };
        let mut text = head;
        while text.len() < most {
            text.push_str(&piece);
        }
        if what == "exdates" || what == "guests" {
            text.push_str("END:VEVENT\r\nEND:VCALENDAR\r\n");
        }
        self.send(ROBOT, &text).await
    }

    async fn send(&mut self, to: &str, message: &str) -> Result<(), String> {
        self.settle().await?;
        self.mails.clear();
        let before = self.snapshot().await;
        let begun = Instant::now();
        let envelope = Envelope { to: vec![to.to_owned()], ..Envelope::default() };
        let result = self.inbox.take_all(message.to_owned().into(), &envelope).await;
        if begun.elapsed() > LONGEST {
            return Err(format!("it took {:?}", begun.elapsed()));
        }
        result.map_err(|later| format!("not taken: {later}"))?;
        self.settle().await?;
        self.state = [before, self.snapshot().await];
        let mut conn = self.desk.db.read().await.unwrap();
        let newest = "SELECT outcome, reason FROM received ORDER BY at DESC, CASE WHEN outcome = 'unreadable' THEN 1 ELSE 0 END LIMIT 50";
        let rows: Vec<(String, String)> = conn.all(newest, vec![]).await.unwrap();
        self.outcome = rows.last().map(|row| row.0.clone()).unwrap_or_default();
        let count: (i64,) = conn.one("SELECT COUNT(*) FROM received", vec![]).await.unwrap();
        if let (1, Some(row)) = (count.0, rows.first()) {
            self.outcome = row.0.clone();
        }
        let key = "SELECT outcome FROM received WHERE message_id = $1 ORDER BY at DESC LIMIT 1";
        if let Some(id) = message.split("Message-ID: <").nth(1).and_then(|rest| rest.split('>').next()) {
            let found: Option<(String,)> = conn.optional(key, vec![id.into()]).await.unwrap();
            self.outcome = found.map_or_else(|| "unreadable".to_owned(), |row| row.0);
        }
        Ok(())
    }

    /// Waits until every job that is due has ended, and reads the new mails.
    async fn settle(&mut self) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            let mut conn = self.desk.db.read().await.unwrap();
            let open = "SELECT COUNT(*) FROM jobs WHERE finished IS NULL AND due <= $1";
            let (open,): (i64,) = conn.one(open, vec![self.clock.now().into()]).await.unwrap();
            if open == 0 {
                break;
            }
            drop(conn);
            if begun.elapsed() > LONGEST {
                return Err("jobs do not end".into());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let mut conn = self.desk.db.read().await.unwrap();
        let failed: Vec<(String, Option<String>)> =
            conn.all("SELECT key, error FROM jobs WHERE outcome = 'failed'", vec![]).await.unwrap();
        if !failed.is_empty() {
            return Err(format!("failed: {failed:?}"));
        }
        let rows: Vec<(i64, Vec<u8>)> = conn.all("SELECT job, bytes FROM mails ORDER BY job", vec![]).await.unwrap();
        for (job, bytes) in rows {
            if !self.seen.insert(job) {
                continue;
            }
            let mail = captured(&bytes);
            if let Some(token) = mail.text.split("/asked/").nth(1).and_then(|rest| rest.split_whitespace().next()) {
                self.names.insert("asked".into(), token.into());
            }
            self.mails.push(mail);
        }
        Ok(())
    }

    async fn slots(&self, from: i64, to: i64) -> Vec<String> {
        let facts = facts(&self.desk, self.team).await.unwrap().unwrap();
        let found = pooled(&self.desk, &facts.team, &[], from, to + DAY).await.unwrap();
        found.slots.iter().filter(|slot| slot.start < to).map(|slot| shown(slot.start)).collect()
    }

    fn mail(&self, to: &str, body: &[String]) -> Result<(), String> {
        let mail = self.mails.iter().rev().find(|mail| mail.to == to);
        let mail = mail.ok_or_else(|| format!("no mail to {to}: {:?}", self.mails))?;
        for line in body {
            let (wanted, text) = match line.strip_prefix("! ") {
                Some(text) => (false, text),
                None => (true, line.as_str()),
            };
            let whole = format!("From: {}\n{}", mail.from, mail.text);
            if whole.contains(text) != wanted {
                return Err(format!("{line:?} does not hold for the mail to {to}:\n{whole}"));
            }
        }
        Ok(())
    }

    /// Presses the button about the newest proposal, as this participant.
    async fn decide(&mut self, email: &str, accept: bool) -> Result<(), String> {
        self.mails.clear();
        let mut conn = self.desk.db.read().await.unwrap();
        let row: (i64, i64, i64, i64) = conn
            .one(
                "SELECT o.id, o.booking, p.id, b.generation FROM proposals o JOIN bookings b ON b.id = o.booking, people p
                 WHERE p.email = $1 ORDER BY o.id DESC LIMIT 1",
                vec![email.into()],
            )
            .await
            .unwrap();
        drop(conn);
        let (proposal, booking, person, generation) = row;
        let token = openhour::desk::booking::token(&self.desk.keys, booking, person, generation);
        let holder =
            openhour::desk::booking::holder(&self.desk, &token).await.map_err(|refusal| refusal.to_string())?;
        let result = match accept {
            true => openhour::desk::booking::accept_proposal(&self.desk, &holder, proposal).await,
            false => openhour::desk::booking::decline_proposal(&self.desk, &holder, proposal).await,
        };
        result.map(drop).map_err(|refusal| refusal.to_string())
    }

    async fn answers(&self) -> Vec<String> {
        let mut conn = self.desk.db.read().await.unwrap();
        let sql = "SELECT p.email, a.answer, COALESCE(a.comment, '') FROM attendance a JOIN people p ON p.id = a.person ORDER BY p.email";
        let rows: Vec<(String, String, String)> = conn.all(sql, vec![]).await.unwrap();
        rows.into_iter()
            .map(|(email, answer, comment)| format!("{email} {answer} {comment}").trim_end().to_owned())
            .collect()
    }

    /// Everything a message could change.
    async fn snapshot(&self) -> String {
        let mut conn = self.desk.db.read().await.unwrap();
        let mut out = String::new();
        for sql in [
            "SELECT c.owner || o.name || o.etag FROM objects o JOIN collections c ON c.id = o.collection ORDER BY o.id",
            "SELECT uid || status || sequence FROM bookings ORDER BY id",
            "SELECT uid || status || starts FROM sessions ORDER BY id",
            "SELECT email FROM people ORDER BY id",
        ] {
            let rows: Vec<(String,)> = conn.all(sql, vec![]).await.unwrap();
            rows.iter().for_each(|row| writeln!(out, "{}", row.0).unwrap());
        }
        out
    }

    async fn bookings(&self) -> Vec<String> {
        let mut conn = self.desk.db.read().await.unwrap();
        let sql = "SELECT p.email, b.status, s.starts FROM bookings b JOIN sessions s ON s.id = b.session
                   JOIN people p ON p.id = b.guest ORDER BY b.id";
        let rows: Vec<(String, String, i64)> = conn.all(sql, vec![]).await.unwrap();
        rows.into_iter().map(|(email, status, starts)| format!("{email} {status} {}", shown(starts))).collect()
    }
}

fn same(what: &str, found: &str, wanted: &str) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("{what}:\n{found}\nwanted:\n{wanted}")) }
}

fn captured(bytes: &[u8]) -> Captured {
    let parts = mail::parts(bytes);
    let header = |name: &str| {
        parts
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let address = |text: String| {
        let inner = text.rsplit('<').next().unwrap_or_default();
        inner.trim_end_matches('>').to_owned()
    };
    let calendar = parts.calendar.clone().unwrap_or_default().replace("\r\n ", "").replace("\r\n", "\n");
    let method = calendar.lines().find_map(|line| line.strip_prefix("METHOD:")).unwrap_or("-").to_owned();
    Captured {
        to: address(header("To")),
        from: address(header("From")),
        subject: header("Subject"),
        method,
        text: format!("{}\n{calendar}", parts.plain.clone().unwrap_or_default()),
    }
}

/// The calendar of a step: complete, or the lines of its events with `--` between them. Lines that every event needs are
/// put in where they are missing.
fn calendar(method: &str, body: &[String], from: &str, to: &str) -> String {
    let text = body.join("\r\n");
    if text.starts_with("BEGIN:VCALENDAR") {
        return format!("{text}\r\n");
    }
    let mut out = format!("BEGIN:VCALENDAR\r\nPRODID:-//Sample//EN\r\nVERSION:2.0\r\nMETHOD:{method}\r\n");
    for event in body.split(|line| line == "--") {
        out.push_str("BEGIN:VEVENT\r\n");
        let has = |name: &str| event.iter().any(|line| line.starts_with(name));
        for (name, line) in [
            ("DTSTAMP", "DTSTAMP:20261120T115900Z".to_owned()),
            ("ORGANIZER", format!("ORGANIZER:mailto:{}", if to == ROBOT { from } else { to })),
            ("ATTENDEE", format!("ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{to}")),
        ] {
            if !has(name) {
                writeln!(out, "{line}\r").unwrap();
            }
        }
        event.iter().filter(|line| !line.ends_with(":-")).for_each(|line| writeln!(out, "{line}\r").unwrap());
        out.push_str("END:VEVENT\r\n");
    }
    out + "END:VCALENDAR\r\n"
}

/// A message in the form that a calendar program gives it.
struct Letter<'a> {
    shape: &'a str,
    method: &'a str,
    from: &'a str,
    to: &'a str,
    proven: bool,
    number: usize,
    calendar: &'a str,
}

impl Letter<'_> {
    fn message(&self) -> Result<String, String> {
        let Self { from, to, number, method, calendar, .. } = self;
        let domain = from.rsplit('@').next().unwrap_or_default();
        let signer = if self.shape == "google" { "google.com" } else { domain };
        let mut head = String::new();
        if self.proven {
            head += &format!("Authentication-Results: {SERVER};\r\n dkim=pass header.d={signer} header.s=s1\r\n");
            head +=
                &format!("DKIM-Signature: v=1; a=rsa-sha256; d={signer}; s=s1; h=from:sender:to:date; bh=x; b=x\r\n");
        }
        head += &format!("From: {from}\r\nTo: {to}\r\nDate: Fri, 20 Nov 2026 11:59:00 +0000\r\nMIME-Version: 1.0\r\n");
        head += &format!("Message-ID: <{}-{number}@{domain}>\r\nSubject: An event\r\n", self.shape);
        let base64 = BASE64_MIME.encode(calendar.as_bytes());
        let plain = "Content-Type: text/plain; charset=UTF-8\r\n\r\nAn event\r\n";
        let html = "Content-Type: text/html; charset=UTF-8\r\n\r\n<p>An event</p>\r\n";
        Ok(match self.shape {
            // mixed { alternative { plain, html, calendar }, attachment }, sent for the author.
            "google" => format!(
                "{head}Sender: Google Calendar <calendar-notification@google.com>\r\nAuto-Submitted: auto-generated\r\n\
                 Reply-To: {from}\r\nContent-Type: multipart/mixed; boundary=\"m\"\r\n\r\n--m\r\n\
                 Content-Type: multipart/alternative; boundary=\"a\"\r\n\r\n--a\r\n{plain}--a\r\n{html}--a\r\n\
                 Content-Type: text/calendar; charset=\"UTF-8\"; method={method}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
                 {calendar}\r\n--a--\r\n--m\r\nContent-Type: application/ics; name=\"invite.ics\"\r\n\
                 Content-Disposition: attachment; filename=\"invite.ics\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\
                 {base64}\r\n--m--\r\n"
            ),
            // alternative { plain, calendar in base64 }; class and language headers of Exchange.
            "outlook" => format!(
                "{head}Content-Class: urn:content-classes:calendarmessage\r\nAccept-Language: en-GB\r\nX-MS-Has-Attach:\r\n\
                 Content-Type: multipart/alternative; boundary=\"_000_o_\"\r\n\r\n--_000_o_\r\n\
                 Content-Type: text/plain; charset=\"iso-8859-1\"\r\n\r\n \r\n--_000_o_\r\n\
                 Content-Type: text/calendar; charset=\"utf-8\"; method={method}\r\nContent-Transfer-Encoding: base64\r\n\r\n\
                 {base64}\r\n--_000_o_--\r\n"
            ),
            // mixed { plain, calendar as attachment }.
            "apple" => format!(
                "{head}X-Mailer: Apple Mail (2.3826)\r\nContent-Type: multipart/mixed; boundary=\"Apple-Mail=_1\"\r\n\r\n\
                 --Apple-Mail=_1\r\n{plain}--Apple-Mail=_1\r\nContent-Disposition: attachment; filename=iCal-1.ics\r\n\
                 Content-Type: text/calendar; x-unix-mode=0644; method={method}; name=\"iCal-1.ics\"\r\n\
                 Content-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n--Apple-Mail=_1--\r\n",
                calendar.replace('=', "=3D")
            ),
            // alternative { plain, html, calendar }.
            "thunderbird" => format!(
                "{head}User-Agent: Mozilla Thunderbird\r\nContent-Type: multipart/mixed; boundary=\"t\"\r\n\r\n--t\r\n\
                 Content-Type: multipart/alternative; boundary=\"ta\"\r\n\r\n--ta\r\n{plain}--ta\r\n\
                 Content-Type: text/calendar; method={method}; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{calendar}\r\n\
                 --ta--\r\n--t\r\nContent-Type: application/ics; name=\"invite.ics\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
                 {calendar}\r\n--t--\r\n"
            ),
            // A calendar part without a parameter, the METHOD being inside only.
            "bridge" => format!(
                "{head}Content-Type: multipart/mixed; boundary=\"p\"\r\n\r\n--p\r\n{html}--p\r\n\
                 Content-Type: application/ics; name=\"invite.ics\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n--p--\r\n"
            ),
            // One bare part.
            "bare" => format!("{head}Content-Type: text/calendar; method={method}; charset=utf-8\r\n\r\n{calendar}"),
            "list" => format!(
                "{head}List-Id: <all.example.org>\r\nContent-Type: text/calendar; method={method}\r\n\r\n{calendar}"
            ),
            "away" => format!("{head}Auto-Submitted: auto-replied\r\n\r\nI am away.\r\n"),
            other => return Err(format!("no shape {other}")),
        })
    }
}

/// An empty database for each case. A new file is made in no time; a new database of PostgreSQL is not, so all cases share
/// one, whose tables are emptied.
struct Database {
    fresh: fn() -> Fresh,
    open: Option<(Db, Fresh)>,
}

impl Database {
    fn new(fresh: fn() -> Fresh) -> Self {
        Self { fresh, open: None }
    }

    async fn empty(&mut self) -> Db {
        if let Some((db, fresh)) = &self.open
            && matches!(fresh.target, Target::Postgres(_))
        {
            db.run(Empty).await.unwrap();
            return db.clone();
        }
        let fresh = (self.fresh)();
        let db = Db::open(&fresh.target).await.unwrap();
        self.open = Some((db.clone(), fresh));
        db
    }
}

/// Somebody reads this language from now on.
struct Speaks(String, String);

impl Command for Speaks {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let values = vec![self.0.as_str().into(), self.1.as_str().into()];
        tx.execute("UPDATE people SET language = $2 WHERE email = $1", values).await.map(drop)
    }
}

/// Empties every table.
struct Empty;

impl Command for Empty {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let names =
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'";
        let tables: Vec<(String,)> = tx.all(names, vec![]).await?;
        let tables: Vec<String> = tables.into_iter().map(|(table,)| table).collect();
        tx.execute(sqlx::AssertSqlSafe(format!("TRUNCATE {}", tables.join(", "))), vec![]).await?;
        Ok(())
    }
}

/// Plays every case of a file; those that fail are all told.
fn play(file: &str, fresh: fn() -> Fresh) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mail/scenarios").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut failures = Vec::new();
    let cases = cases(&text);
    assert!(!cases.is_empty());
    let mut database = Database::new(fresh);
    for case in &cases {
        let failed = runtime.block_on(async {
            let mut world = World::new(database.empty().await).await;
            let mut failed = None;
            for step in &case.steps {
                if let Err(error) = world.run(step).await {
                    failed = Some(format!("{file}:{}: {}\n{error}", step.line, case.title));
                    break;
                }
            }
            world.end().await;
            failed
        });
        println!("{} {}", if failed.is_some() { "FAILED" } else { "ok    " }, case.title);
        failures.extend(failed);
    }
    assert!(failures.is_empty(), "{} of {}:\n\n{}", failures.len(), cases.len(), failures.join("\n\n"));
}

macro_rules! files {
    ($($name:ident)+) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                super::play(concat!(stringify!($name), ".txt"), super::Fresh::sqlite);
            }

            #[test]
            fn postgres() {
                super::play(concat!(stringify!($name), ".txt"), super::Fresh::postgres);
            }
        }
    )+};
}

files! { robot replies reminders hostile rules explained asked slots proposals bans }
