//! The door to CalDAV: discovery (RFC 6764) and authentication. What lies behind is [`crate::dav`].

use http::{Method, Request, StatusCode, header};

use crate::dav::{self, BASE, CHALLENGE};
use crate::desk::failed_sign_ins::SignInRefused;
use crate::surface::{Answer, Call, empty, redirect, text, with};

/// What every OPTIONS announces (RFC 4791 §5.1).
const CLASSES: &str = "1, 3, calendar-access";
/// The methods behind the door.
pub(super) const METHODS: &str = "DELETE, GET, HEAD, MKCALENDAR, MKCOL, OPTIONS, PROPFIND, PROPPATCH, PUT, REPORT";

/// `/.well-known/caldav`, and CalDAV clients that try `/` or `/dav`: this way.
pub(super) async fn discover(_: Call) -> Answer {
    with(redirect(StatusCode::MOVED_PERMANENTLY, BASE), header::CACHE_CONTROL, "max-age=86400")
}

/// OPTIONS, to anybody.
pub(super) async fn announce(_: Call) -> Answer {
    let answer = with(empty(StatusCode::NO_CONTENT), header::ALLOW, METHODS);
    with(answer, header::HeaderName::from_static("dav"), CLASSES)
}

/// `/dav/...`: everything needs an app password but OPTIONS, which clients send before they have one.
pub(super) async fn enter(call: Call) -> Answer {
    let (caller, called) = match dav::authenticate(&call.desk, &call.headers, call.client).await {
        Ok(caller) => caller,
        Err(SignInRefused::Wrong) if call.method == Method::OPTIONS => return announce(call).await,
        Err(SignInRefused::Wrong) => {
            let answer = text(StatusCode::UNAUTHORIZED, "Please sign in with your address and an app password.\n");
            return with(answer, header::WWW_AUTHENTICATE, CHALLENGE);
        }
        // Not 401: an app whose password is right would throw it away. So it waits and asks again.
        Err(SignInRefused::TooMany { retry_after }) => {
            let answer = text(StatusCode::TOO_MANY_REQUESTS, "Too many sign-ins have failed. Please wait a little.\n");
            return with(answer, header::RETRY_AFTER, &retry_after.to_string());
        }
        Err(SignInRefused::Db(error)) => {
            tracing::error!(id = call.id, %error, "the database failed");
            let answer = text(StatusCode::SERVICE_UNAVAILABLE, "Just a moment, please.\n");
            return with(answer, header::RETRY_AFTER, "5");
        }
    };
    let mut request = Request::new(call.body);
    *request.method_mut() = call.method;
    *request.uri_mut() = call.uri;
    *request.headers_mut() = call.headers;
    dav::handle(&call.desk, request, &caller, &called).await
}
