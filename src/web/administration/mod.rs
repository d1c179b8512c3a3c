//! Pages of administrators (`/admin/...`) and of a team's leads (`/lead/{team}/...`). Who may see them is decided before
//! they are asked (`server::rights`).

mod booking;
mod booking_changes;
mod entered;
mod log;
mod members;
mod new_person;
mod on_behalf;
mod on_your_site;
mod open_slots;
mod outgoing;
mod people;
mod server;
mod session_types;
mod team;
mod team_settings;
mod timeline;

use maud::{Markup, html};

pub use booking::show as booking;
pub use booking_changes::{approve, cancel, outcome, reassign, reject, reschedule, resend};
pub use log::log;
pub use members::{add_member, member, members, save_member};
pub use new_person::add as add_person;
pub use on_behalf::{host_books, host_form, lead_books, lead_form};
pub use open_slots::{show as open_slots, take_back};
pub use outgoing::{again, outgoing};
pub use people::{copy, list as people, measure, show as person};
pub use server::server;
pub use session_types::{new_type, save_type, session_type, types};
pub use team::team;
pub use team_settings::{create, list as teams, save_settings, settings};

use super::reader::Reader;
use super::words::administration::{Administration, DE, EN};
use super::words::teams::{self as team_pages, TeamWords};
use crate::surface::{Call, encode};
use crate::teams::Team;

/// The words in the reader's language.
pub(super) fn words(reader: &Reader) -> &'static Administration {
    if reader.words.code == "de" { &DE } else { &EN }
}

/// The words of the pages about teams in the reader's language.
pub(super) fn team_words(reader: &Reader) -> &'static TeamWords {
    if reader.words.code == "de" { &team_pages::DE } else { &team_pages::EN }
}

/// The ways between a team's pages; `here` is the one that shows it.
pub(super) fn team_nav(reader: &Reader, team: &Team, here: &str) -> Markup {
    let words = team_words(reader);
    let base = format!("/lead/{}", encode(&team.slug));
    let pages =
        [("", words.sessions), ("members", words.members), ("types", words.types), ("settings", words.settings)];
    html! {
        nav.tabs aria-label=(words.this_team) {
            @for (part, name) in pages {
                @let path = if part.is_empty() { base.clone() } else { format!("{base}/{part}") };
                a href=(reader.link(&path)) aria-current=[(part == here).then_some("page")] { (name) }
            }
        }
    }
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
            p.hint id={ (id) "-hint" } { (words.reason_hint) }
            textarea id=(id) name="reason" maxlength="1000" aria-invalid=[wrong.map(|_| "true")]
                aria-describedby={ (id) "-hint" @if wrong.is_some() { " " (id) "-wrong" } } { (typed) }
            @if let Some(wrong) = wrong { p.wrong id={ (id) "-wrong" } { (wrong) } }
        }
    }
}

/// What was done, or why not, at the top of the page.
fn notice(text: Option<&str>, alert: bool) -> Markup {
    html! { @if let Some(text) = text { div.notice.alert[alert] role=(if alert { "alert" } else { "status" }) { p { (text) } } } }
}
