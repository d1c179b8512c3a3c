//! `/embed/{team}` and `/embed/{team}/{type}`: open times in a frame of another site's page, if the team names that site.
//!
//! In a frame nothing is ever changed and nobody is signed in: these pages take no cookie, set none and have no form
//! that is posted. Whoever chooses a time goes on in a tab of ours, which no site can put anything over.

use http::{HeaderName, header};
use maud::{Markup, html};

use super::home::team_page;
use super::layout::Page;
use super::problems::{self, missing_for};
use super::reader::Reader;
use super::slots;
use super::subject::Subject;
use super::words::embed::{DE, EN, Embed};
use super::words::language::Words;
use crate::db::DbError;
use crate::surface::{self, Answer, Call, encode, see_other, with};
use crate::teams::Team;

/// How a page looks in another site's frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// `?theme=`: light or dark, else as the reader's device is.
    pub(super) theme: Option<&'static str>,
}

impl Frame {
    /// As the address asks.
    pub(super) fn of(call: &Call) -> Self {
        let asked = call.query();
        Self { theme: ["light", "dark"].into_iter().find(|theme| asked.get("theme") == Some(theme)) }
    }
}

/// The words in the reader's language.
pub(super) fn words(reader: &Reader) -> &'static Embed {
    words_in(reader.words)
}

/// What the way to the same page outside the frame says.
pub(super) fn own_page(words: &Words) -> &'static str {
    words_in(words).own_page
}

fn words_in(words: &Words) -> &'static Embed {
    if words.code == "de" { &DE } else { &EN }
}

/// In a frame: that a time is booked outside of it.
pub(super) fn hint(subject: &Subject) -> Markup {
    html! { @if subject.frame.is_some() { p.hint { (words(&subject.reader).new_tab_hint) } } }
}

/// Lets the sites that the team names show the page in a frame, and no other.
pub(super) fn allowed(page: Answer, team: &Team) -> Answer {
    let sites = team.embed_on.join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors {sites}"
    );
    let page = with(page, header::CONTENT_SECURITY_POLICY, &policy);
    let page = with(page, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    let page = with(page, header::VARY, "accept-language, accept-encoding");
    // Not kept: whom a copy may be shown to might have changed.
    with(page, header::CACHE_CONTROL, "no-store")
}

/// `/embed/{team}`: its kinds of session, or the times of the only one.
pub async fn team(call: Call) -> Answer {
    team_shown(&call).await.unwrap_or_else(|error| problems::unreachable(&call, &error))
}

async fn team_shown(call: &Call) -> Result<Answer, DbError> {
    let Some(facts) = surface::teams::visible(&call.desk, call.param(0), None).await? else {
        return Ok(missing_for(call));
    };
    let (team, types) = (&facts.team, facts.shown(false));
    let mut reader = Reader::of(call, &team.timezone);
    let alone = reader.link(&format!("/book/{}", encode(&team.slug)));
    if team.embed_on.is_empty() {
        return Ok(nowhere(&reader, team, &alone));
    }
    let frame = Frame::of(call);
    if let Some(theme) = frame.theme {
        reader.keep("theme", theme.to_owned());
    }
    let path = format!("/embed/{}", encode(&team.slug));
    let answer = match types.as_slice() {
        [only] => see_other(&reader.link(&format!("{path}/{}", encode(&only.slug)))),
        types => {
            let page = Page::public(&team.name).reader(&reader, &path, &[]).in_frame(frame, alone);
            page.show(&team_page(team, types, &path, &reader))
        }
    };
    Ok(allowed(answer, team))
}

/// `/embed/{team}/{type}`
pub async fn list(call: Call) -> Answer {
    let page = async {
        match subject(&call).await? {
            Ok(subject) => slots::list_page(&call, subject).await,
            Err(refusal) => Ok(*refusal),
        }
    };
    page.await.unwrap_or_else(|error| problems::unreachable(&call, &error))
}

/// `/embed/{team}/{type}/{date}`
pub async fn day(call: Call) -> Answer {
    let page = async {
        match subject(&call).await? {
            Ok(subject) => slots::day_page(&call, subject).await,
            Err(refusal) => Ok(*refusal),
        }
    };
    page.await.unwrap_or_else(|error| problems::unreachable(&call, &error))
}

/// What the page is about, or the page that says why it is not shown.
async fn subject(call: &Call) -> Result<Result<Subject, Box<Answer>>, DbError> {
    let Some(subject) = Subject::framed(call).await? else { return Ok(Err(Box::new(missing_for(call)))) };
    if subject.facts.team.embed_on.is_empty() {
        let alone = subject.reader.link_without(&subject.booking_path(), "theme");
        return Ok(Err(Box::new(nowhere(&subject.reader, &subject.facts.team, &alone))));
    }
    Ok(Ok(subject))
}

/// The team names no site. Whoever opens the address itself reads that; no frame shows it.
fn nowhere(reader: &Reader, team: &Team, alone: &str) -> Answer {
    let words = words(reader);
    let content = html! {
        h1 { (words.nowhere) }
        p { ((words.nowhere_help)(&team.name)) }
        p.soft { (words.nowhere_lead) }
        p.actions { a.button href=(alone) { (words.to_times) } }
    };
    Page::secret(words.nowhere).reader_only(reader).show(&content)
}
