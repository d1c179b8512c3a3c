//! `/mail/samples`: every letter there is, in every language, with invented people. Where captured mail is shown.

use maud::html;

use super::captured_mail::{framed, is_allowed, mail_page, page_with_frame};
use super::layout::Page;
use super::missing;
use super::reader::Reader;
use crate::language::Language;
use crate::mail::{Sample, parts, sample, samples};
use crate::surface::{self, Answer, Call};

/// `/mail/samples`
pub async fn list(call: Call) -> Answer {
    if !is_allowed(&call) {
        return missing();
    }
    let reader = Reader::of(&call, "UTC");
    let own = reader.words.own;
    let content = html! {
        p.back { a href=(reader.link("/mail")) { (own.all_mail) } }
        h1 { (own.mail_samples) }
        p.lead { (own.mail_samples_lead) }
        @for language in Language::ALL {
            h2 #(language.code()) { (own_name(language)) }
            ul {
                @for Sample { name, subject, recipient } in samples(&call.desk, language) {
                    li {
                        a href=(reader.link(&format!("/mail/samples/{}/{name}", language.code()))) lang=(language.code()) { (subject) }
                        span.hint { " " (name) ", " (own.to) " " (recipient) }
                    }
                }
            }
        }
    };
    Page::secret(own.mail_samples).reader(&reader, "/mail/samples", &[]).show(&content)
}

/// `/mail/samples/{language}/{name}`
pub async fn one(call: Call) -> Answer {
    let Some(mail) = find(&call) else { return missing() };
    let reader = Reader::of(&call, "UTC");
    let back = (reader.link("/mail/samples"), reader.words.own.mail_samples);
    let base = format!("/mail/samples/{}/{}", call.param(0), call.param(1));
    page_with_frame(&call, &reader, &mail_page(&reader, back, &base, &parts(&mail)))
}

/// `/mail/samples/{language}/{name}/html`: the mail's own page, for the frame.
pub async fn page(call: Call) -> Answer {
    find(&call).map_or_else(missing, |mail| framed(&mail))
}

/// `/mail/samples/{language}/{name}/raw`: the mail as it would go out.
pub async fn raw(call: Call) -> Answer {
    find(&call).map_or_else(missing, |mail| surface::file("message/rfc822", "mail.eml", mail))
}

fn find(call: &Call) -> Option<Vec<u8>> {
    let language = call.param(0).parse().ok().filter(|_| is_allowed(call))?;
    sample(&call.desk, language, call.param(1))
}

fn own_name(language: Language) -> &'static str {
    super::words::language::spoken(language.code()).map_or("", |words| words.own_name)
}
