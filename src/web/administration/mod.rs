//! Pages of administrators (`/admin/...`) and of a team's leads (`/lead/{team}/...`). Who may see them is decided before
//! they are asked (`server::rights`).

mod booking;
mod log;
mod outgoing;
mod people;
mod team;

use maud::{Markup, html};

pub use booking::{cancel, show as booking};
pub use log::log;
pub use outgoing::{again, outgoing};
pub use people::{copy, list as people, measure, show as person};
pub use team::team;

use super::reader::Reader;
use super::words::administration::{Administration, DE, EN};
use crate::surface::Call;

/// The words in the reader's language.
pub(super) fn words(reader: &Reader) -> &'static Administration {
    if reader.words.code == "de" { &DE } else { &EN }
}

/// The one who reads, in their own zone.
pub(super) fn reader(call: &Call, zone: Option<&str>) -> Reader {
    Reader::of(call, zone.unwrap_or("UTC"))
}

/// A field for the reason, which keeps what was typed.
fn reason_field(words: &Administration, id: &str, typed: &str, wrong: Option<&str>) -> Markup {
    html! {
        div.field {
            label for=(id) { (words.reason) }
            textarea id=(id) name="reason" maxlength="1000" aria-invalid=[wrong.map(|_| "true")]
                aria-describedby={ (id) "-hint" @if wrong.is_some() { " " (id) "-wrong" } } { (typed) }
            p.hint id={ (id) "-hint" } { (words.reason_hint) }
            @if let Some(wrong) = wrong { p.wrong id={ (id) "-wrong" } { (wrong) } }
        }
    }
}

/// What was done, or why not, at the top of the page.
fn notice(text: Option<&str>, alert: bool) -> Markup {
    html! { @if let Some(text) = text { div.notice.alert[alert] role=(if alert { "alert" } else { "status" }) { p { (text) } } } }
}
