//! The programs that are measured, each in a process of its own, stopped at the end.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::data::{Failure, OBJECTS, busy_event};
use crate::load;

/// A running program on loopback.
pub(crate) struct Server {
    child: Child,
    /// Where it answers.
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first answer.
    pub(crate) started_in: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Resident memory in MB.
    pub(crate) fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }

    /// Openhour on the data in `folder`.
    pub(crate) async fn openhour(folder: &Path) -> Result<Self, Failure> {
        let address = free_address()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_openhour"));
        command
            .arg("serve")
            .env("OPENHOUR_DATA_DIR", folder)
            .env("OPENHOUR_LISTEN", address.to_string())
            .env("OPENHOUR_RATE_LIMITS", "off");
        start(command, address, "/healthz").await
    }

    /// A bare hyper server (this program again).
    pub(crate) async fn bare() -> Result<Self, Failure> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.env(crate::BARE, address.to_string());
        start(command, address, "/0").await
    }

    /// Radicale with the 2,000 objects, if `python` has it.
    pub(crate) async fn radicale(python: &str, folder: &Path) -> Result<Option<Self>, Failure> {
        let known = Command::new(python).args(["-c", "import radicale"]).stderr(Stdio::null()).status();
        if !known.is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        let calendar = folder.join("collection-root/bench/big");
        std::fs::create_dir_all(&calendar)?;
        std::fs::write(calendar.join(".Radicale.props"), r#"{"tag": "VCALENDAR"}"#)?;
        for n in 0..OBJECTS {
            let text = busy_event(n).replace("UID:x", &format!("UID:object{n}"));
            std::fs::write(calendar.join(format!("object{n}.ics")), text)?;
        }
        let address = free_address()?;
        let config = folder.join("config");
        let text = format!(
            "[server]\nhosts = {address}\nmax_connections = 64\n[auth]\ntype = none\n[storage]\nfilesystem_folder = {}\n\
             [logging]\nlevel = error\n",
            folder.display()
        );
        std::fs::write(&config, text)?;
        let mut command = Command::new(python);
        command.args(["-m", "radicale", "--config"]).arg(config);
        start(command, address, "/.web/").await.map(Some)
    }
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

async fn start(mut command: Command, address: SocketAddr, path: &str) -> Result<Server, Failure> {
    let begun = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut server = Server { child, address, started_in: Duration::ZERO };
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    while begun.elapsed() < Duration::from_secs(30) {
        if load::once(address, request.as_bytes()).await.is_ok() {
            server.started_in = begun.elapsed();
            return Ok(server);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Err("a server did not start".into())
}
