//! Access tokens: one at a time, asked for by one caller while the others wait, renewed before it runs out.
//! RFC 6749 §6 (refresh token), RFC 7523 (signed statement).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::super::LinkError;
use super::answer;
use super::assertion::{Statement, signed};
use super::seconds;
use crate::clock::Clock;
use crate::config::{GoogleAccount, GoogleMeet};
use crate::http_client::HttpClient;

/// A token is renewed so long before it runs out.
const EARLY: Duration = Duration::from_secs(300);

/// The account's access token.
pub(super) struct Tokens {
    http: HttpClient,
    account: GoogleAccount,
    uri: http::Uri,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<(Arc<str>, Instant)>,
    failed: Option<(LinkError, Instant)>,
}

impl Tokens {
    pub(super) fn new(http: HttpClient, meet: &GoogleMeet, clock: Clock) -> Self {
        let state = Mutex::default();
        Self { http, account: meet.account.clone(), uri: meet.token_uri.clone(), clock, state }
    }

    /// A token that is good for now. Callers who come while one asks get what that one got, failures too.
    pub(super) async fn current(&self) -> Result<Arc<str>, LinkError> {
        let came = Instant::now();
        let mut state = self.state.lock().await;
        if let Some((token, until)) = &state.token
            && *until > Instant::now()
        {
            return Ok(token.clone());
        }
        if let Some((error, at)) = &state.failed
            && *at >= came
        {
            return Err(error.clone());
        }
        match self.fetch().await {
            Ok((token, lives)) => {
                let token: Arc<str> = token.into();
                let until = Instant::now() + lives.saturating_sub(EARLY.min(lives / 2));
                *state = State { token: Some((token.clone(), until)), failed: None };
                Ok(token)
            }
            Err(error) => {
                *state = State { token: None, failed: Some((error.clone(), Instant::now())) };
                Err(error)
            }
        }
    }

    /// This token was not taken: the next caller gets another one.
    pub(super) async fn forget(&self, token: &str) {
        let mut state = self.state.lock().await;
        if state.token.as_ref().is_some_and(|(known, _)| known.as_ref() == token) {
            state.token = None;
        }
    }

    async fn fetch(&self) -> Result<(String, Duration), LinkError> {
        let request = http::Request::post(&self.uri)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(Bytes::from(self.grant().map_err(LinkError::Never)?))
            .map_err(|error| LinkError::Never(error.to_string()))?;
        let response = self.http.send(request).await.map_err(|error| LinkError::later(error.to_string()))?;
        answer::token(&response).map_err(|refused| match refused {
            answer::Refused::Token(reason) | answer::Refused::Never(reason) => LinkError::Never(reason),
            answer::Refused::Later(reason, wait) | answer::Refused::TooMany(reason, wait) => {
                LinkError::Later { reason, wait: wait.map(seconds) }
            }
        })
    }

    fn grant(&self) -> Result<String, String> {
        Ok(match &self.account {
            GoogleAccount::User { client_id, client_secret, refresh_token } => form(&[
                ("grant_type", "refresh_token"),
                ("client_id", client_id),
                ("client_secret", client_secret.reveal()),
                ("refresh_token", refresh_token.reveal()),
            ]),
            GoogleAccount::Service { email, key, key_id, subject } => {
                let statement = Statement {
                    email,
                    key,
                    key_id: key_id.as_deref(),
                    subject: subject.as_deref(),
                    audience: &self.uri.to_string(),
                    now: self.clock.now(),
                };
                form(&[
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                    ("assertion", &signed(&statement)?),
                ])
            }
        })
    }
}

fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))).collect();
    pairs.join("&")
}
