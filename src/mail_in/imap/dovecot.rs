//! A private Dovecot on loopback: its own configuration, its own folder, gone when dropped.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The whole machinery, as small as it can be.
const SETTINGS: &str = "
base_dir = DIR/run
state_dir = DIR/state
log_path = DIR/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:DIR/mail
first_valid_uid = 1
first_valid_gid = 1
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=USER gid=GROUP home=DIR/home
}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
  process_min_avail = 1
  inet_listener imap {
    address = 127.0.0.1
    port = PORT
  }
  inet_listener imaps {
    port = 0
  }
}
";

/// Started by somebody who is not root, it serves that person alone.
const WITHOUT_ROOT: &str = "
default_internal_user = USER
default_login_user = USER
default_internal_group = GROUP
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
service stats {
  chroot =
}
";

pub(super) struct Dovecot {
    folder: tempfile::TempDir,
    pub(super) port: u16,
    owner: (String, String),
    master: Option<Child>,
    delivered: u32,
}

impl Dovecot {
    /// Ready, but not started.
    pub(super) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("openhour-dovecot").tempdir().unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let is_root = said("id", &["-u"]) == "0";
        let owner = if is_root { ("mail".into(), "mail".into()) } else { (said("id", &["-un"]), said("id", &["-gn"])) };
        let text = if is_root { SETTINGS.to_owned() } else { format!("{SETTINGS}{WITHOUT_ROOT}") };
        let dovecot = Self { folder, port, owner, master: None, delivered: 0 };
        let text = text.replace("DIR", dovecot.path("").trim_end_matches('/')).replace("PORT", &port.to_string());
        let text = text.replace("USER", &dovecot.owner.0).replace("GROUP", &dovecot.owner.1);
        std::fs::write(dovecot.path("conf"), text).unwrap();
        for place in ["mail/new", "mail/cur", "mail/tmp", "home"] {
            std::fs::create_dir_all(dovecot.path(place)).unwrap();
        }
        said("chmod", &["755", &dovecot.path("")]);
        dovecot.own();
        dovecot
    }

    pub(super) fn url(&self) -> String {
        format!("imap://robot:secret@127.0.0.1:{}/INBOX", self.port)
    }

    pub(super) fn start(&mut self) {
        let mut command = Command::new("dovecot");
        command.args(["-F", "-c", &self.path("conf")]).stdin(Stdio::null()).stdout(Stdio::null());
        let missing = "dovecot-imapd is not installed, and tests never skip it silently: `source scripts/install`";
        self.master = Some(command.spawn().expect(missing));
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let log = std::fs::read_to_string(self.path("log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(20), "Dovecot does not start:\n{log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(super) fn stop(&mut self) {
        let Some(mut master) = self.master.take() else { return };
        // Its children go with it only when it may say goodbye.
        let _ = Command::new("kill").args(["-TERM", &master.id().to_string()]).status();
        let _ = master.wait();
    }

    /// Ends all signed-in connections.
    pub(super) fn hang_up(&self) {
        said("doveadm", &["-c", &self.path("conf"), "kick", "robot"]);
    }

    /// Forgets which UIDs it gave: at the next start the mailbox has another UIDVALIDITY.
    pub(super) fn forget(&self) {
        for entry in std::fs::read_dir(self.path("mail")).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("dovecot") {
                std::fs::remove_file(path).unwrap();
            }
        }
    }

    /// Delivers a message to the mailbox, as a mail server does.
    pub(super) fn deliver(&mut self, message: &str) {
        self.delivered += 1;
        let name = format!("{}.{}.example", 1_795_176_000 + self.delivered, self.delivered);
        std::fs::write(self.path(&format!("mail/tmp/{name}")), message).unwrap();
        self.own();
        std::fs::rename(self.path(&format!("mail/tmp/{name}")), self.path(&format!("mail/new/{name}"))).unwrap();
    }

    /// Brings everything that was moved away back into the mailbox.
    pub(super) fn bring_back(&self) {
        for place in ["mail/.Openhour.done/cur", "mail/.Openhour.done/new"] {
            for file in files(Path::new(&self.path(place))) {
                let name = file.file_name().unwrap().to_string_lossy().into_owned();
                let bare = name.split(':').next().unwrap_or_default();
                std::fs::rename(&file, self.path(&format!("mail/new/{bare}"))).unwrap();
            }
        }
    }

    /// Messages in the mailbox and in the folder for what is done.
    pub(super) fn messages(&self) -> (usize, usize) {
        let count = |places: [&str; 2]| places.iter().map(|place| files(Path::new(&self.path(place))).len()).sum();
        (count(["mail/new", "mail/cur"]), count(["mail/.Openhour.done/new", "mail/.Openhour.done/cur"]))
    }

    /// Whether anything in the mailbox was marked as seen.
    pub(super) fn any_seen(&self) -> bool {
        files(Path::new(&self.path("mail/cur")))
            .iter()
            .any(|file| file.to_string_lossy().rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('S')))
    }

    fn own(&self) {
        if said("id", &["-u"]) == "0" {
            said("chown", &["-R", &self.owner.0, &self.path("mail"), &self.path("home")]);
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default()
}

fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
