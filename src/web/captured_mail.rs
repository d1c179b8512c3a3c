//! `/mail`: what a demo without a mail server would have sent. Only for somebody sitting at this machine.

use http::{HeaderName, StatusCode, header};
use maud::{Markup, PreEscaped, html};

use super::encoded_words::decode;
use super::layout::Page;
use super::times::{Zone, machine};
use super::{failed, missing, words};
use crate::db::DbError;
use crate::mail::{Parts, captured, parts};
use crate::surface::{self, Answer, Call, set};

/// Mails on the list.
const MOST: i64 = 200;
/// The mail's own page inside the frame: styles of its own, nothing loaded, nothing run.
const FRAME_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
                            form-action 'none'; frame-ancestors 'self'; \
                            sandbox allow-popups allow-popups-to-escape-sandbox";
/// The page around the frame.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; \
                           form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Whether the page is there at all: in a demo, for this machine, under this machine's name (another name in `Host`
/// would be somebody's web page pointing here).
fn is_allowed(call: &Call) -> bool {
    let host = call.header(header::HOST).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).trim_matches(['[', ']']);
    let local = name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    call.desk.config.demo && call.client.is_loopback() && local
}

/// `/mail`
pub async fn list(call: Call) -> Answer {
    if !is_allowed(&call) {
        return missing();
    }
    let mails = async { captured::list(&mut call.desk.db.read().await?, MOST).await };
    let mails = match mails.await {
        Ok(mails) => mails,
        Err(error) => return failed(&call, &error),
    };
    let zone = Zone::choose(None, "UTC");
    let now = call.desk.clock.now();
    let content = html! {
        h1 { (words::MAIL) }
        p.lead { (words::MAIL_LEAD) }
        @if mails.is_empty() { p { (words::NO_MAIL) } }
        ul.cards {
            @for mail in &mails {
                li {
                    a href={ "/mail/" (mail.id) } { (mail.subject) }
                    p.hint {
                        (words::TO) " " (mail.recipient) " · "
                        time datetime=(machine(mail.composed)) {
                            (zone.long_day(mail.composed, now)) ", " (zone.clock(mail.composed)) " UTC"
                        }
                    }
                }
            }
        }
    };
    Page::secret(words::MAIL).show(&content)
}

/// `/mail/{id}`
pub async fn one(call: Call) -> Answer {
    let mail = match find(&call).await {
        Ok(Some(mail)) => mail,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    let mail = parts(&mail);
    let mut answer = Page::secret(words::MAIL).show(&mail_page(call.param(0), &mail));
    set(&mut answer, header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
    answer
}

fn mail_page(id: &str, mail: &Parts) -> Markup {
    let shown = ["From", "To", "Reply-To", "Date"];
    let header = |name: &str| mail.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
    html! {
        p.back { a href="/mail" { (words::ALL_MAIL) } }
        h1 { (header("Subject").map_or_else(|| words::MAIL.to_owned(), |(_, value)| decode(value))) }
        dl.facts {
            @for name in shown {
                @if let Some((_, value)) = header(name) { dt { (name) } dd { (decode(value)) } }
            }
        }
        @if let Some(plain) = &mail.plain {
            h2 { (words::PLAIN_TEXT) }
            pre { (linked(plain)) }
        }
        @if mail.html.is_some() {
            h2 { (words::AS_HTML) }
            iframe src={ "/mail/" (id) "/html" } title=(words::AS_HTML)
                sandbox="allow-popups allow-popups-to-escape-sandbox" {}
        }
        @if let Some(calendar) = &mail.calendar {
            h2 { (words::CALENDAR_PART) }
            pre tabindex="0" { (calendar) }
        }
        p.actions { a.button.quiet href={ "/mail/" (id) "/raw" } { (words::DOWNLOAD_MAIL) } }
    }
}

/// Text with its web addresses as links.
fn linked(text: &str) -> Markup {
    html! {
        @for piece in text.split_inclusive(char::is_whitespace) {
            @let word = piece.trim_end();
            @if word.starts_with("http://") || word.starts_with("https://") {
                a href=(word) { (word) } (&piece[word.len()..])
            } @else { (piece) }
        }
    }
}

/// `/mail/{id}/html`: the mail's own page, for the frame.
pub async fn page(call: Call) -> Answer {
    match find(&call).await {
        Ok(Some(mail)) => {
            let page = parts(&mail).html.unwrap_or_default();
            // Links open beside the frame instead of inside it.
            let page = html! { base target="_blank"; (PreEscaped(page)) };
            let mut answer = surface::html(StatusCode::OK, page.into_string());
            set(&mut answer, header::CONTENT_SECURITY_POLICY, FRAME_POLICY);
            set(&mut answer, HeaderName::from_static("cross-origin-opener-policy"), "unsafe-none");
            answer
        }
        Ok(None) => missing(),
        Err(error) => failed(&call, &error),
    }
}

/// `/mail/{id}/raw`: the mail as it would have gone out.
pub async fn raw(call: Call) -> Answer {
    match find(&call).await {
        Ok(Some(mail)) => surface::file("message/rfc822", "mail.eml", mail),
        Ok(None) => missing(),
        Err(error) => failed(&call, &error),
    }
}

async fn find(call: &Call) -> Result<Option<Vec<u8>>, DbError> {
    let Some(id) = call.param(0).parse().ok().filter(|_| is_allowed(call)) else { return Ok(None) };
    captured::one(&mut call.desk.db.read().await?, id).await
}
