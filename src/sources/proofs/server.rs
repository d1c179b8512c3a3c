//! A server that says to everybody what a test put in its mouth.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What it says.
#[derive(Clone)]
pub(super) enum Says {
    /// These bytes, then it hangs up.
    Bytes(Vec<u8>),
    /// This calendar; its ETag is made of it, and whoever has it is told so.
    Calendar(String),
    /// The head at once, then a byte now and then.
    Drip,
    /// A body without end.
    Endless,
    /// Nothing.
    Silence,
}

pub(super) struct Server {
    address: SocketAddr,
    says: Arc<Mutex<Says>>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (says, heard) = (Arc::new(Mutex::new(Says::Silence)), Arc::new(Mutex::new(Vec::new())));
        let server = Self { address, says: says.clone(), heard: heard.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (says, heard) = (says.clone(), heard.clone());
                std::thread::spawn(move || answer(stream, &says, &heard));
            }
        });
        server
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn say(&self, says: Says) {
        *self.says.lock().unwrap() = says;
    }

    /// Status line, header fields and body.
    pub(super) fn answer(&self, status: &str, headers: &str, body: &[u8]) {
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
        self.say(Says::Bytes([head.as_bytes(), body].concat()));
    }

    /// The requests so far.
    pub(super) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, says: &Mutex<Says>, heard: &Mutex<Vec<String>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => request.extend_from_slice(&buffer[..count]),
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    heard.lock().unwrap().push(request.clone());
    let says = says.lock().unwrap().clone();
    // Whoever asked may have gone; that is what some tests are about.
    let _ = match says {
        Says::Bytes(bytes) => stream.write_all(&bytes),
        Says::Calendar(text) => {
            let tag = format!("\"{}\"", super::super::event::digest(text.as_bytes()));
            if request.contains(&format!("if-none-match: {tag}")) {
                stream.write_all(
                    format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n").as_bytes(),
                )
            } else {
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/calendar; charset=UTF-8\r\nETag: {tag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    text.len()
                );
                stream.write_all(&[head.as_bytes(), text.as_bytes()].concat())
            }
        }
        Says::Drip => {
            let mut said =
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n");
            while said.is_ok() {
                std::thread::sleep(Duration::from_millis(20));
                said = stream.write_all(b"X");
            }
            said
        }
        Says::Endless => {
            let mut said =
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\nBEGIN:VCALENDAR\r\n");
            while said.is_ok() {
                said = stream.write_all(&[b'x'; 65_536]);
            }
            said
        }
        Says::Silence => {
            std::thread::sleep(Duration::from_secs(5));
            Ok(())
        }
    };
}
