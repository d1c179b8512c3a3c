//! Mail that comes in, through the outside contract: LMTP as Python speaks it and by hand, and `openhour deliver`.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Output;
use std::time::{Duration, Instant};

use openhour::db::Db;

use crate::db::fresh::Fresh;
use crate::installation::Installation;
use crate::python::fed;

const HELLO: &str =
    "From: tariq@example.net\r\nTo: available@book.example.org\r\nMessage-ID: <1@example.net>\r\n\r\nHello\r\n..\r\n";
const MIB: usize = 1024 * 1024;

fn installation() -> Installation {
    // Nobody answers there: no test asks the real name servers.
    Installation::on(Fresh::sqlite())
        .with("OPENHOUR_MAIL_FROM", "hello@book.example.org")
        .with("OPENHOUR_DNS_SERVER", "127.0.0.1:9")
}

/// `(address, outcome)` of everything that was noted.
fn noted(installation: &Installation) -> Vec<(String, String)> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::open(&installation.database().target).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let rows = conn.all("SELECT address, outcome FROM received ORDER BY at, address, key", vec![]).await.unwrap();
        drop(conn);
        db.close().await;
        rows
    })
}

fn pair(address: &str, outcome: &str) -> (String, String) {
    (address.into(), outcome.into())
}

fn deliver(installation: &Installation, args: &[&str], message: &[u8]) -> Output {
    let args: Vec<&str> = ["deliver"].iter().chain(args).copied().collect();
    installation.try_run_with(&args, message)
}

#[test]
fn deliver_takes_what_it_can_and_asks_for_the_rest_again() {
    let installation = installation();
    for (what, args, message, status) in [
        ("a message", &[][..], HELLO.as_bytes(), 0),
        ("again", &[], HELLO.as_bytes(), 0),
        (
            "for another address",
            &["--sender", "tariq@example.net", "--recipient", "s-abc@book.example.org"],
            HELLO.as_bytes(),
            0,
        ),
        ("nothing", &[], b"", 0),
        ("noise", &[], &[0xff; 5000], 0),
        ("eleven megabytes", &[], &vec![b'a'; 11 * MIB], 0),
        ("wrong usage", &["--client", "nowhere"], HELLO.as_bytes(), 2),
    ] {
        let output = deliver(&installation, args, message);
        assert_eq!(output.status.code(), Some(status), "{what}: {output:?}");
    }
    let (mut taken, unreadable): (Vec<_>, Vec<_>) =
        noted(&installation).into_iter().partition(|(_, outcome)| outcome != "unreadable");
    taken.sort();
    assert_eq!(taken, [pair("robot", "ignored"), pair("slot", "unknown")]);
    assert!(unreadable.len() >= 2, "{unreadable:?}");
    let broken = Installation::on(Fresh::sqlite()).with("OPENHOUR_LISTEN", "here");
    assert_eq!(deliver(&broken, &[], HELLO.as_bytes()).status.code(), Some(75), "a wrong setting loses no mail");
    let broken = Installation::on(Fresh::sqlite()).with("OPENHOUR_DATABASE_URL", "sqlite:/nowhere/at/all.db");
    assert_eq!(deliver(&broken, &[], HELLO.as_bytes()).status.code(), Some(75));
}

#[test]
fn pythons_lmtp_client_hands_messages_over() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let installation = installation().with("OPENHOUR_LMTP_LISTEN", &address.to_string());
    let server = installation.serve();
    let place = address.to_string();
    let (robot, slot, nobody) = ("available@book.example.org", "s-abc@book.example.org", "nobody@book.example.org");
    let said = fed("lmtp.py", &[&place, "tariq@example.net", robot, nobody, slot], HELLO.as_bytes());
    assert_eq!(said, format!("{nobody} 550 5.1.1\n{robot} 250 2.0.0\n{slot} 250 2.0.0\n"));
    assert_eq!(noted(&installation), [pair("robot", "ignored"), pair("slot", "unknown")]);
    fed("lmtp.py", &[&place, "tariq@example.net", robot, slot], HELLO.as_bytes());
    assert_eq!(noted(&installation).len(), 2, "the same message again");
    let large = vec![b'a'; 11 * MIB];
    assert!(fed("lmtp.py", &[&place, "tariq@example.net", robot], &large).starts_with("MAIL 552 5.3.4"));
    let bounce = std::fs::read("fixtures/mail/bounce-no-such-user.eml").unwrap();
    let said = fed("lmtp.py", &[&place, "", "hello@book.example.org"], &bounce);
    assert_eq!(said, "hello@book.example.org 250 2.0.0\n");
    drop(server);
}

#[test]
fn a_socket_file_serves_as_well_and_a_dead_ones_place_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lmtp");
    let installation = installation().with("OPENHOUR_LMTP_LISTEN", &format!("unix:{}", file.display()));
    installation.serve().kill();
    assert!(file.exists());
    let _server = installation.serve();
    let said =
        fed("lmtp.py", &[&file.display().to_string(), "a@example.net", "available@book.example.org"], HELLO.as_bytes());
    assert_eq!(said, "available@book.example.org 250 2.0.0\n");
}

