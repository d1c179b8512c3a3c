//! Asking for a sign-in link by mail.
//!
//! Whether anybody has the address does not show: known or not, the same statements run and a job is queued. The job of
//! an unknown address finds no request and ends.

use serde_json::json;

use super::Desk;
use crate::db::{AsDbError, Command, DbError, Tx, new_id};
use crate::jobs::{NewJob, enqueue};
use crate::keys;
use crate::people::attempts::{Limit, network};
use crate::people::sign_in::{LINK_LIFETIME, ask};

/// Links for one address.
const PER_ADDRESS: Limit = Limit { most: 5, length: 3_600 };
/// Links asked for from one network; a classroom signs in from one.
const PER_NETWORK: Limit = Limit { most: 60, length: 3_600 };

/// Why no link is mailed.
#[derive(Debug)]
pub enum AskRefused {
    /// Too many were asked for; so many seconds to wait.
    TooMany(i64),
    /// The database failed.
    Db(DbError),
}

impl From<DbError> for AskRefused {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for AskRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            Self::TooMany(_) => None,
        }
    }
}

/// Has a link mailed to this valid, lower-case address, if somebody has it. `client`: the asking client's address;
/// `browser`: the secret in the asking browser's cookie.
///
/// # Errors
/// [`AskRefused`].
pub async fn mail_link(desk: &Desk, email: &str, client: &str, browser: &str) -> Result<(), AskRefused> {
    let bucket = |text: String| desk.keys.hash(&text);
    let limits = vec![
        (bucket(format!("sign-in/mail/{email}")), PER_ADDRESS),
        (bucket(format!("sign-in/from/{}", network(client))), PER_NETWORK),
    ];
    let limits = if desk.config.rate_limits { limits } else { Vec::new() };
    let ask = Ask { email: email.to_owned(), browser: keys::digest(browser), limits, now: desk.clock.now() };
    desk.db.run(ask).await
}

struct Ask {
    email: String,
    browser: Vec<u8>,
    limits: Vec<(String, Limit)>,
    now: i64,
}

impl Command for Ask {
    type Output = ();
    type Refusal = AskRefused;

    async fn run(&self, tx: &mut Tx) -> Result<(), AskRefused> {
        for (bucket, limit) in &self.limits {
            if limit.count(tx, bucket, self.now).await? > limit.most {
                return Err(AskRefused::TooMany(limit.wait(self.now)));
            }
        }
        let request = new_id();
        ask(tx, &self.email, request, &self.browser, self.now + LINK_LIFETIME).await?;
        let job = NewJob {
            key: format!("sign-in-mail/{request}"),
            kind: "sign-in-mail",
            payload: json!({"request": request}),
            lane: format!("sign-in/{request}"),
            after: None,
            due: self.now,
        };
        enqueue(tx, &job, self.now).await?;
        Ok(())
    }
}
