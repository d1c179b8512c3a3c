//! What an answer of a calendar's server comes to.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, header};

use super::problem::Problem;
use crate::http_client::public::{Fetched, NotFetched};

/// The longest wait that a server's Retry-After gets us to, seconds.
const LONGEST: i64 = 86_400;
/// Characters of a validator that are kept.
const VALIDATOR: usize = 500;

/// What an answer comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing has changed since it was read last.
    Unchanged,
    /// A text to be read.
    Text {
        /// What was sent, unpacked.
        bytes: Bytes,
        /// ETag and Last-Modified, for the next question.
        validators: Validators,
    },
    /// Nothing that can be used.
    Failed {
        /// Why.
        problem: Problem,
        /// Seconds for which the server asked to be left alone.
        wait: Option<i64>,
    },
}

/// What tells a server which version we have. RFC 9110 §8.8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Validators {
    pub(super) etag: Option<String>,
    pub(super) modified: Option<String>,
}

impl Validators {
    fn of(headers: &HeaderMap) -> Self {
        let value = |name: HeaderName| {
            let value = headers.get(name)?.to_str().ok()?;
            (!value.is_empty() && value.len() <= VALIDATOR).then(|| value.to_owned())
        };
        Self { etag: value(header::ETAG), modified: value(header::LAST_MODIFIED) }
    }

    /// The header fields that ask for news only.
    pub(super) fn conditions(&self) -> Vec<(HeaderName, String)> {
        let etag = self.etag.iter().map(|etag| (header::IF_NONE_MATCH, etag.clone()));
        etag.chain(self.modified.iter().map(|at| (header::IF_MODIFIED_SINCE, at.clone()))).collect()
    }

    fn is_empty(&self) -> bool {
        self.etag.is_none() && self.modified.is_none()
    }
}

/// Judges an answer to a question with these validators.
pub(super) fn verdict(answer: Result<Fetched, NotFetched>, asked: &Validators, now: i64) -> Verdict {
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => return Verdict::Failed { problem: problem(&why), wait: None },
    };
    let failed = |problem| Verdict::Failed { problem, wait: None };
    match answer.status.as_u16() {
        200 if is_web_page(&answer.body) => failed(Problem::WebPage),
        200 if answer.body.is_empty() => failed(Problem::NoCalendar),
        200 => Verdict::Text { validators: Validators::of(&answer.headers), bytes: answer.body },
        304 if !asked.is_empty() => Verdict::Unchanged,
        401 | 403 | 407 => failed(Problem::Locked),
        404 | 410 => failed(Problem::Gone),
        429 | 503 => Verdict::Failed { problem: Problem::Later, wait: retry_after(&answer.headers, now) },
        500..=599 => failed(Problem::ServerFailed),
        _ => failed(Problem::Odd),
    }
}

fn problem(why: &NotFetched) -> Problem {
    match why {
        NotFetched::Forbidden => Problem::Forbidden,
        NotFetched::Redirects => Problem::Redirects,
        NotFetched::TooLarge => Problem::TooLarge,
        NotFetched::Slow => Problem::Slow,
        NotFetched::Broken(_) => Problem::Unreachable,
        NotFetched::Packed => Problem::Odd,
    }
}

/// Whatever the content type says: people paste addresses that lead to a form to sign in.
fn is_web_page(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

/// RFC 9110 §10.2.3.
fn retry_after(headers: &HeaderMap, now: i64) -> Option<i64> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let at = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
            i64::try_from(at.as_secs()).ok()?.saturating_sub(now)
        }
    };
    (seconds > 0).then(|| seconds.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, StatusCode};

    use super::*;

    const NOW: i64 = 1_795_000_000;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &'static [u8]) -> Result<Fetched, NotFetched> {
        let fields =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
        let status = StatusCode::from_u16(status).unwrap();
        Ok(Fetched { status, headers: fields.collect(), body: Bytes::from_static(body) })
    }

    fn failed(answer: Result<Fetched, NotFetched>) -> (&'static str, Option<i64>) {
        match verdict(answer, &Validators::default(), NOW) {
            Verdict::Failed { problem, wait } => (problem.word(), wait),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn answers_are_told_apart() {
        for (status, word) in [
            (401, "locked"),
            (403, "locked"),
            (404, "gone"),
            (410, "gone"),
            (429, "later"),
            (503, "later"),
            (500, "server-failed"),
            (502, "server-failed"),
            (204, "odd"),
            (300, "odd"),
            (418, "odd"),
            (304, "odd"),
        ] {
            assert_eq!(failed(answer(status, &[], b"")), (word, None), "{status}");
        }
        assert_eq!(
            failed(answer(200, &[("content-type", "text/calendar")], b"\xEF\xBB\xBF\n <!doctype html>")).0,
            "web-page"
        );
        assert_eq!(failed(answer(200, &[], b"")).0, "no-calendar");
        let asked = Validators { etag: Some("\"a\"".into()), modified: None };
        assert_eq!(verdict(answer(304, &[], b""), &asked, NOW), Verdict::Unchanged);
        let text =
            verdict(answer(200, &[("content-type", "text/html"), ("etag", "\"b\"")], b"BEGIN:VCALENDAR"), &asked, NOW);
        let Verdict::Text { validators, .. } = text else { panic!("{text:?}") };
        assert_eq!(validators.conditions(), [(header::IF_NONE_MATCH, "\"b\"".to_owned())]);
    }

    #[test]
    fn a_server_may_ask_for_a_day_at_most() {
        let wait = |text: &str| failed(answer(429, &[("retry-after", text)], b"")).1;
        assert_eq!(wait("3600"), Some(3600));
        assert_eq!(wait("99999999"), Some(LONGEST));
        let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_secs(NOW as u64 + 120));
        assert_eq!(wait(&date), Some(120));
        for none in ["0", "-5", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            assert_eq!(wait(none), None, "{none}");
        }
    }
}
