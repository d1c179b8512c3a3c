//! Google as far as Meet needs it, on loopback: the token server (refresh tokens, signed statements) and `spaces.create`
//! of the Meet API. It insists on what Google insists on, counts, and misbehaves on demand.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};

use openhour::clock::Clock;
use openhour::config::SigningKey;

/// Made for these tests; it opens nothing.
const KEY: &str = include_str!("../../fixtures/google/test-only-private-key.pem");
const SCOPE: &str = "https://www.googleapis.com/auth/meetings.space.created";
const ROBOT: &str = "robot@openhour-test.example";
const USER: &str = "rooms@example.org";
const REFRESH: &str = "1//test-only-refresh/token+";
const CLIENT_SECRET: &str = "test-only-client-secret";

/// How `spaces.create` answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mood {
    /// As documented.
    Well,
    /// 503 with Retry-After of a second.
    Unavailable,
    /// 500 without a word.
    Broken,
    /// Makes the space and hangs up before it says so.
    HangsUp,
    /// A page for people.
    Html,
    /// 200 and never an end.
    Huge,
}

/// How the token server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenMood {
    Well,
    /// The consent was withdrawn.
    Withdrawn,
}

/// What it knows and has seen.
pub(crate) struct State {
    pub(crate) mood: Mood,
    pub(crate) token_mood: TokenMood,
    /// Moods of the next requests, before `mood` counts again.
    pub(crate) next: VecDeque<Mood>,
    /// Spaces a user may make in `window`.
    pub(crate) quota: usize,
    pub(crate) window: Duration,
    /// What `expires_in` says, seconds.
    pub(crate) lifetime: u64,
    /// Every space: its link and its access type.
    pub(crate) spaces: Vec<(String, String)>,
    /// Token requests that were granted.
    pub(crate) granted: usize,
    /// Requests for spaces beyond the quota.
    pub(crate) beyond: usize,
    /// Requests for spaces, whatever came of them.
    pub(crate) asked: usize,
    tokens: BTreeMap<String, Token>,
    made: Vec<Instant>,
}

struct Token {
    user: Option<String>,
    until: Instant,
}

/// The stand-in; its threads end with the test's process.
pub(crate) struct GoogleStandin {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl GoogleStandin {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            mood: Mood::Well,
            token_mood: TokenMood::Well,
            next: VecDeque::new(),
            quota: 10,
            window: Duration::from_secs(60),
            lifetime: 3599,
            spaces: Vec::new(),
            granted: 0,
            beyond: 0,
            asked: 0,
            tokens: BTreeMap::new(),
            made: Vec::new(),
        }));
        let standin = Self { address, state: state.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state) = (stream.unwrap(), state.clone());
                // A client that hangs up is its own business.
                std::thread::spawn(move || drop(serve(stream, &state, address)));
            }
        });
        standin
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// No token of before is good any more.
    pub(crate) fn revoke_tokens(&self) {
        self.state().tokens.clear();
    }

    /// The file of a service account that may act for [`USER`].
    pub(crate) fn service_account(&self) -> Value {
        json!({
            "type": "service_account", "project_id": "openhour-test", "private_key_id": "k1", "private_key": KEY,
            "client_email": ROBOT, "client_id": "1", "universe_domain": "googleapis.com", "subject": USER,
            "token_uri": format!("http://{}/token", self.address), "api_base": format!("http://{}", self.address),
            "fallback": "jitsi:https://meet.example.org",
        })
    }

    /// The file of a user who allowed it once.
    pub(crate) fn authorized_user(&self) -> Value {
        json!({
            "type": "authorized_user", "client_id": "c.apps.example", "client_secret": CLIENT_SECRET,
            "refresh_token": REFRESH,
            "token_uri": format!("http://{}/token", self.address), "api_base": format!("http://{}", self.address),
            "fallback": "jitsi:https://meet.example.org",
        })
    }
}

struct Answer {
    status: &'static str,
    headers: String,
    body: String,
}

fn answer(status: &'static str, body: &Value) -> Answer {
    Answer { status, headers: "Content-Type: application/json; charset=UTF-8\r\n".into(), body: body.to_string() }
}