/// A conversation by hand.
struct Client(BufReader<TcpStream>);

impl Client {
    fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut client = Self(BufReader::new(stream));
        client.line();
        client
    }

    fn send(&mut self, text: &[u8]) {
        self.0.get_mut().write_all(text).unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line
    }

    /// The codes of the next replies.
    fn codes(&mut self, count: usize) -> Vec<String> {
        let mut codes = Vec::new();
        while codes.len() < count {
            let line = self.line();
            assert!(!line.is_empty(), "the server hung up after {codes:?}");
            if line.as_bytes().get(3) == Some(&b' ') {
                codes.push(line[..3].to_owned());
            }
        }
        codes
    }
}

#[test]
fn hostile_clients_cost_little_and_disturb_nobody() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let installation = installation().with("OPENHOUR_LMTP_LISTEN", &address.to_string());
    let server = installation.serve();
    let start = "LHLO x\r\nMAIL FROM:<a@example.net>\r\nRCPT TO:<available@book.example.org>\r\nDATA\r\n";

    let mut pipelined = Client::to(address);
    pipelined.send(format!("{start}{HELLO}.\r\nMAIL FROM:<>\r\nRSET\r\nNOOP\r\nDATA\r\nQUIT\r\n").as_bytes());
    assert_eq!(pipelined.codes(10), ["250", "250", "250", "354", "250", "250", "250", "250", "503", "221"]);

    let mut order = Client::to(address);
    order
        .send(b"MAIL FROM:<a@example.net>\r\nLHLO x\r\nRCPT TO:<x@y>\r\nDATA\r\nEHLO x\r\nMAIL FROM:a\r\n\xff\xfe\r\n");
    assert_eq!(order.codes(7), ["503", "250", "503", "503", "500", "501", "500"]);
    order.send(&[b"NOOP ".as_slice(), &vec![b'x'; 100_000], b"\r\nNOOP\r\n"].concat());
    assert_eq!(order.codes(2), ["500", "250"]);
    let mut more = (0..30).map(|_| {
        order.send(b"WHAT\r\n");
        order.line()
    });
    assert!(more.any(|line| line.starts_with("421 4.7.0")), "mistakes without end");

    // Without SIZE, so that only counting helps.
    let mut large = Client::to(address);
    large.send(start.as_bytes());
    assert_eq!(large.codes(4), ["250", "250", "250", "354"]);
    large.send(&vec![b'a'; 12 * MIB]);
    large.send(b"\r\n.\r\nNOOP\r\n");
    assert_eq!(large.codes(2), ["552", "250"]);

    for hostile in bombs() {
        let mut client = Client::to(address);
        let begun = Instant::now();
        client.send(start.as_bytes());
        client.send(&hostile);
        client.send(b"\r\n.\r\n");
        assert_eq!(client.codes(5), ["250", "250", "250", "354", "250"]);
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }
    let peak = server.memory("VmHWM");
    println!("at most {peak} KiB resident");
    assert!(peak < 200 * 1024, "{peak} KiB");

    let mut silent: Vec<Client> = (0..16).map(|_| Client::to(address)).collect();
    let mut refused = BufReader::new(TcpStream::connect(address).unwrap());
    let mut said = String::new();
    refused.read_line(&mut said).unwrap();
    assert!(said.starts_with("421 4.3.2"), "{said}");
    silent.clear();
}

/// Ten megabytes of everything that makes readers slow.
fn bombs() -> Vec<Vec<u8>> {
    let fill = |head: &str, piece: &str| {
        let mut text = head.to_owned();
        while text.len() + piece.len() < 10 * MIB - 16 {
            text.push_str(piece);
        }
        text.into_bytes()
    };
    let head = "From: a@example.net\r\nTo: available@book.example.org\r\n";
    let nested: String =
        (0..50_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect();
    let multipart = format!("{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    let base64 = format!("{head}Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    vec![
        fill(&multipart, "--b\r\n\r\nx\r\n"),
        fill(&multipart, "--b\r\nA: b\r\n"),
        fill(head, "X: y\r\n"),
        fill(&format!("{head}Cc: "), "a@b.example, "),
        fill(&format!("{head}Subject: "), "=?utf-8?b?YWFh?= "),
        format!("{head}{nested}").into_bytes(),
        fill(&base64, "QkVHSU46VkNBTEVOREFSDQpCRUdJTjpWRVZFTlQNCg==\r\n"),
        fill(&format!("{head}Content-Type: text/plain; charset=utf-7\r\n\r\n"), "+AGEAYQ-"),
        fill(&format!("{head}Content-Type: message/rfc822\r\n\r\n"), "Content-Type: message/rfc822\r\n\r\n"),
        fill(&format!("{head}\r\n"), "\n"),
    ]
}
