//! Real clients and servers written by others, in `tests/compat/`, run by the Python that `scripts/test` prepares.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long a mail may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs `tests/compat/SCRIPT ARGS` and gives back what it printed; any failure fails the test with its output.
pub(crate) fn script(name: &str, args: &[&str]) -> String {
    let output = command(name).args(args).stdin(Stdio::null()).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{name}: {}\n{out}\n{err}", output.status);
    out.into_owned()
}

/// The file of axe-core that `scripts/install` fetched.
pub(crate) fn axe() -> String {
    std::env::var("OPENHOUR_TEST_AXE").unwrap_or_else(|_| {
        panic!("OPENHOUR_TEST_AXE is not set. Run `scripts/test`, or `source scripts/install` in your shell first")
    })
}

/// The same, with something on its standard input.
pub(crate) fn fed(name: &str, args: &[&str], input: &[u8]) -> String {
    let mut child = command(name).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // A script that refuses to read on is told by what it prints.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A real SMTP server that keeps what it accepts. Its mails outlive it; it goes when dropped.
pub(crate) struct SmtpSink {
    child: Child,
    stdin: Option<ChildStdin>,
    folder: PathBuf,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl SmtpSink {
    /// Starts one that keeps its mails in `folder`.
    pub(crate) fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let mut child =
            command("smtp_sink.py").arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut port).unwrap();
        let port: u16 = port.trim().parse().unwrap_or_else(|_| panic!("the SMTP server did not start: {port:?}"));
        let stdin = child.stdin.take();
        Self { child, stdin, folder: folder.to_owned(), address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }

    /// For `OPENHOUR_SMTP_URL`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Waits until so many mails came, and not one more than that.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Value> {
        let begun = Instant::now();
        while self.count() < count {
            assert!(begun.elapsed() < PATIENCE, "{} of {count} mails came", self.count());
            std::thread::sleep(Duration::from_millis(20));
        }
        let mails = self.mails();
        assert_eq!(mails.len(), count, "{mails:?}");
        mails
    }

    fn count(&self) -> usize {
        let names = std::fs::read_dir(&self.folder).unwrap().map(|entry| entry.unwrap().path());
        names.filter(|name| name.extension().is_some_and(|extension| extension == "eml")).count()
    }

    /// What it accepted so far, as an independent parser reads it (see `tests/compat/mails.py`).
    pub(crate) fn mails(&self) -> Vec<Value> {
        let printed = script("mails.py", &[&self.folder.display().to_string()]);
        serde_json::from_str(&printed).unwrap()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.stdout.take().map(|mut out| out.read_to_end(&mut Vec::new()));
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(name: &str) -> Command {
    let python = std::env::var("OPENHOUR_TEST_PYTHON").unwrap_or_else(|_| {
        panic!(
            "OPENHOUR_TEST_PYTHON is not set, and tests never skip real clients silently. Run `scripts/test`, or \
             `source scripts/install` in your shell before `cargo nextest run`"
        )
    });
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat").join(name));
    command
}