/// `google.rpc.Status` as Google's APIs write it.
fn refusal(status: &'static str, code: u16, word: &str, message: &str, reason: &str) -> Answer {
    let info =
        json!({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"});
    answer(status, &json!({"error": {"code": code, "message": message, "status": word, "details": [info]}}))
}

fn serve(mut stream: TcpStream, state: &Mutex<State>, address: SocketAddr) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let header = |name: &str| {
        let found = lines.iter().skip(1).filter_map(|line| line.split_once(':'));
        found.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned()).next()
    };
    let length = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    assert_eq!(header("host").as_deref(), Some(address.to_string().as_str()));
    let answer = match lines.first().map(String::as_str) {
        Some("POST /token HTTP/1.1") => Some(token(&mut state.lock().unwrap(), &body, address)),
        Some("POST /v2/spaces HTTP/1.1") => {
            let authorization = header("authorization").unwrap_or_default();
            let bearer = authorization.strip_prefix("Bearer ").unwrap_or_default().to_owned();
            spaces(&mut stream, state, &bearer, &body)?
        }
        _ => Some(refusal("404 Not Found", 404, "NOT_FOUND", "Method not found.", "NOT_FOUND")),
    };
    let Some(Answer { status, headers, body }) = answer else { return Ok(()) };
    write!(stream, "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// `None`: it has said all it will.
fn spaces(stream: &mut TcpStream, state: &Mutex<State>, bearer: &str, body: &[u8]) -> std::io::Result<Option<Answer>> {
    let mood = {
        let mut state = state.lock().unwrap();
        state.asked += 1;
        state.next.pop_front().unwrap_or_else(|| state.mood.clone())
    };
    Ok(match mood {
        Mood::Well => Some(create(&mut state.lock().unwrap(), bearer, body)),
        Mood::Unavailable => {
            let mut answer =
                refusal("503 Service Unavailable", 503, "UNAVAILABLE", "The service is currently unavailable.", "");
            answer.headers.push_str("Retry-After: 1\r\n");
            Some(answer)
        }
        Mood::Broken => {
            Some(Answer { status: "500 Internal Server Error", headers: String::new(), body: String::new() })
        }
        Mood::HangsUp => {
            create(&mut state.lock().unwrap(), bearer, body);
            None
        }
        Mood::Html => Some(Answer {
            status: "200 OK",
            headers: "Content-Type: text/html\r\n".into(),
            body: "<html><h1>Please accept our terms</h1></html>".into(),
        }),
        Mood::Huge => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")?;
            while stream.write_all(&[b' '; 65536]).is_ok() {}
            None
        }
    })
}

fn create(state: &mut State, bearer: &str, body: &[u8]) -> Answer {
    let now = Instant::now();
    let Some(token) = state.tokens.get(bearer).filter(|token| token.until > now) else {
        let message = "Request had invalid authentication credentials.";
        return refusal("401 Unauthorized", 401, "UNAUTHENTICATED", message, "ACCESS_TOKEN_EXPIRED");
    };
    if token.user.is_none() {
        let message = "Permission denied on resource Space (or it might not exist)";
        return refusal("403 Forbidden", 403, "PERMISSION_DENIED", message, "");
    }
    let wish: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let access = wish["config"]["accessType"].as_str().unwrap_or_default();
    let entry = wish["config"]["entryPointAccess"].as_str().unwrap_or_default();
    if !["OPEN", "TRUSTED", "RESTRICTED"].contains(&access) || entry != "ALL" {
        return refusal("400 Bad Request", 400, "INVALID_ARGUMENT", "Invalid value at 'space.config'", "");
    }
    let window = state.window;
    state.made.retain(|made| *made + window > now);
    if state.made.len() >= state.quota {
        state.beyond += 1;
        let message = "Quota exceeded for quota metric 'Space creation requests' and limit 'per minute per user'.";
        let mut answer = refusal("429 Too Many Requests", 429, "RESOURCE_EXHAUSTED", message, "RATE_LIMIT_EXCEEDED");
        answer.headers.push_str(&format!("Retry-After: {}\r\n", window.as_secs()));
        return answer;
    }
    state.made.push(now);
    let number = state.spaces.len();
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
    let code = format!("{}{}{}-mnop-xyz", letter(number), letter(number / 26), letter(number / 676));
    let link = format!("https://meet.google.com/{code}");
    state.spaces.push((link.clone(), access.to_owned()));
    let body = json!({"name": format!("spaces/Standin_{number}"), "meetingUri": link, "meetingCode": code,
        "config": {"accessType": access, "entryPointAccess": "ALL"}});
    answer("200 OK", &body)
}

fn token(state: &mut State, body: &[u8], address: SocketAddr) -> Answer {
    let bad = |code: &str, description: &str| {
        answer("400 Bad Request", &json!({"error": code, "error_description": description}))
    };
    if state.token_mood == TokenMood::Withdrawn {
        return bad("invalid_grant", "Token has been expired or revoked.");
    }
    let form: BTreeMap<String, String> = String::from_utf8_lossy(body)
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| {
            let value = value.replace('+', " ");
            (key.to_owned(), percent_encoding::percent_decode_str(&value).decode_utf8_lossy().into_owned())
        })
        .collect();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let user = match field("grant_type") {
        "refresh_token" if (field("client_id"), field("client_secret")) != ("c.apps.example", CLIENT_SECRET) => {
            return answer(
                "401 Unauthorized",
                &json!({"error": "invalid_client", "error_description": "Unauthorized"}),
            );
        }
        "refresh_token" if field("refresh_token") == REFRESH => Some(USER.to_owned()),
        "refresh_token" => return bad("invalid_grant", "Bad Request"),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => match stated(field("assertion"), address) {
            Ok(user) => user,
            Err((code, description)) => return bad(code, &description),
        },
        _ => return bad("unsupported_grant_type", "Invalid grant_type"),
    };
    state.granted += 1;
    let token = format!("ya29.standin-{}", state.granted);
    let until = Instant::now() + Duration::from_secs(state.lifetime);
    state.tokens.insert(token.clone(), Token { user, until });
    let body = json!({"access_token": token, "expires_in": state.lifetime, "scope": SCOPE, "token_type": "Bearer"});
    answer("200 OK", &body)
}

