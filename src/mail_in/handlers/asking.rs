//! Requests that wait until the one in whose name they came says yes (CN-2, CN-10).

use serde_json::json;

use crate::db::Tx;
use crate::desk::Desk;
use crate::desk::parked::{LARGEST, Park, Purpose, joining};
use crate::mail_in::dispatch::{Consequence, Incoming, Outcome, Running};
use crate::mail_in::floods;

const DAY: i64 = 86_400;
/// Questions that one address is mailed a day.
const QUESTIONS: i64 = 5;

/// Keeps the request and asks, unless that address was asked often already.
pub(super) struct Ask {
    park: Park,
    bucket: String,
    most: i64,
    length: i64,
    now: i64,
}

impl Ask {
    /// For a request in the name of `sender` about the event with this UID. `None`: it is too large to be kept.
    pub(super) fn new(desk: &Desk, incoming: &Incoming, purpose: Purpose, sender: &str, uid: &str) -> Option<Self> {
        let received = &incoming.received;
        let calendar = received.calendar.as_ref().filter(|calendar| calendar.text.len() <= LARGEST)?;
        let park = Park {
            purpose,
            sender: sender.to_owned(),
            name: received.from_name.as_deref().map(crate::invitations::clean::name).unwrap_or_default(),
            recipient: incoming.recipient.clone(),
            uid: uid.chars().take(500).collect(),
            message_id: received.message_id.clone(),
            calendar: calendar.text.clone(),
            method: calendar.method.clone(),
            payload: json!({}),
        };
        let bucket = desk.keys.hash(&format!("asked/{}/{sender}", purpose.word()));
        Some(Self { park, bucket, most: QUESTIONS, length: DAY, now: incoming.now })
    }

    /// The same, counted otherwise.
    pub(super) fn within(self, bucket: String, most: i64, length: i64) -> Self {
        Self { bucket, most, length, ..self }
    }

    /// The same, with what the mail has to know.
    pub(super) fn about(mut self, payload: serde_json::Value) -> Self {
        self.park.payload = payload;
        self
    }
}

impl Consequence for Ask {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> Running<'a> {
        Box::pin(async move {
            let waits = match self.park.purpose {
                // A stranger is asked once, whatever they invite the robot to.
                Purpose::Join => !joining(tx, &self.park.sender, self.now).await?.is_empty(),
                Purpose::Robot | Purpose::Answer => self.park.waits(tx, self.now).await?,
            };
            if !waits && floods::step(tx, &self.bucket, self.length, self.now).await? > self.most {
                return Ok(Outcome::ignored("the one in whose name it came was asked often already"));
            }
            Ok(match self.park.run(tx, !waits, self.now).await? {
                true => Outcome::refused("the one in whose name it came is asked whether it is meant"),
                false => Outcome::ignored("too many requests wait to be confirmed"),
            })
        })
    }
}
