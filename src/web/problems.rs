//! Pages that say what went wrong, and `/problems/{code}`, where a problem's `type` leads.

use http::{StatusCode, header};
use maud::html;

use super::layout::Page;
use super::reader::Reader;
use super::words::en::EN;
use super::words::language::Words;
use crate::db::DbError;
use crate::surface::problem::{self, Problem};
use crate::surface::{Answer, Call, with};

/// A refusal as a page.
pub fn refusal(problem: &Problem, detail: Option<&str>) -> Answer {
    told(&EN, problem, detail)
}

fn told(words: &'static Words, problem: &Problem, detail: Option<&str>) -> Answer {
    let (title, text) = match problem.status {
        404 => (words.not_found, words.not_found_help),
        405 => (words.wrong_way, words.wrong_way_help),
        403 => (words.not_allowed, words.not_allowed_help),
        _ => (problem.title, problem.help),
    };
    let content = html! {
        h1 { (title) }
        p { (text) }
        @if let Some(detail) = detail { p.soft { (detail) } }
        p.actions { a.button.quiet href="/" { (words.to_start) } }
    };
    Page::secret(title).words(words).status(problem.http_status()).show(&content)
}

/// `/problems/{code}`
pub async fn explain(call: Call) -> Answer {
    let Some(problem) = problem::by_code(call.param(0)) else {
        return refusal(&problem::NOT_FOUND, None);
    };
    let content = html! {
        h1 { (problem.title) }
        p { (problem.help) }
        dl.facts {
            dt { "Code" } dd { code { (problem.code) } }
            dt { "Status" } dd { (problem.status) }
        }
        h2 { "All problems" }
        ul { @for other in problem::PROBLEMS { li { a href={ "/problems/" (other.code) } { (other.code) } " · " (other.title) } } }
    };
    Page::public(problem.title).status(StatusCode::OK).show(&content)
}

/// Nothing is here, or nothing for this visitor.
pub(super) fn missing() -> Answer {
    refusal(&problem::NOT_FOUND, None)
}

/// The same in the language of the one who asks.
pub(super) fn missing_for(call: &Call) -> Answer {
    told(Reader::of(call, "UTC").words, &problem::NOT_FOUND, None)
}

/// What is open cannot be told, for the calendars cannot be read: try again, at the same address.
pub(super) fn unreachable(call: &Call, error: &DbError) -> Answer {
    tracing::error!(id = call.id, %error, "the calendars cannot be read");
    let reader = Reader::of(call, "UTC");
    let words = reader.words;
    let here = call.uri.path_and_query().map_or("/", |here| here.as_str());
    let content = html! {
        h1 { (words.unreachable) }
        p { (words.unreachable_help) }
        p.actions {
            a.button href=(here) { (words.try_again) }
            a.button.quiet href="/" { (words.to_start) }
        }
        p.soft { ((words.request)(&call.id)) }
    };
    let page = Page::secret(words.unreachable).words(words).status(StatusCode::SERVICE_UNAVAILABLE);
    with(page.show(&content), header::RETRY_AFTER, "30")
}

/// The database failed: logged with the request's id, told without detail.
pub(super) fn failed(call: &Call, error: &DbError) -> Answer {
    tracing::error!(id = call.id, %error, "the database failed");
    refusal(&problem::INTERNAL, Some(&(EN.request)(&call.id)))
}
