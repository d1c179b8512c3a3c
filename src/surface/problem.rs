//! Every refusal that a client can meet: its code, status, title and explanation. Problem details: RFC 9457.

use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use super::{Answer, bytes, with};

/// One kind of refusal. The code is stable; the words may get better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// The last part of the problem's `type`, and the member `code`.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A few words for people.
    pub title: &'static str,
    /// What it means and what helps: the page at `/problems/{code}`.
    pub help: &'static str,
}

/// All of them, in the order in which the page lists them.
pub const PROBLEMS: &[Problem] = &[
    SLOT_TAKEN,
    TOO_LATE,
    TOO_EARLY,
    NOT_OFFERED,
    LIMIT_REACHED,
    ALREADY_BOOKED,
    OFFER_NEEDED,
    ALREADY_OFFERED,
    NOT_CHANGEABLE,
    IN_USE,
    BOOKINGS_AHEAD,
    LAST_ADMIN,
    TOO_MANY,
    NOT_ALLOWED,
    FRESH_SIGN_IN,
    INVALID,
    KEY_REUSED,
    RATE_LIMITED,
    SIGN_IN,
    BAD_REQUEST,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    TIMEOUT,
    TOO_LARGE,
    MEDIA_TYPE,
    INTERNAL,
    UNAVAILABLE,
];

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $code:literal $status:literal $title:literal, $help:literal;)*) => {$(
        $(#[$doc])*
        pub const $name: Problem = Problem { code: $code, status: $status, title: $title, help: $help };
    )*};
}

problems! {
    /// Somebody was faster, or the time was taken meanwhile.
    SLOT_TAKEN = "slot-taken" 409 "This time has just been taken",
        "Somebody else booked this time a moment before. The answer lists the nearest times that are still open; pick one of them and send the booking again.";
    /// Inside the notice, or in the past.
    TOO_LATE = "too-late" 409 "It is too late for this time",
        "Every session needs some notice, and this one starts too soon (or has started already). The answer lists later times that are open.";
    /// The session has not begun.
    TOO_EARLY = "too-early" 409 "The session has not begun yet",
        "How a session went can be said once it has begun.";
    /// No offer covers it.
    NOT_OFFERED = "not-offered" 409 "This time is not on offer",
        "No host offers a session of this type at this time. Ask for the team's slots and use one of their starts exactly as given.";
    /// A cap of host or team.
    LIMIT_REACHED = "limit-reached" 409 "No more sessions fit that day",
        "Hosts can say how many sessions they take a day or a week, and that many are booked. Another day works.";
    /// The guest has a session then.
    ALREADY_BOOKED = "already-booked" 409 "You already have a session then",
        "One person cannot be in two sessions at once. Cancel or move the other one, or pick another time.";
    /// Booked sessions need the offer.
    OFFER_NEEDED = "offer-needed" 409 "Booked sessions need this time",
        "With this change booked sessions would lie outside everything their host offers. The member `sessions` lists them; move or cancel them first.";
    /// The time is offered already.
    ALREADY_OFFERED = "already-offered" 409 "This time is offered already",
        "Another offer covers some of this time for the same sessions. The members `start` and `end` say which; change that offer, or choose another time.";
    /// Not here, or not now.
    NOT_CHANGEABLE = "not-changeable" 409 "This cannot be changed here",
        "The event comes from a calendar elsewhere, repeats in a way that only a calendar app can change, was changed meanwhile, or its calendar takes no more. The detail says which.";
    /// It cannot be removed.
    IN_USE = "in-use" 409 "Sessions belong to it, so it stays",
        "Only a team or a session type with which nothing was ever booked can be removed. Set `active` to false to switch any other one off.";
    /// A host would leave bookings behind.
    BOOKINGS_AHEAD = "bookings-ahead" 409 "They have bookings ahead as host",
        "Say what becomes of these: `bookings` is `cancel` (with a `reason`, which is mailed to everybody) or `keep`. Nothing was changed.";
    /// Somebody must be able to look after everything.
    LAST_ADMIN = "last-admin" 409 "This is the last administrator",
        "Somebody must be able to look after everything. Make somebody else administrator first (`openhour person add EMAIL --admin`).";
    /// There are as many as there may be.
    TOO_MANY = "too-many" 409 "There are as many already as there may be",
        "Remove one that is no longer used, and try again.";
    /// A token is not enough for this.
    FRESH_SIGN_IN = "fresh-sign-in" 403 "This needs a fresh sign-in",
        "A token proves no fresh sign-in. Give the present password as `current`, or do it in the browser at `/password` right after signing in.";
    /// Who asks may not do this.
    NOT_ALLOWED = "not-allowed" 403 "That is not possible for you here",
        "Some teams take bookings from their members only. Sign in with an address the team knows, or ask the team to add you.";
    /// Fields with mistakes.
    INVALID = "invalid" 422 "Something in the request needs another look",
        "The member `errors` lists each field with what is wrong with it. Nothing was changed; correct the fields and send the request again.";
    /// Idempotency-Key with another body.
    KEY_REUSED = "key-reused" 422 "This Idempotency-Key was used for something else",
        "An Idempotency-Key belongs to one request. Repeat that request with exactly the same body, or send this one with a new key.";
    /// Too many tries.
    RATE_LIMITED = "rate-limited" 429 "That was a bit much at once",
        "There were many requests in a short time. The header Retry-After says how many seconds to wait.";
    /// Credentials are missing or wrong.
    SIGN_IN = "sign-in" 401 "Please sign in first",
        "This needs to know who you are. Use a sign-in link in the browser, your address and an app password in a calendar app, and in the API a token as Authorization: Bearer.";
    /// A request nobody could read.
    BAD_REQUEST = "bad-request" 400 "The request could not be read",
        "The body is not what this address takes: JSON for the API, form fields for pages. The detail says where reading stopped.";
    /// Nothing here.
    NOT_FOUND = "not-found" 404 "There is nothing here",
        "The address may be mistyped or no longer in use. Links to a booking work until 30 days after its end.";
    /// Another method would do.
    METHOD_NOT_ALLOWED = "method-not-allowed" 405 "This address takes other methods",
        "The header Allow lists the methods that work here.";
    /// The body took too long.
    TIMEOUT = "timeout" 408 "The request took too long to arrive",
        "A request has 30 seconds to arrive in full. Try again, perhaps over a better connection.";
    /// The body is too big.
    TOO_LARGE = "too-large" 413 "The request is too large",
        "Forms and JSON may have 64 KiB, CalDAV requests 256 KiB and calendar objects 1 MiB.";
    /// Not JSON.
    MEDIA_TYPE = "media-type" 415 "The API takes JSON",
        "Send the body with Content-Type: application/json.";
    /// Our fault.
    INTERNAL = "internal" 500 "Something broke on our side",
        "Nothing was changed. Try again; if it stays so, tell the people who run this server the request's id.";
    /// Not just now.
    UNAVAILABLE = "unavailable" 503 "Just a moment, please",
        "The server is starting, stopping or waiting for its database. Try again in a few seconds.";
}

