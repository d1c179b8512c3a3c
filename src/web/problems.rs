//! Pages that say what went wrong, and `/problems/{code}`, where a problem's `type` leads.

use http::StatusCode;
use maud::html;

use super::layout::Page;
use super::words;
use crate::db::DbError;
use crate::surface::problem::{self, Problem};
use crate::surface::{Answer, Call};

/// A refusal as a page.
pub fn refusal(problem: &Problem, detail: Option<&str>) -> Answer {
    let (title, text) = match problem.status {
        404 => (words::NOT_FOUND, words::NOT_FOUND_HELP),
        405 => (words::WRONG_WAY, words::WRONG_WAY_HELP),
        403 => (words::NOT_ALLOWED, words::NOT_ALLOWED_HELP),
        _ => (problem.title, problem.help),
    };
    let content = html! {
        h1 { (title) }
        p { (text) }
        @if let Some(detail) = detail { p.soft { (detail) } }
        p.actions { a.button.quiet href="/" { (words::TO_START) } }
    };
    Page::secret(title).status(problem.http_status()).show(&content)
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

/// The database failed: logged with the request's id, told without detail.
pub(super) fn failed(call: &Call, error: &DbError) -> Answer {
    tracing::error!(id = call.id, %error, "the database failed");
    refusal(&problem::INTERNAL, Some(&words::request(&call.id)))
}
