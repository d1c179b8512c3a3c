//! Finds the handler for a method and a path.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use http::Method;
use percent_encoding::percent_decode_str;

use super::limits;
use crate::surface::{Answer, Call, IntoAnswer};

/// An asynchronous function from request to answer.
pub(super) type Handler = Box<dyn Fn(Call) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;

/// A path pattern and what its methods do. `{name}` matches one segment, `{*}` at the end everything below.
pub(super) struct Route {
    pub(super) pattern: &'static str,
    /// The pattern's segments.
    parts: Vec<&'static str>,
    pub(super) methods: Vec<Entry>,
}

/// One method of a route with the most bytes its body may have. `None` takes every method.
pub(super) struct Entry {
    pub(super) method: Option<Method>,
    pub(super) limit: usize,
    pub(super) handler: Handler,
}

/// Begins a route.
pub(super) fn at(pattern: &'static str) -> Route {
    Route { pattern, parts: pattern.split('/').collect(), methods: Vec::new() }
}

impl Route {
    /// What GET (and so HEAD) does.
    pub(super) fn get<F>(self, handler: impl Fn(Call) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output: IntoAnswer> + Send + 'static,
    {
        self.on(Some(Method::GET), limits::NONE, handler)
    }

    /// What POST does, with a body the size of a form.
    pub(super) fn post<F>(self, handler: impl Fn(Call) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output: IntoAnswer> + Send + 'static,
    {
        self.on(Some(Method::POST), limits::FORM, handler)
    }

    /// What PATCH does, with a body the size of a form.
    pub(super) fn patch<F>(self, handler: impl Fn(Call) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output: IntoAnswer> + Send + 'static,
    {
        self.on(Some(Method::PATCH), limits::FORM, handler)
    }

    /// What PUT does, with a body the size of a form.
    pub(super) fn put<F>(self, handler: impl Fn(Call) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output: IntoAnswer> + Send + 'static,
    {
        self.on(Some(Method::PUT), limits::FORM, handler)
    }

    /// What DELETE does.
    pub(super) fn delete<F>(self, handler: impl Fn(Call) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output: IntoAnswer> + Send + 'static,
    {
        self.on(Some(Method::DELETE), limits::NONE, handler)
    }

    /// What another method does.
    pub(super) fn on<F>(
        mut self,
        method: Option<Method>,
        limit: usize,
        handler: impl Fn(Call) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output: IntoAnswer> + Send + 'static,
    {
        let handler = move |call| -> Pin<Box<dyn Future<Output = Answer> + Send>> {
            let answer = handler(call);
            Box::pin(async move { answer.await.into_answer() })
        };
        self.methods.push(Entry { method, limit, handler: Box::new(handler) });
        self
    }

    /// The entry for a method.
    pub(super) fn entry(&self, method: &Method) -> Option<&Entry> {
        let wanted = if method == Method::HEAD { &Method::GET } else { method };
        self.methods.iter().find(|entry| entry.method.as_ref().is_none_or(|method| method == wanted))
    }

    /// The value of `Allow`.
    pub(super) fn allow(&self) -> String {
        let mut names = vec!["OPTIONS"];
        for method in self.methods.iter().filter_map(|entry| entry.method.as_ref()) {
            if *method == Method::GET {
                names.push("HEAD");
            }
            names.push(method.as_str());
        }
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }
}

/// Segments of a path that are looked at; a pattern with `{*}` takes the rest, whatever it is.
const MOST_SEGMENTS: usize = 16;

/// All routes, found by the first segment of their pattern, which is never a parameter.
pub(super) struct Router {
    routes: Vec<Route>,
    by_first: HashMap<&'static str, Vec<usize>>,
}

impl Router {
    pub(super) fn new(routes: Vec<Route>) -> Self {
        let mut by_first: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (index, route) in routes.iter().enumerate() {
            by_first.entry(route.parts.get(1).copied().unwrap_or_default()).or_default().push(index);
        }
        Self { routes, by_first }
    }

    /// The route of a path and what its `{...}` matched.
    pub(super) fn find(&self, path: &str) -> Option<(&Route, Vec<String>)> {
        let mut segments = [""; MOST_SEGMENTS];
        let mut count = 0;
        for (place, segment) in segments.iter_mut().zip(path.split('/')) {
            *place = segment;
            count += 1;
        }
        let segments = segments.get(..count)?;
        let near = self.by_first.get(segments.get(1)?)?;
        near.iter()
            .filter_map(|index| self.routes.get(*index))
            .find_map(|route| Some((route, matches(&route.parts, segments)?)))
    }
}

fn matches(parts: &[&str], segments: &[&str]) -> Option<Vec<String>> {
    match parts.split_last() {
        // At least the slash before it must be there.
        Some((&"{*}", before)) if segments.len() > before.len() => all_match(before, segments.get(..before.len())?),
        _ if parts.len() == segments.len() => all_match(parts, segments),
        _ => None,
    }
}

fn all_match(parts: &[&str], segments: &[&str]) -> Option<Vec<String>> {
    let is_parameter = |part: &&str| part.starts_with('{');
    if parts.iter().zip(segments).any(|(part, segment)| !is_parameter(part) && part != segment) {
        return None;
    }
    parts.iter().zip(segments).filter(|(part, _)| is_parameter(part)).map(|(_, segment)| decode(segment)).collect()
}

/// A segment's text. Nothing of ours is empty, long, or has control characters or a slash in it.
fn decode(segment: &str) -> Option<String> {
    if segment.is_empty() || segment.len() > 512 {
        return None;
    }
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.chars().any(|c| c.is_control() || c == '/')).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(pattern: &'static str, path: &str) -> Option<Vec<String>> {
        Router::new(vec![at(pattern)]).find(path).map(|(_, params)| params)
    }

    #[test]
    fn segments_match_and_are_decoded() {
        assert_eq!(matched("/b/{token}/invite.ics", "/b/abc/invite.ics"), Some(vec!["abc".into()]));
        assert_eq!(matched("/book/{team}", "/book/d%C3%BCo"), Some(vec!["düo".into()]));
        assert_eq!(matched("/", "/"), Some(vec![]));
        assert_eq!(matched("/dav/{*}", "/dav/"), Some(vec![]));
        assert_eq!(matched("/dav/{*}", "/dav/a/b/c"), Some(vec![]));
        assert_eq!(matched("/dav/{*}", &format!("/dav/{}", "a/".repeat(100))), Some(vec![]));
    }

    #[test]
    fn what_could_hide_something_does_not_match() {
        for path in ["/book/", "/book/a/b", "/book/a%2Fb", "/book/%00", "/book/%FF", "//book/a", "/dav"] {
            assert_eq!(matched("/book/{team}", path), None, "{path}");
        }
        assert_eq!(matched("/dav/{*}", "/dav"), None);
    }

    #[test]
    fn head_goes_to_get_and_allow_lists_both() {
        let route = at("/x").get(|_| async { crate::surface::empty(http::StatusCode::OK) });
        assert!(route.entry(&Method::HEAD).is_some());
        assert!(route.entry(&Method::POST).is_none());
        assert_eq!(route.allow(), "GET, HEAD, OPTIONS");
    }
}
