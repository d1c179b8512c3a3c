//! One request from header to answer: client address, route, origin, body, handler, protection, log.

use std::future::Future;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::Poll;
use std::time::Instant;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use http::{HeaderName, HeaderValue, Method, Request, Response, header};
use http_body_util::Full;
use hyper::body::Incoming;

use super::body::{self, BodyError};
use super::refusals::{Area, options, refuse, wrong_method};
use super::router::{Route, Router};
use super::{client_address, origin, rights, routes, security};
use crate::desk::Desk;
use crate::live::Hub;
use crate::surface::{Answer, Call, problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers requests; shared by all connections.
pub(super) struct Requests {
    desk: Arc<Desk>,
    router: Router,
    https: bool,
}

impl Requests {
    pub(super) fn new(desk: Arc<Desk>, hub: &Arc<Hub>) -> Self {
        let https = desk.config.public_url.starts_with("https:");
        Self { desk, router: Router::new(routes::table(hub)), https }
    }

    /// Answers one request and writes one line of log: the route's pattern, never the path, which may hold a secret.
    pub(super) async fn answer(&self, peer: IpAddr, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let began = Instant::now();
        let id = request_id();
        let method = request.method().clone();
        let area = Area::of(request.uri().path());
        let found = self.router.find(request.uri().path());
        let pattern = found.as_ref().map_or("-", |(route, _)| route.pattern);
        let mut answer = match found {
            Some((route, params)) => match caught(self.dispatch(route, params, peer, area, &id, request)).await {
                Some(answer) => answer,
                None => {
                    tracing::error!(id, pattern, "a request failed unexpectedly");
                    self.refuse(area, &problem::INTERNAL, &id)
                }
            },
            None if request.uri().path() == "*" && method == Method::OPTIONS => options("GET, HEAD, OPTIONS, POST"),
            None => self.refuse(area, &problem::NOT_FOUND, &id),
        };
        security::protect(&mut answer, self.https);
        if let Ok(value) = HeaderValue::from_str(&id) {
            answer.headers_mut().insert(REQUEST_ID, value);
        }
        // The proxy in front keeps the access log; a line for each answer would cost more than most answers.
        tracing::debug!(
            target: "access", id, %method, pattern, status = answer.status().as_u16(),
            bytes = answer.body().len(), ms = began.elapsed().as_millis() as u64,
        );
        let answer = if method == Method::HEAD { security::without_content(answer) } else { answer };
        answer.map(Full::new)
    }

    async fn dispatch(
        &self,
        route: &Route,
        params: Vec<String>,
        peer: IpAddr,
        area: Area,
        id: &str,
        request: Request<Incoming>,
    ) -> Answer {
        let (mut parts, incoming) = request.into_parts();
        let public_url = &self.desk.config.public_url;
        let Some(entry) = route.entry(&parts.method) else {
            if parts.method == Method::OPTIONS {
                return options(&route.allow());
            }
            return wrong_method(area, &route.allow(), public_url, id);
        };
        if area == Area::Page && parts.method == Method::POST && !origin::is_ours(&parts.headers, public_url) {
            return self.refuse(area, &problem::NOT_ALLOWED, id);
        }
        let body = match entry.limit {
            // A body nobody asked for is not read; hyper then closes the connection.
            super::limits::NONE => Bytes::new(),
            limit => match body::read(incoming, limit).await {
                Ok(body) => body,
                Err(error) => return self.refuse_body(area, error, id),
            },
        };
        let client = client_address::client(peer, &parts.headers, |hop| {
            self.desk.config.trusted_proxies.iter().any(|network| network.contains(hop))
        });
        let method = if parts.method == Method::HEAD { Method::GET } else { parts.method };
        let who = rights::of(route.pattern, &method);
        let mut call = Call {
            desk: self.desk.clone(),
            method,
            uri: parts.uri,
            params,
            headers: parts.headers,
            body,
            client,
            person: None,
            token: None,
            upgrade: parts.extensions.remove(),
            id: id.to_owned(),
        };
        match rights::admit(&mut call, who).await {
            Ok(()) => (entry.handler)(call).await,
            Err(refusal) => *refusal,
        }
    }

    fn refuse(&self, area: Area, problem: &problem::Problem, id: &str) -> Answer {
        refuse(area, problem, &self.desk.config.public_url, id)
    }

    fn refuse_body(&self, area: Area, error: BodyError, id: &str) -> Answer {
        let problem = match error {
            BodyError::TooLarge => &problem::TOO_LARGE,
            BodyError::TooSlow => &problem::TIMEOUT,
            BodyError::Broken => &problem::BAD_REQUEST,
        };
        let mut answer = self.refuse(area, problem, id);
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        answer
    }
}

/// 32 random bits of this process and a counter, in hexadecimal.
fn request_id() -> String {
    static PROCESS: LazyLock<[u8; 4]> = LazyLock::new(|| {
        let mut bytes = [0_u8; 4];
        // Without random numbers they are zero: the id only helps people find a line in the log.
        let _ = getrandom::fill(&mut bytes);
        bytes
    });
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    HEXLOWER.encode(&[*PROCESS, count].concat())
}

/// Runs a future; `None` when it panicked, so that the client gets an answer all the same.
async fn caught<F: Future>(future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(move |context| {
        match std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Some(output)),
            Err(_) => Poll::Ready(None),
        }
    })
    .await
}
