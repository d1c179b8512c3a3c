//! `/your-data`: a copy of everything about oneself, how long things are kept, and erasure.

use http::{StatusCode, header};
use maud::{Markup, html};

use super::book::field;
use super::failed;
use super::layout::Page;
use super::reader::Reader;
use super::visitor::{give_cookie, required, submitting, token_field};
use crate::desk::conduct::MeasureRefused;
use crate::own_data::{self, CopyRefused};
use crate::people::web_sessions::SignedIn;
use crate::people::{Person, PersonId};
use crate::surface::{Answer, Call, bytes, set, with};

const DAY: i64 = 86_400;

/// Why the page is shown again.
#[derive(Default)]
struct Wrong<'a> {
    copy: Option<&'a str>,
    erase: Option<&'a str>,
    typed: &'a str,
}

/// `GET /your-data`
pub async fn show(call: Call) -> Answer {
    match required(&call).await {
        Ok(visitor) => page(&call, &visitor, &Wrong::default()),
        Err(answer) => answer,
    }
}

fn page(call: &Call, visitor: &SignedIn, wrong: &Wrong<'_>) -> Answer {
    let reader = Reader::own(call, visitor.person.timezone.as_deref(), "UTC");
    let (words, account) = (reader.words, reader.words.account);
    let config = &call.desk.config;
    let content = html! {
        p.back { a href=(reader.link("/host")) { (words.your_time) } }
        h1 { (account.your_data) }
        p.lead { (account.your_data_lead) }
        @if let Some(wrong) = wrong.copy { div.notice.alert role="alert" { p { (wrong) } } }
        h2 { (account.get_copy) }
        p { (account.get_copy_help) }
        form method="post" action=(reader.link("/your-data/copy")) {
            (token_field(call, visitor))
            p.actions { button type="submit" { (account.get_copy_button) } }
        }
        h2 { (account.kept_here) }
        ul {
            li { ((account.sessions_are_kept)(config.keep_bookings / DAY)) }
            li { ((account.sent_mail_is_kept)(config.keep_sent_mail / DAY)) }
            li { ((account.mail_log_is_kept)(config.keep_mail_log / DAY)) }
        }
        (erasure(call, visitor, &reader, wrong))
    };
    let again = wrong.copy.or(wrong.erase).is_some();
    let status = if again { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::secret(account.your_data).status(status).reader(&reader, "/your-data", &[]);
    page.visitor(Some(&visitor.person)).show(&content)
}

fn erasure(call: &Call, visitor: &SignedIn, reader: &Reader, wrong: &Wrong<'_>) -> Markup {
    let account = reader.words.account;
    html! {
        h2 #erase { (account.erase) }
        p { (account.erase_help) }
        ul { @for line in account.erase_lines { li { (line) } } }
        form method="post" action=(reader.link("/your-data/erase")) {
            (token_field(call, visitor))
            (field("address", account.type_address, Some(&visitor.person.email), wrong.erase, |described| html! {
                input #address type="email" name="address" value=(wrong.typed) autocomplete="off" required
                    maxlength="254" aria-invalid=[wrong.erase.map(|_| "true")] aria-describedby=[described];
            }))
            p.actions { button.danger type="submit" { (account.erase_button) } }
        }
    }
}

/// `POST /your-data/copy`
pub async fn copy(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match download(&call, &visitor.person, visitor.person.id).await {
        Ok(answer) => answer,
        Err(CopyRefused::TooLarge) => {
            let words = Reader::of(&call, "UTC").words;
            page(&call, &visitor, &Wrong { copy: Some(words.account.copy_too_large), ..Wrong::default() })
        }
        Err(CopyRefused::Db(error)) => failed(&call, &error),
    }
}

/// The copy of a person's data as a file, asked for by somebody.
pub(super) async fn download(call: &Call, person: &Person, actor: PersonId) -> Result<Answer, CopyRefused> {
    let copy = own_data::copy(&call.desk, person, Some(actor)).await?;
    let mut answer = with(bytes(StatusCode::OK, "application/zip", copy), header::CACHE_CONTROL, "no-store");
    set(&mut answer, header::CONTENT_DISPOSITION, "attachment; filename=\"openhour-data.zip\"");
    Ok(answer)
}

/// `POST /your-data/erase`
pub async fn erase(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let form = call.form();
    let reader = Reader::of(&call, "UTC");
    let (words, account) = (reader.words, reader.words.account);
    let typed = form.text("address");
    let again = |wrong| page(&call, &visitor, &Wrong { erase: Some(wrong), typed, ..Wrong::default() });
    if typed.to_lowercase() != visitor.person.email {
        return again(account.type_address_wrong);
    }
    match own_data::erase(&call.desk, visitor.person.id).await {
        Ok(_) | Err(MeasureRefused::Unknown) => {
            let content = html! {
                h1 { (account.erased) }
                p.lead { (account.erased_help) }
                p.actions { a.button.quiet href=(reader.link("/")) { (words.to_start) } }
            };
            let mut answer = Page::secret(account.erased).reader_only(&reader).show(&content);
            give_cookie(&call, &mut answer, None);
            answer
        }
        Err(MeasureRefused::LastAdmin) => again(account.erase_last_admin),
        Err(MeasureRefused::Busy) => again(account.erase_busy),
        Err(MeasureRefused::Db(error)) => failed(&call, &error),
    }
}
