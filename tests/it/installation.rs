//! A real installation: the real binary, its command line, its server processes, its data folder. Everything here goes
//! through the outside contract, so a test reads like an administrator's afternoon.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use openhour::clock::Clock;

use crate::db::Target;
use crate::db::fresh::Fresh;
use crate::http::{Answer, Http};

/// How long a server may take until it answers, on a machine that is busy with other tests.
const START: Duration = Duration::from_secs(20);

/// One installation: a database, a data folder and settings; any number of server processes.
pub(crate) struct Installation {
    folder: tempfile::TempDir,
    settings: Vec<(String, String)>,
    // Dropped last: the servers of a test are gone by then.
    database: Fresh,
}

/// A running `openhour serve`, killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) http: Http,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

/// A host with an app password.
pub(crate) struct Host {
    pub(crate) email: String,
    pub(crate) password: String,
}

impl Installation {
    /// An empty installation without limits on attempts (a race would run into them) on this database.
    pub(crate) fn on(database: Fresh) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = vec![
            ("OPENHOUR_DATABASE_URL".to_owned(), database.url()),
            ("OPENHOUR_RATE_LIMITS".to_owned(), "off".to_owned()),
            ("OPENHOUR_SECRET_KEY_FILE".to_owned(), folder.path().join("key").display().to_string()),
        ];
        Self { folder, settings, database }
    }

    /// The same with one more setting.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The database, for looking behind the curtain.
    pub(crate) fn database(&self) -> &Fresh {
        &self.database
    }

    /// Changes what no command or page changes, or not yet.
    pub(crate) fn behind_the_curtain(&self, statements: &[&'static str]) {
        struct Script(Vec<&'static str>);
        impl openhour::db::Command for Script {
            type Output = ();
            type Refusal = openhour::db::DbError;

            async fn run(&self, tx: &mut openhour::db::Tx) -> Result<(), openhour::db::DbError> {
                for statement in &self.0 {
                    tx.execute(*statement, vec![]).await?;
                }
                Ok(())
            }
        }
        let script = Script(statements.to_vec());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime
            .block_on(async { crate::db::Db::open(&self.database.target).await.unwrap().run(script).await.unwrap() });
    }

    /// A folder of the test's own.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs `openhour ARGS` and gives back what it printed; any failure fails the test.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let output = self.try_run(args);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "openhour {}: {}\n{out}\n{err}", args.join(" "), output.status);
        out.into_owned()
    }

    /// Runs `openhour ARGS` whatever comes of it.
    pub(crate) fn try_run(&self, args: &[&str]) -> Output {
        self.command("cli").args(args).output().unwrap()
    }

    /// The same, with something on its standard input.
    pub(crate) fn try_run_with(&self, args: &[&str], input: &[u8]) -> Output {
        let mut command = self.command("cli");
        let piped = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        // Wrong usage ends it before it reads.
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input);
        child.wait_with_output().unwrap()
    }

    /// A public team in which everybody books at once, with one session type `talk` of 60 minutes.
    pub(crate) fn team(&self, slug: &str, capacity: u32) {
        self.run(&["team", "add", slug, "--name", slug, "--timezone", "Etc/UTC", "--public", "--booking", "anyone"]);
        let capacity = capacity.to_string();
        self.run(&["session-type", "add", slug, "talk", "--name", "Talk", "--minutes", "60", "--capacity", &capacity]);
    }

    /// Another notice for the session type of the team `mentoring`, by the command line.
    pub(crate) fn notice(&self, notice: &str) {
        let kind = ["session-type", "add", "mentoring", "talk", "--name", "Talk", "--minutes", "60"];
        self.run(&[&kind[..], &["--notice", notice]].concat());
    }

    /// A host of the team, with an app password.
    pub(crate) fn host(&self, email: &str, team: &str) -> Host {
        self.run(&["person", "add", email, "--name", email, "--timezone", "Etc/UTC", "--host", team]);
        self.with_password(email)
    }

    /// Somebody who is there already, with an app password.
    pub(crate) fn with_password(&self, email: &str) -> Host {
        let printed = self.run(&["app-password", email, "--label", "test"]);
        Host { email: email.to_owned(), password: printed.lines().last().unwrap_or_default().trim().to_owned() }
    }

    /// Starts a server process and waits until it answers. Each call is one more process, with its own port.
    pub(crate) fn serve(&self) -> Server {
        self.serve_at(free_address())
    }

    /// The same with the sample team.
    pub(crate) fn serve_demo(&self) -> Server {
        self.start(free_address(), &["serve", "--demo"])
    }

    /// The same on a known port: a server that comes back after a crash.
    pub(crate) fn serve_at(&self, address: SocketAddr) -> Server {
        self.start(address, &["serve"])
    }

    /// The same, with these files in its data folder.
    pub(crate) fn serve_with(&self, files: &[(&str, &str)]) -> Server {
        let address = free_address();
        let folder = self.folder.path().join(format!("data-{}", address.port()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        self.serve_at(address)
    }

    fn start(&self, address: SocketAddr, args: &[&str]) -> Server {
        let log = self.folder.path().join(format!("log-{}", address.port()));
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let child = self
            .command(&format!("data-{}", address.port()))
            .args(args)
            .env("OPENHOUR_LISTEN", address.to_string())
            .env("OPENHOUR_PUBLIC_URL", format!("http://{address}"))
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        let mut server = Server { child, http: Http::to(address), address, log };
        server.wait_until_ready();
        server
    }

    /// Tries to start a server on a data folder that may be taken; answers when it has given up.
    pub(crate) fn try_serve_in(&self, data: &Path) -> Output {
        let mut command = self.command("cli");
        command.arg("serve").env("OPENHOUR_DATA_DIR", data).env("OPENHOUR_LISTEN", "127.0.0.1:0").output().unwrap()
    }

    /// Another installation, with this copy of the database and the key that was copied with it.
    pub(crate) fn restored(&self, copy: &Path) -> Installation {
        let fresh = Fresh::sqlite();
        let Target::Sqlite(place) = &fresh.target else { unreachable!("it was just made") };
        std::fs::copy(copy, place).unwrap();
        let mut key = copy.as_os_str().to_owned();
        key.push(".key");
        Self::on(fresh).with("OPENHOUR_SECRET_KEY_FILE", &Path::new(&key).display().to_string())
    }

    fn command(&self, data: &str) -> Command {
        let mut command = Command::new(binary());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OPENHOUR_")) {
            command.env_remove(name);
        }
        command
            .current_dir(self.folder.path())
            .env("OPENHOUR_DATA_DIR", self.folder.path().join(data))
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }
}