/// The problem with a code.
pub fn by_code(code: &str) -> Option<&'static Problem> {
    PROBLEMS.iter().find(|problem| problem.code == code)
}

impl Problem {
    /// The status for HTTP.
    pub fn http_status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The answer in `application/problem+json`; `more` holds further members such as `errors` and `alternatives`.
    pub fn answer(&self, public_url: &str, detail: Option<&str>, more: Map<String, Value>) -> Answer {
        let mut body = json!({
            "type": format!("{public_url}/problems/{}", self.code),
            "code": self.code,
            "title": self.title,
            "status": self.status,
        });
        if let Value::Object(members) = &mut body {
            if let Some(detail) = detail {
                members.insert("detail".into(), detail.into());
            }
            members.extend(more);
        }
        let answer = bytes(self.http_status(), "application/problem+json", body.to_string());
        with(answer, header::CACHE_CONTROL, "no-store")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_and_explained() {
        for problem in PROBLEMS {
            assert_eq!(PROBLEMS.iter().filter(|other| other.code == problem.code).count(), 1, "{}", problem.code);
            assert!(problem.help.len() > 20 && problem.title.len() > 5, "{}", problem.code);
            assert_eq!(by_code(problem.code), Some(problem));
        }
    }

    #[test]
    fn an_answer_carries_type_code_and_what_is_added() {
        let more = Map::from_iter([("alternatives".to_owned(), json!([]))]);
        let answer = SLOT_TAKEN.answer("https://book.example", Some("x"), more);
        assert_eq!(answer.status(), 409);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(body["type"], "https://book.example/problems/slot-taken");
        assert_eq!(body["code"], "slot-taken");
        assert_eq!(body["alternatives"], json!([]));
    }
}
