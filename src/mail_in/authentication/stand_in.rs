//! A name server that stands in for the real one in tests, and a signer. RFC 1035, RFC 6376.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use data_encoding::BASE64;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::DkimSigner;
use tokio::net::UdpSocket;

/// The key pair that RFC 8463 §A.2 publishes.
const SECRET: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const PUBLIC: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// Answers TXT questions; for other names it says that they do not exist.
pub(crate) struct StandIn {
    pub(crate) address: SocketAddr,
    pub(super) asked: Arc<AtomicUsize>,
}

impl StandIn {
    /// With these TXT records.
    pub(crate) async fn start(records: &[(&str, &str)]) -> Self {
        let records: BTreeMap<String, String> =
            records.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = asked.clone();
        tokio::spawn(async move {
            let mut question = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut question).await {
                counter.fetch_add(1, Ordering::Relaxed);
                let _ = socket.send_to(&answer(&question[..length], &records), from).await;
            }
        });
        Self { address, asked }
    }

    /// With the signing key of these domains, and SPF for those named after `spf:`.
    pub(crate) async fn of(domains: &[&str]) -> Self {
        let key = format!("v=DKIM1; k=ed25519; p={PUBLIC}");
        let records: Vec<(String, String)> = domains
            .iter()
            .map(|domain| match domain.strip_prefix("spf:") {
                Some(domain) => (domain.to_owned(), "v=spf1 ip4:192.0.2.25 -all".to_owned()),
                None => (format!("s1._domainkey.{domain}"), key.clone()),
            })
            .collect();
        let records: Vec<(&str, &str)> = records.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Self::start(&records).await
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn answer(question: &[u8], records: &BTreeMap<String, String>) -> Vec<u8> {
    let (mut name, mut at) = (String::new(), 12);
    while question[at] != 0 {
        let length = usize::from(question[at]);
        name.push_str(&String::from_utf8_lossy(&question[at + 1..at + 1 + length]).to_lowercase());
        name.push('.');
        at += length + 1;
    }
    let is_text = question[at + 1..at + 3] == [0, 16];
    let found = records.get(name.trim_end_matches('.')).filter(|_| is_text);
    let (code, count) = if found.is_some() { (0, 1) } else { (3, 0) };
    let mut reply = vec![question[0], question[1], 0x81, 0x80 | code, 0, 1, 0, count, 0, 0, 0, 0];
    reply.extend_from_slice(&question[12..at + 5]);
    if let Some(text) = found {
        reply.extend_from_slice(&[0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        // Strings of at most 255 bytes, each with its length before it.
        let strings: Vec<u8> = text
            .as_bytes()
            .chunks(255)
            .flat_map(|piece| std::iter::once(u8::try_from(piece.len()).unwrap()).chain(piece.iter().copied()))
            .collect();
        reply.extend_from_slice(&u16::try_from(strings.len()).unwrap().to_be_bytes());
        reply.extend_from_slice(&strings);
    }
    reply
}

/// The message with a signature of this domain over these headers.
pub(crate) fn signed(message: &str, domain: &str, headers: &[&str]) -> String {
    let message = message.replace("\r\n", "\n").replace('\n', "\r\n");
    let (secret, public) = (BASE64.decode(SECRET.as_bytes()).unwrap(), BASE64.decode(PUBLIC.as_bytes()).unwrap());
    let key = Ed25519Key::from_seed_and_public_key(&secret, &public).unwrap();
    let signer = DkimSigner::from_key(key).domain(domain).selector("s1").headers(headers.iter().copied());
    signer.sign(message.as_bytes()).unwrap().to_header() + &message
}