impl Server {
    fn wait_until_ready(&mut self) {
        let begun = Instant::now();
        loop {
            if self.http.get("/readyz").is_ok_and(|answer| answer.status == 200) {
                return;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < START, "no answer ({ended:?}):\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What it wrote to its terminal.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The same, once it has said this.
    pub(crate) fn log_with(&self, words: &str) -> String {
        let begun = Instant::now();
        while !self.log().contains(words) {
            assert!(begun.elapsed() < START, "it never said {words:?}:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
        self.log()
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// A line of `/proc/PID/status` (`VmRSS`, `VmHWM`), in KiB.
    pub(crate) fn memory(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let value = status.lines().find_map(|text| text.strip_prefix(line)).unwrap();
        value.trim_start_matches(':').trim().trim_end_matches("kB").trim().parse().unwrap()
    }

    /// `kill -9`: no goodbye, no flush.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The host's calendar of offers, over CalDAV.
    pub(crate) fn put_offer(&self, host: &Host, name: &str, ics: &str) {
        let answer = self.dav(host).put_event(&offer_path(host, name), ics).unwrap();
        assert!(matches!(answer.status, 201 | 204), "PUT {name}: {} {}", answer.status, answer.text());
    }

    /// The host as a CalDAV client.
    pub(crate) fn dav(&self, host: &Host) -> Http {
        self.http.with_password(&host.email, &host.password)
    }

    /// The open slots of a team, `(start, places)`.
    pub(crate) fn slots(&self, team: &str) -> Vec<(String, u64)> {
        let answer = self.http.get(&format!("/api/v1/teams/{team}/slots")).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        let json = answer.json();
        let slots = json["slots"].as_array().unwrap();
        slots.iter().map(|slot| (slot["start"].as_str().unwrap().to_owned(), slot["open"].as_u64().unwrap())).collect()
    }

    /// Tries to book for a guest at this address.
    pub(crate) fn book(&self, team: &str, start: &str, guest: &str) -> std::io::Result<Answer> {
        let body = serde_json::json!({
            "type": "talk", "start": start, "agenda": "A plan for the week",
            "guest": { "name": "Tariq Example", "email": guest, "timezone": "Etc/UTC" },
        });
        self.http.post_json(&format!("/api/v1/teams/{team}/bookings"), &body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program under test: the one just built, or what `OPENHOUR_TEST_BINARY` names (a release build, for its numbers).
fn binary() -> PathBuf {
    std::env::var_os("OPENHOUR_TEST_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_openhour").into(), PathBuf::from)
}

/// Whether the promises about time are meant for the program under test.
pub(crate) fn is_optimised() -> bool {
    !cfg!(debug_assertions) || std::env::var_os("OPENHOUR_TEST_BINARY").is_some()
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The token of a booking just made: the last part of its page's address.
pub(crate) fn token(booked: &serde_json::Value) -> &str {
    let link = booked["link"].as_str().unwrap_or_else(|| panic!("no link: {booked}"));
    link.rsplit('/').next().unwrap()
}

/// Where an offer of this name lives.
pub(crate) fn offer_path(host: &Host, name: &str) -> String {
    format!("/dav/calendars/{}/offers/{name}.ics", host.email)
}

/// An event called "Available" of so many hours from `start` (UTC seconds).
pub(crate) fn available(uid: &str, start: i64, hours: i64) -> String {
    event(uid, "Available", start, hours)
}

/// A plain event (UTC seconds).
pub(crate) fn event(uid: &str, summary: &str, start: i64, hours: i64) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTAMP:20261101T000000Z\r\nDTSTART:{}\r\nDTEND:{}\r\nSUMMARY:{summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ical(start),
        ical(start + hours * 3600)
    )
}

/// `20261126T180000Z`
pub(crate) fn ical(at: i64) -> String {
    jiff::Timestamp::from_second(at).unwrap().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Midnight (UTC) so many days from today: far enough away for the notice of a day, if `days` is two or more.
pub(crate) fn midnight_in(days: i64) -> i64 {
    let now = Clock::system().now();
    now - now.rem_euclid(86_400) + days * 86_400
}