/// Who a signed statement acts for, once everything in it is as Google wants it.
fn stated(assertion: &str, address: SocketAddr) -> Result<Option<String>, (&'static str, String)> {
    let invalid = |why: &str| ("invalid_grant", why.to_owned());
    let (text, signature) = assertion.rsplit_once('.').ok_or_else(|| invalid("Invalid JWT"))?;
    let (header, claims) = text.split_once('.').ok_or_else(|| invalid("Invalid JWT"))?;
    let decoded = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| invalid("Invalid JWT"));
    let json = |part: &str| -> Result<Value, (&'static str, String)> {
        serde_json::from_slice(&decoded(part)?).map_err(|_| invalid("Invalid JWT"))
    };
    let (header, claims) = (json(header)?, json(claims)?);
    let own = SigningKey::from_pem(KEY).unwrap();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, own.pair().public_key().as_ref());
    public.verify(text.as_bytes(), &decoded(signature)?).map_err(|_| invalid("Invalid JWT Signature."))?;
    if header["alg"] != "RS256" || header["kid"] != "k1" || claims["iss"] != ROBOT {
        return Err(invalid("Invalid issuer or key"));
    }
    if claims["aud"] != format!("http://{address}/token") {
        return Err(invalid("Invalid JWT: Failed audience check."));
    }
    let (issued, ends, now) = (claims["iat"].as_i64(), claims["exp"].as_i64(), Clock::system().now());
    let times = issued.zip(ends).filter(|(issued, ends)| *issued <= now && *ends > now && ends - issued <= 3600);
    times.ok_or_else(|| invalid("Invalid JWT: Token must be a short-lived token (60 minutes)."))?;
    if claims["scope"] != SCOPE {
        return Err(("invalid_scope", format!("{} is not a valid audience string.", claims["scope"])));
    }
    match claims["sub"].as_str() {
        None => Ok(None),
        Some(USER) => Ok(Some(USER.to_owned())),
        Some(_) => Err((
            "unauthorized_client",
            "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of \
             the scopes requested."
                .to_owned(),
        )),
    }
}
