//! `/mail`: what a demo without a mail server would have sent. Only for somebody sitting at this machine.

use http::{HeaderName, StatusCode, header};
use maud::{Markup, PreEscaped, html};

use super::encoded_words::decode;
use super::layout::Page;
use super::reader::Reader;
use super::times::machine;
use super::{failed, missing};
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
pub(super) fn is_allowed(call: &Call) -> bool {
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
    let reader = Reader::of(&call, "UTC");
    let own = reader.words.own;
    let content = html! {
        h1 { (own.mail) }
        p.lead { (own.mail_lead) }
        p { a href=(reader.link("/mail/samples")) { (own.mail_samples) } }
        @if mails.is_empty() { p { (own.no_mail) } }
        ul.cards {
            @for mail in &mails {
                li {
                    a href=(reader.link(&format!("/mail/{}", mail.id))) { (mail.subject) }
                    p.hint {
                        (own.to) " " (mail.recipient) " · "
                        time datetime=(machine(mail.composed)) {
                            (reader.day(mail.composed)) ", " (reader.clock(mail.composed)) " " (reader.zone.label())
                        }
                    }
                }
            }
        }
    };
    Page::secret(own.mail).reader(&reader, "/mail", &[]).show(&content)
}

/// `/mail/{id}`
pub async fn one(call: Call) -> Answer {
    let mail = match find(&call).await {
        Ok(Some(mail)) => mail,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    let reader = Reader::of(&call, "UTC");
    let back = (reader.link("/mail"), reader.words.own.all_mail);
    let base = format!("/mail/{}", call.param(0));
    page_with_frame(&call, &reader, &mail_page(&reader, back, &base, &parts(&mail)))
}

/// A page that may show a mail's own page in a frame.
pub(super) fn page_with_frame(call: &Call, reader: &Reader, content: &Markup) -> Answer {
    let page = Page::secret(reader.words.own.mail).reader(reader, call.uri.path(), &[]);
    let mut answer = page.show(content);
    set(&mut answer, header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
    answer
}

/// A mail as its recipient gets it, and what is in it. `back`: address and words of the list; `base`: of this mail.
pub(super) fn mail_page(reader: &Reader, back: (String, &str), base: &str, mail: &Parts) -> Markup {
    let own = reader.words.own;
    let shown = ["From", "To", "Reply-To", "Date"];
    let header = |name: &str| mail.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
    html! {
        p.back { a href=(back.0) { (back.1) } }
        h1 { (header("Subject").map_or_else(|| own.mail.to_owned(), |(_, value)| decode(value))) }
        dl.facts {
            @for name in shown {
                @if let Some((_, value)) = header(name) { dt { (name) } dd { (decode(value)) } }
            }
        }
        @if mail.html.is_some() {
            h2 { (own.as_html) }
            iframe src={ (base) "/html" } title=(own.as_html)
                sandbox="allow-popups allow-popups-to-escape-sandbox" {}
        }
        @if let Some(plain) = &mail.plain {
            h2 { (own.plain_text) }
            pre { (linked(plain)) }
        }
        @if let Some(calendar) = &mail.calendar {
            h2 { (own.calendar_part) }
            pre tabindex="0" { (calendar) }
        }
        p.actions { a.button.quiet href={ (base) "/raw" } { (own.download_mail) } }
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
        Ok(Some(mail)) => framed(&mail),
        Ok(None) => missing(),
        Err(error) => failed(&call, &error),
    }
}

/// A mail's own page, with a policy of its own.
pub(super) fn framed(mail: &[u8]) -> Answer {
    let page = parts(mail).html.unwrap_or_default();
    // Links open beside the frame instead of inside it.
    let page = html! { base target="_blank"; (PreEscaped(page)) };
    let mut answer = surface::html(StatusCode::OK, page.into_string());
    set(&mut answer, header::CONTENT_SECURITY_POLICY, FRAME_POLICY);
    set(&mut answer, HeaderName::from_static("cross-origin-opener-policy"), "unsafe-none");
    answer
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
