//! Google Meet: one space a session, made with the Meet API (`spaces.create`, v2). The API knows no request id, so a lost
//! answer may leave a space behind that nobody is told of; that is harmless, for a space is only a name.

mod answer;
mod assertion;
mod pace;
mod tokens;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use self::answer::Refused;
use self::pace::Pace;
use self::tokens::Tokens;
use super::{Answer, Jitsi, LinkError, MeetingLinks, OpenRooms, Request, Template};
use crate::booking::Room;
use crate::clock::Clock;
use crate::config::{self, GoogleMeet};
use crate::http_client::HttpClient;

/// Spaces asked for at the same time at most: a slow Google should not keep the worker from sending mail.
const AT_ONCE: usize = 3;
/// When all of these are busy, seconds until the next try.
const BUSY: i64 = 2;
/// Rooms that are remembered, so that a room whose keeping failed is not made twice.
const REMEMBERED: usize = 256;
/// After an answer "too many requests" that says no more, Google is left alone so long.
const TOO_MANY: Duration = Duration::from_secs(60);

/// Spaces of one Google account.
pub struct Google {
    http: HttpClient,
    tokens: Tokens,
    spaces: String,
    access_type: String,
    gate: Semaphore,
    pace: Mutex<Pace>,
    made: Mutex<VecDeque<(String, Room)>>,
    fallback: Box<dyn OpenRooms>,
}

impl Google {
    /// A client for the account in the settings.
    ///
    /// # Errors
    /// The HTTPS client cannot be made.
    pub fn new(meet: &GoogleMeet, clock: Clock) -> Result<Self, String> {
        let http = HttpClient::new()?;
        let api = meet.api_base.to_string();
        Ok(Self {
            tokens: Tokens::new(http.clone(), meet, clock),
            http,
            spaces: format!("{}/v2/spaces", api.trim_end_matches('/')),
            access_type: meet.access_type.clone(),
            gate: Semaphore::new(AT_ONCE),
            pace: Mutex::new(Pace::new(meet.per_minute)),
            made: Mutex::default(),
            fallback: match &meet.fallback {
                config::MeetingLinks::Template(pattern) => Box::new(Template::new(pattern)),
                config::MeetingLinks::Jitsi(base) => Box::new(Jitsi::new(base)),
                config::MeetingLinks::Google(_) => return Err("Google Meet cannot stand in for itself".into()),
            },
        })
    }

    async fn room(&self, request: &Request) -> Result<Room, LinkError> {
        let known = locked(&self.made).iter().find(|(uid, _)| *uid == request.uid).map(|(_, room)| room.clone());
        if let Some(room) = known {
            return Ok(room);
        }
        let Ok(_permit) = self.gate.try_acquire() else {
            return Err(LinkError::Later { reason: "other links are being made".into(), wait: Some(BUSY) });
        };
        let turn = locked(&self.pace).turn(&request.uid, Instant::now());
        turn.map_err(|wait| LinkError::Later {
            reason: "waits for its turn: Google lets a user make few spaces a minute".into(),
            wait: Some(seconds(wait)),
        })?;
        let room = self.space().await?;
        let mut made = locked(&self.made);
        made.push_back((request.uid.clone(), room.clone()));
        if made.len() > REMEMBERED {
            made.pop_front();
        }
        Ok(room)
    }

    /// A new space; a token that Google does not take is replaced once.
    async fn space(&self) -> Result<Room, LinkError> {
        let token = self.tokens.current().await?;
        match self.ask(&token).await {
            Err(Refused::Token(_)) => {
                self.tokens.forget(&token).await;
                let fresh = self.tokens.current().await?;
                self.ask(&fresh).await
            }
            result => result,
        }
        .map_err(|refused| self.refused(refused))
    }

    async fn ask(&self, token: &str) -> Result<Room, Refused> {
        let wish = json!({"config": {"accessType": self.access_type, "entryPointAccess": "ALL"}});
        let request = http::Request::post(&self.spaces)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(Bytes::from(wish.to_string()))
            .map_err(|error| Refused::Never(error.to_string()))?;
        let response = self.http.send(request).await.map_err(|error| Refused::Later(error.to_string(), None))?;
        answer::room(&response)
    }

    fn refused(&self, refused: Refused) -> LinkError {
        match refused {
            Refused::Token(reason) | Refused::Never(reason) => LinkError::Never(reason),
            Refused::Later(reason, wait) => LinkError::Later { reason, wait: wait.map(seconds) },
            Refused::TooMany(reason, wait) => {
                let wait = wait.unwrap_or(TOO_MANY);
                locked(&self.pace).rest(Instant::now() + wait);
                LinkError::Later { reason, wait: Some(seconds(wait)) }
            }
        }
    }
}

impl MeetingLinks for Google {
    fn create<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        Box::pin(self.room(request))
    }

    fn stopgap(&self, request: &Request) -> Option<String> {
        Some(self.fallback.link(request))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whole seconds, rounded up: nobody comes back too early.
fn seconds(wait: Duration) -> i64 {
    i64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(i64::MAX).max(1)
}
