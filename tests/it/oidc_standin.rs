//! An OpenID provider on loopback that says whatever a test wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use data_encoding::BASE64URL_NOPAD;
use openhour::config::OidcProvider;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use crate::surfaces::NOW;

/// A provider whose every word the test chooses.
pub(crate) struct Standin {
    pub(crate) issuer: String,
    pub(crate) said: Arc<Mutex<Said>>,
}

/// What it says next.
#[derive(Clone)]
pub(crate) struct Said {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    /// Signed with another key than the one it shows.
    pub(crate) foreign: bool,
    /// `alg: none`, without a signature.
    pub(crate) unsigned: bool,
    pub(crate) token_error: Option<&'static str>,
    pub(crate) user_info: Value,
    /// How often a code was exchanged.
    pub(crate) exchanged: usize,
    /// The form of the newest exchange.
    pub(crate) form: String,
}

impl Standin {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let pairs = [pair(), pair()];
        let said = Said {
            header: json!({"alg": "ES256", "kid": "one"}),
            claims: json!({}),
            foreign: false,
            unsigned: false,
            token_error: None,
            user_info: json!({}),
            exchanged: 0,
            form: String::new(),
        };
        let said = Arc::new(Mutex::new(said));
        let standin = Self { issuer: issuer.clone(), said: said.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                drop(answer(stream.unwrap(), &issuer, &pairs, &said));
            }
        });
        standin
    }

    pub(crate) fn provider(&self, create_people: bool) -> OidcProvider {
        OidcProvider {
            name: "School account".into(),
            slug: "school-account".into(),
            issuer: self.issuer.clone(),
            client_id: "openhour".into(),
            client_secret: None,
            create_people,
        }
    }

    /// What an honest provider says of Ana to whoever went with this nonce.
    pub(crate) fn honest(&self, nonce: &str) -> Value {
        json!({"iss": self.issuer, "aud": "openhour", "sub": "42", "exp": NOW + 300, "iat": NOW, "nonce": nonce,
               "email": "ana@example.org", "email_verified": true, "name": "Ana Silva"})
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().unwrap());
    }
}

fn pair() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap()
}

fn answer(mut stream: TcpStream, issuer: &str, pairs: &[EcdsaKeyPair; 2], said: &Mutex<Said>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim_end().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let length = lines.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let mut said = said.lock().unwrap();
    let json = match path {
        "/.well-known/openid-configuration" => json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/jwks"),
            "userinfo_endpoint": format!("{issuer}/me"),
        }),
        "/jwks" => {
            let point = pairs[0].public_key().as_ref();
            let part = |range: std::ops::Range<usize>| BASE64URL_NOPAD.encode(&point[range]);
            json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "x": part(1..33), "y": part(33..65)}]})
        }
        "/token" => {
            said.exchanged += 1;
            said.form = String::from_utf8(body).unwrap();
            match said.token_error {
                Some(error) => json!({"error": error}),
                None => json!({"access_token": "a", "token_type": "Bearer", "id_token": token(&said, pairs)}),
            }
        }
        "/me" => said.user_info.clone(),
        _ => json!({}),
    };
    let status = if said.token_error.is_some() && path == "/token" { "400 Bad Request" } else { "200 OK" };
    let body = json.to_string();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn token(said: &Said, pairs: &[EcdsaKeyPair; 2]) -> String {
    let encode = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let text = format!("{}.{}", encode(&said.header), encode(&said.claims));
    if said.unsigned {
        return format!("{text}.");
    }
    let signature = pairs[usize::from(said.foreign)].sign(&SystemRandom::new(), text.as_bytes()).unwrap();
    format!("{text}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
}
