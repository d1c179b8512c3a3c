//! What the server itself refuses, in the language of the part that was addressed: problem details, page or text.

use http::{StatusCode, header};
use serde_json::Map;

use crate::surface::problem::{self, Problem};
use crate::surface::{Answer, text, with};
use crate::web;

/// The part of the server that a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    /// `/api/`: problem details.
    Api,
    /// `/dav/`, feeds, health: plain text.
    Machine,
    /// Everything else: pages.
    Page,
}

impl Area {
    pub(super) fn of(path: &str) -> Self {
        let first = path.split('/').nth(1).unwrap_or_default();
        match first {
            "api" => Self::Api,
            "dav" | "live" | "teams" | "feeds" | ".well-known" | "healthz" | "readyz" | "assets" => Self::Machine,
            _ => Self::Page,
        }
    }
}

/// Refuses a request.
pub(super) fn refuse(area: Area, problem: &Problem, public_url: &str, id: &str) -> Answer {
    let detail = (problem.status >= 500).then(|| format!("Request {id}"));
    match area {
        Area::Api => problem.answer(public_url, detail.as_deref(), Map::new()),
        Area::Machine => text(problem.http_status(), format!("{}\n", problem.title)),
        Area::Page => web::refusal(problem, detail.as_deref()),
    }
}

/// 405 with `Allow`.
pub(super) fn wrong_method(area: Area, allow: &str, public_url: &str, id: &str) -> Answer {
    with(refuse(area, &problem::METHOD_NOT_ALLOWED, public_url, id), header::ALLOW, allow)
}

/// The answer to OPTIONS.
pub(super) fn options(allow: &str) -> Answer {
    with(crate::surface::empty(StatusCode::NO_CONTENT), header::ALLOW, allow)
}
